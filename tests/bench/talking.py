"""What rows 1 to 4 share: a crowd before our bot and one before the floor, four contests between them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench import crowd
from tests.bench.crowd import Somebody
from tests.bench.figures import Bar, Contest, Row, milliseconds, number
from tests.bench.processes import Hold, Process

HELP_BAR, ANSWER_BAR = Bar(1.5), Bar(2.0)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured."""

    rounds: int
    each: int
    """Interactions a round, one after another; a crowd's members do an eighth of it each."""


@dataclass(slots=True)
class Side:
    """One bot, and the crowd before it."""

    process: Process
    members: Sequence[Somebody]
    spent: float = 0.0
    done: int = 0


async def rows(
    where: str, ours: Side, floor: Side, effort: Effort, chance: random.Random, bars: tuple[Bar | None, Bar | None]
) -> list[Row]:
    """Latency and throughput of help and of one answer."""
    for side in (ours, floor):
        await crowd.helps_at_once(side.members, 2)
        await crowd.answers_at_once(side.members, crowd.AHEAD)
        await side.process.hold()
    found: list[Row] = []
    for what, one, many, bar in (
        ("help", crowd.helps, crowd.helps_at_once, bars[0]),
        ("one answer", crowd.answers, crowd.answers_at_once, bars[1]),
    ):
        latency = Contest({"ours": lambda: one(ours.members[0], effort.each), "floor": lambda: one(floor.members[0], effort.each)})
        await latency.run(effort.rounds, chance)
        beside = f"{milliseconds(latency.median('ours'))} against {milliseconds(latency.median('floor'))}"
        found.append(Row(f"{where}: {what}, latency", latency.ratios("ours", "floor"), bar=bar, beside=beside))
        each = max(2, effort.each // 8)
        speed = Contest({"ours": lambda: many(ours.members, each), "floor": lambda: many(floor.members, each)})
        await speed.run(effort.rounds, chance)
        beside = f"{number(speed.median('ours'))}/s against {number(speed.median('floor'))}/s"
        found.append(Row(f"{where}: {what}, throughput, 64 in flight", speed.ratios("ours", "floor"), beside=beside))
    return [*found, held(where, await ours.process.hold(), await floor.process.hold())]


def held(where: str, ours: Hold, floor: Hold) -> Row:
    """The longest hold of our loop meanwhile."""
    beside = f"{milliseconds(ours.worked)} of it our own work; the floor's longest {milliseconds(floor.held)}"
    return Row(f"{where}: longest hold of the loop", [ours.held * 1000], " ms", HOLD_BAR, beside)


HOLD_BAR = Bar(50.0)
