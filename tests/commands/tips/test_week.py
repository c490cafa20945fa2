"""`/pmpath tips week`."""

from __future__ import annotations

import datetime as dt

import pytest

from content.load import Content
from content.outcomes import Outcome
from content.text import PLAIN, At, DateStyle, Language
from storage import schedules
from storage.schedules import Plan
from storage.timetable import Weekly
from tests.commands.test_plan import fits, press
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import own_tip, tip_due, tip_out

MONDAY_NINE = Plan("general", Weekly(0, 9 * 60, "Asia/Shanghai"))


async def switch_on(chat: DirectDriver, outcome: Outcome | None = None, plan: Plan = MONDAY_NINE) -> None:
    await chat.dispatcher.store.write(schedules.switch_on, await chat.me(), {outcome: plan})


def said(moment: dt.datetime) -> str:
    at = PLAIN.moment(At(moment, DateStyle.BOTH), Language.EN)
    return f"The next one comes on {at}."


async def year(chat: DirectDriver, content: Content, outcome: Outcome, count: int) -> list[str]:
    """So many library tips of an outcome, one a week, the last one today; their titles, the newest first."""
    ids = content.tips_by_outcome[outcome][:count]
    for weeks, tip in enumerate(reversed(ids)):
        await tip_out(chat, tip, outcome, days_ago=7 * weeks)
    return [content.tips[tip].title.en for tip in reversed(ids)]


async def test_without_a_tip_it_says_that_nobody_has_switched_them_on(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath tips week")

    assert card.title == "Weekly tips"
    assert card.lines == ["No tip has gone out here yet.", "The moderators have not switched the weekly tips on here."]
    assert card.buttons[-3:] == ["Suggest a tip", "My plan", "Home"]


async def test_it_says_when_the_next_comes(chat: DirectDriver, clock: SetClock) -> None:
    await switch_on(chat)

    assert said(dt.datetime(2026, 11, 30, 1, tzinfo=dt.UTC)) in (await chat.run("/pmpath tips week")).lines
    assert said(dt.datetime(2026, 11, 30, 1, tzinfo=dt.UTC)) in (await chat.run("/pmpath tips week hybrid")).lines


async def test_the_next_of_a_track_is_that_of_its_own_schedule(chat: DirectDriver) -> None:
    tuesday = Plan("general", Weekly(1, 9 * 60, "UTC"))
    await chat.dispatcher.store.write(
        schedules.switch_on, await chat.me(), {Outcome.HYBRID: MONDAY_NINE, Outcome.PLATFORM: tuesday}
    )

    assert said(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)) in (await chat.run("/pmpath tips week")).lines
    assert said(dt.datetime(2026, 11, 30, 1, tzinfo=dt.UTC)) in (await chat.run("/pmpath tips week hybrid")).lines
    nobody = (await chat.run("/pmpath tips week business")).lines
    assert nobody == ["No tip of this track yet.", "The moderators have not switched the weekly tips on here."]


async def test_one_that_has_its_slot_is_the_next(chat: DirectDriver) -> None:
    await switch_on(chat)
    await tip_due(chat, "p-one-page", days_ago=-1)

    card = await chat.run("/pmpath tips week")
    assert card.lines == ["No tip has gone out here yet.", said(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC))]


async def test_a_pause_is_said(chat: DirectDriver) -> None:
    await switch_on(chat)
    (found,) = await chat.dispatcher.store.read(schedules.of_community, (await chat.me()).community)
    await chat.dispatcher.store.write(schedules.pause, await chat.me(), found.id, on=True)

    assert (await chat.run("/pmpath tips week")).lines[-1] == "The moderators have paused the weekly tips."


async def test_the_newest_stands_in_full_and_the_earlier_ones_by_their_titles(
    chat: DirectDriver, content: Content
) -> None:
    titles = await year(chat, content, Outcome.PLATFORM, 4)

    card = await chat.run("/pmpath tips week")
    newest = content.tips[content.tips_by_outcome[Outcome.PLATFORM][3]]
    assert card.lines[0] == f"Weekly tip · Platform · 23 November 2026: {titles[0]}"
    assert card.lines[1] == newest.text.en
    assert "Earlier tips" in card.lines
    assert f"1. {titles[1]} · Platform · 16 November 2026" in card.lines
    opened = await chat.press(f"3. {titles[3]}")
    assert opened.title == f"Weekly tip · Platform · 2 November 2026: {titles[3]}"
    assert content.tips[content.tips_by_outcome[Outcome.PLATFORM][0]].text.en in opened.lines
    assert (await chat.press("Back to the list")).lines == card.lines


async def test_a_year_comes_by_pages_and_every_tip_once(chat: DirectDriver, content: Content) -> None:
    titles = await year(chat, content, Outcome.TECHNICAL, 23)
    card = await chat.run("/pmpath tips week technical")
    seen = []
    while True:
        fits(chat, content)
        seen += [label.partition(" ")[2] for label in card.buttons if label[0].isdigit()]
        if "More" not in card.buttons:
            break
        card = await chat.press("More")

    assert seen == titles[1:]
    assert "21-22 of 22" in card.lines
    await chat.press(card.buttons[card.buttons.index("Back") - 1])
    assert (await chat.press("Back to the list")).lines == card.lines
    assert (await press(chat, "tips.page", Outcome.TECHNICAL, 500)).lines == card.lines
    assert (await press(chat, "tips.page", None, -3)).lines == (await chat.run("/pmpath tips week")).lines


async def test_only_the_tips_of_a_track(chat: DirectDriver, content: Content) -> None:
    await tip_out(chat, "p-one-page", Outcome.PLATFORM)
    await tip_out(chat, content.tips_by_outcome[Outcome.HYBRID][0], Outcome.HYBRID, days_ago=7)
    await chat.run("/pmpath tips week")

    card = await chat.press("Hybrid")
    assert card.title == "Weekly tips: Hybrid"
    assert "Earlier tips" not in card.lines
    assert "Platform ·" not in card.text
    assert "Earlier tips" in (await chat.press("All tracks")).lines


async def test_what_i_did_stands_on_it(chat: DirectDriver) -> None:
    await tip_out(chat, "p-first-call", days_ago=7)
    await tip_out(chat, "p-one-page")
    await chat.run("/pmpath tips week")
    await chat.press("Add to my plan")
    await chat.run("/pmpath tips week")
    assert "It is in your plan." in chat.seen.lines
    await chat.press("1. A stopwatch on the first call")
    await chat.press("Done")

    card = await chat.run("/pmpath tips week")
    assert "1. A stopwatch on the first call · Platform · 16 November 2026 · ✓ done" in card.lines
    await chat.press("Done")
    assert "✓ You have done this one." in (await chat.run("/pmpath tips week")).lines
    assert "✓ You have done this one." not in (await chat.other(uid="u2").run("/pmpath tips week")).lines


@pytest.mark.parametrize("typed", ["tips", "tip", "TIPS", "每周一招"])
async def test_the_folders_name_opens_a_card_with_choices(chat: DirectDriver, typed: str) -> None:
    card = await chat.run(f"/pmpath {typed}")

    assert card.title == "All about: /pmpath tips"
    assert card.buttons == ["tips suggest", "tips week", "Home"]
    assert (await chat.press("tips week")).title == "Weekly tips"


async def test_other_words_for_the_folder_lead_to_its_commands(chat: DirectDriver) -> None:
    assert (await chat.run("/pmpath tip week hybrid")).title == "Weekly tips: Hybrid"
    assert (await chat.run("/pmpath tips tip")).title == "Weekly tips"


async def test_the_longest_own_tips_fit(chat: DirectDriver, content: Content) -> None:
    for days in range(8):
        own = await own_tip(chat, en=("*" * 200, "word " * 300), zh=("字" * 200, "字" * 1500))
        await tip_out(chat, own, days_ago=7 * days)
    for language in Language:
        await chat.run(f"/pmpath language {language.value}")
        await chat.run("/pmpath tips week")
        fits(chat, content)
