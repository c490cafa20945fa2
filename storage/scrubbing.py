"""After erasures: the log of an SQLite file emptied, once for all of the same second, and tried until it is done."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable
from enum import StrEnum

from storage.errors import StoreError

APART = 1.0  # seconds between two times: a flood of deletions shares them
PATIENCE = 2.0  # who has deleted something hears by then whether it is gone
QUICK_TRIES = 40
QUICK = 0.05  # for as long as somebody waits
SLOW = 2.0


class Traces(StrEnum):
    """What the files still have of what was erased."""

    NONE = "none"
    SOME = "some"
    SERVER = "server"
    """PostgreSQL's own: its files, its log, its replicas, which we cannot overwrite."""


class Scrubber:
    """Counts what was erased and what of it has left the files. Used in the loop that made it."""

    def __init__(self, empty: Callable[[], Awaitable[bool]]) -> None:
        self._empty = empty
        self._erased = 0
        self._gone = 0
        self._news = asyncio.Event()
        self._asked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def clean(self) -> bool:
        """Whether nothing is left of whatever was erased so far."""
        return self._gone == self._erased

    def erased(self) -> None:
        """Something was, in a transaction that is committed."""
        self._erased += 1
        self._asked.set()
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._work_off())

    async def wait(self) -> bool:
        """Whether all that was erased by now is gone; waits for that a while."""
        mine = self._erased
        try:
            async with asyncio.timeout(PATIENCE):
                while self._gone < mine:
                    await self._news.wait()
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        """Tries no more; the store's end empties the log by itself."""
        if self._task is not None:
            self._task.cancel()

    async def _work_off(self) -> None:
        failed = 0
        try:
            while not self.clean:
                failed = 0 if self._asked.is_set() else failed + 1
                self._asked.clear()
                await self._try(failed)
        finally:
            self._task = None

    async def _try(self, failed: int) -> None:
        """Once; then a rest, which ends early where somebody else begins to wait after many failures."""
        erased = self._erased
        if await self._emptied():
            self._gone = erased
            self._news.set()
            self._news.clear()
            await asyncio.sleep(APART)
        elif failed < QUICK_TRIES:
            await asyncio.sleep(QUICK)
        else:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), SLOW)

    async def _emptied(self) -> bool:
        try:
            return await self._empty()
        except (StoreError, sqlite3.Error):  # a full disk, for one; there may be room next time
            return False
