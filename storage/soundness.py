"""Whether an SQLite file is a whole database of ours: its first bytes, its pages, what hangs on what, its revision."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from storage import faults, migrate, pragmas
from storage.errors import StoreError

HEADER = b"SQLite format 3\x00"
OURS = "Name a backup that pmpath db backup made."
ANOTHER = "Name another backup."
DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
RESTORE = "pmpath db restore FILE then puts your latest backup in its place."


@dataclass(frozen=True, slots=True)
class Sound:
    """What a file was found to be: its revision, and how many rows each of its tables has."""

    revision: str
    counts: dict[str, int]

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def check_header(path: Path) -> None:
    """Raises StoreError unless the file begins as every SQLite database does."""
    try:
        with path.open("rb") as file:
            found = file.read(len(HEADER))
    except OSError as error:
        raise StoreError(f"{path} cannot be read ({error.strerror}). {OURS}") from error
    if found != HEADER:
        raise StoreError(f"{path} is not an SQLite database. {OURS}")


def check(path: Path, name: str, way_on: str = ANOTHER) -> Sound:
    """Looks at all of the file. Raises StoreError, with its name and a way on, where anything is the matter."""
    try:
        driver = pragmas.connect(str(path), pragmas.READER, create=False)
        try:
            return _look(driver, name, way_on)
        finally:
            driver.close()
    except (sqlite3.Error, DBAPIError) as error:
        explained = faults.in_sqlite(error, path)
        if explained is error:
            raise
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not getattr(cause, "sqlite_errorname", "").startswith(DAMAGE):
            raise explained from error  # it is held open, or its disk is at fault
        raise StoreError(f"{name} is damaged ({cause}). {way_on}") from error


def counts(driver: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has, whatever tables there are."""
    tables = driver.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ).fetchall()
    return {name: int(driver.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for (name,) in tables}


def _look(driver: sqlite3.Connection, name: str, way_on: str) -> Sound:
    with migrate.on(driver) as connection:
        revision = migrate.revision_of(connection)
        migrate.newest_revision(connection, revision, migrate.REVISIONS, name)
    if revision is None:
        raise StoreError(f"{name} is an empty database. {OURS}")
    found = [row[0] for row in driver.execute("PRAGMA integrity_check(1)")]
    if found != ["ok"]:
        raise StoreError(f"{name} is damaged ({found[0]}). {way_on}")
    orphans = driver.execute("PRAGMA foreign_key_check").fetchone()
    if orphans is not None:
        raise StoreError(f"{name} has rows in {orphans[0]} that belong to nothing. {way_on}")
    return Sound(revision, counts(driver))


def counts_of(path: Path) -> dict[str, int]:
    """How many rows each table of this file has."""
    driver = pragmas.connect(str(path), pragmas.READER, create=False)
    try:
        return counts(driver)
    finally:
        driver.close()
