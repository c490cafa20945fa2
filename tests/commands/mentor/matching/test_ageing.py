"""Nobody who has waited longer is left over where an exchange of pairs would match them instead."""

from __future__ import annotations

import numpy as np
import pytest

from commands.mentor.matching.ageing import NONE, SPARE, ages
from commands.mentor.matching.solve import solve
from tests.commands.mentor.matching import invented
from tests.commands.mentor.matching.oracle import by_flow, matrix
from tests.rounds_run import left_behind, rounds, wrong


def test_fifty_two_rounds_leave_nobody_behind_who_has_waited_longer() -> None:
    left = 0

    for one in rounds(52, mentors=8, newcomers=9):
        assert list(wrong(one, None)) == []
        left += len(one.rows.mentees) - one.solution.matched

    assert left > 52


def test_the_score_alone_would_leave_them_behind() -> None:
    behind = 0

    for one in rounds(20, mentors=8, newcomers=9, by_waiting=False):
        instance = one.rows.instance
        behind += len(
            list(left_behind(matrix(one.rows), instance.mentors.capacity, instance.mentees.waiting, one.solution.pairs))
        )

    assert behind > 20


@pytest.mark.parametrize("seed", range(8))
def test_the_best_total_is_found_within_the_groups_whatever_set_that_takes(seed: int) -> None:
    """The groups are what all best matchings share: one of them, the best, is among those that keep them."""
    rows = invented.rows(seed, 12, 90)
    instance, ticks = rows.instance, matrix(rows)

    found = ages(instance)
    within = np.where(found.mentees[:, None] == found.mentors, ticks, -1)
    inside, anywhere = (by_flow(each, instance.mentors.capacity, instance.mentees.waiting) for each in (within, ticks))

    assert inside == anywhere
    assert found.count == anywhere.matched
    assert sorted(instance.mentees.waiting[found.mentor_of >= 0], reverse=True) == anywhere.waited
    matched = set(solve(instance, compiled=False).pairs[:, 0].tolist())
    assert set(np.flatnonzero(found.must)) <= matched
    assert matched.isdisjoint(np.flatnonzero(found.mentees == NONE))
    assert (instance.mentees.waiting[sorted(matched)] >= found.mentees[sorted(matched)]).all()
    full = np.bincount(found.mentor_of[found.mentor_of >= 0], minlength=len(found.mentors)) == instance.mentors.capacity
    assert full[found.mentors > SPARE].all()
