"""Signs of life of processes that do the same work."""

from __future__ import annotations

import datetime as dt

from storage import signs
from storage.store import Store

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


async def test_others_are_known_by_their_signs_until_they_leave_or_fall_silent(store: Store) -> None:
    async def give(owner: str, seconds: float, work: str = "discord:all") -> bool:
        return await store.write(signs.give, work, owner, real_now=NOW + dt.timedelta(seconds=seconds))

    assert not await give("a", 0)
    assert await give("b", 2)
    assert await give("a", 4)
    assert not await give("c", 4, "discord:0-3/16")

    await store.write(signs.withdraw, "discord:all", "b")
    assert not await give("a", 5)
    assert await give("b", 6)
    assert not await give("a", 6 + signs.LASTS.total_seconds() + 1)
