"""Whether the machine's clock can be believed: after a jump, what cannot be undone waits until that is sure."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import structlog

from bot.clock import Stop, real_now
from bot.fault import Fault
from storage import notes, set_back
from storage.store import Store

LOG = structlog.get_logger()
JUMP = dt.timedelta(minutes=10)  # more than any clock is corrected by while it runs well
AWAY = dt.timedelta(days=30)  # longer stops are rarer than clocks that start in another year
DUES_WAIT = 600.0  # seconds; a time server has spoken by then
ERASURES_WAIT = 86_400.0  # for a person to see the log
LOOK_SECONDS = 1.0
NOTED_SECONDS = 3600.0
SEEN, ACTED = "clock.seen", "clock.acted"
"""Notes of what it said: while it was believed, and when what was due was done by it although it was ahead."""


def ticking() -> float:
    """Seconds that nobody sets, those that the machine slept through included where it counts them."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Steady:
    """One store's trust in the clock. Until `run` has read what was noted last, nothing is done by it."""

    def __init__(
        self, store: Store, now: Callable[[], dt.datetime] = real_now, ticks: Callable[[], float] = ticking
    ) -> None:
        self._store = store
        self._now = now
        self._ticks = ticks
        self._believed = now()
        self._believed_at = ticks()
        self._ahead_since: float | None = None
        self._acts = False
        self._acted = now()
        self._allowed = JUMP
        self._behind_since: float | None = None
        self._noted_at = 0.0
        self._returned = True
        self._began = False

    def for_dues(self) -> bool:
        """Whether what is due may be done."""
        return self._began and self._look() >= DUES_WAIT and (self._ahead_since is None or self._acts)

    def for_erasures(self) -> bool:
        """Whether what is past its time may be erased."""
        return self._began and self._look() >= ERASURES_WAIT

    async def run(self, stop: Stop) -> None:
        """Looks every second until told to stop; brings back what a clock that was ahead has put far off.

        A clock that is behind may itself be wrong: that waits as long as what is due does behind one that is ahead.
        """
        fault = Fault("clock.failed")
        while not stop.told:
            try:
                await self.once()
                fault.over()
            except Exception as error:  # noqa: BLE001 -- it is logged, and tried again
                fault.met(error)
            await stop.within(LOOK_SECONDS)

    async def once(self) -> None:
        """One look, and what it asks for."""
        if not self._began:
            await self._begin()
        if DUES_WAIT <= self._look() < ERASURES_WAIT and not self._acts:
            await self._note(ACTED)  # before anything is done by it
            self._acted, self._acts = self._now(), True
        if self._behind_since is not None and self._ticks() - self._behind_since >= DUES_WAIT:
            await self._bring_back()
        if self._ahead_since is not None or self._behind_since is not None:
            return
        if self._returned:
            await self._free()
        if self._ticks() - self._noted_at >= NOTED_SECONDS:
            await self._note(SEEN)
            self._noted_at = self._ticks()

    async def _begin(self) -> None:
        """With what earlier processes noted; how long they were stopped, nobody knows."""
        seen, self._acted = await self._noted(SEEN), await self._noted(ACTED)
        self._believed, self._believed_at, self._allowed = seen, self._ticks(), AWAY
        self._noted_at = self._ticks() - NOTED_SECONDS
        self._began = True

    async def _bring_back(self) -> None:
        LOG.warning("clock.set_back", sentence="The clock was set back. What was due by it is counted anew.")
        before = self._believed + dt.timedelta(seconds=self._ticks() - self._believed_at)
        community: int | None = 0
        while community is not None:
            community = await self._store.write(
                set_back.settle, community, before + dt.timedelta(seconds=NOTED_SECONDS)
            )
        await self._free()
        await self._note(ACTED)
        await self._note(SEEN)
        self._acted, self._behind_since = self._now(), None
        if self._now() < before:
            self._believed, self._believed_at = self._now(), self._ticks()

    async def _free(self) -> None:
        """What was put into the outbox, or put off there, by a clock that was ahead."""
        while await self._store.write(set_back.free):
            pass
        self._returned = False

    async def _noted(self, name: str) -> dt.datetime:
        noted = await self._store.read(notes.find, name)
        return self._now() if noted is None else dt.datetime.fromisoformat(noted)

    async def _note(self, name: str) -> None:
        await self._store.write(notes.keep, name, self._now().isoformat())

    def _look(self) -> float:
        """For how many seconds the clock has been ahead; without end where it is believed."""
        now, ticks = self._now(), self._ticks()
        ahead = now - self._believed - dt.timedelta(seconds=ticks - self._believed_at)
        if min(ahead, now - self._acted) >= -JUMP:
            self._behind_since = None
        elif self._behind_since is None:
            self._behind_since = ticks
        if ahead > self._allowed:
            waited = self._waits(ahead, ticks)
            if waited < ERASURES_WAIT:
                return waited
        if ahead >= -JUMP:
            self._believed, self._believed_at, self._allowed = now, ticks, JUMP
        self._returned |= self._ahead_since is not None
        self._ahead_since, self._acts = None, False
        return float("inf")

    def _waits(self, ahead: dt.timedelta, ticks: float) -> float:
        if self._ahead_since is None:
            self._ahead_since = ticks
            LOG.warning(
                "clock.ahead",
                by=str(ahead),
                sentence="The clock is far ahead of when pmpath looked at it last. What is due waits ten minutes, "
                "erasing a day. Correct the clock if it is wrong.",
            )
        return ticks - self._ahead_since
