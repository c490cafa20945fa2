"""Whoever counts what a database does: told of each unit once it has ended, so that nothing here knows of figures."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any, Literal, Protocol, TypeVar

from storage.errors import Busy, StoreError

Why = Literal["busy", "fault"]
T = TypeVar("T")


class Observer(Protocol):
    """Told in the event loop, but of `batch` in the writing thread. Nothing of it raises or takes long."""

    def wrote(self, work: Callable[..., Any], args: tuple[Any, ...], value: Any, seconds: float) -> None:
        """A unit was committed, so long after it was ordered, and answered this."""

    def read(self, seconds: float) -> None:
        """Something was read."""

    def refused(self, why: Why) -> None:
        """Nothing could be stored or read: too many wait, or the database has a fault."""

    def batch(self, units: int) -> None:
        """So many units shared one transaction."""


class Nobody:
    """Counts nothing."""

    def wrote(self, work: Callable[..., Any], args: tuple[Any, ...], value: Any, seconds: float) -> None: ...
    def read(self, seconds: float) -> None: ...
    def refused(self, why: Why) -> None: ...
    def batch(self, units: int) -> None: ...


async def observed(observer: Observer, doing: Awaitable[T], done: Callable[[T, float], None]) -> T:
    """What is being done answers; `done` is told of it, or `observer` of what kept it from being done."""
    began = time.perf_counter()
    try:
        value = await doing
    except Busy:
        observer.refused("busy")
        raise
    except StoreError:
        observer.refused("fault")
        raise
    done(value, time.perf_counter() - began)
    return value
