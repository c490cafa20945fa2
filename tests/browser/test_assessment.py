"""The whole assessment in a browser: both languages, by mouse and by keyboard alone, with a reload in the middle."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Eyes, last, run, shoot

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # what a browser does does not hang on the database; tests/bot/web/test_client.py asks over both
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

STEPS_MOST = 40  # cards of one run, with room to spare
KEYS_MOST = 80  # Tab presses on one card
# Terms and names that Chinese readers use as they are, and the other language's own name.
LATIN = {
    *("pmpath", "AI", "English", "SQL", "Python", "API", "SaaS", "UX", "SDK", "GPU", "CI", "Kubernetes", "A/B"),
    *("LLM", "PM", "Demo", "CSV", "ID", "Notebook"),
}
COMMAND = re.compile(r"/pmpath(-mod)?( [a-z]+)*")
WORD = re.compile(r"[A-Za-z][A-Za-z/-]+")
Use = Callable[[Page, Locator], Awaitable[None]]


async def by_mouse(_page: Page, target: Locator) -> None:
    await target.click()


async def by_keyboard(page: Page, target: Locator) -> None:
    """The key that such a thing takes, once it is reached."""
    await reach(page, target)
    kind = await target.evaluate("(each) => each.type")
    await page.keyboard.press("Space" if kind in {"checkbox", "radio"} else "Enter")


async def reach(page: Page, target: Locator) -> None:
    """Tab to it from where the focus is."""
    for _ in range(KEYS_MOST):
        if await target.evaluate("(each) => each === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{target} can't be reached by Tab")


async def begin(page: Page, use: Use) -> None:
    start = last(page).get_by_role("button", name=re.compile("Start the assessment|开始测评"))
    if use is by_keyboard:
        await page.locator("#log .card h3").first.focus()
    await use(page, start)
    await asks(page)


async def asks(page: Page) -> None:
    await page.locator("#log [data-press*='|start.']").first.wait_for()


async def answer(page: Page, use: Use, place: int = 0) -> bool:
    """One card further; False where it is no question any more."""
    card = last(page)
    title = await card.locator("h3").get_attribute("id")
    finish = card.locator("button[data-press*='|start.finish|']")
    answers = card.locator("button[data-press*='|start.answer|']:not(:text-matches('None|都不|Skip|跳过'))")
    following = card.locator("button[data-takes-values]")
    if await following.count():
        for group in await card.locator("[data-select]").all():
            await choose(page, group, use, place)
        await use(page, following)
    elif await answers.count():
        await use(page, answers.nth(min(place, await answers.count() - 1)))
    elif await finish.count():
        await use(page, finish)
    else:
        return False
    await expect(last(page).locator("h3")).not_to_have_id(title or "")
    return True


async def choose(page: Page, group: Locator, use: Use, place: int) -> None:
    """One option of a select: a box, a radio button (arrows move among these) or a list's entry."""
    options = group.locator("input")
    last_place = await options.count() - 1
    if last_place < 0 and use is by_mouse:
        await group.select_option(index=place + 1)
    elif last_place < 0:
        await reach(page, group)
        await press_often(page, "ArrowDown", place + 1)
    elif use is by_keyboard and await options.first.get_attribute("type") == "radio":
        await by_keyboard(page, options.first)
        await press_often(page, "ArrowDown", min(place, last_place))
    else:
        await use(page, options.nth(min(place, last_place)))


async def press_often(page: Page, key: str, times: int) -> None:
    for _ in range(times):
        await page.keyboard.press(key)


async def question(page: Page) -> str:
    return await last(page).locator("h4").first.inner_text()


async def go_through(page: Page, use: Use, seen: list[str], *, place: int = 0) -> None:
    """To the end, with what was read on the way."""
    for _ in range(STEPS_MOST):
        seen.append(await page.locator("body").inner_text())
        if not await answer(page, use, place):
            return
    raise AssertionError("the assessment does not end")


@pytest.mark.parametrize(
    ("person", "use"), [("kim", by_keyboard), ("xiaoyu", by_mouse)], ids=["en-keyboard", "zh-mouse"]
)
async def test_from_start_to_result_with_a_reload_in_the_middle(eyes: Eyes, person: str, use: Use) -> None:
    page = await eyes.open(person)
    seen = [await page.locator("body").inner_text()]
    await begin(page, use)
    for _ in range(5):
        await answer(page, use, 1)
    before = await question(page)
    await shoot(page, f"question-{person}")

    await page.reload()
    await last(page).wait_for()
    seen.append(await page.locator("body").inner_text())
    if use is by_keyboard:
        await page.locator("#log .card h3").first.focus()
    await use(page, last(page).get_by_role("button", name=re.compile("^(Continue|继续)$")))
    await asks(page)
    assert await question(page) == before
    await go_through(page, use, seen, place=1)

    await shoot(page, f"result-{person}")
    assert re.search("not for hiring|不用于招聘|不.{0,6}招聘", await last(page).inner_text())
    await run(page, "result")
    await page.reload()
    await expect(last(page).get_by_role("button", name=re.compile("My result|我的结果"))).to_be_visible()
    if person == "xiaoyu":
        assert leftovers(seen) == set()


def leftovers(seen: list[str]) -> set[str]:
    """English words on a Chinese page that are no names and no terms."""
    names = {"Kim", "Hara-Lindqvist", "Ada", "Okafor", "Jos", "lvarez", "ez"}
    return {word for text in seen for word in WORD.findall(COMMAND.sub("", text))} - LATIN - names


async def test_every_card_that_a_member_reaches_is_chinese_for_a_chinese_member(eyes: Eyes) -> None:
    page = await eyes.open("xiaoyu")
    seen = []
    for typed in ("首页", "方向 business", "方向", "帮助", "资源", "隐私", "语言", "结果", "abc"):
        await run(page, typed)
        seen.append(await last(page).inner_text())

    assert leftovers(seen) - {"abc"} == set()
