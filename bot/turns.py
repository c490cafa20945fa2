"""Whose turn it is: a pace kept within one process, and the turns that its claim took from the pace of all."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.clock import Stop, real_now
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
    turns: dict[str, deque[dt.datetime]]

    @classmethod
    def of(cls, pace: Pace, lease: Lease, stop: Stop, turns: Mapping[str, Iterable[dt.datetime]]) -> Batch:
        return cls(pace, lease, stop, {name: deque(taken) for name, taken in turns.items()})

    @property
    def is_over(self) -> bool:
        """Whether nothing more of it is begun."""
        return self.stop.told or not self.lease.may_begin

    def next_turn(self, name: str) -> float:
        """By the loop's clock."""
        turns = self.turns.get(name)
        wait = (turns.popleft() - real_now()).total_seconds() if turns else 0.0
        return asyncio.get_running_loop().time() + wait
