"""Done, put aside and taken back: once for a member, whenever and however often it is pressed."""

from __future__ import annotations

import pytest

from commands.kit.request import CommunityKey, Platform
from content.load import Content
from content.outcomes import Outcome
from content.text import Language
from storage import communities, tip_shelf, tips
from storage.postings import Done
from storage.tip_states import DUE, STOPPED
from tests.commands.test_plan import fits, press
from tests.commands.test_takeaway import file
from tests.commands.tips.test_tip_card import MARKUP, TIP, set_state
from tests.conftest import SetClock
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import own_tip, tip_due, tip_out


async def deeds(chat: DirectDriver) -> set[tuple[str, Done]]:
    return await chat.dispatcher.store.read(tip_shelf.deeds, await chat.me())


async def test_done_pressed_twice_is_done_once(chat: DirectDriver, content: Content) -> None:
    posting = await tip_out(chat, TIP)
    title = content.tips[TIP].title.en

    assert (await press(chat, "tips.done", posting)).lines == [f"✓ You did it: {title}", "+3 points"]
    card = await press(chat, "tips.done", posting)
    assert card.lines == [f"✓ You have done this one already: {title}"]
    assert card.buttons == ["I have not done it", "My plan", "Weekly tips", "Home"]
    assert await deeds(chat) == {(TIP, Done.DONE)}


async def test_what_one_member_does_is_nothing_of_anothers(chat: DirectDriver) -> None:
    posting = await tip_out(chat, TIP)
    others = [chat.other(uid=f"u{number}", name=f"N{number}") for number in range(2, 7)]
    for each in others:
        await press(each, "tips.done", posting)

    assert await deeds(chat) == set()
    assert [await deeds(each) for each in others] == [{(TIP, Done.DONE)}] * 5


async def test_weeks_later_and_in_another_language_the_post_still_answers(
    chat: DirectDriver, clock: SetClock, content: Content
) -> None:
    posting = await tip_out(chat, TIP)
    clock.move(weeks=9)
    await chat.dispatcher.store.write(communities.set_language, (await chat.me()).community, Language.ZH)
    chinese = chat.other(uid="u2", locale="zh-CN")

    card = await press(chinese, "tips.done", posting)
    assert card.lines == [f"✓ 做过了：{content.tips[TIP].title.zh}", "+3 积分"]


async def test_in_the_other_language_its_heading_is_in_that_too(chat: DirectDriver, content: Content) -> None:
    posting = await tip_out(chat, TIP)
    chinese = await press(chat, "tips.other", posting, Language.ZH)
    assert chinese.title.startswith("每周一招 · ")
    english = await press(chat, "tips.other", posting, Language.EN)
    assert english.title.startswith("Weekly tip · ")


async def test_a_tip_that_came_twice_is_done_once_for_both(chat: DirectDriver) -> None:
    first, second = await tip_out(chat, TIP, days_ago=360), await tip_out(chat, TIP)
    await press(chat, "tips.done", first)

    assert (await press(chat, "tips.done", second)).lines[0].startswith("✓ You have done this one already")
    assert await deeds(chat) == {(TIP, Done.DONE)}


async def test_not_done_after_all_and_out_of_the_plan(chat: DirectDriver) -> None:
    posting = await tip_out(chat, TIP)
    await press(chat, "tips.plan", posting)
    await chat.press("Done")
    await chat.press("I have not done it")
    assert await deeds(chat) == {(TIP, Done.PLANNED)}

    assert (await chat.press("Take it out of my plan")).lines[0].startswith("Taken out of your plan: ")
    assert await deeds(chat) == set()


async def test_a_tip_done_before_is_not_put_aside(chat: DirectDriver) -> None:
    posting = await tip_out(chat, TIP)
    await press(chat, "tips.done", posting)

    assert (await press(chat, "tips.plan", posting)).lines[0].startswith("✓ You have done this one already")
    assert await deeds(chat) == {(TIP, Done.DONE)}


async def test_what_is_put_aside_stands_in_the_plan_until_it_is_done(chat: DirectDriver, content: Content) -> None:
    title = content.tips[TIP].title.en
    await press(chat, "tips.plan", await tip_out(chat, TIP))
    card = await chat.press("My plan")
    assert card.lines[-2:] == ["Tips I put aside", title]

    await answer_all(chat, {"background": [3, 7]}, letter="B")
    card = await chat.run("/pmpath plan")
    assert "Tips I put aside" in card.lines
    assert title in card.lines
    assert f"- [ ] {title}\n" in (await file(chat, "plan.markdown")).content.decode().replace("\\", "")
    await chat.run("/pmpath plan")
    await chat.press("See the tip I put aside")
    await chat.press("Read it")
    assert content.tips[TIP].text.en in chat.seen.lines
    await chat.press("Done")
    assert "Tips I put aside" not in (await chat.press("My plan")).lines


async def test_many_put_aside_come_by_pages_the_last_one_first(
    chat: DirectDriver, clock: SetClock, content: Content
) -> None:
    ids = content.tips_by_outcome[next(iter(content.tips_by_outcome))][:12]
    for days, tip in enumerate(ids):
        posting = await tip_out(chat, tip, days_ago=7 * (len(ids) - days))
        await press(chat, "tips.plan", posting)
        clock.move(minutes=1)
    await answer_all(chat, {"background": [3, 7]}, letter="B")

    card = await chat.run("/pmpath plan")
    fits(chat, content)
    assert [each for each in card.lines if each in {content.tips[tip].title.en for tip in ids}] == [
        content.tips[tip].title.en for tip in ids[:-3:-1]
    ]
    await chat.press("See all 12 tips I put aside")
    fits(chat, content)
    titles = list(chat.seen.lines[:5])
    await chat.press("More")
    titles += chat.seen.lines[:5]
    await chat.press("More")
    titles += chat.seen.lines[:2]
    assert titles == [content.tips[tip].title.en for tip in reversed(ids)]
    assert (await press(chat, "tips.aside", 50)).lines == chat.seen.lines
    assert (await press(chat.other(uid="u2"), "tips.aside", 0)).lines[0].startswith("Nothing: ")


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_a_plan_in_which_everything_is_missing_has_room_for_tips(
    chat: DirectDriver, content: Content, outcome: Outcome
) -> None:
    for days in range(3):
        own = await own_tip(chat, en=("*" * 200, "word " * 300), zh=("字" * 200, "字" * 1500))
        await press(chat, "tips.plan", await tip_out(chat, own, days_ago=days))
    await answer_all(chat, {}, letter="A")
    for language in Language:
        await chat.run(f"/pmpath language {language.value}")
        for first in (0, 5):
            await press(chat, "plan.page", outcome, first)
            fits(chat, content)
        await press(chat, "tips.aside", 0)
        fits(chat, content)


async def test_nothing_is_told_of_a_tip_before_it_is_out(chat: DirectDriver, clock: SetClock) -> None:
    early = await tip_due(chat, TIP, days_ago=-1)
    for name, more in (("done", ()), ("plan", ()), ("earlier", ()), ("other", (Language.ZH,)), ("undo", (Done.DONE,))):
        assert (await press(chat, f"tips.{name}", early, *more)).lines == ["This tip is no longer here."]
    assert (await press(chat, "tips.open", early, None, 0)).lines == ["This tip is no longer here."]
    assert await deeds(chat) == set()

    clock.move(days=1)
    await set_state(chat, DUE)  # it stands in the channel, and the storage does not know yet
    assert (await press(chat, "tips.done", early)).lines[0].startswith("✓ You did it")


async def test_what_was_called_off_answers_nothing(chat: DirectDriver) -> None:
    posting = await tip_out(chat, TIP)
    await set_state(chat, STOPPED)

    assert (await press(chat, "tips.done", posting)).lines == ["This tip is no longer here."]


async def test_a_tip_that_came_twice_stands_in_the_plan_once(chat: DirectDriver, content: Content) -> None:
    await tip_out(chat, TIP, days_ago=360)
    await press(chat, "tips.plan", await tip_out(chat, TIP))

    card = await chat.run("/pmpath plan")
    assert card.lines.count(content.tips[TIP].title.en) == 1
    assert "See the tip I put aside" in card.buttons


async def test_a_tip_of_another_community_is_none_of_mine(chat: DirectDriver) -> None:
    posting = await tip_out(chat, TIP)
    elsewhere = chat.other(community=CommunityKey(Platform.WEB, "another", "Another"))
    await elsewhere.run("/pmpath home")

    assert (await press(elsewhere, "tips.done", posting)).lines == ["This tip is no longer here."]


async def test_in_the_markdown_nothing_of_an_own_tip_is_markup(chat: DirectDriver) -> None:
    own = await own_tip(chat, en=MARKUP)
    await press(chat, "tips.plan", await tip_out(chat, own))
    written = (await file(chat, "plan.markdown")).content.decode()

    assert r"\*Ship\* \<\!channel\>" in written
    assert "[Read on: example.org](<https://example.org/a_b>)" in written
    assert (await chat.dispatcher.store.read(tips.find, (await chat.me()).community, int(own))) is not None
