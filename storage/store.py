"""The store: units of work in, their values out, each acknowledged only after its commit."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from content.points import Points
from storage import address, migrate, notes
from storage.errors import Busy, StoreError
from storage.observing import Nobody, Observer, observed
from storage.postgres import PostgresDatabase
from storage.scrubbing import Traces
from storage.sqlite import SqliteDatabase
from storage.unit import Changed, Unit

__all__ = ["WAITING_LIMIT", "Busy", "Changed", "Store", "StoreError", "Traces", "Unit"]

STOPPING = "pmpath is stopping and stores nothing more. Try again when it is back."
PING_TIMEOUT = 2.0
PING_KEPT = 1.0  # so long it is not asked again, since it answered
PROVEN_SECONDS = 10.0  # so long a ping believes that rows are stored, because one was
WAITING_LIMIT = 2000  # more could not be done within the three seconds that the platforms give

P = ParamSpec("P")
T = TypeVar("T")


class _Database(Protocol):
    @property
    def waiting(self) -> int: ...
    @property
    def shared(self) -> bool: ...
    async def write(self, work: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any: ...
    async def read(self, work: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any: ...
    @property
    def traces(self) -> Traces: ...
    async def scrub(self, *, all_of_it: bool) -> Traces: ...
    async def prune_copies(self) -> None: ...
    async def ping(self) -> None: ...
    async def close(self) -> None: ...


class Store:
    """An open database. Used from the event loop that opened it."""

    def __init__(self, observer: Observer | None = None) -> None:
        self._observer = observer or Nobody()
        self._listeners: list[Callable[[Changed], None]] = []
        self._closed = False
        self._reads = 0
        self._no_reads = asyncio.Event()
        self._no_reads.set()
        self._proven_until = 0.0
        self._well_until = 0.0
        self._pinging: asyncio.Task[None] | None = None

    _database: _Database

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        now: Callable[[], dt.datetime],
        points: Points | None = None,
        revisions: Path = migrate.REVISIONS,
        observer: Observer | None = None,
    ) -> Store:
        """Open, migrate and check the database at `url`. Raises StoreError with a sentence for the operator.

        `now` is also called in the writing thread. `points` is what deeds are worth; without them no deed gives any.
        `revisions` is another folder of migrations, for tests; `observer` counts what is done.
        """
        store = cls(observer)
        match address.parse(url):
            case address.SqliteFile(path):
                store._database = await SqliteDatabase.open(
                    path, now, store._announce, revisions, points, store._observer.batch
                )
            case address.PostgresServer(server):
                store._database = await PostgresDatabase.open(server, now, store._announce, revisions, points)
        return store

    async def write(self, work: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do a unit and return its value after its commit; if it raises, nothing of it is kept.

        Raises Busy at once when too many wait. Cancelling the caller does not undo the unit.
        """
        if self._closed:
            raise StoreError(STOPPING)
        if self._database.waiting >= WAITING_LIMIT:
            self._observer.refused("busy")
            raise Busy
        writing = self._database.write(work, args, kwargs)
        try:
            return await observed(self._observer, writing, partial(self._observer.wrote, work, args))
        except StoreError:
            self._proven_until = self._well_until = 0.0
            raise

    async def read(self, work: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The value of a unit that only reads; the database refuses it anything else."""
        if self._closed:
            raise StoreError(STOPPING)
        self._reads += 1
        self._no_reads.clear()
        try:
            reading = self._database.read(work, args, kwargs)
            return await observed(self._observer, reading, self._has_read)
        finally:
            self._reads -= 1
            if not self._reads:
                self._no_reads.set()

    @property
    def shared(self) -> bool:
        """Whether other processes may have this database open too."""
        return self._database.shared

    def _has_read(self, _value: object, seconds: float) -> None:
        self._observer.read(seconds)

    @property
    def waiting(self) -> int:
        """Units that are ordered and not begun; on PostgreSQL, not done."""
        return self._database.waiting

    def listen(self, callback: Callable[[Changed], None]) -> None:
        """Call this in the loop for every change, after its commit and before its unit's waiter goes on."""
        self._listeners.append(callback)

    @property
    def traces(self) -> Traces:
        """What is left in the database's files of what was erased so far; NONE is said only where it is so."""
        return Traces.SOME if self._closed else self._database.traces

    async def scrubbed(self) -> Traces:
        """After a unit that erased a member or a community: what is left of them.

        Their bytes leave the SQLite files by themselves, tried again every few seconds. This waits for it: for two
        seconds where a reader still needs the old pages.
        """
        return Traces.SOME if self._closed else await self._database.scrub(all_of_it=False)

    async def scrub(self) -> Traces:
        """As `scrubbed`, for whatever was deleted by now."""
        return Traces.SOME if self._closed else await self._database.scrub(all_of_it=True)

    async def prune_copies(self) -> None:
        """Forget the copies from before upgrades that are more than 30 days old; once a day is enough."""
        await self._database.prune_copies()

    async def ping(self) -> None:
        """Raises StoreError unless the database answers its readers in time, and stores what is written.

        Anybody may ask, so it is asked once however many do, and no more often than once in `PING_KEPT` seconds.
        """
        if self._closed:
            raise StoreError(STOPPING)
        if self._pinging is None and asyncio.get_running_loop().time() >= self._well_until:
            self._pinging = asyncio.create_task(self._ask())
        if self._pinging is not None:
            await asyncio.shield(self._pinging)

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(PING_TIMEOUT):
                await self._database.ping()
                await self._prove()
                self._well_until = asyncio.get_running_loop().time() + PING_KEPT
        except TimeoutError as error:
            raise StoreError("The database does not answer in time. Look at the load of its disk.") from error
        finally:
            self._pinging = None

    async def _prove(self) -> None:
        """A full or read-only disk answers every question: only a row that was stored shows that rows are stored."""
        now = asyncio.get_running_loop().time()
        if now >= self._proven_until:
            await self.write(_be_alive)
            self._proven_until = now + PROVEN_SECONDS

    async def close(self) -> None:
        """Take no more, do what waits, leave the database tidy. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        await self._no_reads.wait()
        if self._pinging is not None:
            await asyncio.wait([self._pinging])
        await self._database.close()

    def _announce(self, change: Changed) -> None:
        for listener in self._listeners:
            try:
                listener(change)
            except Exception as error:  # noqa: BLE001 -- a listener's fault must not reach those who wait for their unit
                asyncio.get_running_loop().call_exception_handler(
                    {"message": "a listener of the store failed", "exception": error}
                )


def _be_alive(unit: Unit) -> None:
    notes.keep(unit, "store.alive", unit.now.isoformat())
