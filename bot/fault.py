"""Saying what keeps a part of the program from its work, without saying it every second."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import structlog

from storage.store import Busy, StoreError

LOG = structlog.get_logger()
AGAIN_SECONDS = 60.0


@dataclass(slots=True)
class Fault:
    """One part's: a sentence of the store when it begins, once a minute while it lasts, and that it is over.

    Anything else is a fault of ours and logged whole each time. Used from the loop.
    """

    event: str
    _quiet_until: dict[str, float] = field(default_factory=dict)

    def met(self, error: Exception) -> None:
        """This came instead of the work's end."""
        if not isinstance(error, StoreError | Busy):
            LOG.error(self.event, exc_info=error)
            return
        sentence = error.sentence if isinstance(error, StoreError) else "Too many units wait for the database."
        now = asyncio.get_running_loop().time()
        if now >= self._quiet_until.get(sentence, now):
            LOG.error(self.event, sentence=sentence)
            self._quiet_until[sentence] = now + AGAIN_SECONDS

    def over(self) -> None:
        """The work was done."""
        if self._quiet_until:
            self._quiet_until.clear()
            LOG.info(f"{self.event.partition('.')[0]}.goes_on")
