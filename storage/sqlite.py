"""The store on an SQLite file: one writing thread, a few reading connections."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.exc import TimeoutError as QueueTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from content.points import Points
from storage import copies, faults, migrate, own_file, pragmas
from storage.errors import Busy, StoreError
from storage.hopper import Hopper, View
from storage.lock import FileLock
from storage.scrubbing import Scrubber, Traces
from storage.unit import AT_ONCE, ONE_HOP, Changed, Unit
from storage.writer import Writer, driver_of

READERS = 4
READ_TIMEOUT = 5.0  # seconds until a read that finds no free connection gives up


class SqliteDatabase:
    """An open SQLite file, locked against other processes."""

    def __init__(
        self,
        path: Path,
        lock: FileLock,
        prepared: Prepared,
        now: Callable[[], dt.datetime],
        announce: Callable[[Changed], None],
        points: Points | None,
        batch: Callable[[int], None],
    ) -> None:
        self._path = path
        self._lock = lock
        self._now = now
        self._announce = announce
        self._writing = prepared.writing
        self._rewritten = prepared.rewritten
        self._connection = self._writing.connect()
        self._writer = Writer(self._connection, now, partial(faults.in_sqlite, path=path), self._changed, points, batch)
        self._scrubber = Scrubber(self._empty_log)
        if not prepared.emptied:
            self._scrubber.erased()
        self._reading = _reading_engine(path)
        self._hopper = Hopper(path, now)
        self._view = View(path, now)

    @classmethod
    async def open(
        cls,
        path: Path,
        now: Callable[[], dt.datetime],
        announce: Callable[[Changed], None],
        revisions: Path,
        points: Points | None,
        batch: Callable[[int], None],
    ) -> SqliteDatabase:
        """Check the place, take the lock, migrate, check the content, start the writer."""
        faults.check_folder(path)
        with faults.explained(faults.at_start(path)):
            lock = FileLock.take(path)
        try:
            with faults.explained(faults.at_start(path)):
                prepared = await asyncio.to_thread(_prepare, path, revisions)
        except Exception:
            lock.release()
            raise
        return cls(path, lock, prepared, now, announce, points, batch)

    @property
    def shared(self) -> bool:
        """The file's lock lets in one process."""
        return False

    @property
    def waiting(self) -> int:
        """Units that no transaction has taken up yet."""
        return self._writer.waiting

    async def write(self, work: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """The unit's value, after its commit."""
        return await self._writer.order(work, args, kwargs)

    async def read(self, work: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """The value of a unit that may not write, from one unchanging view of the data."""
        try:
            if hasattr(work, AT_ONCE):
                return self._view.read(work, args, kwargs)
            if hasattr(work, ONE_HOP):
                return await self._hopper.read(work, args, kwargs)
            async with self._reading.connect() as connection:
                return await connection.run_sync(_read, self._now(), work, args, kwargs)
        except QueueTimeout as error:
            raise Busy from error
        except Exception as error:
            explained = faults.in_sqlite(error, self._path)
            if explained is error:
                raise
            raise explained from error

    @property
    def traces(self) -> Traces:
        """What the file and its log still have of what was erased."""
        return Traces.NONE if self._rewritten and self._scrubber.clean else Traces.SOME

    async def scrub(self, *, all_of_it: bool) -> Traces:
        """Wait until the log is empty that has what was erased; in vain while a reader needs it."""
        if all_of_it:
            self._scrubber.erased()
        gone = await self._scrubber.wait()
        return Traces.NONE if gone and self._rewritten else Traces.SOME

    async def prune_copies(self) -> None:
        """Forget copies from before upgrades that are past their time."""
        await asyncio.to_thread(copies.prune, self._path)

    async def ping(self) -> None:
        """Raises unless both the writer and the readers answer."""
        await self._writer.chore(_ask_nothing)
        await self.read(_select_nothing, (), {})

    async def close(self) -> None:
        """Do what is queued, leave one clean file behind, let the next process have it."""
        self._scrubber.close()
        await self._reading.dispose()
        await self._hopper.close()
        self._view.close()
        try:
            await self._writer.stop(_leave_tidy)
        finally:
            self._connection.close()
            self._writing.dispose()
            self._lock.release()

    def _changed(self, change: Changed) -> None:
        if change.erased:
            self._scrubber.erased()
        self._announce(change)

    async def _empty_log(self) -> bool:
        emptied: bool = await self._writer.chore(own_file.empty_log)
        return emptied


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file to write to; whether its pages, and its log, hold nothing of what was erased before."""

    writing: Engine
    rewritten: bool
    emptied: bool


def _prepare(path: Path, revisions: Path) -> Prepared:
    """A file that is migrated and sound."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))  # members' data: the owner's alone
    migrate.migrate_sqlite(path, revisions)
    engine = create_engine(
        "sqlite://",
        creator=lambda: pragmas.connect(str(path), pragmas.WRITER, create=False),
        poolclass=StaticPool,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",  # the writer begins and commits by itself
    )
    try:
        with engine.connect() as connection:
            _check_content(connection, path)
            driver = driver_of(connection)
            return Prepared(engine, own_file.rewrite(driver), own_file.empty_log(driver))
    except BaseException:
        engine.dispose()
        raise


def _check_content(connection: Connection, path: Path) -> None:
    found = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(1)")]
    if found != ["ok"]:
        raise sqlite_corrupt(path, found[0])
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if orphans is not None:
        raise StoreError(
            f"{path} has rows in {orphans[0]} that belong to nothing; it was changed by another program. "
            f"{faults.way_back(path)}"
        )


def sqlite_corrupt(path: Path, found: str) -> Exception:
    """What SQLite raises for a damaged file, where it only reports it."""
    error = sqlite3.DatabaseError(found)
    error.sqlite_errorname = "SQLITE_CORRUPT"
    return faults.in_sqlite(error, path)


def _reading_engine(path: Path) -> AsyncEngine:
    address = URL.create("sqlite+aiosqlite", database=str(path))
    engine = create_async_engine(
        address, pool_size=READERS, max_overflow=0, pool_timeout=READ_TIMEOUT, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas.POOLED:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _read(
    connection: Connection,
    now: dt.datetime,
    work: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> Any:
    return work(Unit(connection, now), *args, **kwargs)


def _leave_tidy(driver: sqlite3.Connection) -> None:
    driver.execute("PRAGMA optimize")
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _ask_nothing(driver: sqlite3.Connection) -> None:
    driver.execute("SELECT 1").fetchone()


def _select_nothing(unit: Unit) -> None:
    unit.connection.exec_driver_sql("SELECT 1").one()
