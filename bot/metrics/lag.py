"""How late the event loop is: whatever holds it, everybody waits so long."""

from __future__ import annotations

import asyncio

from bot.clock import Stop
from bot.metrics.tally import Tally

EVERY = 0.25  # seconds


class Lag:
    """`worst` is the longest since it was last taken."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._worst = 0.0

    def take_worst(self) -> float:
        """The longest since the last call."""
        worst, self._worst = self._worst, 0.0
        return worst

    async def run(self, stop: Stop) -> None:
        """Looks until told to stop."""
        clock = asyncio.get_running_loop().time
        while not stop.told:
            due = clock() + EVERY
            await asyncio.sleep(EVERY)
            late = max(0.0, clock() - due)
            self._tally.observe(late)
            self._worst = max(self._worst, late)
