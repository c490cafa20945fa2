"""Whose turn it is: a pace kept within one process, and the turns that its claim took from the pace of all."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.clock import Stop
from bot.fence import Lease
from storage.claiming import Pace


@dataclass(slots=True)
class Pacer:
    """Keeps a surface's pace: lets one pass, then the next no sooner than `pace` seconds later."""

    _ready: dict[str, float] = field(default_factory=dict)
    _doors: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def turn(self, name: str, pace: float, at: float) -> None:
        """Returns when it is one's turn, in the order of asking, at `at` by the loop's clock or later.

        A late turn makes the next one no earlier.
        """
        clock = asyncio.get_running_loop().time
        async with self._doors.setdefault(name, asyncio.Lock()):
            await asyncio.sleep(max(at, self._ready.get(name, 0.0)) - clock())
            self._ready[name] = clock() + pace


@dataclass(frozen=True, slots=True)
class Batch:
    """What is sent under one lease, with the turns that nobody has had yet."""

    pace: Pace
    lease: Lease
    stop: Stop
    may_go_on: Callable[[], bool]
    turns: dict[str, deque[dt.datetime]]

    @classmethod
    def of(
        cls,
        pace: Pace,
        lease: Lease,
        stop: Stop,
        may_go_on: Callable[[], bool],
        turns: Mapping[str, Iterable[dt.datetime]],
    ) -> Batch:
        return cls(pace, lease, stop, may_go_on, {name: deque(taken) for name, taken in turns.items()})

    @property
    def may_begin(self) -> bool:
        """Whether what had its turn may be sent now."""
        return self.lease.may_begin and self.may_go_on()

    @property
    def is_over(self) -> bool:
        """Whether nothing more of it is begun."""
        return self.stop.told or not self.may_begin

    def next_turn(self, name: str) -> float:
        """By the loop's clock, which nobody sets, from when they were taken."""
        turns = self.turns.get(name)
        if not turns:
            return asyncio.get_running_loop().time()
        return self.lease.begun + (turns.popleft() - self.lease.really_begun).total_seconds()
