"""A whole round: the largest count, then those who have waited longest, then the best total, with the proof of it.

The bound is for all matchings of the largest count in which those come first who have waited longest; see `ageing`. The
worst match is raised last, as far as the total stays near enough to the bound.

The same input gives the same pairs, byte for byte, compiled or not; ties go by id.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.ageing import ages
from commands.mentor.matching.auction import Sold, Tell, auction
from commands.mentor.matching.count import Count, most
from commands.mentor.matching.engine import Engine, can_compile, engine
from commands.mentor.matching.instance import Instance
from commands.mentor.matching.nobody import Arranged, arranged, begun, settled
from commands.mentor.matching.scores import scores
from commands.mentor.matching.sides import Ints, mentees_of, mentors_of
from commands.mentor.matching.worst import raised

GAP_MOST = 0.0005  # certified, of the best possible total
UNITS = (1, 8, 64)  # steps of price to a tick, finer until the gap is small enough
LARGE = 1_000_000  # pairs; below, the finer units take no time, and numpy is done before the compiled loops are loaded
COUNTED = 0.1  # of the progress, when the count is known


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A round's pairs (mentee, mentor), sorted, as places in the instance, and what is certified of them.

    No matching has more pairs (`proven`), and none of so many pairs, by waiting, scores more than `bound`, in ticks.
    `mentor_prices` say what a mentor's last place is worth to the round, `mentee_values` what a mentee is.
    """

    pairs: Ints
    matched: int
    proven: bool
    score: int
    bound: int
    mentor_prices: NDArray[np.float64]
    mentee_values: NDArray[np.float64]
    digest: str
    seed: int

    @property
    def gap(self) -> float:
        return (self.bound - self.score) / self.bound if self.bound else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What is worked out, and how."""

    instance: Instance
    count: Count
    aged: Arranged | None
    loops: Engine
    tell: Tell
    seed: int


def solve(
    instance: Instance,
    *,
    seed: int = 0,
    tell: Tell | None = None,
    compiled: bool | None = None,
    by_waiting: bool = True,
    raise_worst: bool = True,
) -> Solution:
    """The round. `tell` hears how much is done, from 0 to 1; `compiled` is for tests, as are fewer aims."""
    size = len(instance.mentors) * len(instance.mentees)
    heard = tell or _to_nobody
    loops = engine(compiled=size >= LARGE and can_compile() if compiled is None else compiled)
    heard(0.0)
    mentors, mentees = mentors_of(instance), mentees_of(instance)
    count = most(instance, mentors.only(mentors.units > 0), mentees, loops)
    aged = None
    if by_waiting and count.matched < len(mentees.index) and np.ptp(instance.mentees.waiting):
        aged = arranged(instance, ages(instance), count)
    heard(COUNTED)
    solution = _best_total(Task(instance, aged.count if aged else count, aged, loops, heard, seed))
    solution = _with_raised_worst(instance, solution) if raise_worst else solution
    heard(1.0)
    return solution


def _best_total(task: Task) -> Solution:
    parts, within = task.count.parts, task.aged.instance if task.aged else task.instance
    for unit in UNITS[len(task.instance.mentors) * len(task.instance.mentees) < LARGE :]:
        sold = [
            auction(
                within,
                part,
                unit,
                task.loops,
                _from(task.tell, number, len(parts)),
                start=begun(task.aged, part, unit, task.loops) if task.aged else None,
            )
            for number, part in enumerate(parts)
        ]
        solution = _solution(within, task, sold, unit)
        if solution.gap <= GAP_MOST:
            break
    return solution


def _with_raised_worst(instance: Instance, solution: Solution) -> Solution:
    least = math.ceil(solution.bound * (1 - GAP_MOST))
    pairs = raised(instance, solution.pairs, solution.mentor_prices, solution.mentee_values, least)
    return replace(solution, pairs=pairs, score=int(scores(instance, pairs).sum()))


def _solution(within: Instance, task: Task, sold: list[Sold], unit: int) -> Solution:
    count, aside = task.count, 0
    pairs = np.concatenate([count.forced, *(part.pairs for part in sold)])
    pairs, forced = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))], scores(within, count.forced)
    prices, values = np.zeros(len(within.mentors)), np.zeros(len(within.mentees))
    for part in sold:
        bidding, asked = (prices, values) if part.mentors_bid else (values, prices)
        bidding[part.bidder_at] = part.bidder_values / unit
        asked[part.object_at] = part.prices / unit
    values[count.forced[:, 0]] = forced
    proven = count.proven and len(pairs) == count.matched
    bound = int(forced.sum()) + sum(part.bound for part in sold) // unit
    if task.aged:
        pairs, aside, prices, values = settled(task.aged, pairs, prices, values)
    score = int(scores(task.instance, pairs).sum())
    return Solution(pairs, len(pairs), proven, score, bound - aside, prices, values, task.instance.digest, task.seed)


def _from(tell: Tell, number: int, parts: int) -> Tell:
    return lambda done: tell(COUNTED + (1 - COUNTED) * (number + done) / parts)


def _to_nobody(_done: float) -> None:
    return None
