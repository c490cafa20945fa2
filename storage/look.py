"""A look at a database without taking it: beside a running program, without its lock, changing nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, StaticPool, create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from storage import address, faults, migrate, pragmas
from storage.errors import StoreError
from storage.unit import Unit

T = TypeVar("T")


async def look(url: str) -> str:
    """What stands at `url`, in words that follow "the database …". Raises StoreError."""
    match address.parse(url):
        case address.SqliteFile(path):
            return await asyncio.to_thread(_look_at_file, path)
        case address.PostgresServer(server):
            return await _look_at_server(server)


async def read(url: str, work: Callable[[Unit], T], now: dt.datetime | None = None) -> T:
    """What a reading function finds at `url`, beside a running program; `now` is its store's. Raises StoreError."""

    def of(connection: Connection) -> T:
        migrate.must_be_newest(connection, "The database")
        return work(Unit(connection, now or dt.datetime.now(dt.UTC)))

    match address.parse(url):
        case address.SqliteFile(path):
            return await asyncio.to_thread(_in_file, path, of)
        case address.PostgresServer(server):
            return await _in_server(server, of)


def _look_at_file(path: Path) -> str:
    if not path.exists():
        return f"{path} is not there yet; it will be made"
    state = _in_file(path, _state)
    user = _running(path)
    return f"{path} {state}" + (f", in use by a running pmpath (process {user})" if user else "")


async def _look_at_server(server: URL) -> str:
    return f"{address.name_of(server)} {await _in_server(server, _state)}"


def _in_file(path: Path, of: Callable[[Connection], T]) -> T:
    """What is found in the file, read only. Raises StoreError."""
    faults.check_folder(path)
    if not path.exists():
        raise StoreError(f"There is no database at {path} yet.")
    with faults.explained(faults.at_start(path)):
        driver = pragmas.connect(str(path), pragmas.READER, create=False)
        engine = create_engine("sqlite://", creator=lambda: driver, poolclass=StaticPool, hide_parameters=True)
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql("BEGIN")  # all that is read is of one moment
                return of(connection)
        finally:
            engine.dispose()


async def _in_server(server: URL, of: Callable[[Connection], T]) -> T:
    engine = create_async_engine(server, hide_parameters=True)
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        with faults.explained(faults.in_postgres):
            async with reading.connect() as connection:
                return await connection.run_sync(of)
    finally:
        await engine.dispose()


def _state(connection: Connection) -> str:
    """Whether the tables are this program's own. Raises StoreError where they are not."""
    revision = migrate.revision_of(connection)
    newest = migrate.newest_revision(connection, revision, migrate.REVISIONS)
    if revision is None:
        return "is empty; its tables will be made"
    return "is up to date" if revision == newest else "will be upgraded, after a copy"


def _running(path: Path) -> int | None:
    """The process that holds the file, as its lock file names it; None where that one has ended."""
    try:
        process = int(path.with_name(path.name + ".lock").read_text("ascii"))
        os.kill(process, 0)
    except PermissionError:
        return process  # it lives, as somebody else's
    except (OSError, ValueError):
        return None
    return process if process != os.getpid() else None
