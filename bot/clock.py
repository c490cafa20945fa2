"""Time for the program, and what it does by its own clock."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import structlog

from bot.fault import Fault
from storage import departures, fading, upkeep
from storage.store import Store, Traces, Unit

LOG = structlog.get_logger()
UPKEEP_SECONDS = 3600.0
SETTLED_SECONDS = 600.0  # after a start; by then the platforms have said where the bot is again
TRACES_LEFT = (
    "A reader needs the old pages, the disk is full, or the start had no room to write the file anew, which takes "
    "twice its size: make room and start pmpath again."
)
T = TypeVar("T")


def real_now() -> dt.datetime:
    """The machine's time, aware of its zone."""
    return dt.datetime.now(dt.UTC)


class Stop:
    """Told once, by whoever stops the program; what runs by its own clock ends at its next breath."""

    def __init__(self) -> None:
        self._told = asyncio.Event()

    @property
    def told(self) -> bool:
        return self._told.is_set()

    def tell(self) -> None:
        self._told.set()

    async def within(self, seconds: float) -> bool:
        """Waits so long, or until it is told; whether it was."""
        try:
            await asyncio.wait_for(self._told.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def unless_told(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What the work answers; it is cancelled, and None the answer, where this is told first."""
        loop = asyncio.get_running_loop()
        working, told = loop.create_task(work), loop.create_task(self._told.wait())
        try:
            await asyncio.wait((working, told), return_when=asyncio.FIRST_COMPLETED)
            return working.result() if working.done() else None
        finally:
            working.cancel()
            told.cancel()


async def keep_up(store: Store, stop: Stop, *, may_erase: Callable[[], bool] = lambda: True) -> None:
    """Applies the retention rules now and then every hour. What they erase leaves the files too.

    Communities that removed the bot, and members who were away for years, are erased ten minutes later: one that is
    back may not have been heard of yet. While the clock cannot be believed, `may_erase` says so, and the next hour
    tries again.
    """
    if may_erase():
        await _apply(store, stop, upkeep.prune)
    await stop.within(SETTLED_SECONDS)
    while not stop.told:
        if may_erase():
            await _apply(store, stop, upkeep.prune, departures.erase, fading.mark, fading.erase)
        await stop.within(UPKEEP_SECONDS)


async def _apply(store: Store, stop: Stop, *rules: Callable[[Unit], bool]) -> None:
    try:
        for rule in rules:
            more = True
            while more and not stop.told:
                more = await store.write(rule)
        await store.prune_copies()
        if await store.scrub() is Traces.SOME and not stop.told:
            LOG.warning("upkeep.traces_left", why=TRACES_LEFT)
    except Exception as error:  # noqa: BLE001 -- it is logged, and tried again in an hour
        Fault("upkeep.failed").met(error)
