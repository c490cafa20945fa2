"""Slots come due: what goes out, once, in whose turn, and what moderators are told when nothing does."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from content.outcomes import Outcome
from storage import firing, library, moderator_notes, postings, schedules, tips
from storage.library import FEW
from storage.members import Me
from storage.moments import micros
from storage.schedules import ASKED_BEFORE, Schedule
from storage.store import Store
from storage.tables import community, schedule
from storage.timetable import Weekly
from storage.unit import Unit
from tests.storage import weekly
from tests.storage.conftest import Clock
from tests.storage.meanwhile import meanwhile
from tests.storage.weekly import FRIDAY_TEN, LIBRARY, WEEK, add, fire, slots, switch_on, told

SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)
ONE_OUTCOME = {Outcome.BUSINESS: ["a", "b", "c"]}


async def weeks(store: Store, clock: Clock, found: Schedule, count: int, ids: library.Library = LIBRARY) -> None:
    """So many weeks go by, each slot at its time, each tip posted."""
    for moment in found.next_times(count):
        clock.moment = moment
        await fire(store, ids)
        await weekly.deliver(store)


async def agree(store: Store, found: Schedule, *, yes: bool) -> None:
    await weekly.set_in(store, update(schedule).where(schedule.c.id == found.id).values(agreed=int(yes)))


async def notes(store: Store, me: Me) -> list[tuple[str, dict[str, int | str]]]:
    found = await store.read(moderator_notes.of_community, me.community)
    return [(note.notice, note.ids) for note in reversed(found)]


# What goes out


async def test_a_slot_fires_at_its_time_and_not_before_and_is_posted_for_it(store: Store, me: Me, clock: Clock) -> None:
    found = await switch_on(store, me)
    clock.moment = found.next_at - SECOND
    assert await fire(store) == 0

    clock.move(SECOND)
    assert await fire(store) == 1
    assert await fire(store) == 0

    (due,) = await weekly.claim(store)
    assert (due.notice, due.channel, due.post_at, due.member) == (postings.WEEKLY, "C1", found.next_at, None)
    posted = await store.read(postings.find, me.community, int(due.ids["posting"]))
    assert posted is not None
    assert (posted.tip, posted.channel, posted.post_at, posted.schedule) == ("b0", "C1", found.next_at, found.id)
    assert (await weekly.schedule_of(store, me)).next_at == found.next_at + WEEK


async def test_the_queue_goes_before_the_library(store: Store, me: Me, clock: Clock) -> None:
    found = await switch_on(store, me)
    own = [await add(store, me, "One", Outcome.HYBRID), await add(store, me, "Two", Outcome.TECHNICAL)]

    await weeks(store, clock, found, 4)

    assert await slots(store) == [(str(own[0]), "out"), (str(own[1]), "out"), ("h0", "out"), ("b0", "out")]
    assert await store.read(tips.queue, me.community) == []


async def test_the_outcomes_take_turns_and_start_anew(store: Store, me: Me, clock: Clock) -> None:
    await weeks(store, clock, await switch_on(store, me), 6)

    assert [tip for tip, _state in await slots(store)] == ["b0", "p0", "t0", "h0", "b1", "p1"]


async def test_an_outcome_without_tips_loses_its_turn_and_a_whole_empty_library_is_said(
    store: Store, me: Me, clock: Clock
) -> None:
    found = await switch_on(store, me)
    await weeks(store, clock, found, 4, {Outcome.PLATFORM: ["p0"], Outcome.HYBRID: ["h0", "h1"]})

    assert await slots(store) == [("p0", "out"), ("h0", "out"), ("h1", "out"), ("", "skipped")]
    last = found.next_times(4)[3]
    assert await notes(store, me) == [(firing.NOTHING, {"schedule": found.id, "at": micros(last)})]


async def test_a_schedule_for_each_outcome_posts_its_own_tips(store: Store, me: Me, clock: Clock) -> None:
    await switch_on(store, me, FRIDAY_TEN, Outcome.HYBRID, Outcome.BUSINESS)
    business, hybrid = await store.read(schedules.of_community, me.community)
    own = await add(store, me, "One", Outcome.HYBRID)
    await add(store, me, "Two", Outcome.PLATFORM)
    assert business.next_at == hybrid.next_at

    await weeks(store, clock, business, 2)

    assert sorted(await slots(store)) == sorted([("b0", "out"), (str(own), "out"), ("b1", "out"), ("h0", "out")])


async def test_what_moderators_passed_over_does_not_go_out(store: Store, me: Me, clock: Clock) -> None:
    found = await switch_on(store, me)
    await store.write(library.use, me.community, "b0")
    paused = await add(store, me, "One")
    await store.write(tips.pause, me, paused, 0, on=True)

    await weeks(store, clock, found, 1)

    assert await slots(store) == [("b1", "out")]


async def test_used_up_the_library_returns_after_fifty_weeks(store: Store, me: Me, clock: Clock) -> None:
    found = await switch_on(store, me, FRIDAY_TEN, Outcome.BUSINESS)
    await weeks(store, clock, found, 54, {Outcome.BUSINESS: [f"b{number}" for number in range(52)]})

    assert [tip for tip, _state in await slots(store)] == [*(f"b{number}" for number in range(52)), "b0", "b1"]


async def test_a_short_library_leaves_slots_out_and_says_so_each_time(store: Store, me: Me, clock: Clock) -> None:
    found = await switch_on(store, me, FRIDAY_TEN, Outcome.BUSINESS)
    await weeks(store, clock, found, 5, ONE_OUTCOME)

    assert [state for _tip, state in await slots(store)] == ["out"] * 3 + ["skipped"] * 2
    assert await told(store, me) == [firing.NOTHING] * 2


async def test_moderators_are_told_once_when_eight_are_left(store: Store, me: Me, clock: Clock) -> None:
    found = await switch_on(store, me, FRIDAY_TEN, Outcome.BUSINESS)
    await weeks(store, clock, found, 12 - FEW - 1)
    assert firing.FEW_LEFT not in await told(store, me)

    await weeks(store, clock, await weekly.schedule_of(store, me), 5)

    few = [note for note in await notes(store, me) if note[0] == firing.FEW_LEFT]
    assert few == [(firing.FEW_LEFT, {"outcome": "business"})]


# Asking before


async def test_moderators_are_asked_two_days_before_and_once(store: Store, me: Me, clock: Clock) -> None:
    found = await switch_on(store, me, asks=True)
    clock.moment = found.next_at - ASKED_BEFORE - SECOND
    assert await store.read(firing.next_moment) == clock.moment + SECOND
    await fire(store)
    assert await told(store, me) == []

    clock.move(SECOND)
    await fire(store)
    await fire(store)

    slot = found.key(found.next_slot)
    assert await notes(store, me) == [(firing.ASK, {"schedule": found.id, "slot": slot})]
    asked = await weekly.schedule_of(store, me)
    assert (asked.asked_for, asked.proposed, asked.agreed) == (slot, "b0", None)


@pytest.mark.parametrize(("answer", "out"), [(True, ("b0", "due")), (False, ("", "skipped")), (None, ("", "skipped"))])
async def test_what_moderators_agreed_to_goes_out_and_nothing_else(
    store: Store, me: Me, clock: Clock, answer: bool | None, out: tuple[str, str]
) -> None:
    found = await switch_on(store, me, asks=True)
    clock.moment = found.next_at - ASKED_BEFORE
    await fire(store)
    if answer is not None:
        await agree(store, found, yes=answer)
    clock.moment = found.next_at
    await fire(store)

    assert await slots(store) == [out]
    unanswered = [firing.NOTHING] if answer is None else []  # who said no need not be told that nothing came
    assert await told(store, me) == [firing.ASK, *unanswered]
    after = await weekly.schedule_of(store, me)
    assert (after.asked_for, after.proposed, after.agreed) == (None, None, None)
    assert after.last_outcome == (Outcome.BUSINESS if answer else None)


async def test_nobody_is_asked_while_something_waits_in_the_queue(store: Store, me: Me, clock: Clock) -> None:
    found = await switch_on(store, me, asks=True)
    own = await add(store, me, "One")
    clock.moment = found.next_at - HOUR
    await fire(store)
    assert await told(store, me) == []
    await store.write(tips.pause, me, own, 0, on=True)
    await fire(store)
    assert await told(store, me) == [firing.ASK]

    await store.write(tips.pause, me, own, 1, on=False)
    clock.moment = found.next_at
    await fire(store)

    assert await slots(store) == [(str(own), "due")]


async def test_what_was_agreed_to_and_went_out_otherwise_does_not_go_out_twice(
    store: Store, me: Me, clock: Clock
) -> None:
    found = await switch_on(store, me, asks=True)
    clock.moment = found.next_at - HOUR
    await fire(store)
    await agree(store, found, yes=True)
    await store.write(library.use, me.community, "b0")

    clock.moment = found.next_at
    await fire(store)

    assert await slots(store) == [("", "skipped")]


async def test_after_a_pause_of_the_program_nobody_is_asked_about_a_slot_that_is_due(
    store: Store, me: Me, clock: Clock
) -> None:
    found = await switch_on(store, me, asks=True)
    clock.moment = found.next_at + HOUR
    await fire(store)

    assert await told(store, me) == [firing.NOTHING]
    assert (await weekly.schedule_of(store, me)).asked_for is None


# Missed slots


@pytest.mark.parametrize("late", [SECOND, HOUR, dt.timedelta(hours=24)])
async def test_a_missed_slot_is_posted_late_within_a_day(
    store: Store, me: Me, clock: Clock, late: dt.timedelta
) -> None:
    found = await switch_on(store, me)
    clock.moment = found.next_at + late
    assert await fire(store) == 1

    (due,) = await weekly.claim(store)
    assert due.post_at == clock.moment
    assert await slots(store) == [("b0", "due")]
    assert await told(store, me) == []


async def test_one_that_is_later_is_skipped_and_told(store: Store, me: Me, clock: Clock) -> None:
    found = await switch_on(store, me)
    clock.moment = found.next_at + dt.timedelta(hours=24) + SECOND
    await fire(store)

    assert await weekly.claim(store) == []
    assert await slots(store) == [("", "skipped")]
    at = micros(found.next_at)
    assert await notes(store, me) == [(firing.MISSED, {"schedule": found.id, "count": 1, "at": at})]
    assert await store.read(library.unused, me.community, LIBRARY[Outcome.BUSINESS]) == 12


@pytest.mark.parametrize(("since", "posted"), [(HOUR, 1), (dt.timedelta(days=3), 0)])
async def test_after_a_month_down_there_is_never_a_burst(
    store: Store, me: Me, clock: Clock, since: dt.timedelta, posted: int
) -> None:
    found = await switch_on(store, me)
    clock.moment = found.next_at + 4 * WEEK + since
    assert await fire(store) == 1

    assert len(await weekly.claim(store)) == posted
    ((notice, ids),) = await notes(store, me)
    assert (notice, ids["count"]) == (firing.MISSED, 5 - posted)
    assert (await weekly.schedule_of(store, me)).next_at == found.next_at + 5 * WEEK


async def test_of_a_month_down_without_a_tip_left_both_are_told(store: Store, me: Me, clock: Clock) -> None:
    found = await switch_on(store, me)
    clock.moment = found.next_at + 2 * WEEK + HOUR
    await fire(store, {})

    assert sorted(await told(store, me)) == [firing.MISSED, firing.NOTHING]


async def test_a_slot_that_has_its_tip_gets_no_second_one_and_costs_no_turn(store: Store, me: Me, clock: Clock) -> None:
    """As when a schedule is set anew while Slack holds the tip of today."""
    una = await weekly.elsewhere(store)
    found = await switch_on(store, una)
    clock.moment = found.next_at - dt.timedelta(minutes=10)
    await fire(store)
    await switch_on(store, una, Weekly(1, 600, "Europe/Berlin"))
    again = await switch_on(store, una)
    assert again.next_at == found.next_at
    await fire(store)

    clock.move(WEEK)
    await fire(store)

    assert [tip for tip, _state in await slots(store)] == ["b0", "p0"]
    assert await told(store, una) == []


async def test_a_community_that_removed_the_bot_has_no_slots(store: Store, me: Me, clock: Clock) -> None:
    found = await switch_on(store, me)
    await weekly.set_in(store, update(community).values(left_at=micros(clock.moment)))
    clock.moment = found.next_at

    assert await fire(store) == 0
    assert await store.read(firing.next_moment) is None


# What nobody presses


async def test_after_four_tips_that_nobody_pressed_moderators_get_one_quiet_note(
    store: Store, me: Me, clock: Clock
) -> None:
    found = await switch_on(store, me)
    await weeks(store, clock, found, 4)
    assert await told(store, me) == []

    await weeks(store, clock, await weekly.schedule_of(store, me), 4)

    assert [note for note in await notes(store, me) if note[0] == firing.QUIET] == [
        (firing.QUIET, {"schedule": found.id})
    ]


async def test_a_pressed_tip_begins_the_count_anew(store: Store, me: Me, clock: Clock) -> None:
    await weeks(store, clock, await switch_on(store, me), 3)
    third = (await weekly.rows(store))[2]
    await store.write(postings.press, me.community, third["id"])
    await weeks(store, clock, await weekly.schedule_of(store, me), 4)
    assert firing.QUIET not in await told(store, me)

    await weeks(store, clock, await weekly.schedule_of(store, me), 3)

    assert (await told(store, me)).count(firing.QUIET) == 1


# Several processes


@pytest.fixture
async def others(database_url: str, clock: Clock) -> AsyncIterator[list[Store]]:
    """What other processes have open: on SQLite there are none."""
    opened = [await Store.open(database_url, now=clock) for _ in range(3 if "postgres" in database_url else 0)]
    yield opened
    for each in opened:
        await each.close()


async def test_processes_that_fire_at_once_give_one_posting_to_each_slot(
    store: Store, others: list[Store], me: Me, clock: Clock
) -> None:
    await switch_on(store, me, FRIDAY_TEN, *Outcome)
    found = await weekly.schedule_of(store, me)
    for moment in found.next_times(3):
        clock.moment = moment
        fired = await asyncio.gather(*(each.write(firing.fire, LIBRARY) for each in [store, *others] * 2))
        assert sum(fired) + await fire(store) == 4  # what two reached for at once may be left for the next look

    out = [tip for tip, _state in await slots(store)]
    assert sorted(out) == sorted(f"{outcome.value[0]}{week}" for outcome in Outcome for week in range(3))
    assert len(await weekly.claim(store)) == 12


async def test_processes_that_ask_at_once_ask_once(store: Store, others: list[Store], me: Me, clock: Clock) -> None:
    found = await switch_on(store, me, asks=True)
    clock.moment = found.next_at - HOUR

    asked = await asyncio.gather(*(each.write(firing.ask, LIBRARY) for each in [store, *others] * 2))

    assert sum(asked) == 1
    assert await told(store, me) == [firing.ASK]


@pytest.mark.parametrize("change", [tips.drop, tips.skip])
async def test_a_tip_that_a_moderator_is_just_taking_out_does_not_go_out(
    postgres_url: str, clock: Clock, change: object
) -> None:
    """A change that is under way on one process while another one fires; on SQLite there is one writer."""
    store, other = await Store.open(postgres_url, now=clock), await Store.open(postgres_url, now=clock)
    me = await weekly.elsewhere(store, "discord")
    found = await switch_on(store, me)
    tip_id = await add(store, me, "One")
    await add(store, me, "Two")
    clock.moment = found.next_at

    def out(unit: Unit) -> tips.Change:
        return (tips.drop if change is tips.drop else tips.skip)(unit, me, tip_id, 0)

    assert await meanwhile(store, out, lambda: other.write(firing.fire, LIBRARY)) == (tips.Change.DONE, 0)
    assert await other.write(firing.fire, LIBRARY) == 1

    assert await slots(store) == [(str(tip_id + 1), "due")]
    await store.close()
    await other.close()
