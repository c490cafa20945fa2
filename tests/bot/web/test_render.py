"""Views as HTML."""

from __future__ import annotations

import base64
from pathlib import Path

import bot.web
from commands.kit.view import BASIC, RICH
from tests.bot.web.conftest import Room
from tests.bot.web.samples import NASTY, PNG

TEMPLATES = Path(bot.web.__file__).parent / "page"


async def test_every_element_is_drawn_by_a_macro_of_its_name() -> None:
    drawn = (TEMPLATES / "elements.html").read_text("utf-8")
    card = (TEMPLATES / "card.html").read_text("utf-8")

    for element in BASIC | RICH:
        assert f"macro {element.__name__}(" in drawn or element.__name__ == "Tabs", element
    assert 'role="tablist"' in card


async def test_a_card_reads_as_on_a_surface_that_draws_only_the_basic_elements(room: Room) -> None:
    page = await room.page()

    card = await page.run("/pmpath gallery")

    assert card.title == "Gallery"
    assert card.lines == [
        "about 2 more",
        "On 23 November 2026, exactly Monday, 23 November 2026, 09:00.",
        "Bold and a link",
        "Small print",
        "A heading",
        "A  The first answer",
        "Track: Platform",
        "Since: 2026",
        "A book to read",
        "A chart: platform 60",
        "mine.md: Your plan",
        "1-5 of 12",
    ]
    assert card.buttons == ["One", "Two", "Done", "More", "A", "Delete", "Not now", "Open"]


async def test_nothing_a_member_may_have_written_is_markup(room: Room) -> None:
    page = await room.page()

    card = await page.run("/pmpath nasty")

    allowed = {"", "article", "h3", "p", "strong", "a", "h4", "dl", "div", "dt", "dd", "figure", "img", "span"}
    allowed |= {"fieldset", "legend", "label", "input", "footer", "button"}
    assert {node.tag for node in page.node.all()} <= allowed
    assert not any(name.startswith("on") for node in page.node.all() for name in node.attributes)
    assert card.title == NASTY
    assert card.lines[:4] == [NASTY.replace("{name}", ""), NASTY, NASTY * 2, "bad link"]
    assert all(NASTY in line for line in card.lines[4:])
    assert card.buttons == [NASTY]
    assert card.selects == {"choice": [NASTY]}


async def test_only_addresses_of_the_web_become_links(room: Room) -> None:
    page = await room.page()

    await page.run("/pmpath nasty")

    links = [node.attributes["href"] for node in page.node.find("a")]
    assert links == ["https://example.org/?a=1&b=%22", "data:text/markdown;base64,IyB4"]


async def test_pictures_and_files_stay_whole_when_the_program_starts_anew(room: Room) -> None:
    page = await room.page()

    await page.run("/pmpath gallery")

    (picture,) = page.node.find("img")
    assert picture.attributes["src"] == f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    assert picture.attributes["alt"] == "A chart: platform 60"
    (file,) = [node for node in page.node.find("a") if node.has("download")]
    assert file.attributes["download"] == "mine.md"


async def test_moments_are_times_in_the_readers_language(room: Room) -> None:
    page = await room.page("xiaoyu")

    card = await page.run("/pmpath gallery")

    times = page.node.find("time")
    assert [time.attributes["datetime"] for time in times] == ["2026-11-23T09:00:00+00:00"] * 2
    assert card.lines[1].startswith("2026年11月23日，")
    assert page.node.find("article")[0].attributes["lang"] == "zh-Hans"


async def test_a_lettered_answer_describes_the_button_with_its_letter(room: Room) -> None:
    page = await room.page()

    await page.run("/pmpath gallery")

    (button,) = [node for node in page.node.find("button") if node.text == "A"]
    (option,) = [node for node in page.node.all() if node.attributes.get("id") == button.attributes["aria-describedby"]]
    assert option.text == "A  The first answer"


async def test_tabs_name_the_part_of_the_card_that_they_show(room: Room) -> None:
    page = await room.page()

    await page.run("/pmpath gallery")

    tabs = [node for node in page.node.all() if node.attributes.get("role") == "tab"]
    (panel,) = [node for node in page.node.all() if node.attributes.get("role") == "tabpanel"]
    assert [tab.attributes["aria-selected"] for tab in tabs] == ["true", "false"]
    assert panel.attributes["aria-labelledby"] == tabs[0].attributes["id"]
    assert tabs[0].attributes["aria-controls"] == panel.attributes["id"]


async def test_ids_differ_from_card_to_card(room: Room) -> None:
    page = await room.page()
    await page.run("/pmpath gallery")
    first = {node.attributes["id"] for node in page.node.all() if node.has("id")}

    await page.run("/pmpath gallery")

    assert not first & {node.attributes["id"] for node in page.node.all() if node.has("id")}
