"""After the clock was set back: the next slot is the first of its rhythm that had no tip, and messages go out."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update

from storage import matching_days, members, outbox, set_back
from storage.members import Me
from storage.moments import micros, moment
from storage.store import Store, Unit
from storage.tables import outbox as outbox_table
from storage.tables import posting
from storage.timetable import Weekly
from tests.storage.conftest import Clock
from tests.storage.weekly import FRIDAY_TEN, REAL, WEEK, fire, schedule_of, switch_on

AHEAD = dt.timedelta(days=40)


async def settle(store: Store, clock: Clock) -> None:
    community: int | None = 0
    while community is not None:
        community = await store.write(set_back.settle, community, clock())
    while await store.write(set_back.free):
        pass


async def test_slots_between_are_due_again_and_one_that_had_its_tip_is_not(store: Store, me: Me, clock: Clock) -> None:
    first = (await switch_on(store, me, FRIDAY_TEN)).next_at
    clock.move(AHEAD)
    assert await fire(store) == 1
    posted = clock.moment - dt.timedelta(days=(clock.moment - first).days % 7)
    clock.move(-AHEAD)

    await settle(store, clock)

    assert (await schedule_of(store, me)).next_at == first
    clock.moment, fired = first, 0
    while clock.moment <= posted + WEEK:
        fired += await fire(store)
        clock.move(dt.timedelta(days=1))
    assert await store.read(lambda unit: len(unit.execute(select(posting)).all())) == fired == 7


async def test_a_message_of_a_time_to_come_is_sent_now(store: Store, me: Me, clock: Clock) -> None:
    def tell(unit: Unit) -> None:
        unit.tell(members.ensure(unit, me), "mentor.asked", request=1)

    clock.move(AHEAD)
    await store.write(tell)
    clock.move(-AHEAD)
    lease = dt.timedelta(seconds=60)
    assert await store.write(outbox.claim, "loop", 9, lease, real_now=REAL) == []

    await settle(store, clock)

    assert len(await store.write(outbox.claim, "loop", 9, lease, real_now=REAL)) == 1


async def test_what_a_clock_ahead_put_off_after_a_failure_is_due_and_a_post_for_a_moment_keeps_it(
    store: Store, me: Me, clock: Clock
) -> None:
    """Whatever is within the longest pause after a failure is let be."""
    right, hour = clock.moment, dt.timedelta(hours=1)
    times = {"told": None, "paused": None, "tip": right, "tip to come": right + hour, "tip of then": right + AHEAD}

    def put(unit: Unit) -> None:
        for key, at in times.items():
            unit.post_for(None if at is None else micros(at), me.community, "C1", "t.note", key, {})

    def later(unit: Unit) -> None:
        due = {"post:paused": right + 4 * hour}
        for key in times:
            at = micros(due.get(f"post:{key}", right + AHEAD))
            unit.execute(update(outbox_table).where(outbox_table.c.key == f"post:{key}").values(due_at=at))

    await store.write(put)
    await store.write(later)
    await settle(store, clock)

    columns = select(outbox_table.c.key, outbox_table.c.due_at)
    found = dict(await store.read(lambda unit: [(key, moment(at)) for key, at in unit.execute(columns)]))
    assert {key.removeprefix("post:"): at - right for key, at in found.items()} == {
        "told": 0 * hour, "paused": 4 * hour, "tip": 0 * hour, "tip to come": hour, "tip of then": AHEAD,
    }  # fmt: skip


async def test_a_clock_that_is_behind_holds_no_matching_day_again(store: Store, me: Me, clock: Clock) -> None:
    """Of the two the days held before it was, and not those of a clock that was ahead."""
    await store.write(matching_days.set_up, me, Weekly(1, 18 * 60, "Europe/Berlin", weeks=4))
    clock.move(dt.timedelta(days=2))
    assert await store.write(matching_days.fire) == 1
    right, coming = clock.moment, await store.read(matching_days.next_moment)

    clock.move(-1000 * AHEAD)
    assert await store.write(set_back.settle, 0, right) == me.community
    assert await store.read(matching_days.next_moment) == coming

    clock.moment = right + AHEAD
    assert await store.write(matching_days.fire) == 1
    for clock.moment in (right, right - 1000 * AHEAD):
        assert await store.write(set_back.settle, 0, right) == me.community
        assert await store.read(matching_days.next_moment) == coming
