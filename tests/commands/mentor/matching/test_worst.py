"""The worst match of a round is as good as the certified gap allows, and nobody loses a match for it."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from commands.mentor.matching.instance import Instance, MenteeRow, MentorRow
from commands.mentor.matching.scores import scores
from commands.mentor.matching.solve import GAP_MOST, solve
from commands.mentor.matching.worst import raised
from content.outcomes import Outcome
from tests.commands.mentor.matching.invented import Rows
from tests.commands.mentor.matching.oracle import broken, matrix

Found = tuple[int, list[int], int, int]  # matched, rounds waited, total, worst


def close(seed: int, mentors: int = 4, mentees: int = 6) -> Rows:
    """A few who nearly all fit one another, with places for not quite all of them."""
    chance, outcomes, names = random.Random(seed), tuple(Outcome), [f"skill {number}" for number in range(6)]

    def hours() -> int:
        return ((1 << chance.choice((4, 8, 16))) - 1) << chance.choice((0, 2, 6))

    offering = [
        MentorRow(number, chance.sample(outcomes, chance.choice((1, 2))), chance.sample(names, 2), hours(), 0, ("en",),
                  chance.choice((2, 3, 4)), chance.choice((1, 1, 2)))
        for number in range(mentors)
    ]  # fmt: skip
    asking = [
        MenteeRow(1000 + number, chance.choice(outcomes), chance.sample(names, 3), hours(), 0, ("en",),
                  chance.choice((0, 1, 2)), chance.choice((0, 0, 1)))
        for number in range(mentees)
    ]  # fmt: skip
    return Rows(offering, asking, [], [])


def every_matching(rows: Rows, ticks: NDArray[np.int64]) -> Iterator[Found]:
    waiting, capacity = rows.instance.mentees.waiting.tolist(), rows.instance.mentors.capacity.tolist()

    def further(mentee: int, waited: list[int], total: int, worst: int) -> Iterator[Found]:
        if mentee == len(waiting):
            yield len(waited), sorted(waited, reverse=True), total, worst
            return
        yield from further(mentee + 1, waited, total, worst)
        for mentor, score in enumerate(ticks[mentee].tolist()):
            if score >= 0 and capacity[mentor]:
                capacity[mentor] -= 1
                yield from further(mentee + 1, [*waited, waiting[mentee]], total + score, min(worst, score))
                capacity[mentor] += 1

    return further(0, [], 0, 1 << 30)


def seen(instance: Instance, pairs: NDArray[np.int64]) -> Found:
    ticks = scores(instance, pairs).tolist()
    waited = sorted(instance.mentees.waiting[pairs[:, 0]].tolist(), reverse=True)
    return len(pairs), waited, sum(ticks), min(ticks)


@pytest.mark.parametrize("share", [GAP_MOST, 0.03, 0.2])
def test_no_matching_as_large_and_as_near_to_the_bound_has_a_better_worst_match(share: float) -> None:
    rose = 0

    for seed in range(12):
        rows = close(seed)
        instance, ticks = rows.instance, matrix(rows)
        plain = solve(instance, compiled=False, raise_worst=False)
        least = min(math.ceil(plain.bound * (1 - share)), plain.score)

        pairs = raised(instance, plain.pairs, plain.mentor_prices, plain.mentee_values, least)

        before, after = seen(instance, plain.pairs), seen(instance, pairs)
        others = [each for each in every_matching(rows, ticks) if each[:2] == before[:2] and each[2] >= least]
        assert broken(instance, ticks, pairs) == []
        assert after[:2] == before[:2]
        assert after[2] >= least
        assert after[3] == max(each[3] for each in others)
        rose += after[3] > before[3]

    assert share == GAP_MOST or rose


def test_a_round_raises_its_worst_match_by_itself_and_stays_within_the_gap() -> None:
    rose = 0

    for seed in range(6):
        instance = close(seed, 60, 90).instance
        plain, whole = (solve(instance, compiled=False, raise_worst=on) for on in (False, True))

        before, after = seen(instance, plain.pairs), seen(instance, whole.pairs)
        assert (after[:2], whole.bound, whole.proven) == (before[:2], plain.bound, True)
        assert whole.gap <= GAP_MOST
        assert (whole.score, whole.matched) == (after[2], after[0])
        assert after[3] >= before[3]
        rose += after[3] > before[3]

    assert rose
