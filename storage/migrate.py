"""Brings a database to this program's revision, and refuses one that is not ours or is newer."""

from __future__ import annotations

import datetime as dt
import functools
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, StaticPool, create_engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import copies, own_file, pragmas
from storage.errors import StoreError
from storage.shapes import UNFINISHED

REVISIONS = Path(__file__).parent / "migrations"

WITHOUT_FOREIGN_KEYS = tuple(
    "foreign_keys=OFF" if pragma.startswith("foreign_keys") else pragma for pragma in pragmas.WRITER
)
_VERSION_TABLE = (
    "CREATE TABLE IF NOT EXISTS alembic_version "
    "(version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)

LOCK = "LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE"


def migrate_sqlite(path: Path, revisions: Path = REVISIONS, *, copied: bool = True) -> None:
    """Migrate the file in one transaction, after a copy of it if there is anything to copy.

    Foreign keys are off meanwhile: rebuilding a table would otherwise delete every row that belongs to it.
    """
    driver = pragmas.connect(str(path), WITHOUT_FOREIGN_KEYS, create=False)
    try:
        with on(driver) as connection:
            revision = revision_of(connection)
            newest = newest_revision(connection, revision, revisions)
            if revision == newest:
                return
            if revision is not None and copied:
                copies.make(driver, path, newest, dt.datetime.now(dt.UTC).date().isoformat())
            else:
                own_file.claim_new(driver)
            with changing(driver):
                command.upgrade(config(connection, revisions), "head")
    finally:
        driver.close()


@contextmanager
def on(driver: sqlite3.Connection) -> Iterator[Connection]:
    """SQLAlchemy's connection over one that is open already, and stays so."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: driver,
        poolclass=StaticPool,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        yield connection


@contextmanager
def changing(driver: sqlite3.Connection) -> Iterator[None]:
    """A transaction that changes tables: ids given stay given, and nothing is left that belongs to nothing."""
    ids_given = _ids_given(driver)
    driver.execute("BEGIN IMMEDIATE")
    try:
        yield
        keep_ids_given(driver, ids_given)
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


def keep_ids_given(driver: sqlite3.Connection, ids_given: dict[str, int]) -> None:
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
        await connection.exec_driver_sql(LOCK)
        await connection.run_sync(_upgrade_postgres, revisions)


def _upgrade_postgres(connection: Connection, revisions: Path) -> None:
    revision = revision_of(connection)
    if revision != newest_revision(connection, revision, revisions):
        command.upgrade(config(connection, revisions), "head")


def revision_of(connection: Connection) -> str | None:
    """The revision that the database is at; None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if found is None else str(found[0])


def newest_revision(connection: Connection, revision: str | None, revisions: Path, name: str | None = None) -> str:
    """The newest revision that this program knows. Raises StoreError for a database it must not touch.

    `name` is what the operator knows it by, where that is not its own.
    """
    if inspect(connection).has_table(UNFINISHED):
        raise StoreError(
            "This database is a copy that was cut off. "
            "Call pmpath db copy, or the pmpath db restore that it was, once more as before, which goes on with it; "
            "or begin anew in an empty one."
        )
    if revision is None:
        strangers = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
        if strangers:
            raise StoreError(
                f"This database has tables that are not pmpath's ({strangers[0]}). "
                "Give pmpath an empty database of its own in DATABASE_URL."
            )
    elif revision not in _known(revisions):
        raise StoreError(
            f"{name or _name_of(connection)} was written by a newer pmpath (revision {revision}). "
            "Install that version again, or stop pmpath and put the copy from before the upgrade in its place: "
            "pmpath db restore FILE."
        )
    return newest_known(revisions)


def _name_of(connection: Connection) -> str:
    """Which of the files it is; of a server there is only one database."""
    if connection.dialect.name != "sqlite":
        return "The database"
    return str(connection.exec_driver_sql("PRAGMA database_list").all()[0][2])


def newest_known(revisions: Path = REVISIONS) -> str:
    """The revision that this program brings a database to."""
    return _known(revisions)[0]


@functools.cache
def _known(revisions: Path) -> tuple[str, ...]:
    """Every revision, newest first; read once, since a program's own files stay as they are while it runs."""
    return tuple(script.revision for script in ScriptDirectory(str(revisions)).walk_revisions())


def must_be_newest(connection: Connection, name: str) -> str:
    """The revision, which is this program's. Raises StoreError where it is not."""
    revision = revision_of(connection)
    newest = newest_revision(connection, revision, REVISIONS)
    if revision != newest:
        raise StoreError(f"{name} is not at this version yet. Run pmpath db upgrade first.")
    return newest


def config(connection: Connection, revisions: Path) -> Config:
    """Alembic's, for these revisions on this connection."""
    made = Config()
    made.set_main_option("script_location", str(revisions).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made
