"""Reading a database from another process than the one that writes it: on a connection that cannot write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, NullPool
from sqlalchemy.ext.asyncio import create_async_engine

from storage import address
from storage.hopper import View
from storage.unit import Unit

P = ParamSpec("P")
T = TypeVar("T")


async def read(
    url: str, now: dt.datetime, work: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """What the unit reads from one unchanging view of the data, at this moment of the store's clock."""
    place = address.parse(url)
    if isinstance(place, address.SqliteFile):
        view = View(place.path, lambda: now)
        try:
            return view.read(work, args, kwargs)  # type: ignore[no-any-return]  # what `work` returns
        finally:
            view.close()

    def here(connection: Connection) -> T:
        return work(Unit(connection, now), *args, **kwargs)

    engine = create_async_engine(place.url, poolclass=NullPool, hide_parameters=True)
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        async with reading.connect() as connection:
            return await connection.run_sync(here)
    finally:
        await engine.dispose()
