"""The one thread that writes to an SQLite file: all who wait share a transaction and its fsync."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from sqlalchemy import Connection

from content.points import Points
from storage.errors import StoreError
from storage.moments import micros
from storage.unit import Changed, Unit

BATCH_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Order:
    """A unit that waits to be done, and the future of whoever waits for it."""

    work: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    future: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class Chore:
    """Something for the writing connection outside any transaction, in its turn."""

    work: Callable[[sqlite3.Connection], Any]
    future: asyncio.Future[Any]
    last: bool = False


@dataclass(slots=True)
class Settled:
    """What became of an order or a chore; told only once it is true on the disk."""

    future: asyncio.Future[Any]
    value: Any = None
    error: Exception | None = None
    changes: list[Changed] | tuple[()] = ()

    def tell(self) -> None:
        """In the loop: whoever waits goes on."""
        if self.future.done():
            return  # its waiter was cancelled; what was ordered is done all the same
        if self.error is None:
            self.future.set_result(self.value)
        else:
            self.future.set_exception(_raisable(self.error))


class Writer:
    """Owns the writing connection. Its methods are called in the loop that made it."""

    def __init__(
        self,
        connection: Connection,
        now: Callable[[], dt.datetime],
        explain: Callable[[Exception], Exception],
        announce: Callable[[Changed], None],
        points: Points | None,
        batch: Callable[[int], None],
    ) -> None:
        self._connection = connection
        self._driver = driver_of(connection)
        self._now = now
        self._explain = explain
        self._announce = announce
        self._points = points
        self._batch = batch
        self._loop = asyncio.get_running_loop()
        self._orders: SimpleQueue[Order | Chore] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="pmpath-writer", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Orders that no transaction has taken up yet."""
        return self._orders.qsize()

    def order(self, work: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> asyncio.Future[Any]:
        """Queue a unit; the future resolves after the commit that holds it."""
        future = self._loop.create_future()
        self._orders.put(Order(work, args, kwargs, future))
        return future

    def chore(self, work: Callable[[sqlite3.Connection], Any]) -> asyncio.Future[Any]:
        """Queue something to be done between two transactions."""
        future = self._loop.create_future()
        self._orders.put(Chore(work, future))
        return future

    async def stop(self, work: Callable[[sqlite3.Connection], Any]) -> None:
        """Do all that was queued before, then `work`, then end the thread."""
        future = self._loop.create_future()
        self._orders.put(Chore(work, future, last=True))
        try:
            await future
        finally:
            self._thread.join()

    def _serve(self) -> None:
        serving = True
        while serving:
            batch, chore = self._collect()
            if batch:
                self._settle(self._do_batch(batch))
                self._batch(len(batch))
            if chore is not None:
                self._settle([self._do_chore(chore)])
                serving = not chore.last

    def _collect(self) -> tuple[list[Order], Chore | None]:
        """The orders that wait, at least one, up to the limit; a chore ends the batch before it."""
        batch: list[Order] = []
        waiting = self._orders.get()
        while isinstance(waiting, Order):
            batch.append(waiting)
            if len(batch) == BATCH_LIMIT or self._orders.empty():
                return batch, None
            waiting = self._orders.get()
        return batch, waiting

    def _do_batch(self, batch: list[Order]) -> list[Settled]:
        """All orders in one transaction: settled as each ended, or all of them failed."""
        try:
            now = self._now()
            now_us = micros(now)
            self._driver.execute("BEGIN IMMEDIATE")
            settled = [self._do_unit(order, self._unit(now, now_us)) for order in batch]
            self._driver.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 -- whatever it was, every waiter must hear that nothing was kept
            self._roll_back()
            return [Settled(order.future, error=self._failed_together(error)) for order in batch]
        return settled

    def _unit(self, now: dt.datetime, now_us: int) -> Unit:
        return Unit(self._connection, now, now_us, self._driver, self._points)

    def _do_unit(self, order: Order, unit: Unit) -> Settled:
        """One order in a savepoint. Raises only if the whole transaction is lost."""
        driver = self._driver
        driver.execute("SAVEPOINT unit")
        try:
            value = order.work(unit, *order.args, **order.kwargs)
            self._still_in_transaction(None)
            driver.execute("RELEASE unit")
        except Exception as error:  # noqa: BLE001 -- it belongs to whoever ordered the unit, who gets it
            self._still_in_transaction(error)
            unit.drop_results()  # the traceback would keep them open
            driver.execute("ROLLBACK TO unit")
            driver.execute("RELEASE unit")
            return Settled(order.future, error=self._explain(error))
        return Settled(order.future, value, changes=unit.changes)

    def _still_in_transaction(self, error: Exception | None) -> None:
        """A full disk ends it; a further SAVEPOINT would begin, and commit, a transaction of its own."""
        if not self._driver.in_transaction:
            raise _TransactionGone from error

    def _failed_together(self, error: Exception) -> Exception:
        """One exception for each waiter: several tasks raising the same one would share its traceback."""
        cause = error.__cause__ if isinstance(error, _TransactionGone) else error
        explained = self._explain(cause) if isinstance(cause, Exception) else error
        if isinstance(explained, StoreError):
            sentence = explained.sentence
        else:
            sentence = "The transaction failed and nothing of it was stored. Look into the log, then try again."
        failure = StoreError(sentence)
        failure.__cause__ = cause
        return failure

    def _roll_back(self) -> None:
        with contextlib.suppress(sqlite3.Error):  # the next BEGIN then fails too, and says so to who waits for it
            if self._driver.in_transaction:
                self._driver.rollback()

    def _do_chore(self, chore: Chore) -> Settled:
        try:
            return Settled(chore.future, chore.work(self._driver))
        except Exception as error:  # noqa: BLE001 -- it belongs to whoever ordered the chore, who gets it
            return Settled(chore.future, error=self._explain(error))

    def _settle(self, settled: list[Settled]) -> None:
        try:
            self._loop.call_soon_threadsafe(self._deliver, settled)
        except RuntimeError:
            return  # the loop is closed: nobody is left to be told

    def _deliver(self, settled: list[Settled]) -> None:
        """In the loop: memory first, then those who wait and may read it."""
        for end in settled:
            for change in end.changes:
                self._announce(change)
        for end in settled:
            end.tell()


class _TransactionGone(Exception):
    """The transaction ended under a unit."""


def _raisable(error: Exception) -> Exception:
    """A future cannot carry StopIteration; anything else goes as it is."""
    if not isinstance(error, StopIteration):
        return error
    carried = RuntimeError("a unit raised StopIteration")
    carried.__cause__ = error
    return carried


def driver_of(connection: Connection) -> sqlite3.Connection:
    """The standard library's own connection beneath SQLAlchemy's."""
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
