"""Nothing is sent late: once a lease is nearly over another process may have the message.

A process can be stopped at any moment and go on minutes later. So the time is looked at where a call to a platform
gets its connection, after which nothing is waited for until it is on the wire.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Awaitable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

import aiohttp

from bot.clock import real_now
from bot.surface import TryLater, Uncertain

T = TypeVar("T")
ENDS = 5 / 6  # of a lease: then a call is over, with time left to keep how it ended
BEGINS = 1 / 2


class TooLate(TryLater):
    """The lease was too far gone to send; nothing was."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease as long as its holder may use it, by two clocks: one stands while the machine sleeps, one may be set."""

    begun: float
    really_begun: dt.datetime
    length: dt.timedelta

    @classmethod
    def of(cls, length: dt.timedelta) -> Lease:
        """One that begins now; made before it is asked for."""
        return cls(asyncio.get_running_loop().time(), real_now(), length)

    @property
    def may_begin(self) -> bool:
        """Whether there is time for a message more."""
        return self._is_within(BEGINS)

    @property
    def ends(self) -> float:
        """The loop's time at which every call must be over."""
        return self.begun + self.length.total_seconds() * ENDS

    @property
    def holds(self) -> bool:
        return self._is_within(ENDS)

    def _is_within(self, share: float) -> bool:
        passed = asyncio.get_running_loop().time() - self.begun
        really = (real_now() - self.really_begun).total_seconds()
        return max(passed, really) <= self.length.total_seconds() * share


_LEASE: ContextVar[Lease | None] = ContextVar("lease", default=None)


@contextlib.contextmanager
def held(lease: Lease) -> Iterator[None]:
    """What is sent in this context is sent under this lease."""
    token = _LEASE.set(lease)
    try:
        yield
    finally:
        _LEASE.reset(token)


async def in_time(call: Awaitable[T]) -> T:
    """What the platform answers, waited for no longer than the lease lasts. Raises Uncertain, beside its own."""
    lease = _LEASE.get()
    try:
        async with asyncio.timeout_at(None if lease is None else lease.ends):
            return await call
    except TimeoutError as error:
        raise Uncertain("no answer while it was ours to send") from error


def trace() -> aiohttp.TraceConfig:
    """For sessions that send to a platform: without a lease that holds, nothing goes out. Raises TooLate there."""
    config = aiohttp.TraceConfig()
    config.on_connection_create_end.append(_look)
    config.on_connection_reuseconn.append(_look)
    return config


async def _look(*_about: object) -> None:
    lease = _LEASE.get()
    if lease is not None and not lease.holds:
        raise TooLate("the lease was over before it was sent")
