"""Takes a database back to an earlier revision, for the program of then; what came since is erased, if asked to."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, StaticPool, create_engine, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from storage import address, copies, copy_postgres, faults, migrate, pragmas
from storage.errors import StoreError
from storage.lock import FileLock

Rows = Mapping[str, int]


async def go_back(url: str, revision: str, *, erase: bool) -> Rows:
    """How many rows of which tables went with it. Raises StoreError, also where rows would go and may not.

    A file is copied before anything is erased. All of it is one transaction: cut off, nothing has changed.
    """
    match address.parse(url):
        case address.SqliteFile(path):
            return await asyncio.to_thread(_in_file, path, revision, erase=erase)
        case address.PostgresServer(server):
            return await _in_server(server, revision, erase=erase)


def _in_file(path: Path, revision: str, *, erase: bool) -> Rows:
    if not path.exists():
        raise StoreError(f"There is no database {path}. Name it in DATABASE_URL, or its folder in PMPATH_DATA_DIR.")
    with faults.explained(faults.at_start(path)):
        lock = FileLock.take(path)
    driver = pragmas.connect(str(path), migrate.WITHOUT_FOREIGN_KEYS, create=False)
    engine = create_engine(
        "sqlite://", creator=lambda: driver, poolclass=StaticPool, hide_parameters=True, isolation_level="AUTOCOMMIT"
    )
    try:
        with faults.explained(faults.at_start(path)), engine.connect() as connection:
            _must_be_earlier(connection, revision)
            if erase:
                copies.make(driver, path, revision, dt.datetime.now(dt.UTC).date().isoformat())
            with migrate.changing(driver):
                return _back(connection, revision, erase=erase)
    finally:
        engine.dispose()
        lock.release()


async def _in_server(server: URL, revision: str, *, erase: bool) -> Rows:
    def back(connection: Connection) -> Rows:
        _must_be_earlier(connection, revision)
        connection.exec_driver_sql(migrate.LOCK)
        copy_postgres.refuse_running(connection, server)
        return _back(connection, revision, erase=erase)

    engine = create_async_engine(server, hide_parameters=True)
    try:
        with faults.explained(faults.in_postgres):
            async with engine.begin() as connection:
                return await connection.run_sync(back)
    finally:
        await engine.dispose()


def _must_be_earlier(connection: Connection, revision: str) -> None:
    now = migrate.revision_of(connection)
    migrate.newest_revision(connection, now, migrate.REVISIONS)
    known = sorted(each.revision for each in ScriptDirectory(str(migrate.REVISIONS)).walk_revisions())
    earlier = known[: known.index(now)] if now in known else []
    if revision not in earlier:
        there = f"can go back to {', '.join(earlier)}" if earlier else "can't go back any further"
        raise StoreError(f"The database is at revision {now} and {there}; {revision} is none of these.")


def _back(connection: Connection, revision: str, *, erase: bool) -> Rows:
    before = _rows(connection)
    command.downgrade(migrate.config(connection, migrate.REVISIONS), revision)
    after = _rows(connection)
    gone = {table: rows - after.get(table, 0) for table, rows in before.items() if rows > after.get(table, 0)}
    if gone and not erase:
        raise StoreError(
            f"Going back to {revision} erases what that version can't keep: {told(gone)}. Nothing has changed. "
            "Make a backup; to go back without these rows, call it again with --erase."
        )
    return gone


def told(rows: Rows) -> str:
    """The rows in words, the most first."""
    most_first = sorted(rows.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{count:,} of {table}" for table, count in most_first)


def _rows(connection: Connection) -> dict[str, int]:
    names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
    counts = {name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar() for name in names}
    return {name: count or 0 for name, count in counts.items()}
