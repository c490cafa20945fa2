"""After the clock was set back: the next slot is the first of its rhythm that had no tip, and messages go out."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from storage import members, outbox, set_back
from storage.members import Me
from storage.store import Store, Unit
from storage.tables import posting
from tests.storage.conftest import Clock
from tests.storage.weekly import FRIDAY_TEN, REAL, WEEK, fire, schedule_of, switch_on

AHEAD = dt.timedelta(days=40)


async def settle(store: Store) -> None:
    community: int | None = 0
    while community is not None:
        community = await store.write(set_back.settle, community)


async def test_slots_between_are_due_again_and_one_that_had_its_tip_is_not(store: Store, me: Me, clock: Clock) -> None:
    first = (await switch_on(store, me, FRIDAY_TEN)).next_at
    clock.move(AHEAD)
    assert await fire(store) == 1
    posted = clock.moment - dt.timedelta(days=(clock.moment - first).days % 7)
    clock.move(-AHEAD)

    await settle(store)

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

    await settle(store)

    assert len(await store.write(outbox.claim, "loop", 9, lease, real_now=REAL)) == 1
