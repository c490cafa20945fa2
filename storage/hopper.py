"""Reads done whole on a connection that cannot write: in a thread of their own, or at once where they are short."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from sqlalchemy import Connection, StaticPool, create_engine

from storage import pragmas
from storage.unit import Unit
from storage.writer import Order, Settled, driver_of


class View:
    """One connection that cannot write, made at its first read; used by one thread at a time."""

    def __init__(self, path: Path, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self._engine = create_engine(
            "sqlite://",
            creator=lambda: pragmas.connect(str(path), pragmas.READER, create=False),
            poolclass=StaticPool,
            hide_parameters=True,
            isolation_level="AUTOCOMMIT",
        )
        self._connection: Connection | None = None

    def read(self, work: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """The value of a unit that may not write, from one unchanging view of the data."""
        if self._connection is None:
            self._connection = self._engine.connect()
        driver = driver_of(self._connection)
        driver.execute("BEGIN")
        try:
            return work(Unit(self._connection, self._now(), driver=driver), *args, **kwargs)
        finally:
            driver.execute("ROLLBACK")

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()


class Hopper:
    """One thread: two would take turns at Python's lock, and waking the other costs more than a board's page."""

    def __init__(self, path: Path, now: Callable[[], dt.datetime]) -> None:
        self._view = View(path, now)
        self._loop = asyncio.get_running_loop()
        self._orders: SimpleQueue[Order | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="pmpath-reader", daemon=True)
        self._thread.start()

    async def read(self, work: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """What a view reads, when its turn comes."""
        future = self._loop.create_future()
        self._orders.put(Order(work, args, kwargs, future))
        return await future

    async def close(self) -> None:
        """Let what is being read end, then let the connection go."""
        self._orders.put(None)
        await asyncio.to_thread(self._thread.join)
        self._view.close()

    def _serve(self) -> None:
        while (order := self._orders.get()) is not None:
            settled = self._do(order)
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to be told
                self._loop.call_soon_threadsafe(settled.tell)

    def _do(self, order: Order) -> Settled:
        try:
            return Settled(order.future, self._view.read(order.work, order.args, order.kwargs))
        except Exception as error:  # noqa: BLE001 -- it belongs to whoever ordered the read, who gets it
            return Settled(order.future, error=error)
