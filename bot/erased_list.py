"""Keeps the lists of erasures beside the database and with its backups: a lost disk must not bring anybody back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence, Set
from pathlib import Path

import structlog

from bot.clock import Stop
from storage import erasures
from storage.erasures import Erasure
from storage.store import Changed, Store

LOG = structlog.get_logger()
LOOK_SECONDS = 2.0
LOOK_ANYWAY = 30  # looks, after which others may have erased somebody


class ErasedList:
    """Adds what the lists lack soon after its commit; all that they lack after a start."""

    def __init__(self, store: Store, lists: Sequence[Path]) -> None:
        self._store = store
        self._lists = lists
        self._listed: set[int] = set()
        """Their hashes: so many objects would slow down everything else."""
        self._changed = True
        store.listen(self._hear)

    async def run(self, stop: Stop) -> None:
        """Until told to stop, and once more then."""
        looks = 0
        while not await stop.within(LOOK_SECONDS):
            looks += 1
            if self._changed or (self._store.shared and looks % LOOK_ANYWAY == 0):
                await self.look()
        await self.look()

    async def once(self) -> None:
        """What the database has is in the lists. Raises OSError or StoreError where that cannot be.

        A part at a time: there may be many, and members are answered meanwhile.
        """
        self._changed = False
        last: Erasure | None = None
        new: set[Erasure] = set()
        while page := await self._store.read(erasures.page, last):
            last = page[-1]
            new |= {each for each in page if hash(each) not in self._listed}
        if new or not self._listed:
            await asyncio.to_thread(self._add, new)
            self._listed.update(map(hash, new))

    async def look(self) -> None:
        """As `once`; what fails is logged and tried again."""
        try:
            await self.once()
        except Exception:
            self._changed = True
            LOG.exception("erasures.not_listed")

    def _add(self, erased: Set[Erasure]) -> None:
        for each in self._lists:
            if each.parent.is_dir():
                erasures.add(each, erased)

    def _hear(self, change: Changed) -> None:
        self._changed |= change.erased
