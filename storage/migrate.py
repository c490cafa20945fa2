"""Brings a database to this program's revision, and refuses one that is not ours or is newer."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, StaticPool, create_engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import copies, pragmas
from storage.errors import StoreError

REVISIONS = Path(__file__).parent / "migrations"

_WITHOUT_FOREIGN_KEYS = tuple(
    "foreign_keys=OFF" if pragma.startswith("foreign_keys") else pragma for pragma in pragmas.WRITER
)
_VERSION_TABLE = (
    "CREATE TABLE IF NOT EXISTS alembic_version "
    "(version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)


def migrate_sqlite(path: Path, revisions: Path = REVISIONS) -> None:
    """Migrate the file in one transaction, after a copy of it if there is anything to copy.

    Foreign keys are off meanwhile: rebuilding a table would otherwise delete every row that belongs to it.
    """
    driver = pragmas.connect(str(path), _WITHOUT_FOREIGN_KEYS, create=False)
    engine = create_engine(
        "sqlite://",
        creator=lambda: driver,
        poolclass=StaticPool,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
    )
    try:
        with engine.connect() as connection:
            revision = revision_of(connection)
            newest = newest_revision(connection, revision, revisions)
            if revision == newest:
                return
            if revision is not None:
                copies.make(driver, path, newest, dt.datetime.now(dt.UTC).date().isoformat())
            _upgrade_sqlite(connection, driver, revisions)
    finally:
        engine.dispose()


def _upgrade_sqlite(connection: Connection, driver: sqlite3.Connection, revisions: Path) -> None:
    ids_given = _ids_given(driver)
    driver.execute("BEGIN IMMEDIATE")
    try:
        command.upgrade(_config(connection, revisions), "head")
        _keep_ids_given(driver, ids_given)
        orphans = driver.execute("PRAGMA foreign_key_check").fetchone()
        if orphans is not None:
            raise StoreError(f"The upgrade would leave rows in {orphans[0]} that belong to nothing; it was undone.")
        driver.execute("COMMIT")
    except BaseException:
        driver.rollback()
        raise


def _ids_given(driver: sqlite3.Connection) -> dict[str, int]:
    """The last id given in each table, erased ones included."""
    known = driver.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone()
    return dict(driver.execute("SELECT name, seq FROM sqlite_sequence")) if known else {}


def _keep_ids_given(driver: sqlite3.Connection, ids_given: dict[str, int]) -> None:
    """A rebuilt table counts on from its largest row; erased ids above that must stay unused as well."""
    for name, last in ids_given.items():
        driver.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (last, name))
        driver.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT ?, ? "
            "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?) "
            "AND EXISTS (SELECT 1 FROM sqlite_master WHERE name = ?)",
            (name, last, name, name),
        )


async def migrate_postgres(engine: AsyncEngine, revisions: Path = REVISIONS) -> None:
    """Migrate in one transaction; several replicas that start together wait for the first of them."""
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql(_VERSION_TABLE)
    except DBAPIError:
        # Two that create the same table at once: one of them gets an error although the table is there.
        async with engine.begin() as connection:
            await connection.exec_driver_sql("SELECT 1 FROM alembic_version")
    async with engine.begin() as connection:
        await connection.exec_driver_sql("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
        await connection.run_sync(_upgrade_postgres, revisions)


def _upgrade_postgres(connection: Connection, revisions: Path) -> None:
    revision = revision_of(connection)
    if revision != newest_revision(connection, revision, revisions):
        command.upgrade(_config(connection, revisions), "head")


def revision_of(connection: Connection) -> str | None:
    """The revision that the database is at; None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if found is None else str(found[0])


def newest_revision(connection: Connection, revision: str | None, revisions: Path) -> str:
    """The newest revision that this program knows. Raises StoreError for a database it must not touch."""
    known = ScriptDirectory(str(revisions))
    newest = known.get_current_head()
    assert newest is not None
    if revision is None:
        strangers = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
        if strangers:
            raise StoreError(
                f"This database has tables that are not pmpath's ({strangers[0]}). "
                "Give pmpath an empty database of its own in DATABASE_URL."
            )
    elif revision not in {script.revision for script in known.walk_revisions()}:
        raise StoreError(
            f"This database was written by a newer pmpath (revision {revision}). "
            "Install that version again, or put the copy from before its upgrade in place."
        )
    return newest


def _config(connection: Connection, revisions: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(revisions).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
