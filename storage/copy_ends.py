"""What a copy is read from and written into: the two sides' common words, and an SQLite file as either side."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from storage import faults, migrate, pragmas
from storage.errors import StoreError
from storage.shapes import SHAPES, UNFINISHED, Key, Row, Shape

T = TypeVar("T")
PAGE = 10_000
State = dict[str, str]
"""How far an unfinished copy is: by table, JSON; `source` says what it is a copy of."""

MAKE_STATE = f"CREATE TABLE {UNFINISHED} (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
DROP_STATE = f"DROP TABLE {UNFINISHED}"
READ_STATE = f"SELECT name, value FROM {UNFINISHED}"


class Source(Protocol):
    """A database that is read, all of it as it is at one moment."""

    name: str

    async def counts(self) -> dict[str, int]:
        """How many rows each table has."""

    async def last_ids(self) -> dict[str, int]:
        """The last id that each table gave, erased rows' too."""

    async def page(self, shape: Shape, after: Key | None) -> list[Row]:
        """The next rows of a table."""

    async def digest(self, shape: Shape) -> str:
        """What all rows of a table come to, the same on both kinds of database."""


class Target(Source, Protocol):
    """A database that is written. While a copy is unfinished nothing else can open it."""

    async def state(self) -> State | None:
        """How far an unfinished copy is; None where there is none."""

    async def begin(self, state: State) -> None:
        """A copy begins here."""

    async def take(self, shape: Shape, rows: list[Row], state: str) -> None:
        """These rows, and how far the copy of the table is with them."""

    async def give_on(self, last_ids: Mapping[str, int]) -> None:
        """Ids go on after those that the source gave."""

    async def finish(self) -> None:
        """The copy is whole: from now on it is a database like any other."""


class Digest:
    """The sha256 of rows, one after another, however they came in pages."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    def add(self, rows: Iterable[Row]) -> None:
        """The next rows."""
        if page := [tuple(row) for row in rows]:
            self._hash.update(f"{self._encode(page)[1:-1]},".encode())

    @property
    def hex(self) -> str:
        return self._hash.hexdigest()


class SqliteEnd:
    """An SQLite file. To be read it is held as it is at the moment of opening; another may write it meanwhile."""

    def __init__(self, path: Path, driver: sqlite3.Connection) -> None:
        self.name = str(path)
        self._path = path
        self._driver = driver

    @classmethod
    def to_read(cls, path: Path) -> SqliteEnd:
        """Raises StoreError unless the file is there and at this program's revision."""
        faults.check_there(path)
        return cls(path, _opened(path, pragmas.READER, _hold))

    @classmethod
    def to_write(cls, path: Path) -> SqliteEnd:
        """Made where it is missing. Raises StoreError where there is anything in it but an unfinished copy."""
        path.touch(mode=0o600)
        return cls(path, _opened(path, migrate.WITHOUT_FOREIGN_KEYS, _make_ready))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._driver.close()

    async def counts(self) -> dict[str, int]:
        return await self._do(lambda: {each.name: self._one(each.count) for each in SHAPES})

    async def last_ids(self) -> dict[str, int]:
        numbered = {each.name for each in SHAPES if each.numbered}
        rows = await self._do(lambda: self._driver.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
        return {name: last for name, last in sorted(rows) if name in numbered}

    async def page(self, shape: Shape, after: Key | None) -> list[Row]:
        words = shape.page(["?"] * len(shape.keys) if after else None, PAGE)
        return await self._do(lambda: self._driver.execute(words, after or ()).fetchall())

    async def digest(self, shape: Shape) -> str:
        return await self._do(lambda: self._digest(shape))

    async def state(self) -> State | None:
        there = await self._do(lambda: _has(self._driver, UNFINISHED))
        return dict(await self._do(lambda: self._driver.execute(READ_STATE).fetchall())) if there else None

    async def begin(self, state: State) -> None:
        make = [(f"{MAKE_STATE} STRICT", ()), *(_noted(*each) for each in state.items())]
        await self._do(lambda: self._at_once(make))

    async def take(self, shape: Shape, rows: list[Row], state: str) -> None:
        await self._do(lambda: self._at_once([_noted(shape.name, state)], shape, rows))

    async def give_on(self, last_ids: Mapping[str, int]) -> None:
        await self._do(lambda: give_on(self._driver, last_ids))

    async def finish(self) -> None:
        await self._do(self._finish)

    def _finish(self) -> None:
        orphans = self._driver.execute("PRAGMA foreign_key_check").fetchone()
        if orphans is not None:
            raise StoreError(f"{self._path} would have rows in {orphans[0]} that belong to nothing. Mend the source.")
        self._at_once([(DROP_STATE, ())])
        self._driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _at_once(self, notes: list[tuple[str, tuple[str, ...]]], shape: Shape | None = None, rows: Any = ()) -> None:
        self._driver.execute("BEGIN IMMEDIATE")
        try:
            if shape is not None:
                self._driver.executemany(shape.insert, rows)
            for statement, values in notes:
                self._driver.execute(statement, values)
            self._driver.execute("COMMIT")
        except BaseException:
            self._driver.rollback()
            raise

    def _digest(self, shape: Shape) -> str:
        digest, rows = Digest(), self._driver.execute(shape.in_order(""))
        while page := rows.fetchmany(PAGE):
            digest.add(page)
        return digest.hex

    def _one(self, statement: str) -> int:
        return int(self._driver.execute(statement).fetchone()[0])

    async def _do(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(work)
        except sqlite3.Error as error:
            raise faults.in_sqlite(error, self._path) from error


def give_on(driver: sqlite3.Connection, last_ids: Mapping[str, int]) -> None:
    """No table of the file gives an id any more up to these."""
    migrate.keep_ids_given(driver, dict(last_ids))


def _noted(name: str, value: str) -> tuple[str, tuple[str, ...]]:
    return f"INSERT OR REPLACE INTO {UNFINISHED} (name, value) VALUES (?, ?)", (name, value)


def _opened(path: Path, wanted: tuple[str, ...], prepare: Callable[[Path, sqlite3.Connection], None]) -> Any:
    try:
        driver = pragmas.connect(str(path), wanted, create=False)
        try:
            prepare(path, driver)
        except BaseException:
            driver.close()
            raise
    except (sqlite3.Error, DBAPIError) as error:
        raise faults.in_sqlite(error, path) from error
    return driver


def _hold(path: Path, driver: sqlite3.Connection) -> None:
    with migrate.on(driver) as connection:
        migrate.must_be_newest(connection, path.name)
    driver.execute("BEGIN")
    driver.execute("SELECT 1 FROM alembic_version").fetchone()  # from here on it sees this moment


def _make_ready(path: Path, driver: sqlite3.Connection) -> None:
    if _has(driver, UNFINISHED):
        return
    with migrate.on(driver) as connection:
        full = holds_rows(connection)
    if full:
        raise StoreError(f"{path} is not empty. A copy needs a file that is not there yet; name another one.")
    migrate.migrate_sqlite(path)


def holds_rows(connection: Connection) -> bool:
    """Whether a database of ours, at any revision, has anything in it; what is not ours is not looked at."""
    if migrate.revision_of(connection) is None:
        return False
    names = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
    return any(connection.exec_driver_sql(f'SELECT EXISTS (SELECT 1 FROM "{each}")').scalar() for each in names)


def _has(driver: sqlite3.Connection, table: str) -> bool:
    return driver.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None
