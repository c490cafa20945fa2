"""The weekly tip in `/pmpath-mod setup`."""

from __future__ import annotations

import datetime as dt

from commands.kit.request import Pressed
from commands.mod.weekdays import clock as shown
from commands.mod.weekdays import read_clock
from content.load import Content
from content.outcomes import Outcome
from content.text import Language
from storage import outbox, schedules, tips
from storage.schedules import Schedule
from storage.tips import Written
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.drivers.stored import claimed


async def at_channel(moderator: DirectDriver) -> Seen:
    await moderator.run("/pmpath-mod setup")
    for _ in range(3):
        await moderator.press("Later")
    return await moderator.press("Later")


async def scheduled(moderator: DirectDriver) -> list[Schedule]:
    me = await moderator.me()
    return await moderator.dispatcher.store.read(schedules.of_community, me.community)


async def test_from_the_invitation_to_a_first_tip_in_seven_presses(moderator: DirectDriver, clock: SetClock) -> None:
    kim = moderator.other(zone="Europe/Stockholm")
    await kim.run("/pmpath-mod setup")
    for label in ("English", "Later", "Use Stockholm", "Tell me here", "This channel"):
        await kim.press(label)
    card = await kim.press("Switch on")

    (found,) = await scheduled(kim)
    assert (found.outcome, found.plan.channel, found.plan.asks) == (None, "general", False)
    assert found.next_at == dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)  # Monday 09:00 in Stockholm
    assert card.title == "Setup, 7 of 7: welcome post"
    assert card.lines[0].startswith("Switched on: the first tip goes out in #general on Monday, 30 November 2026")
    assert "Preview" in card.buttons


async def test_nothing_is_posted_or_scheduled_before_it_is_switched_on(
    moderator: DirectDriver, clock: SetClock
) -> None:
    await at_channel(moderator)
    await moderator.press("This channel")
    await moderator.press("Later")

    assert await scheduled(moderator) == []
    assert await claimed(moderator, clock) == []


async def test_switched_on_twice_it_is_one_schedule(moderator: DirectDriver) -> None:
    await at_channel(moderator)
    await moderator.press("This channel")
    reply = moderator.reply
    for _ in range(2):
        moderator.reply = reply
        await moderator.press("Switch on")

    assert len(await scheduled(moderator)) == 1


async def test_whether_moderators_are_asked_first_is_their_choice(moderator: DirectDriver) -> None:
    await at_channel(moderator)
    await moderator.press("This channel")
    await moderator.press("Switch on, ask me first")

    assert [each.plan.asks for each in await scheduled(moderator)] == [True]


async def test_the_first_tip_is_shown_in_the_language_of_those_who_will_read_it(
    moderator: DirectDriver, content: Content
) -> None:
    tip = content.tips[content.tips_by_outcome[Outcome.BUSINESS][0]]
    english = moderator.other(locale="en-US")
    await english.run("/pmpath-mod setup")
    await english.press("中文")
    for _ in range(3):
        await english.press("Later")
    card = await english.press("This channel")

    assert content.catalogue.say(tip.title, Language.ZH) in card.lines
    assert content.catalogue.say(tip.text, Language.ZH) in card.lines


async def test_a_tip_of_the_communitys_own_is_shown_before_the_librarys(moderator: DirectDriver) -> None:
    written = Written(Outcome.HYBRID, {Language.EN: ("Our own", "Do this first.")})
    await moderator.dispatcher.store.write(tips.add, await moderator.me(), written)
    await at_channel(moderator)
    card = await moderator.press("This channel")

    assert card.lines[card.lines.index("Our own") + 1] == "Do this first."


async def test_day_and_time_can_be_changed(moderator: DirectDriver) -> None:
    await at_channel(moderator)
    await moderator.press("This channel")
    await moderator.press("Another time")
    card = await moderator.fill(weekday="4", time="17:30")
    assert card.lines[0] == "Every Friday at 17:30 (UTC) in #general"
    await moderator.press("Switch on")

    (found,) = await scheduled(moderator)
    assert (found.plan.weekly.weekday, found.plan.weekly.minute) == (4, 17 * 60 + 30)


async def test_what_is_no_time_is_told_and_can_be_corrected(moderator: DirectDriver) -> None:
    await at_channel(moderator)
    await moderator.press("This channel")
    await moderator.press("Another time")
    card = await moderator.fill(weekday="4", time="25:00")
    assert card.lines == ["Write a time like 09:00."]

    form = await moderator.press("Correct it")
    assert form.fields == {"weekday": "4", "time": "25:00"}
    assert (await moderator.fill(weekday="4", time="5")).lines[0] == "Every Friday at 05:00 (UTC) in #general"


async def test_a_test_proves_the_right_to_post(moderator: DirectDriver, clock: SetClock) -> None:
    await at_channel(moderator)
    await moderator.press("This channel")
    reply = moderator.reply
    for _ in range(2):
        moderator.reply = reply
        card = await moderator.press("Post a test")
    assert card.lines[0] == "A test is on its way to #general."

    (due,) = await claimed(moderator, clock)
    assert due.notice == "setup.test"
    await moderator.dispatcher.store.write(outbox.sent, due, "m1")
    card = await moderator.press("Did it arrive?")
    assert card.lines[0] == "The test stands in #general: I may post there."
    assert "Switch on" in card.buttons


async def test_a_refused_test_says_what_to_do_and_can_be_tried_again(moderator: DirectDriver, clock: SetClock) -> None:
    await at_channel(moderator)
    await moderator.press("This channel")
    await moderator.press("Post a test")
    (due,) = await claimed(moderator, clock)
    await moderator.dispatcher.store.write(outbox.dead, due, "50001")

    card = await moderator.press("Did it arrive?")
    assert card.lines[0] == "I may not post in #general. Let me see it and write there, then try again."
    await moderator.press("Another channel")
    await moderator.press("This channel")
    await moderator.press("Post a test")
    assert len(await claimed(moderator, clock)) == 1


async def test_a_setup_run_again_says_what_goes_out_already(moderator: DirectDriver) -> None:
    await at_channel(moderator)
    await moderator.press("This channel")
    await moderator.press("Switch on")

    assert "Every Monday at 09:00 (UTC) in #general" in (await at_channel(moderator)).lines


async def test_a_forged_time_is_out_of_date(moderator: DirectDriver) -> None:
    await at_channel(moderator)
    for forged in ("7|540", "0|1440", "-1|0"):
        assert moderator.reply is not None
        card = await moderator.call(Pressed(f"1|{moderator.reply.community}|setup.switch-on|C1|{forged}|0"))
        assert card.title == "Not this time"

    assert await scheduled(moderator) == []


def test_times_as_people_write_them() -> None:
    assert [read_clock(each) for each in ("9", "09:00", "9.30", "17：05", "17点", "0:00", "23:59")] == [
        540, 540, 570, 1025, 1020, 0, 1439,
    ]  # fmt: skip
    assert {read_clock(each) for each in ("", "24:00", "9:60", "noon", "-1", "9:0")} == {None}
    assert [shown(each) for each in (0, 540, 1439)] == ["00:00", "09:00", "23:59"]
