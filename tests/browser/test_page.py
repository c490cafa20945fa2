"""The page in a browser: by keyboard alone, over restarts, for several people."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, WebSocketRoute, expect

from tests.bot.web.conftest import Room
from tests.browser.conftest import Eyes, focused, last, run

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # what a browser does does not hang on the database; tests/bot/web/test_client.py asks over both
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


def offered(page: Page) -> Locator:
    """What the message box offers."""
    return page.get_by_role("listbox").get_by_role("option")


async def test_the_first_key_leads_to_the_message_box(eyes: Eyes) -> None:
    page = await eyes.open()

    await press(page, "Tab", "Enter")

    await expect(page.get_by_label("Message")).to_be_focused()


async def test_a_command_is_completed_by_arrows_and_enter(eyes: Eyes) -> None:
    page = await eyes.open()
    box = page.get_by_label("Message")
    await box.press_sequentially("/pmpath tr")
    await expect(offered(page)).to_have_count(1)

    await press(page, "ArrowDown", "Enter")

    await expect(box).to_have_value("/pmpath track ")
    await expect(offered(page).filter(has_text="Business")).to_be_visible()
    await press(page, "ArrowDown", "ArrowDown", "Enter")
    await expect(last(page).locator("h3")).to_contain_text("Platform")


async def test_completion_finds_aliases_and_words_of_the_summary(eyes: Eyes) -> None:
    page = await eyes.open("xiaoyu")
    box = page.get_by_label("消息")

    await box.press_sequentially("测评")

    await expect(offered(page).first).to_contain_text("/pmpath start")


async def test_escape_closes_the_completion_and_keeps_what_is_written(eyes: Eyes) -> None:
    page = await eyes.open()
    box = page.get_by_label("Message")
    await box.press_sequentially("/pmpath")
    await expect(box).to_have_attribute("aria-expanded", "true")

    await press(page, "Escape")

    await expect(box).to_have_attribute("aria-expanded", "false")
    await expect(box).to_have_value("/pmpath")


async def test_focus_moves_to_the_new_card_and_the_next_key_to_its_first_button(eyes: Eyes) -> None:
    page = await eyes.open()

    await run(page, "counted")
    assert await focused(page) == "Counted 1 for Kim O’Hara-Lindqvist"
    await press(page, "Tab", "Enter")

    await expect(last(page).locator("h3")).to_have_text("Counted 2 for Kim O’Hara-Lindqvist")
    await expect(last(page).locator("h3")).to_be_focused()
    assert await page.locator("#log .card").count() == 2


async def test_an_answer_can_be_pressed_itself_by_mouse(eyes: Eyes) -> None:
    page = await eyes.open()
    await run(page, "gallery")
    before = await last(page).locator("h3").get_attribute("id")

    await last(page).get_by_text("The first answer").click()

    await expect(last(page).locator("h3")).not_to_have_id(before or "")


async def test_tabs_are_moved_among_by_arrows(eyes: Eyes) -> None:
    page = await eyes.open()
    await run(page, "gallery")
    await last(page).get_by_role("tab", name="One").focus()

    await press(page, "ArrowRight")
    assert await focused(page) == "Two"
    await press(page, "ArrowRight")
    assert await focused(page) == "One"
    await press(page, "Enter")

    await expect(last(page).get_by_role("tab", name="One")).to_be_focused()


async def test_boxes_are_ticked_by_space_and_go_along(eyes: Eyes, room: Room) -> None:
    page = await eyes.open()
    await run(page, "choosing")
    await press(page, "Tab", "Tab", "Space")
    await last(page).get_by_role("radio", name="Two").focus()
    await press(page, "Space")
    await last(page).get_by_label("Industry").select_option("H")

    await last(page).get_by_role("button", name="Next").press("Enter")

    await expect(last(page).locator("h3")).to_have_text("Taken")
    assert room.samples.taken[0] | {"people": ()} == {
        "skills": ("sql", "talks"),
        "years": ("two",),
        "industry": ("h",),
        "some": (),
        "people": (),
    }


async def test_no_more_can_be_ticked_than_a_select_allows(eyes: Eyes) -> None:
    page = await eyes.open()
    await run(page, "choosing")
    some = last(page).get_by_role("group", name="Some")

    await some.get_by_label("X").check()
    await some.get_by_label("Y").check()
    await expect(some.get_by_label("Z")).to_be_disabled()
    await some.get_by_label("X").uncheck()

    await expect(some.get_by_label("Z")).to_be_enabled()


async def test_a_select_that_presses_at_once_waits_for_its_button_when_used_by_keyboard(eyes: Eyes) -> None:
    page = await eyes.open()
    await run(page, "choosing")

    await last(page).get_by_label("Now").focus()
    await press(page, "ArrowDown", "ArrowDown")
    await expect(last(page).locator("h3")).to_have_text("Choose")
    await press(page, "Tab", "Enter")

    await expect(last(page).locator("h3")).to_have_text("Picked blue")


async def test_a_form_is_filled_in_by_keyboard_and_its_errors_are_in_place(eyes: Eyes) -> None:
    page = await eyes.open()
    await page.get_by_label("Message").fill("opened")
    await press(page, "Enter")
    await expect(page.get_by_label("Why")).to_be_focused()
    await expect(page.get_by_label("Why")).to_have_value('<i>"was"')

    await press(page, "Tab")
    await page.keyboard.type("nobody")
    await press(page, "Enter")
    who = page.get_by_role("textbox", name="Who")
    await expect(who).to_be_focused()
    await expect(who).to_have_attribute("aria-invalid", "true")
    await expect(who).to_have_accessible_description("Say somebody.")
    await who.fill("Zoë")
    await press(page, "Enter")

    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(last(page).locator("h3")).to_have_text("Saved: Zoë")


async def test_a_form_is_left_by_escape_and_focus_goes_back(eyes: Eyes) -> None:
    page = await eyes.open()
    await page.get_by_label("Message").fill("opened")
    await press(page, "Enter")
    await page.get_by_label("Who").fill("Ada")
    await press(page, "Enter")
    await last(page).get_by_role("button", name="Form").press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()

    await press(page, "Escape")

    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(last(page).get_by_role("button", name="Form")).to_be_focused()


async def test_late_work_is_said_to_be_under_way(eyes: Eyes, room: Room) -> None:
    page = await eyes.open()
    await page.get_by_label("Message").fill("slow")
    await press(page, "Enter")

    await expect(page.locator("#working")).to_be_visible()
    await expect(page.get_by_role("status")).to_have_text("Working…")
    room.samples.gate.set()

    await expect(last(page).locator("h3")).to_have_text("At last")
    await expect(page.locator("#working")).to_be_hidden()


async def test_a_restart_loses_nothing_and_repeats_nothing(eyes: Eyes, room: Room) -> None:
    page = await eyes.open()
    await run(page, "counted")
    await room.stop()
    await expect(page.get_by_role("status")).to_have_text("The connection is lost. Trying again…")

    await last(page).get_by_role("button", name="Count").click()
    await page.wait_for_timeout(500)
    await room.start()

    await expect(last(page).locator("h3")).to_have_text("Counted 2 for Kim O’Hara-Lindqvist")
    await expect(page.get_by_role("status")).to_have_text("Connected again. Nothing was lost.")
    assert await page.locator("#log .card").count() == 2
    assert room.samples.runs == 2
    eyes.complaints = [each for each in eyes.complaints if "ERR_CONNECTION_REFUSED" not in each]


async def test_a_connection_without_a_sign_of_life_is_made_anew(eyes: Eyes, room: Room) -> None:
    page = await eyes.open()
    sockets = 0

    async def deaf_at_first(socket: WebSocketRoute) -> None:
        nonlocal sockets
        sockets += 1
        if sockets > 1:
            socket.connect_to_server()

    await page.route_web_socket("**/chat*", deaf_at_first)
    await page.clock.install()
    await page.reload()
    await expect(page.locator("#working")).to_be_visible()
    await page.clock.run_for(15_000)

    await expect(last(page).locator("h3")).to_have_text("pmpath")
    assert sockets == 2


async def test_a_card_in_the_channel_is_there_for_everybody_and_answers_privately(eyes: Eyes) -> None:
    kim, ada = await eyes.open("kim"), await eyes.open("ada")
    await kim.get_by_label("Message").fill("posted")
    await press(kim, "Enter")
    await expect(ada.get_by_role("status")).to_have_text("New in the channel: For everybody")
    card = ada.get_by_role("region", name="Channel").get_by_role("article", name="For everybody")

    await card.get_by_role("button", name="Mine").click()

    await expect(last(ada).locator("h3")).to_have_text("Counted 1 for Ada Okafor")
    assert await kim.locator("#log .card").count() == 1
    await ada.get_by_role("button", name="Vote").click()
    await expect(kim.get_by_role("article", name="Votes: 2")).to_be_visible()


async def test_a_card_that_is_taken_back_disappears_and_focus_on_it_goes_to_the_channel(eyes: Eyes) -> None:
    kim, ada = await eyes.open("kim"), await eyes.open("ada")
    await kim.get_by_label("Message").fill("posted")
    await press(kim, "Enter")
    card = ada.get_by_role("region", name="Channel").get_by_role("article", name="For everybody")
    await card.get_by_role("button", name="Mine").focus()
    key = await card.get_attribute("data-post")

    await eyes.room.surface.take_back("", "general", str(key))

    await expect(card).to_have_count(0)
    await expect(ada.get_by_role("heading", name="Channel")).to_be_focused()
    await expect(ada.locator("#channel-empty")).to_be_visible()
    await expect(kim.locator("#posts .card")).to_have_count(0)


async def test_on_a_phone_the_channel_makes_room_for_a_private_answer(eyes: Eyes) -> None:
    page = await eyes.open(viewport={"width": 360, "height": 740})
    await page.get_by_label("Message").fill("posted")
    await press(page, "Enter")
    channel = page.get_by_role("button", name="Channel")
    await expect(channel).to_have_text("Channel1")
    await channel.click()
    await expect(page.get_by_role("heading", name="Channel")).to_be_focused()

    await page.get_by_role("button", name="Mine").click()

    await expect(last(page).locator("h3")).to_be_focused()
    await expect(channel).to_have_attribute("aria-expanded", "false")


async def test_you_are_somebody_else_after_switching(eyes: Eyes) -> None:
    page = await eyes.open()

    await page.get_by_label("You are").select_option("Ada Okafor (moderator)")
    await page.get_by_role("button", name="Switch").click()

    await expect(last(page).get_by_role("button", name="Moderator tools")).to_be_visible()


async def test_the_clock_is_moved_on_and_says_so(eyes: Eyes) -> None:
    page = await eyes.open()
    await page.get_by_text("Clock", exact=True).click()

    await page.get_by_role("button", name="+1 week").click()

    await expect(page.get_by_role("status")).to_have_text("The room's time has moved on.")
    await expect(page.locator("#now")).to_contain_text("30 Nov")


async def test_the_whole_page_changes_its_language_at_once(eyes: Eyes) -> None:
    page = await eyes.open()

    await last(page).get_by_role("button", name="中文").click()

    await expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    await expect(page.get_by_role("button", name="发送")).to_be_visible()
    await expect(page.get_by_label("消息")).to_be_visible()
    await expect(page).to_have_title(re.compile("pmpath"))


async def test_a_browser_that_speaks_chinese_is_spoken_to_in_chinese(eyes: Eyes) -> None:
    page = await eyes.open(locale="zh-CN")

    await expect(last(page).get_by_role("button", name="开始测评")).to_be_visible()


async def test_pressing_twice_in_haste_asks_once(eyes: Eyes, room: Room) -> None:
    page = await eyes.open()
    await run(page, "counted")

    await last(page).get_by_role("button", name="Count").dblclick()
    await expect(last(page).locator("h3")).to_have_text(re.compile("Counted [23] "))
    await page.wait_for_timeout(300)

    assert room.samples.runs == 2


async def test_with_reduced_motion_nothing_moves(eyes: Eyes) -> None:
    page = await eyes.open(reduced_motion="reduce")

    moves = await page.evaluate("getComputedStyle(document.querySelector('.card')).animationDuration")

    assert moves in {"1e-05s", "0.00001s"}


async def test_without_scripts_the_page_says_what_it_needs(eyes: Eyes) -> None:
    context = await eyes.browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = await context.new_page()

    await page.goto(eyes.room.address)

    assert "JavaScript" in await page.locator("noscript").inner_text()
