"""Events that a platform repeats."""

from __future__ import annotations

import asyncio
import datetime as dt

from storage import seen_events
from storage.store import Store
from tests.storage.conftest import Clock


async def test_an_event_is_new_once_however_often_it_comes(store: Store) -> None:
    met = await asyncio.gather(*(store.write(seen_events.first_time, "slack", "Ev1") for _ in range(16)))

    assert sorted(met) == [False] * 15 + [True]
    assert await store.write(seen_events.first_time, "discord", "Ev1") is True


async def test_an_event_is_forgotten_after_a_day(store: Store, clock: Clock) -> None:
    await store.write(seen_events.first_time, "slack", "Ev1")
    clock.move(dt.timedelta(hours=23))
    await store.write(seen_events.prune)
    assert await store.write(seen_events.first_time, "slack", "Ev1") is False

    clock.move(dt.timedelta(hours=1))
    await store.write(seen_events.prune)

    assert await store.write(seen_events.first_time, "slack", "Ev1") is True
