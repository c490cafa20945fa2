"""Schedules: switched on and off, paused, undone; what is past is never made up for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable
from dataclasses import replace

import pytest
from sqlalchemy import update

from content.outcomes import Outcome
from storage import audit, firing, moderating, proposals, schedules
from storage.audit import Deed
from storage.members import Me
from storage.schedules import ON, PAUSED, Plan
from storage.store import Store
from storage.tables import schedule
from storage.timetable import Weekly
from storage.unit import Unit
from tests.storage import weekly
from tests.storage.conftest import Clock
from tests.storage.meanwhile import meanwhile
from tests.storage.weekly import FRIDAY_TEN, WEEK

DAY = dt.timedelta(days=1)


async def deeds(store: Store, me: Me) -> list[str]:
    """What the audit says, the oldest first."""
    page = await store.read(audit.of_community, me.community, 0, 20)
    return [line.deed for line in reversed(page.lines)]


async def undo(store: Store, me: Me) -> None:
    """The newest line is undone."""
    (line,) = (await store.read(audit.of_community, me.community, 0, 1)).lines
    assert isinstance(await store.write(moderating.undo, me, line.id), audit.Undone)


async def test_what_is_switched_on_is_found_as_it_was_set(store: Store, me: Me, clock: Clock) -> None:
    plan = Plan("C1", replace(FRIDAY_TEN, weeks=2), asks=True)
    await store.write(schedules.switch_on, me, {None: plan})
    (found,) = await store.read(schedules.of_community, me.community)

    assert (found.plan, found.outcome, found.state) == (plan, None, ON)
    first = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
    assert found.next_times(3) == [first, first + 2 * WEEK, first + 4 * WEEK]
    assert clock.moment < first


async def test_one_for_each_outcome_takes_the_place_of_the_one_for_all(store: Store, me: Me) -> None:
    await weekly.switch_on(store, me)
    await weekly.switch_on(store, me, FRIDAY_TEN, Outcome.HYBRID, Outcome.BUSINESS)

    found = await store.read(schedules.of_community, me.community)

    assert [each.outcome for each in found] == [Outcome.BUSINESS, Outcome.HYBRID]
    await store.write(schedules.switch_off, me)
    assert await store.read(schedules.of_community, me.community) == []


async def test_the_same_set_or_switched_off_twice_is_one_change(store: Store, me: Me) -> None:
    set_once = await weekly.switch_on(store, me)
    assert await weekly.switch_on(store, me) == set_once
    await store.write(schedules.switch_off, me)
    await store.write(schedules.switch_off, me)

    assert await deeds(store, me) == [Deed.SCHEDULE_SET, Deed.SCHEDULE_OFF]


async def test_a_post_in_trouble_is_over_once_the_schedule_is_set_again(store: Store, me: Me, clock: Clock) -> None:
    before = await weekly.switch_on(store, me)
    await weekly.set_in(store, update(schedule).values(trouble="no-right"))

    again = await weekly.switch_on(store, me)

    assert again.trouble is None
    assert again.rev == before.rev + 1


async def test_pausing_and_resuming_twice_are_one_change_each(store: Store, me: Me) -> None:
    found = await weekly.switch_on(store, me)
    for on in (True, True, False, False):
        await store.write(schedules.pause, me, found.id, on=on)

    assert await deeds(store, me) == [Deed.SCHEDULE_SET, Deed.SCHEDULE_PAUSED, Deed.SCHEDULE_RESUMED]


async def test_a_paused_schedule_lets_its_slots_pass_and_makes_up_for_none(store: Store, me: Me, clock: Clock) -> None:
    found = await weekly.switch_on(store, me)
    await store.write(schedules.pause, me, found.id, on=True)
    clock.moment = found.next_at + 3 * WEEK + dt.timedelta(hours=1)
    assert await weekly.fire(store) == 0

    await store.write(schedules.pause, me, found.id, on=False)

    assert await weekly.fire(store) == 0
    assert (await weekly.schedule_of(store, me)).next_at == found.next_at + 4 * WEEK
    clock.moment = found.next_at + 4 * WEEK
    assert await weekly.fire(store) == 1
    assert len(await weekly.slots(store)) == 1
    assert await weekly.told(store, me) == []


async def test_pausing_one_schedule_leaves_a_slot_of_another_that_is_due(store: Store, me: Me, clock: Clock) -> None:
    await weekly.switch_on(store, me, FRIDAY_TEN, Outcome.HYBRID, Outcome.BUSINESS)
    business, _hybrid = await store.read(schedules.of_community, me.community)
    clock.moment = business.next_at

    await store.write(schedules.pause, me, business.id, on=True)

    await weekly.fire(store)
    assert await weekly.slots(store) == [("h0", "due")]


@pytest.mark.parametrize("deed", ["off", "paused", "moved"])
async def test_an_undone_change_makes_up_for_no_past_slot(store: Store, me: Me, clock: Clock, deed: str) -> None:
    found = await weekly.switch_on(store, me)
    if deed == "off":
        await store.write(schedules.switch_off, me)
    elif deed == "paused":
        await store.write(schedules.pause, me, found.id, on=True)
    else:
        await weekly.switch_on(store, me, Weekly(0, 600, "Asia/Tokyo", weeks=4))
    clock.moment = found.next_at + 2 * WEEK + dt.timedelta(hours=3)
    if deed == "moved":
        await weekly.fire(store)
    before = await weekly.slots(store)
    await undo(store, me)

    again = await weekly.schedule_of(store, me)
    assert (again.state, again.plan) == (ON, found.plan)
    assert again.next_at == found.next_at + 3 * WEEK
    assert await weekly.fire(store) == 0
    assert await weekly.slots(store) == before


async def test_a_zone_that_is_undone_after_the_clocks_changed_has_its_own_times_again(
    store: Store, me: Me, clock: Clock
) -> None:
    clock.moment = dt.datetime(2027, 3, 15, tzinfo=dt.UTC)
    await weekly.switch_on(store, me, Weekly(0, 600, "Europe/Berlin"))
    await weekly.switch_on(store, me, Weekly(0, 600, "Africa/Lagos"))  # the same moment, until the clocks change
    clock.moment = dt.datetime(2027, 3, 29, 12, tzinfo=dt.UTC)
    await weekly.fire(store)
    await undo(store, me)

    again = await weekly.schedule_of(store, me)
    assert again.plan.weekly.zone == "Europe/Berlin"
    assert again.next_at == dt.datetime(2027, 4, 5, 8, tzinfo=dt.UTC)


async def test_a_pause_that_is_undone_twice_over_stands_again(store: Store, me: Me) -> None:
    found = await weekly.switch_on(store, me)
    await store.write(schedules.pause, me, found.id, on=True)
    await undo(store, me)
    assert (await weekly.schedule_of(store, me)).state == ON
    await undo(store, me)

    assert (await weekly.schedule_of(store, me)).state == PAUSED


async def test_every_second_week_counts_from_the_next_slot_on(store: Store, me: Me, clock: Clock) -> None:
    found = await weekly.switch_on(store, me)
    await store.write(schedules.every, me, found.id, 2)
    await store.write(schedules.every, me, found.id, 2)

    times = (await weekly.schedule_of(store, me)).next_times(3)
    for moment in times:
        clock.moment = moment - dt.timedelta(seconds=1)
        assert await weekly.fire(store) == 0
        clock.moment = moment
        assert await weekly.fire(store) == 1
    assert times == [found.next_at + weeks * WEEK for weeks in (0, 2, 4)]
    assert await deeds(store, me) == [Deed.SCHEDULE_SET, Deed.SCHEDULE_SET]


async def test_another_communitys_schedule_can_not_be_touched(store: Store, me: Me) -> None:
    found = await weekly.switch_on(store, me)
    stranger = await weekly.elsewhere(store)

    await store.write(schedules.pause, stranger, found.id, on=True)
    await store.write(schedules.every, stranger, found.id, 2)
    await store.write(schedules.switch_off, stranger)

    assert await weekly.schedule_of(store, me) == found
    assert await store.read(schedules.find, stranger.community, found.id) is None


async def test_what_slack_is_handed_fires_ten_minutes_before_its_time(store: Store, clock: Clock) -> None:
    una = await weekly.elsewhere(store)
    found = await weekly.switch_on(store, una)
    clock.moment = found.next_at - dt.timedelta(minutes=10, seconds=1)
    assert await weekly.fire(store) == 0

    clock.move(dt.timedelta(seconds=1))

    assert await weekly.fire(store) == 1
    (due,) = await weekly.claim(store)
    assert due.post_at == found.next_at


async def test_two_moderators_who_change_different_things_at_once_both_have_their_way(
    postgres_url: str, clock: Clock
) -> None:
    """On SQLite there is one writer."""
    store, other = await Store.open(postgres_url, now=clock), await Store.open(postgres_url, now=clock)
    me = await weekly.elsewhere(store, "discord")
    found = await weekly.switch_on(store, me)

    def elsewhere(unit: Unit) -> bool:
        return schedules.change(unit, me, found.id, lambda plan: replace(plan, channel="C9"))

    def asking() -> Awaitable[bool]:
        return other.write(schedules.change, me, found.id, lambda plan: replace(plan, asks=True))

    assert await meanwhile(store, elsewhere, asking) == (True, True)

    plan = (await weekly.schedule_of(store, me)).plan
    assert (plan.channel, plan.asks) == ("C9", True)
    await store.close()
    await other.close()


@pytest.mark.parametrize("moved", ["paused and resumed", "to another day", "off and on again"])
async def test_no_to_one_slot_is_not_no_to_another(store: Store, me: Me, clock: Clock, moved: str) -> None:
    """What is silently left out for a slot that nobody was asked about would be missed without a word."""
    found = await weekly.switch_on(store, me, asks=True)
    clock.moment = found.next_at - DAY
    await weekly.fire(store)
    asked = await weekly.schedule_of(store, me)
    assert await store.write(proposals.refuse, me, found.id, str(asked.asked_for), str(asked.proposed))

    if moved == "paused and resumed":
        await store.write(schedules.pause, me, found.id, on=True)
        clock.move(2 * DAY)
        await store.write(schedules.pause, me, found.id, on=False)
    elif moved == "to another day":
        weekday = replace(FRIDAY_TEN, weekday=1)
        await store.write(schedules.change, me, found.id, lambda plan: replace(plan, weekly=weekday))
    else:
        await store.write(schedules.switch_off, me)
        clock.move(2 * DAY)
        await undo(store, me)
    later = await weekly.schedule_of(store, me)
    clock.moment = later.next_at - DAY
    await weekly.fire(store)

    again = await weekly.schedule_of(store, me)
    assert (again.asked_for, again.agreed) == (again.key(again.next_slot), None)
    assert await weekly.told(store, me) == [firing.ASK]


async def test_an_answer_stands_while_only_the_zone_is_changed(store: Store, me: Me, clock: Clock) -> None:
    """The slot is the same by the clock on the wall, and nobody is asked about it twice."""
    found = await weekly.switch_on(store, me, asks=True)
    clock.moment = found.next_at - DAY
    await weekly.fire(store)
    asked = await weekly.schedule_of(store, me)
    await store.write(proposals.agree, me, found.id, str(asked.asked_for), str(asked.proposed))

    london = replace(FRIDAY_TEN, zone="Europe/London")
    await store.write(schedules.change, me, found.id, lambda plan: replace(plan, weekly=london))

    now = await weekly.schedule_of(store, me)
    assert (now.proposed, now.agreed) == (asked.proposed, True)
