"""A PostgreSQL database as either side of a copy: read in one snapshot, written by COPY."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import URL, Connection, NullPool
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from storage import address, faults, migrate
from storage.copy_ends import DROP_STATE, MAKE_STATE, PAGE, READ_STATE, Digest, State, holds_rows
from storage.erasures import Erasure
from storage.errors import StoreError
from storage.postgres import APPLICATION
from storage.shapes import SHAPES, UNFINISHED, Key, Row, Shape

_KEEP_STATE = (
    f"INSERT INTO {UNFINISHED} (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_RUNNING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1"
_NO_ZEROS = "22021"


class PostgresEnd:
    """A database on a server, by one connection."""

    def __init__(self, url: URL, driver: Any) -> None:
        self.name = address.name_of(url)
        self._driver = driver

    async def counts(self) -> dict[str, int]:
        return {each.name: int(await self._driver.fetchval(each.count)) for each in SHAPES}

    async def last_ids(self) -> dict[str, int]:
        found = {each.name: await self._driver.fetchrow(_sequence(each)) for each in SHAPES if each.numbered}
        return {name: int(row[0]) for name, row in sorted(found.items()) if row[1]}

    async def size(self) -> int:
        """The bytes that the database takes on its server."""
        return int(await self._driver.fetchval("SELECT pg_database_size(current_database())"))

    async def erasures(self) -> frozenset[Erasure]:
        """Who was erased from it."""
        rows = await self._driver.fetch("SELECT kind, row_id, at FROM tombstone")
        return frozenset(Erasure(*row) for row in rows)

    async def page(self, shape: Shape, after: Key | None) -> list[Row]:
        marks = [f"${place}" for place in range(1, len(shape.keys) + 1)]
        rows: list[Row] = await self._driver.fetch(shape.page(marks if after else None, PAGE), *(after or ()))
        return rows

    async def digest(self, shape: Shape) -> str:
        digest = Digest()
        async with self._driver.transaction():
            rows = await self._driver.cursor(shape.in_order(' COLLATE "C"'))
            while page := await rows.fetch(PAGE):
                digest.add(page)
        return digest.hex

    async def state(self) -> State | None:
        if await self._driver.fetchval("SELECT to_regclass($1)", UNFINISHED) is None:
            return None
        return {row["name"]: row["value"] for row in await self._driver.fetch(READ_STATE)}

    async def begin(self, state: State) -> None:
        async with self._driver.transaction():
            await self._driver.execute(MAKE_STATE)
            await self._driver.executemany(_KEEP_STATE, list(state.items()))

    async def take(self, shape: Shape, rows: list[Row], state: str) -> None:
        try:
            async with self._driver.transaction():
                await self._driver.copy_records_to_table(shape.name, records=rows, columns=shape.columns)
                await self._driver.execute(_KEEP_STATE, shape.name, state)
        except Exception as error:
            if faults.sqlstate(error) == _NO_ZEROS:
                raise StoreError(
                    f"A text in {shape.name} has a zero character, which PostgreSQL cannot hold. "
                    "Take it out of the SQLite file, then call this again."
                ) from error
            raise

    async def give_on(self, last_ids: Mapping[str, int]) -> None:
        for name, last in last_ids.items():
            sequence = f"pg_get_serial_sequence('{name}', 'id')"
            await self._driver.execute(f"SELECT setval({sequence}, greatest({int(last)}, nextval({sequence})))")

    async def finish(self) -> None:
        await self._driver.execute(DROP_STATE)
        await self._driver.execute("ANALYZE")


@asynccontextmanager
async def to_read(url: URL, *, stopped: bool) -> AsyncIterator[PostgresEnd]:
    """All of it as it is at this moment; `stopped` refuses it while a pmpath runs on it. Raises StoreError."""
    async with _connected(url) as (connection, driver):
        await connection.run_sync(migrate.must_be_newest, url.database or "")
        if stopped:
            await connection.run_sync(refuse_running, url)
        async with driver.transaction(isolation="repeatable_read", readonly=True):
            yield PostgresEnd(url, driver)


@asynccontextmanager
async def to_write(url: URL) -> AsyncIterator[PostgresEnd]:
    """Its tables are made where they are missing. Raises StoreError where there is more than an unfinished copy."""
    async with _connected(url) as (connection, driver):
        end = PostgresEnd(url, driver)
        await connection.run_sync(refuse_running, url)
        if await end.state() is None:
            if await connection.run_sync(holds_rows):
                raise StoreError(f"{end.name} is not empty. A copy needs a database of its own; create another one.")
            engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
            try:
                await migrate.migrate_postgres(engine)
            finally:
                await engine.dispose()
        yield end


@asynccontextmanager
async def _connected(url: URL) -> AsyncIterator[tuple[AsyncConnection, Any]]:
    engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True, isolation_level="AUTOCOMMIT")
    try:
        with faults.explained(faults.in_postgres):
            async with engine.connect() as connection:
                yield connection, (await connection.get_raw_connection()).driver_connection
    finally:
        await engine.dispose()


def refuse_running(connection: Connection, url: URL) -> None:
    """Raises StoreError while a pmpath is connected there."""
    if connection.exec_driver_sql(_RUNNING, (APPLICATION,)).scalar():
        raise StoreError(f"A pmpath runs on {address.name_of(url)}. Stop it first.")


def _sequence(shape: Shape) -> str:
    return f'SELECT last_value, is_called FROM "{shape.name}_id_seq"'
