"""What rows 1 to 4 share: a crowd before our bot and one before the floor, and contests between them."""

from __future__ import annotations

import random
import statistics
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from tests.bench import crowd
from tests.bench.crowd import Side, Somebody
from tests.bench.figures import Bar, Contest, Row, milliseconds, number
from tests.bench.processes import Hold

HOLD_BAR = Bar(50.0)
TICK = 0.01  # seconds: processor time is counted in these, so that a short run may seem to have used none
ONE_OF_CROWD = 8  # each of a crowd's members does this share of what one alone does


@dataclass(frozen=True, slots=True)
class Effort:
    """How many rounds, and how many interactions in each, one after another."""

    rounds: int
    each: int


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that members do: alone for the latency, together for the throughput."""

    name: str
    alone: Callable[[Somebody, int], Awaitable[float]]
    together: Callable[[Side, int], Awaitable[float]] | None
    bar: Bar | None


HELP = Deed("help", crowd.helps, crowd.helps_at_once, Bar(1.5))
WORDS = Deed("help, of words in the ack", crowd.words, None, Bar(1.5))
ANSWER = Deed("one answer", crowd.answers, crowd.answers_at_once, Bar(2.0))


def alone(deed: Deed) -> Deed:
    """The deed without a crowd and without a bar."""
    return replace(deed, together=None, bar=None)


async def rows(where: str, deeds: tuple[Deed, ...], ours: Side, floor: Side, effort: Effort) -> list[Row]:
    """Latency and throughput of each deed against the floor's, then how long our loop was held."""
    chance = random.Random()
    for side in (ours, floor):
        await crowd.helps_at_once(side, 8)
        await crowd.answers_at_once(side, crowd.AHEAD)
        await side.process.hold()
    found = [await _latency(where, deed, ours, floor, effort, chance) for deed in deeds]
    found.append(held(f"{where}, one at a time", await ours.process.hold(), await floor.process.hold()))
    crowds = [deed for deed in deeds if deed.together is not None]
    for deed in crowds:
        found += await _throughput(where, deed, ours, floor, effort, chance)
    if crowds:
        found.append(
            held(f"{where}, {len(ours.members)} in flight", await ours.process.hold(), await floor.process.hold())
        )
    return found


async def _latency(where: str, deed: Deed, ours: Side, floor: Side, effort: Effort, chance: random.Random) -> Row:
    contest = Contest(
        {
            "ours": lambda: deed.alone(ours.members[0], effort.each),
            "floor": lambda: deed.alone(floor.members[0], effort.each),
        }
    )
    await contest.run(effort.rounds, chance)
    beside = f"{milliseconds(contest.median('ours'))} against {milliseconds(contest.median('floor'))}"
    return Row(f"{where}: {deed.name}, latency", contest.ratios("ours", "floor"), bar=deed.bar, beside=beside)


async def _throughput(
    where: str, deed: Deed, ours: Side, floor: Side, effort: Effort, chance: random.Random
) -> list[Row]:
    together = deed.together
    assert together is not None
    each = max(crowd.AHEAD, effort.each // ONE_OF_CROWD)
    for side in (ours, floor):
        side.used.clear()
    contest = Contest({"ours": lambda: together(ours, each), "floor": lambda: together(floor, each)})
    await contest.run((effort.rounds + 1) // 2, chance)
    beside = f"{number(contest.median('ours'))}/s against {number(contest.median('floor'))}/s"
    work = [max(statistics.median(side.used), TICK) for side in (ours, floor)]
    spent = f"{milliseconds(work[0])} against {milliseconds(work[1])} of processor"
    return [
        Row(
            f"{where}: {deed.name}, throughput, {len(ours.members)} in flight",
            contest.ratios("ours", "floor"),
            beside=beside,
        ),
        Row(f"{where}: {deed.name}, processor", [work[0] / work[1]], beside=spent),
    ]


def held(where: str, ours: Hold, floor: Hold) -> Row:
    """The longest for which our loop served nobody, turns of other processes on the core not counted."""
    beside = (
        f"{milliseconds(ours.worked)} its own work; {milliseconds(ours.wall)} with other processes' turns; "
        f"the floor's {milliseconds(floor.held)}"
    )
    return Row(f"{where}: longest hold of the loop", [ours.held * 1000], " ms", HOLD_BAR, beside)
