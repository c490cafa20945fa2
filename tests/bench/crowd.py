"""Members who do one thing again and again: one of them for the latency, many at once for the throughput."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from tests.bench.processes import Process


class Somebody(Protocol):
    """A member before one of the bots."""

    async def help(self) -> float:
        """Seconds from the platform's send to the answer."""

    async def answer(self) -> float:
        """The same for one press of A."""

    async def get_ready(self) -> int:
        """To a card with an A on it, from which `AHEAD` presses are possible; in so many interactions."""


@runtime_checkable
class Speaks(Protocol):
    """A member where a bot can answer with mere words."""

    async def nothing(self) -> float:
        """Seconds to them."""


@dataclass(slots=True)
class Side:
    """One bot, and the crowd before it. `used` are seconds of processor an interaction, by measurement."""

    process: Process
    members: Sequence[Somebody]
    used: list[float] = field(default_factory=list)
    done: int = 0
    """Interactions of the crowd so far."""


REST = 0.005  # seconds; a member takes longer
AHEAD = 2  # as many single questions follow in any run of the questionnaire, whatever is answered


async def helps(member: Somebody, count: int) -> float:
    """The median latency of so many, one after another."""
    return statistics.median([await _at_rest(member.help) for _one in range(count)])


async def words(member: Somebody, count: int) -> float:
    """As `helps`, of those whose floor can say less than a card."""
    assert isinstance(member, Speaks)
    return statistics.median([await _at_rest(member.nothing) for _one in range(count)])


async def answers(member: Somebody, count: int) -> float:
    """The median latency of so many answers; what leads to them is not counted."""
    seen: list[float] = []
    while len(seen) < count:
        await member.get_ready()
        seen += [await _at_rest(member.answer) for _one in range(AHEAD)]
    return statistics.median(seen)


async def _at_rest(act: Callable[[], Awaitable[float]]) -> float:
    """The act's latency, begun when the bot has done what it still does after its last answer."""
    await asyncio.sleep(REST)
    return await act()


async def helps_at_once(side: Side, each: int) -> float:
    """How many a second, all members busy."""
    return await _together(side, lambda member: member.help(), each)


async def answers_at_once(side: Side, each: int) -> float:
    """How many a second, all members busy; `AHEAD` at a time."""
    speeds = []
    for _time in range(max(1, each // AHEAD)):
        side.done += sum(await asyncio.gather(*(member.get_ready() for member in side.members)))
        speeds.append(await _together(side, lambda member: member.answer(), AHEAD))
    return statistics.harmonic_mean(speeds)


async def _together(side: Side, act: Callable[[Somebody], Awaitable[float]], each: int) -> float:
    async def work(member: Somebody) -> None:
        for _one in range(each):
            await act(member)

    began, used = time.perf_counter(), side.process.cpu
    await asyncio.gather(*(work(member) for member in side.members))
    lasted, done = time.perf_counter() - began, len(side.members) * each
    side.done += done
    side.used.append((side.process.cpu - used) / done)
    return done / lasted
