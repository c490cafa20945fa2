"""Rounds of a community made to keep people waiting: `python -m tests.rounds_run --rounds 52 --mentors 60`.

After each round a search of its own looks for somebody left over whom an exchange of pairs would match, or would match
instead of one who has waited fewer rounds; the recruitment compass's mentors are added, and must match what it said.
Prints what it saw; ends with 1 where something does not hold.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.compass import Compass, compass
from commands.mentor.matching.instance import MenteeRow, MentorRow
from commands.mentor.matching.solve import GAP_MOST, Solution, solve
from tests.commands.mentor.matching import invented
from tests.commands.mentor.matching.invented import Rows
from tests.commands.mentor.matching.oracle import broken, matrix

PATIENCE = 9  # rounds after which somebody whom nobody fits goes away
WITHIN = 0.1  # of what the compass promised


@dataclass(frozen=True, slots=True)
class Round:
    rows: Rows
    solution: Solution


def rounds(count: int, *, mentors: int, newcomers: int, seed: int = 0, by_waiting: bool = True) -> Iterator[Round]:
    """More come than are matched; who comes new scores higher than who waits, and some fit one mentor alone."""
    chance = random.Random(seed)
    offering = [
        replace(row, id=number, seniority=4) for number, row in enumerate(invented.rows(seed, mentors, 0).mentors)
    ]
    there: list[MenteeRow] = []
    for number in range(count):
        there += _newcomers(chance, offering, newcomers, 10_000 * (number + 1))
        today = [replace(row, capacity=chance.choice((0, 0, 1, 1, 3))) for row in offering]
        rows = Rows(today, there, [(chance.choice(there).id, chance.choice(today).id)] * 3, [])
        solution = solve(rows.instance, by_waiting=by_waiting)
        yield Round(rows, solution)
        matched = {rows.instance.mentees.ids[mentee] for mentee in solution.pairs[:, 0].tolist()}
        left = [replace(row, waiting=row.waiting + 1) for row in there if row.id not in matched]
        there = [row for row in left if row.waiting <= PATIENCE]


def _newcomers(chance: random.Random, offering: list[MentorRow], count: int, first: int) -> list[MenteeRow]:
    come = invented.rows(chance.randrange(1 << 30), 0, count).mentees
    for number, row in enumerate(come):
        hers, hours = chance.choice(offering), {}
        if number % 3 == 0:  # as good a pair as there is
            row = replace(row, gaps=list(hers.skills)[:2], weekday=hers.weekday, languages=hers.languages, seniority=2)
        elif number % 3 == 1:  # fits as few as can be
            start = chance.choice([bit for bit in range(48) if hers.weekday >> bit & 1])
            hours = {"weekday": (0b11 << start) % (1 << 48), "weekend": 0, "languages": list(hers.languages)[-1:]}
        come[number] = replace(row, id=first + number, waiting=0, **hours)  # type: ignore[arg-type]  # three columns
    return come


def left_behind(
    ticks: NDArray[np.int64], capacity: NDArray[np.int32], waiting: NDArray[np.int32], pairs: NDArray[np.int64]
) -> Iterator[str]:
    """From each one left over along every exchange there is, one pair after the other."""
    of_mentor: dict[int, list[int]] = {mentor: [] for mentor in range(len(capacity))}
    for mentee, mentor in pairs.tolist():
        of_mentor[mentor].append(mentee)
    for alone in sorted(set(range(len(waiting))) - set(pairs[:, 0].tolist())):
        seen, ahead = set[int](), [alone]
        while ahead:
            mentee = ahead.pop()
            for mentor in (set(np.flatnonzero(ticks[mentee] >= 0).tolist()) if ticks.size else set()) - seen:
                seen.add(mentor)
                if len(of_mentor[mentor]) < capacity[mentor]:
                    yield f"mentee {alone} could be matched with the free place of mentor {mentor}"
                for other in of_mentor[mentor]:
                    if waiting[other] < waiting[alone]:
                        yield f"mentee {alone} has waited {waiting[alone]} rounds, mentee {other} {waiting[other]}"
                ahead += of_mentor[mentor]


def with_them(rows: Rows, found: Compass) -> Rows:
    """The community with exactly the mentors that the compass names."""
    them = [
        MentorRow(
            10**9 + 100 * number + one, kind.tracks, kind.skills, kind.weekday, kind.weekend, kind.languages,
            kind.seniority, kind.capacity,
        )
        for number, kind in enumerate(found.kinds)
        for one in range(kind.mentors)
    ]  # fmt: skip
    return replace(rows, mentors=[*rows.mentors, *them])


def wrong(one: Round, found: Compass | None) -> Iterator[str]:
    """What does not hold for this round."""
    instance, solution, ticks = one.rows.instance, one.solution, matrix(one.rows)
    yield from broken(instance, ticks, solution.pairs)
    yield from left_behind(ticks, instance.mentors.capacity, instance.mentees.waiting, solution.pairs)
    if not solution.proven or solution.gap > GAP_MOST:
        yield f"proven: {solution.proven}, gap {solution.gap:.4%}"
    if found is not None:
        more = solve(with_them(one.rows, found).instance).matched - solution.matched
        if abs(more - found.matches) > WITHIN * found.matches:
            yield f"the compass promised {found.matches} more and it were {more}"


def pointed(one: Round) -> Compass:
    return compass(one.rows.instance, mentor_of(one))


def mentor_of(one: Round) -> NDArray[np.int64]:
    found = np.full(len(one.rows.mentees), -1, np.int64)
    found[one.solution.pairs[:, 0]] = one.solution.pairs[:, 1]
    return found


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the script's result


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.rounds_run", description=__doc__)
    parser.add_argument("--rounds", type=int, default=52)
    parser.add_argument("--mentors", type=int, default=60)
    parser.add_argument("--newcomers", type=int, default=90)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    began, faults, matched, left, promised = time.perf_counter(), 0, 0, 0, 0
    community = rounds(chosen.rounds, mentors=chosen.mentors, newcomers=chosen.newcomers, seed=chosen.seed)
    for number, one in enumerate(community, 1):
        found = pointed(one)
        for fault in wrong(one, found):
            faults += 1
            say(f"round {number}: {fault}")
        matched, left = matched + one.solution.matched, len(one.rows.mentees) - one.solution.matched
        promised += found.matches
    say(
        f"{chosen.rounds} rounds, {matched} matched, {left} left over after the last, the compass promised {promised}: "
        f"{faults} faults in {time.perf_counter() - began:.0f} s."
    )
    sys.exit(faults > 0)


if __name__ == "__main__":
    main()
