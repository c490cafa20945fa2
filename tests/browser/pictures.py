"""Takes the README's pictures of the real page: `python -m tests.browser.pictures` writes docs/pictures/."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright

from bot.web.sandbox import ROOM
from content.load import read_content
from content.mentoring import Hours, Seniority, Spoken
from content.outcomes import Outcome
from content.questionnaire import Questionnaire
from content.text import Language
from storage import communities, members
from storage.asks import Wanted
from storage.members import Me
from storage.store import Store
from storage.tables import outbox
from tests.program import ROOT, Program
from tests.storage.mentoring import TERMS, mentee, mentor

PICTURES = ROOT / "docs" / "pictures"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TICKS = {"background": ["cloud-native", "saas"], "industry": ["software"], "years": ["over-5"]}
NEXT = {Language.EN: "Next", Language.ZH: "下一步"}
PEOPLE = {Language.EN: "kim", Language.ZH: "xiaoyu"}
MODERATOR = IN_THE_MIDDLE = "ada"
SPOKEN = {Language.EN: "English", Language.ZH: "中文"}
POST = {Language.EN: "Post in this channel", Language.ZH: "发到这个频道"}
EVENING_HERE = Hours(0b111111 << 36, 0, "Europe/Stockholm")
EVENING_THERE = Hours(0b111111 << 38, 0, "Asia/Shanghai")
BOTH = Hours(0b111111 << 36 | 0b111111 << 24, 0, "Europe/Berlin")
MENTORS = (
    ("jose", "José Álvarez Núñez", slice(14, 36), (Outcome.PLATFORM, Outcome.TECHNICAL), BOTH),
    ("zoya", "Зоя Климова", slice(20, 28), (Outcome.PLATFORM,), EVENING_HERE),
    ("arav", "आरव मेहता", slice(14, 22), (Outcome.PLATFORM, Outcome.HYBRID), EVENING_THERE),
    ("nur", "نور حداد", slice(0, 20), (Outcome.BUSINESS,), BOTH),
)
LOCALES = {Language.EN: "en-GB", Language.ZH: "zh-CN"}


async def main() -> None:
    """Both languages, each with a member of its own; boards and the community as a room full of members shows them."""
    PICTURES.mkdir(exist_ok=True)
    bank = read_content().questionnaire
    with tempfile.TemporaryDirectory() as folder:
        await mentors_in(Path(folder) / "data")
        async with Program(Path(folder)) as program, async_playwright() as playwright:
            chromium = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            for language in Language:
                await take(chromium, program.address, bank, language)
                await tip(chromium, program.address, language)
                await mentors(chromium, program.address, language)
            await chromium.close()
        await community(Path(folder) / "full")


async def community(folder: Path) -> None:
    """The leaderboard and the community card among invented members."""
    await asyncio.to_thread(folder.mkdir)
    demo = (sys.executable, "-m", "bot", "demo", "--members", "600")
    filled = await asyncio.create_subprocess_exec(*demo, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert await filled.wait() == 0
    async with Program(folder) as program, async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for language in Language:
            page = await chromium.new_page(
                locale=LOCALES[language], device_scale_factor=2, viewport={"width": 1100, "height": 1800}
            )
            await page.goto(f"{program.address}/?you={IN_THE_MIDDLE}")
            await typed(page, f"/pmpath language {language.value}")
            for name, words in (("board", "/pmpath leaderboard all ever"), ("community", "/pmpath community")):
                await typed(page, words)
                await last(page).screenshot(path=PICTURES / f"{name}-{language.value}.png")
            await page.close()
        await chromium.close()


async def take(chromium: Browser, address: str, bank: Questionnaire, language: Language) -> None:
    """A question and the result of a member who leans to platform, answered as a person would."""
    page = await chromium.new_page(
        locale=LOCALES[language], device_scale_factor=2, viewport={"width": 1100, "height": 1500}
    )
    await page.goto(f"{address}/?you={PEOPLE[language]}")
    await page.locator("#message").fill("start")
    await page.keyboard.press("Enter")
    await page.locator("#log .card fieldset").first.wait_for()
    await opening(page, bank, language)
    await last(page).screenshot(path=PICTURES / f"question-{language.value}.png")
    while await letters(page):
        await answer(page, bank, language)
    await last(page).screenshot(path=PICTURES / f"result-{language.value}.png")
    await page.close()


async def tip(chromium: Browser, address: str, language: Language) -> None:
    """A weekly tip as everybody reads it, posted at once by a moderator."""
    page = await chromium.new_page(
        locale=LOCALES[language], device_scale_factor=2, viewport={"width": 1100, "height": 1500}
    )
    await page.goto(f"{address}/?you={MODERATOR}")
    await typed(page, "/pmpath-mod setup")
    await pressed(page, SPOKEN[language])
    await typed(page, "/pmpath-mod tips post")
    posts = page.locator("#channel .card")
    before = await posts.count()
    await pressed(page, POST[language])
    await posts.nth(before).wait_for()
    await posts.first.screenshot(path=PICTURES / f"tip-{language.value}.png")
    await page.close()


async def mentors_in(folder: Path) -> None:
    """A room with mentors, and with what the two members who look for one ask for."""
    await asyncio.to_thread(folder.mkdir)
    content = read_content()
    store = await Store.open(
        f"sqlite:///{folder}/sandbox.sqlite3", now=lambda: dt.datetime.now(dt.UTC), points=content.points
    )
    here = await store.write(communities.seen, ROOM.platform.value, ROOM.ext_id, ROOM.name, Language.EN)
    speaks = (Spoken.ENGLISH, Spoken.CHINESE)
    for uid, name, skills, tracks, hours in MENTORS:
        known = tuple(content.skills)[skills]
        terms = replace(
            TERMS, tracks=tracks, skills=known, capacity=3, languages=speaks, hours=hours, seniority=Seniority.ONE
        )
        await mentor(store, Me(here.id, uid, name), terms)
    for (language, uid), hours in zip(PEOPLE.items(), (EVENING_HERE, EVENING_THERE), strict=True):
        wanted = Wanted(Outcome.PLATFORM, (), Seniority.NONE, hours, speaks)
        await mentee(store, Me(here.id, uid, uid), wanted)
        await store.write(members.set_language, Me(here.id, uid, uid), language)
    await store.write(lambda unit: unit.execute(outbox.delete()).rowcount)  # nobody is told of what is not said here
    await store.close()


async def mentors(chromium: Browser, address: str, language: Language) -> None:
    """The mentors who suit a member, and what the first meeting needs once the best of them has said yes."""
    pages = []
    for you in (PEOPLE[language], MENTORS[0][0]):
        page = await chromium.new_page(
            locale=LOCALES[language], device_scale_factor=2, viewport={"width": 1100, "height": 1500}
        )
        await page.goto(f"{address}/?you={you}")
        pages.append(page)
    seeks, gives = pages
    await typed(seeks, "/pmpath mentor find")
    await last(seeks).screenshot(path=PICTURES / f"mentors-{language.value}.png")
    say = read_content().catalogue.zh if language is Language.ZH else {}
    for label in ("Look", "Ask", "Ask"):
        await pressed(seeks, say.get(label, label))
    await typed(gives, f"/pmpath language {language.value}")
    await typed(gives, "/pmpath mentor mine")
    for label in ("Open", "Accept"):
        await pressed(gives, say.get(label, label))
    agenda = "What you could talk about first"
    told = seeks.locator("#log .card").filter(has_text=say.get(agenda, agenda))
    await told.last.screenshot(path=PICTURES / f"meeting-{language.value}.png")
    for page in pages:
        await page.close()


async def typed(page: Page, words: str) -> None:
    """Types a command and waits for its card."""
    cards = page.locator("#log .card")
    await cards.first.wait_for()
    before = await cards.count()
    await page.locator("#message").fill(words)
    await page.keyboard.press("Enter")
    await cards.nth(before).wait_for()


async def opening(page: Page, bank: Questionnaire, language: Language) -> None:
    """The four cards of the opening."""
    for group in bank.opening:
        await asyncio.sleep(2.1)
        for item in (bank.item(each) for each in group):
            wanted = (
                TICKS.get(item.id)
                or [option.id for option in item.options if option.weights[Outcome.PLATFORM] >= 2][: item.most]
            )
            for option in item.options:
                if option.id in wanted:
                    words = option.text.zh if language is Language.ZH else option.text.en
                    await chosen(page, str(words))
        await pressed(page, NEXT[language])


async def chosen(page: Page, words: str) -> None:
    """Ticks a box, or chooses in the list that has these words."""
    box = last(page).get_by_label(words, exact=True)
    if await box.count():
        await box.check()
    else:
        await last(page).locator("select").filter(has_text=words).select_option(label=words)


async def answer(page: Page, bank: Questionnaire, language: Language) -> None:
    """The option that speaks most for platform, after some thought."""
    shown = await last(page).inner_text()
    item = next(each for each in bank.items if str(each.text.zh if language is Language.ZH else each.text.en) in shown)
    weights = [option.weights[Outcome.PLATFORM] for option in item.options]
    await asyncio.sleep(2.1)
    await pressed(page, "ABCD"[weights.index(max(weights))])


async def pressed(page: Page, label: str) -> None:
    """Presses a button and waits until the card has changed."""
    before = await last(page).inner_html()
    await last(page).get_by_role("button", name=label, exact=True).first.click()
    changed = "before => [...document.querySelectorAll('#log .card')].at(-1).innerHTML !== before"
    await page.wait_for_function(changed, arg=before)


async def letters(page: Page) -> bool:
    """Whether the card asks for a letter."""
    return await last(page).get_by_role("button", name="A", exact=True).count() > 0


def last(page: Page) -> Locator:
    """The card that came last."""
    return page.locator("#log .card").last


if __name__ == "__main__":
    asyncio.run(main())
