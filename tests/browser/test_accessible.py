"""axe-core on every kind of view, in light and dark, wide and at a phone's width."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from bot.access import Access
from bot.surface import Message
from commands.kit.view import Card
from content.text import Language, verbatim
from tests.bot.web.conftest import Room
from tests.browser.conftest import Eyes, last, run, shoot
from tests.conftest import Faults

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # what the page looks like does not hang on the database; tests/bot/web/test_client.py opens it over both
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True},
}


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def check(page: Page, name: str) -> None:
    """No violation, and nothing wider than the screen."""
    await page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished.catch(() => 0)))")
    await shoot(page, name)
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


async def test_every_kind_of_card(eyes: Eyes, look: str) -> None:
    page = await eyes.open(**LOOKS[look])
    await check(page, f"{look}-home")
    for command in ("gallery", "choosing", "nasty", "refuses"):
        await run(page, command)
        await check(page, f"{look}-{command}")


async def test_the_real_commands(eyes: Eyes, look: str) -> None:
    page = await eyes.open("ada", **LOOKS[look])
    for command in (
        "start",
        "track platform",
        "plan platform",
        "resources",
        "help",
        "language",
        "privacy",
        "/pmpath-mod setup",
    ):
        await run(page, command)
        await check(page, f"{look}-{command.replace(' ', '-').replace('/', '')}")


async def test_a_form_with_its_errors(eyes: Eyes, look: str) -> None:
    page = await eyes.open(**LOOKS[look])
    await page.get_by_label("Message").fill("opened")
    await page.keyboard.press("Enter")
    await page.get_by_role("dialog").wait_for()
    await check(page, f"{look}-form")

    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("Please fill this in.").wait_for()
    await check(page, f"{look}-form-errors")


async def test_completions_clock_and_channel(eyes: Eyes, look: str, room: Room) -> None:
    for number in range(12):
        card = Card(verbatim(f"Tip {number}"), (verbatim("Words to read. " * 9),))
        await room.surface.post(Message("channel", card, Language.EN, 1, "sandbox", str(number), again=False))
    page = await eyes.open(**LOOKS[look])
    await page.get_by_label("Message").press("ArrowDown")
    await page.get_by_label("Message").press("ArrowDown")
    await check(page, f"{look}-completions")
    await page.get_by_label("Message").press("Escape")
    await page.get_by_text("Clock", exact=True).click()
    await check(page, f"{look}-clock")
    await page.keyboard.press("Escape")
    await page.get_by_label("Message").fill("posted")
    await page.keyboard.press("Enter")
    if look.startswith("phone"):
        await page.get_by_role("button", name="Channel").click()
    await page.get_by_role("article", name="For everybody").wait_for()
    await check(page, f"{look}-channel")


async def test_an_error_of_ours_and_a_chinese_page(eyes: Eyes, look: str, faults: Faults) -> None:
    page = await eyes.open("xiaoyu", **LOOKS[look])
    for command in ("breaks", "gallery", "测评"):
        await run(page, command)
        await check(page, f"{look}-zh-{command}")
    faults.entries.clear()


class TestDoor:
    """Beside a platform, the key is asked for."""

    @pytest.fixture
    def access(self) -> Access:
        return Access("a long random word", always=True)

    async def test_the_key_opens_the_page(self, eyes: Eyes, look: str) -> None:
        context = await eyes.browser.new_context(locale="en-GB", **LOOKS[look])
        page = await context.new_page()
        await page.goto(eyes.room.address)
        await check(page, f"{look}-door")
        await page.get_by_label("Access key").fill("wrong")
        await page.keyboard.press("Enter")
        await page.get_by_text("That is not the key.").wait_for()
        await check(page, f"{look}-door-wrong")
        await page.get_by_label("Access key").fill("a long random word")
        await page.keyboard.press("Enter")

        await last(page).wait_for()
        assert await last(page).locator("h3").inner_text() == "pmpath"
