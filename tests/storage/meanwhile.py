"""Two processes on PostgreSQL: a unit is all but committed when another one begins."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy import text

from storage.store import Store, Unit

A = TypeVar("A")
B = TypeVar("B")

WAITS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


async def meanwhile(slow: Store, work: Callable[[Unit], A], then: Callable[[], Awaitable[B]]) -> tuple[A, B]:
    """What both answered; the first commits once the other waits for it, or has ended without that."""
    begun, ended = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slowly(unit: Unit) -> A:
        answer = work(unit)
        loop.call_soon(begun.set)
        while not ended.is_set() and not somebody_waits(unit):
            unit.execute(text("SELECT pg_sleep(0.01)"))
        return answer

    first = asyncio.create_task(slow.write(slowly))
    beginning = asyncio.create_task(begun.wait())
    await asyncio.wait((first, beginning), return_when=asyncio.FIRST_COMPLETED)
    beginning.cancel()
    try:
        second = await then()
    finally:
        ended.set()
    return await first, second


def somebody_waits(unit: Unit) -> bool:
    """Whether another unit waits for a lock."""
    unit.execute(text("SELECT pg_stat_clear_snapshot()"))
    return bool(unit.execute(WAITS).scalar_one())
