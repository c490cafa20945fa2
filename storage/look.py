"""A look at a database without taking it: beside a running program, without its lock, changing nothing."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, StaticPool, create_engine, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from storage import address, faults, pragmas
from storage.errors import StoreError
from storage.migrate import REVISIONS


async def look(url: str) -> str:
    """What stands at `url`, in words that follow "the database …". Raises StoreError."""
    match address.parse(url):
        case address.SqliteFile(path):
            return await asyncio.to_thread(_look_at_file, path)
        case address.PostgresServer(server):
            return await _look_at_server(server)


def _look_at_file(path: Path) -> str:
    if not path.exists():
        return f"{path} is not there yet; it will be made"
    faults.check_folder(path)
    try:
        driver = pragmas.connect(str(path), pragmas.READER, create=False)
        engine = create_engine("sqlite://", creator=lambda: driver, poolclass=StaticPool)
        try:
            with engine.connect() as connection:
                state = _state(connection)
        finally:
            engine.dispose()
    except Exception as error:
        explained = faults.in_sqlite(error, path)
        if explained is error:
            raise
        raise explained from error
    user = _running(path)
    return f"{path} {state}" + (f", in use by a running pmpath (process {user})" if user else "")


async def _look_at_server(server: URL) -> str:
    engine = create_async_engine(server)
    try:
        async with engine.connect() as connection:
            return f"{server.database} on {server.host} {await connection.run_sync(_state)}"
    except Exception as error:
        explained = faults.in_postgres(error)
        if explained is error:
            raise
        raise explained from error
    finally:
        await engine.dispose()


def _state(connection: Connection) -> str:
    """Whether the tables are this program's own. Raises StoreError where they are not."""
    known = ScriptDirectory(str(REVISIONS))
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" not in tables:
        if tables:
            raise StoreError(
                f"This database has tables that are not pmpath's ({min(tables)}). "
                "Give pmpath an empty database of its own in DATABASE_URL."
            )
        return "is empty; its tables will be made"
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if revision is not None and revision not in {script.revision for script in known.walk_revisions()}:
        raise StoreError(
            f"This database was written by a newer pmpath (revision {revision}). "
            "Install that version again, or put the copy from before its upgrade in place."
        )
    return "is up to date" if revision == known.get_current_head() else "will be upgraded, after a copy"


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
