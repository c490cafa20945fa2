"""The store on a PostgreSQL server, which groups commits by itself."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as QueueTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from content.points import Points
from storage import faults, migrate
from storage.errors import Busy
from storage.scrubbing import Traces
from storage.unit import Changed, Unit

CONNECTIONS = 16
POOL_TIMEOUT = 5.0  # seconds until a unit that finds no free connection gives up
UNIT_SECONDS = 10.0  # a line that died without a word would else be waited at for as long as the system likes
IDLE_MS = 15_000  # then the server undoes what such a line left open, and lets go of its rows
TRIES = 6
APPLICATION = "pmpath"  # by this the server tells who is connected
REPEATABLE = frozenset({"40001", "40P01"})  # serialization failure, deadlock: the unit may run again


class PostgresDatabase:
    """A pool of connections to one database."""

    def __init__(
        self,
        engine: AsyncEngine,
        now: Callable[[], dt.datetime],
        announce: Callable[[Changed], None],
        points: Points | None,
    ) -> None:
        self._engine = engine
        self._reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._now = now
        self._announce = announce
        self._points = points
        self._tasks: set[asyncio.Task[Any]] = set()

    @classmethod
    async def open(
        cls,
        url: URL,
        now: Callable[[], dt.datetime],
        announce: Callable[[Changed], None],
        revisions: Path,
        points: Points | None,
    ) -> PostgresDatabase:
        """Connect and migrate."""
        engine = create_async_engine(
            url,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=POOL_TIMEOUT,
            hide_parameters=True,
            connect_args={
                "server_settings": {
                    "application_name": APPLICATION,
                    "idle_in_transaction_session_timeout": str(IDLE_MS),
                }
            },
        )
        try:
            with faults.explained(faults.in_postgres):
                await migrate.migrate_postgres(engine, revisions)
        except Exception:
            await engine.dispose()
            raise
        return cls(engine, now, announce, points)

    async def write(self, work: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """The unit's value, after its commit. A waiter who is cancelled does not cancel the unit."""
        task = asyncio.create_task(self._write(work, args, kwargs))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    @property
    def shared(self) -> bool:
        """Any number of processes may have it."""
        return True

    @property
    def waiting(self) -> int:
        """Units that are not done yet."""
        return len(self._tasks)

    async def _write(self, work: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        value, changes = await self._repeat(self._engine, work, args, kwargs)
        for change in changes:
            self._announce(change)
        return value

    async def _repeat(
        self, engine: AsyncEngine, work: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> tuple[Any, list[Changed]]:
        for attempt in range(1, TRIES + 1):
            committing = False
            try:
                async with asyncio.timeout(UNIT_SECONDS), engine.connect() as connection:
                    done = await connection.run_sync(_do, self._now(), work, args, kwargs, self._points)
                    committing = True
                    await connection.commit()
                    return done
            except QueueTimeout as error:
                raise Busy from error
            except (DBAPIError, OSError) as error:
                # What broke before the commit left nothing there; a ping before each unit would cost three round trips.
                lost = not committing and isinstance(error, DBAPIError) and error.connection_invalidated
                if (lost and attempt == 1) or (faults.sqlstate(error) in REPEATABLE and attempt < TRIES):
                    await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))
                    continue
                explained = faults.in_postgres(error)
                if explained is error:
                    raise
                raise explained from error
        raise AssertionError("the last try returns or raises")

    async def read(self, work: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """The value of a unit that may not write, from one unchanging view of the data."""
        value, _changes = await self._repeat(self._reading, work, args, kwargs)
        return value

    @property
    def traces(self) -> Traces:
        """What the server's files have is its own; no VACUUM but a full one overwrites it (docs/operate.md)."""
        return Traces.SERVER

    async def scrub(self, *, all_of_it: bool) -> Traces:
        """As `traces`."""
        return Traces.SERVER

    async def prune_copies(self) -> None:
        """There are none: copies of a server are the operator's."""

    async def ping(self) -> None:
        """Raises unless the server answers."""
        await self.read(_select_nothing, (), {})

    async def close(self) -> None:
        """Wait for the units that run, then let the connections go."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._engine.dispose()


def _do(
    connection: Connection,
    now: dt.datetime,
    work: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    points: Points | None,
) -> tuple[Any, list[Changed]]:
    unit = Unit(connection, now, points=points)
    return work(unit, *args, **kwargs), unit.changes


def _select_nothing(unit: Unit) -> None:
    unit.connection.exec_driver_sql("SELECT 1").one()
