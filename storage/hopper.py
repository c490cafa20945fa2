"""Reads done whole in a thread of their own, on a connection that cannot write: one hop, however many statements."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, create_engine

from storage import pragmas
from storage.unit import Unit

THREADS = 2


class Hopper:
    """A few threads, each with a connection of its own that it opens when it is first asked."""

    def __init__(self, path: Path, now: Callable[[], dt.datetime]) -> None:
        self._path = path
        self._now = now
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="pmpath-reader")
        self._mine = threading.local()
        self._engines: list[Engine] = []

    async def read(self, work: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """The value of a unit that may not write, from one unchanging view of the data."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, work, args, kwargs)

    async def close(self) -> None:
        """Let what is being read end, then let the connections go."""
        await asyncio.to_thread(self._threads.shutdown)
        for engine in self._engines:
            engine.dispose()

    def _read(self, work: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        connection, driver = self._connected()
        driver.execute("BEGIN")
        try:
            return work(Unit(connection, self._now(), driver=driver), *args, **kwargs)
        finally:
            driver.execute("ROLLBACK")

    def _connected(self) -> tuple[Connection, sqlite3.Connection]:
        """This thread's connection, and the driver's own beneath it."""
        if not hasattr(self._mine, "connected"):
            engine = create_engine(
                "sqlite://",
                creator=lambda: pragmas.connect(str(self._path), pragmas.READER, create=False),
                poolclass=StaticPool,
                isolation_level="AUTOCOMMIT",
            )
            self._engines.append(engine)
            connection = engine.connect()
            driver = connection.connection.dbapi_connection
            assert isinstance(driver, sqlite3.Connection)
            self._mine.connected = (connection, driver)
        connected: tuple[Connection, sqlite3.Connection] = self._mine.connected
        return connected
