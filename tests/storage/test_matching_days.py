"""Matching days that are held by themselves: at their time, once, and after an undo or a change as one expects."""

from __future__ import annotations

import datetime as dt

from storage import audit, matching_days, moderating, rounds
from storage.members import Me
from storage.round_states import RoundState
from storage.store import Store
from storage.timetable import Weekly
from tests.storage.conftest import Clock

TUESDAY_SIX = Weekly(1, 18 * 60, "Europe/Berlin", weeks=4)


async def test_each_is_held_once_at_its_time_and_missed_ones_once(store: Store, me: Me, clock: Clock) -> None:
    await store.write(matching_days.set_up, me, TUESDAY_SIX)
    await store.write(matching_days.set_up, me, TUESDAY_SIX)
    found = await store.read(matching_days.of_community, me.community)
    assert found is not None
    assert found.next_at == dt.datetime(2026, 11, 24, 17, tzinfo=dt.UTC)
    assert not await store.read(matching_days.anything)

    clock.moment = found.next_at
    assert await store.read(matching_days.anything)
    assert await store.write(matching_days.fire) == 1
    assert await store.write(matching_days.fire) == 0
    first = await store.read(rounds.latest, me.community)
    assert first is not None
    assert (first.state, first.scheduled) == (RoundState.ORDERED, True)
    following = await store.read(matching_days.next_moment)
    assert following == dt.datetime(2026, 12, 22, 17, tzinfo=dt.UTC)

    clock.move(dt.timedelta(weeks=40))  # it was off for most of a year, across a night when clocks change
    assert await store.write(matching_days.fire) == 1
    assert await store.read(matching_days.next_moment) == dt.datetime(2027, 9, 28, 16, tzinfo=dt.UTC)


async def test_another_hour_leaves_the_week_and_an_undo_makes_up_for_nothing(
    store: Store, me: Me, clock: Clock
) -> None:
    await store.write(matching_days.set_up, me, TUESDAY_SIX)
    clock.move(dt.timedelta(days=2))
    await store.write(matching_days.fire)
    await store.write(matching_days.set_up, me, Weekly(3, 600, "UTC", weeks=4))
    assert await store.read(matching_days.next_moment) == dt.datetime(2026, 12, 24, 10, tzinfo=dt.UTC)

    await store.write(matching_days.switch_off, me)
    assert await store.read(matching_days.of_community, me.community) is None
    line = (await store.read(audit.of_community, me.community, 0, 1)).lines[0]
    clock.move(dt.timedelta(days=29, hours=2))
    assert isinstance(await store.write(moderating.undo, me, line.id), audit.Undone)
    assert not await store.read(matching_days.anything)
    assert await store.read(matching_days.next_moment) == dt.datetime(2027, 1, 21, 10, tzinfo=dt.UTC)
