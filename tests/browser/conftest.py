"""Debian's Chromium before a rehearsal room, as a member sees it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.bot.web.conftest import Room, access, room

__all__ = ["Eyes", "access", "room"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--headless=new", "--disable-gpu", "--disable-background-networking"]
LISTENING = re.compile(r"DevTools listening on (ws://\S+)")
WAIT_MS = 60_000  # a busy machine is no fault
SHOTS = os.environ.get("PMPATH_TEST_SHOTS")


@dataclass(slots=True)
class Eyes:
    """Opens pages, and holds what their scripts complained about."""

    browser: Browser
    room: Room
    complaints: list[str] = field(default_factory=list)

    async def open(self, person: str = "kim", **options: Any) -> Page:
        """The page of this person, with its first card."""
        context = await self.browser.new_context(**{"locale": "en-GB", **options})
        context.set_default_timeout(WAIT_MS)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        await page.goto(f"{self.room.address}/?you={person}")
        await page.locator("#log .card").first.wait_for()
        return page


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One Chromium for all tests, each of which gets a profile of its own in it; where to reach it."""
    if CHROMIUM is None:
        reason = "Chromium is not installed (Debian's chromium)"
        if os.environ.get("PMPATH_TEST_NO_SKIPS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("chromium")
    arguments = [CHROMIUM, *ARGUMENTS, "--remote-debugging-port=0", f"--user-data-dir={folder}", "about:blank"]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = (LISTENING.search(line) for line in process.stderr)
        yield next(address[1] for address in found if address)
        process.terminate()


@pytest.fixture
async def eyes(room: Room, chromium: str) -> AsyncIterator[Eyes]:
    """Errors of the page's scripts fail the test, unless it clears `complaints` because it meant them."""
    expect.set_options(timeout=WAIT_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium)
        seen = Eyes(browser, room)
        yield seen
        for context in browser.contexts[1:]:
            await context.close()
        await browser.close()
    assert seen.complaints == []


def last(page: Page) -> Locator:
    """The card that came last into the chat."""
    return page.locator("#log .card").last


async def run(page: Page, words: str) -> None:
    """Types a command and waits for its card."""
    count = await page.locator("#log .card").count()
    await page.get_by_label("Message").or_(page.get_by_label("消息")).fill(words)
    await page.keyboard.press("Enter")
    await page.locator("#log .card").nth(count).wait_for()


async def focused(page: Page) -> str:
    """The words of what has the focus."""
    return str(await page.evaluate("document.activeElement.textContent.trim()"))


async def shoot(page: Page, name: str) -> None:
    """Keeps a picture where PMPATH_TEST_SHOTS names a folder."""
    if SHOTS:
        await page.screenshot(path=f"{SHOTS}/{name}.png")
