"""A whole round: the largest count, then the best total at that count, with the proof of both.

The same input gives the same pairs, byte for byte, compiled or not; ties go by id.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.auction import Sold, Tell, auction
from commands.mentor.matching.count import Count, most
from commands.mentor.matching.engine import Engine, can_compile, engine
from commands.mentor.matching.instance import Instance
from commands.mentor.matching.scores import scores
from commands.mentor.matching.sides import Ints, Side, mentees_of, mentors_of

GAP_MOST = 0.0005  # certified, of the best possible total
UNITS = (1, 8, 64)  # steps of price to a tick, finer until the gap is small enough
COMPILED_FROM = 1_000_000  # pairs; below, numpy is done before the compiled loops are loaded
COUNTED = 0.1  # of the progress, when the count is known


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A round's pairs (mentee, mentor), sorted, as places in the instance, and what is certified of them.

    No matching has more pairs (`proven`), and none of so many pairs scores more than `bound`. Scores are in ticks.
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


# Before the auction: which mentees take part, so that as many are matched; after it: other pairs, as many.
Before = Callable[[Instance, Side, Side, Count, Engine], Side]
After = Callable[[Instance, Solution, Engine], Solution]
BEFORE: Sequence[Before] = ()
AFTER: Sequence[After] = ()


def solve(
    instance: Instance,
    *,
    seed: int = 0,
    tell: Tell | None = None,
    compiled: bool | None = None,
    before: Sequence[Before] | None = None,
    after: Sequence[After] | None = None,
) -> Solution:
    """The round. `tell` hears how much is done, from 0 to 1; `compiled` is for tests, as are other stages."""
    size = len(instance.mentors) * len(instance.mentees)
    heard = tell or _to_nobody
    loops = engine(compiled=size >= COMPILED_FROM and can_compile() if compiled is None else compiled)
    heard(0.0)
    mentors, mentees = mentors_of(instance), mentees_of(instance)
    mentors = mentors.only(mentors.units > 0)
    count = largest = most(instance, mentors, mentees, loops)
    for stage in BEFORE if before is None else before:
        mentees = stage(instance, mentors, mentees, count, loops)
        count = most(instance, mentors, mentees, loops)
    heard(COUNTED)
    solution = _best_total(instance, count, loops, heard, seed, proven=largest.proven)
    for following in AFTER if after is None else after:
        solution = following(instance, solution, loops)
    heard(1.0)
    return solution


def _best_total(instance: Instance, count: Count, loops: Engine, tell: Tell, seed: int, *, proven: bool) -> Solution:
    for unit in UNITS:
        sold = [
            auction(instance, part, unit, loops, _from(tell, number, len(count.parts)))
            for number, part in enumerate(count.parts)
        ]
        solution = _solution(instance, count, sold, unit, seed, proven=proven)
        if solution.gap <= GAP_MOST:
            break
    return solution


def _solution(instance: Instance, count: Count, sold: list[Sold], unit: int, seed: int, *, proven: bool) -> Solution:
    pairs = np.concatenate([count.forced, *(part.pairs for part in sold)])
    pairs, forced = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))], scores(instance, count.forced)
    mentor_prices, mentee_values = np.zeros(len(instance.mentors)), np.zeros(len(instance.mentees))
    for part in sold:
        bidding, asked = (mentor_prices, mentee_values) if part.mentors_bid else (mentee_values, mentor_prices)
        bidding[part.bidder_at] = part.bidder_values / unit
        asked[part.object_at] = part.prices / unit
    mentee_values[count.forced[:, 0]] = forced
    return Solution(
        pairs,
        len(pairs),
        proven and len(pairs) == count.matched,
        int(scores(instance, pairs).sum()),
        int(forced.sum()) + sum(part.bound for part in sold) // unit,
        mentor_prices,
        mentee_values,
        instance.digest,
        seed,
    )


def _from(tell: Tell, number: int, parts: int) -> Tell:
    return lambda done: tell(COUNTED + (1 - COUNTED) * (number + done) / parts)


def _to_nobody(_done: float) -> None:
    return None
