"""`/pmpath-mod tips schedule`."""

from __future__ import annotations

import datetime as dt

import pytest

from commands.kit.press import Press
from commands.kit.request import CommunityKey, Place, Platform, Pressed
from commands.mod.weekdays import read_clock
from content.outcomes import Outcome
from storage import outbox, schedules
from storage.schedules import Schedule
from tests.commands.mod.tips.switched import drawn, only, postings_of, sent, slots, switch_on, to_next_slot
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.drivers.stored import LEASE


async def on(moderator: DirectDriver) -> list[Schedule]:
    return await moderator.dispatcher.store.read(schedules.of_community, (await moderator.me()).community)


async def refused(moderator: DirectDriver, clock: SetClock, why: str) -> None:
    """The platform refuses what is in the outbox."""
    store = moderator.dispatcher.store
    for due in await store.write(outbox.claim, "o", 9, LEASE, real_now=clock.now()):
        await store.write(outbox.dead, due, why)


async def show(moderator: DirectDriver) -> Seen:
    return await moderator.run("/pmpath-mod tips schedule")


async def test_members_are_told_no(chat: DirectDriver) -> None:
    assert (await chat.run("/pmpath-mod tips schedule")).lines == ["Only moderators of this community can do that."]


async def test_nothing_is_on_until_it_is_switched_on(moderator: DirectDriver) -> None:
    card = await show(moderator)

    assert card.lines == ["No tip goes out by itself. Switched on, one does every week, your own ones first."]
    assert "Switch it on" in card.buttons


async def test_the_next_three_times_stand_there_in_both_times_and_are_those_that_then_happen(
    moderator: DirectDriver, clock: SetClock
) -> None:
    clock.moment = dt.datetime(2027, 3, 10, tzinfo=dt.UTC)  # Berlin's clocks go forward on the 28th
    await switch_on(moderator)
    reader = moderator.other(uid="mod2", zone="America/New_York")
    await show(reader)
    await reader.press("Time zone")
    await reader.fill(zone="Berlin")
    card = reader.seen
    said = [line for line in card.lines if line.startswith("Next: ")]
    assert said == [
        "Next: Monday, 15 March 2027, 09:00 in Berlin; by your clock Monday, 15 March 2027, 04:00",
        "Next: Monday, 22 March 2027, 09:00 in Berlin; by your clock Monday, 22 March 2027, 04:00",
        "Next: Monday, 29 March 2027, 09:00 in Berlin; by your clock Monday, 29 March 2027, 03:00",
    ]
    times = (await only(moderator)).next_times(3)
    for at in times:
        clock.moment = at
        await slots(moderator, clock)
    assert len(await postings_of(moderator)) == 3


async def test_day_time_zone_and_channel_are_changed_and_hold_at_once(moderator: DirectDriver) -> None:
    await switch_on(moderator)
    await show(moderator)
    await moderator.choose("day", "Thursday")
    await moderator.press("Time")
    await moderator.fill(time="下午5点半")
    await moderator.press("Time zone")
    await moderator.fill(zone="纽约")
    card = await moderator.choose("channel", "tips")

    assert card.lines[:2] == ["Saved.", "Every Thursday at 17:30 (New York) in #tips"]
    plan = (await only(moderator)).plan
    assert (plan.weekly.weekday, plan.weekly.minute, plan.weekly.zone) == (3, 17 * 60 + 30, "America/New_York")
    assert (await only(moderator)).next_at == dt.datetime(2026, 11, 26, 22, 30, tzinfo=dt.UTC)


async def test_what_is_no_time_or_city_is_said_and_changes_nothing(moderator: DirectDriver) -> None:
    await switch_on(moderator)
    before = await only(moderator)
    await show(moderator)
    await moderator.press("Time")
    assert (await moderator.fill(time="25:00")).lines == ["Write a time like 09:00."]
    await show(moderator)
    await moderator.press("Time zone")
    assert "Did you mean Berlin?" in (await moderator.fill(zone="Berlni")).text

    assert await only(moderator) == before


@pytest.mark.parametrize(
    ("written", "minute"),
    [
        ("9", 540),
        ("9:30", 570),
        ("21.00", 1260),
        ("上午9点", 540),
        ("下午3点半", 930),
        ("中午12点", 720),
        ("9 pm", 1260),
        ("12 am", 0),
        ("24:00", None),
        ("noon", None),
    ],
)
def test_a_time_is_read_as_people_write_it(written: str, minute: int | None) -> None:
    assert read_clock(written) == minute


async def test_this_channel_is_offered_where_others_read_it_too(moderator: DirectDriver) -> None:
    await switch_on(moderator)
    elsewhere = moderator.other(channel="news")
    await show(elsewhere)
    wire = elsewhere.wire(elsewhere.button("This channel").press)
    assert "Every Monday at 09:00 (Shanghai) in #news" in (await elsewhere.press("This channel")).lines
    assert "This channel" not in (await show(elsewhere)).buttons

    private = moderator.other(channel="d1", place=Place.DIRECT)
    assert "This channel" not in (await show(private)).buttons
    assert "Nobody else can see this place" in (await private.call(Pressed(wire))).text
    assert (await only(moderator)).plan.channel == "news"


async def test_fortnightly_keeps_the_next_time_and_is_undone_with_its_old_effect(
    moderator: DirectDriver, clock: SetClock
) -> None:
    await switch_on(moderator)
    before = await only(moderator)
    await show(moderator)
    card = await moderator.press("Every second week")
    assert "Every second Monday at 09:00 (Shanghai) in #general" in card.lines
    after = await only(moderator)
    assert (after.next_at, after.next_times(2)[1]) == (before.next_at, before.next_times(3)[2])

    await moderator.run("/pmpath-mod audit")
    await moderator.press("Undo")
    await moderator.press("Undo")
    assert (await only(moderator)).plan == before.plan


async def test_paused_it_lets_its_slots_pass_and_makes_up_for_none(moderator: DirectDriver, clock: SetClock) -> None:
    await switch_on(moderator)
    await show(moderator)
    card = await moderator.press("Pause")
    assert "Paused: no tip goes out by itself." in card.lines
    clock.move(weeks=3)
    await slots(moderator, clock)
    await show(moderator)
    await moderator.press("Resume")
    await slots(moderator, clock)

    assert await postings_of(moderator) == []
    assert (await only(moderator)).next_at > clock.now()


async def test_a_change_while_it_is_paused_leaves_it_paused(moderator: DirectDriver) -> None:
    await switch_on(moderator)
    await show(moderator)
    await moderator.press("Pause")
    await moderator.choose("day", "Friday")

    assert ((await only(moderator)).state, (await only(moderator)).plan.weekly.weekday) == ("paused", 4)


async def test_to_a_reader_in_the_same_zone_each_time_is_said_once(moderator: DirectDriver, clock: SetClock) -> None:
    clock.moment = dt.datetime(2027, 3, 10, tzinfo=dt.UTC)
    await switch_on(moderator)
    card = await show(moderator.other(uid="mod2", zone="Asia/Shanghai"))
    assert "Next: Monday, 15 March 2027, 09:00 in Shanghai" in card.lines


async def test_the_tracks_stand_in_their_usual_order(moderator: DirectDriver) -> None:
    await switch_on(moderator, *reversed(Outcome))
    card = await show(moderator)
    assert [line.split(":")[0] for line in card.lines] == ["Business", "Platform", "Technical", "Hybrid"]


async def test_a_tip_for_each_track_a_day_apart_and_back(moderator: DirectDriver) -> None:
    await switch_on(moderator)
    await show(moderator)
    card = await moderator.press("A tip for each track")
    assert card.title == "Weekly tips, one for each track"
    assert {each.outcome: each.plan.weekly.weekday for each in await on(moderator)} == {
        Outcome.BUSINESS: 0,
        Outcome.PLATFORM: 1,
        Outcome.TECHNICAL: 2,
        Outcome.HYBRID: 3,
    }
    await moderator.press("Open")
    await moderator.choose("day", "Sunday")
    assert [each.plan.weekly.weekday for each in await on(moderator)].count(6) == 1
    assert len(await on(moderator)) == 4

    await moderator.press("All schedules")
    card = await moderator.press("All tracks in turn")
    assert (await only(moderator)).outcome is None
    assert card.title == "Weekly tip"


async def test_a_press_on_a_schedule_that_is_no_longer_on_says_so(moderator: DirectDriver) -> None:
    old = (await switch_on(moderator))[0].id
    await show(moderator)
    await moderator.press("A tip for each track")
    said = "That schedule is no longer on; this is how it is now."
    assert said in (await moderator.call(Pressed(moderator.wire(Press("tip-times.open", (old,)))))).lines
    card = await moderator.call(Pressed(moderator.wire(Press("tip-times.weeks", (old, 2)))))

    assert said in card.lines
    assert all(each.plan.weekly.weeks == 1 for each in await on(moderator))


async def test_switching_off_asks_first(moderator: DirectDriver, clock: SetClock) -> None:
    await switch_on(moderator)
    await show(moderator)
    assert (await moderator.press("Switch off")).title == "Switch the weekly tip off?"
    card = await moderator.press("Switch off")
    clock.move(weeks=2)
    await slots(moderator, clock)

    assert card.lines[0] == "Switched off."
    assert await postings_of(moderator) == []


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("no-right", "I may not write in #general. Let me see it and post there."),
        ("no-channel", "The channel #general is gone, or I no longer see it. Choose another one."),
        ("archived", "The channel #general is archived. Choose another one, or take it out of the archive."),
        ("other", "The post for #general was refused, and no reason given that I know."),
        ("503 and again 503", "I could not reach the platform for half an hour, so nothing was posted in #general."),
    ],
)
async def test_why_the_last_tip_did_not_come_is_said_in_words_until_one_comes(
    moderator: DirectDriver, clock: SetClock, why: str, said: str
) -> None:
    await switch_on(moderator)
    await to_next_slot(moderator, clock)
    await refused(moderator, clock, why)
    assert f"The last tip did not come. {said}" in (await show(moderator)).lines
    drawn(moderator)
    assert "A test is on its way to #general." in (await moderator.press("Post a test")).lines

    await to_next_slot(moderator, clock)
    await sent(moderator, clock)
    assert "did not come" not in (await show(moderator)).text


async def test_another_communitys_schedule_cannot_be_changed(moderator: DirectDriver) -> None:
    mine = (await switch_on(moderator))[0]
    elsewhere = moderator.other(community=CommunityKey(Platform.WEB, "elsewhere", "Elsewhere"))
    await show(elsewhere)
    for press in (Press("tip-times.weeks", (mine.id, 2)), Press("tip-times.pause", (mine.id, True))):
        await elsewhere.call(Pressed(elsewhere.wire(press)))

    assert await only(moderator) == mine
