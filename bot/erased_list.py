"""Keeps the lists of erasures beside the database and with its backups: a lost disk must not bring anybody back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence, Set
from pathlib import Path

from bot.clock import Stop
from bot.fault import Fault
from storage import erasures
from storage.erasures import Erasure
from storage.store import Changed, Store, StoreError

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
        self._fault = Fault("erasures.not_listed")
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
        """What the database has is in the lists. Raises StoreError where that cannot be.

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
            self._fault.over()
        except Exception as error:  # noqa: BLE001 -- it is logged, and tried again
            self._changed = True
            self._fault.met(error)

    def _add(self, erased: Set[Erasure]) -> None:
        for each in self._lists:
            if each.parent.is_dir():
                try:
                    erasures.add(each, erased)
                except OSError as error:
                    raise StoreError(
                        f"{each} cannot be written ({error.strerror}). Make room, or correct its rights: "
                        "a restore asks this list who was erased since the backup."
                    ) from error

    def _hear(self, change: Changed) -> None:
        self._changed |= change.erased
