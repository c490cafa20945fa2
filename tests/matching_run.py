"""Rounds against OR-tools on random instances: `python -m tests.matching_run --instances 200 --members 3000`.

Each instance: the same count and the same rounds waited, a total within the certified gap, every hard rule kept, parts
that sum to the score, and compiled and numpy the same to the byte. Prints what it saw; ends with 1 where something does
not hold.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator

from commands.mentor.matching.pair import parts_at
from commands.mentor.matching.solve import GAP_MOST, Solution, solve
from tests.commands.mentor.matching import invented
from tests.commands.mentor.matching.invented import Rows
from tests.commands.mentor.matching.oracle import broken, by_flow, matrix

REGIMES = {"over-subscribed": 0.9, "balanced": 0.32, "opt-in": 0.2}  # mentees of all members; a tenth are mentors


def drawn(seed: int, members: int, regime: str) -> Rows:
    """A community of so many: a tenth of them mentors, with three places each on average."""
    mentors = max(1, members // 10)
    return invented.rows(seed, mentors, int(members * REGIMES[regime]), special=members // 4)


def wrong(rows: Rows) -> Iterator[str]:
    """What does not hold for this instance."""
    instance, ticks = rows.instance, matrix(rows)
    solution, plain = solve(instance, compiled=True), solve(instance, compiled=False)
    best = by_flow(ticks, instance.mentors.capacity, instance.mentees.waiting)
    yield from broken(instance, ticks, solution.pairs)
    if solution.matched != best.matched or not solution.proven:
        yield f"{solution.matched} matched (proven: {solution.proven}), OR-tools {best.matched}"
    if sorted(instance.mentees.waiting[solution.pairs[:, 0]], reverse=True) != best.waited:
        yield "somebody who has waited longer is left over"
    if not solution.score <= best.score <= solution.bound:
        yield f"score {solution.score}, OR-tools {best.score}, bound {solution.bound}"
    if solution.gap > GAP_MOST:
        yield f"gap {solution.gap:.4%}"
    each = [parts_at(instance, mentee, mentor) for mentee, mentor in solution.pairs.tolist()]
    if sum(parts.score for parts in each if parts) != solution.score or None in each:
        yield "the parts do not sum to the score"
    if _bytes(solution) != _bytes(plain):
        yield "compiled and numpy differ"
    SEEN.append((solution.gap, (best.score - solution.score) / max(best.score, 1)))


SEEN: list[tuple[float, float]] = []  # certified, and what it really was


def _bytes(solution: Solution) -> tuple[object, ...]:
    return (
        solution.pairs.tobytes(), solution.mentor_prices.tobytes(), solution.mentee_values.tobytes(),
        solution.score, solution.bound,
    )  # fmt: skip


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the script's result


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.matching_run", description=__doc__)
    parser.add_argument("--instances", type=int, default=200)
    parser.add_argument("--members", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    began, tried, faults = time.perf_counter(), Counter[str](), 0
    for number in range(chosen.instances):
        regime = tuple(REGIMES)[number % len(REGIMES)]
        members = max(10, chosen.members * (number + 1) // chosen.instances)
        for fault in wrong(drawn(chosen.seed + number, members, regime)):
            faults += 1
            say(f"seed {chosen.seed + number}, {members} members, {regime}: {fault}")
        tried[regime] += 1
    certified, real = (max(each) for each in zip(*SEEN, strict=True))
    say(f"{dict(tried)}, up to {chosen.members} members: {faults} faults in {time.perf_counter() - began:.0f} s.")
    say(f"The widest certified gap was {certified:.4%}; the furthest from OR-tools' total, {real:.4%}.")
    sys.exit(faults > 0)


if __name__ == "__main__":
    main()
