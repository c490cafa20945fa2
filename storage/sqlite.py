"""The store on an SQLite file: one writing thread, a few reading connections."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.exc import TimeoutError as QueueTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from content.points import Points
from storage import copies, faults, migrate, pragmas
from storage.errors import Busy, StoreError
from storage.hopper import Hopper, View
from storage.lock import FileLock
from storage.unit import AT_ONCE, ONE_HOP, Changed, Unit
from storage.writer import Writer

READERS = 4
READ_TIMEOUT = 5.0  # seconds until a read that finds no free connection gives up
SCRUB_TRIES = 40
SCRUB_PAUSE = 0.05  # forty tries are two seconds


class SqliteDatabase:
    """An open SQLite file, locked against other processes."""

    def __init__(
        self,
        path: Path,
        lock: FileLock,
        writing: Engine,
        now: Callable[[], dt.datetime],
        announce: Callable[[Changed], None],
        points: Points | None,
        batch: Callable[[int], None],
    ) -> None:
        self._path = path
        self._lock = lock
        self._now = now
        self._writing = writing
        self._connection = writing.connect()
        self._writer = Writer(self._connection, now, partial(faults.in_sqlite, path=path), announce, points, batch)
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
        try:
            lock = FileLock.take(path)
        except OSError as error:
            raise StoreError(f"pmpath cannot make a lock beside {path}: {error.strerror}.") from error
        try:
            writing = await asyncio.to_thread(_prepare, path, revisions)
        except Exception as error:
            lock.release()
            explained = faults.in_sqlite(error, path)
            if explained is error:
                raise
            raise explained from error
        return cls(path, lock, writing, now, announce, points, batch)

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

    async def scrub(self) -> bool:
        """Empty the write-ahead log, which still has what was erased; False while a reader needs it."""
        for attempt in range(SCRUB_TRIES):
            if attempt:
                await asyncio.sleep(SCRUB_PAUSE)
            if await self._writer.chore(_truncate_log):
                return True
        return False

    async def prune_copies(self) -> None:
        """Forget copies from before upgrades that are past their time."""
        await asyncio.to_thread(copies.prune, self._path)

    async def ping(self) -> None:
        """Raises unless both the writer and the readers answer."""
        await self._writer.chore(_ask_nothing)
        await self.read(_select_nothing, (), {})

    async def close(self) -> None:
        """Do what is queued, leave one clean file behind, let the next process have it."""
        await self._reading.dispose()
        await self._hopper.close()
        self._view.close()
        try:
            await self._writer.stop(_leave_tidy)
        finally:
            self._connection.close()
            self._writing.dispose()
            self._lock.release()


def _prepare(path: Path, revisions: Path) -> Engine:
    """The writing engine of a file that is migrated and sound."""
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
    except BaseException:
        engine.dispose()
        raise
    return engine


def _check_content(connection: Connection, path: Path) -> None:
    found = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(1)")]
    if found != ["ok"]:
        raise sqlite_corrupt(path, found[0])
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if orphans is not None:
        raise StoreError(
            f"{path} has rows in {orphans[0]} that belong to nothing; it was changed by another program. "
            "Put your latest backup in its place while pmpath is stopped."
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
        for pragma in pragmas.READER:
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


def _truncate_log(driver: sqlite3.Connection) -> bool:
    """True if nothing is left in the log. It does not wait for readers: units would wait with it."""
    driver.execute("PRAGMA busy_timeout=0")
    try:
        busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        driver.execute(f"PRAGMA busy_timeout={pragmas.BUSY_TIMEOUT_MS}")
    return int(busy) == 0


def _leave_tidy(driver: sqlite3.Connection) -> None:
    driver.execute("PRAGMA optimize")
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _ask_nothing(driver: sqlite3.Connection) -> None:
    driver.execute("SELECT 1").fetchone()


def _select_nothing(unit: Unit) -> None:
    unit.connection.exec_driver_sql("SELECT 1").one()
