"""A round: as many as can be matched, the best total at that count, and the proof of both."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from commands.mentor.matching import auction, states
from commands.mentor.matching.count import Part
from commands.mentor.matching.engine import engine
from commands.mentor.matching.instance import Id, MenteeRow, MentorRow
from commands.mentor.matching.pair import parts, parts_at
from commands.mentor.matching.scores import scores
from commands.mentor.matching.sides import mentees_of, mentors_of
from commands.mentor.matching.solve import GAP_MOST, Solution, solve
from content.outcomes import Outcome
from tests.commands.mentor.matching import invented
from tests.commands.mentor.matching.invented import Rows
from tests.commands.mentor.matching.oracle import broken, by_flow, matrix
from tests.matching_run import REGIMES, drawn

SMALL = 90


def spelled(solution: Solution) -> tuple[object, ...]:
    """All that a round came to, to the byte."""
    arrays = (solution.pairs, solution.mentor_prices, solution.mentee_values)
    return *(each.tobytes() for each in arrays), solution.score, solution.bound, solution.digest


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("seed", range(10))
def test_no_other_way_matches_more_or_scores_more_than_is_certified(
    regime: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a list is longer than all partners there are in so small a community, and would never be made anew
    monkeypatch.setattr(states, "LISTED", (256, 6)[seed % 2])
    rows = drawn(seed, SMALL + seed * 20, regime)
    instance, ticks = rows.instance, matrix(rows)

    solution = solve(instance, compiled=False)

    waiting = instance.mentees.waiting
    best = by_flow(ticks, instance.mentors.capacity, waiting)
    assert broken(instance, ticks, solution.pairs) == []
    assert solution.proven
    assert solution.matched == len(solution.pairs) == best.matched
    assert sorted(waiting[solution.pairs[:, 0]], reverse=True) == best.waited
    assert solution.score == sum(ticks[mentee, mentor] for mentee, mentor in solution.pairs)
    assert solution.score <= best.score <= solution.bound
    assert solution.gap <= GAP_MOST
    assert list(scores(instance, solution.pairs)) == [
        each.score for pair in solution.pairs.tolist() if (each := parts_at(instance, *pair))
    ]


@pytest.mark.slow
def test_compiled_or_not_whatever_the_order_of_the_rows_each_byte_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    # shorter than all partners, so that they are made anew, and longer than the head that numpy looks at first
    monkeypatch.setattr(states, "LISTED", 40)
    for seed in range(6):
        rows = drawn(seed, 150 + 50 * seed, tuple(REGIMES)[seed % 3])
        chance = random.Random(seed)
        mentors, mentees = (
            chance.sample(rows.mentors, len(rows.mentors)),
            chance.sample(rows.mentees, len(rows.mentees)),
        )
        other = Rows(mentors, mentees, rows.excluded[::-1], rows.previous[::-1])

        assert spelled(solve(rows.instance, compiled=True)) == spelled(solve(other.instance, compiled=False))


@pytest.mark.parametrize("step", [1, 400])
def test_another_bid_step_changes_the_total_alone_and_the_gap_is_kept_all_the_same(
    step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # no instance of a few hundred needs the finer units with the step there is
    monkeypatch.setattr(auction, "STEP", step)
    rows = drawn(3, 300, "balanced")

    solution = solve(rows.instance, compiled=False)

    best = by_flow(matrix(rows), rows.instance.mentors.capacity, rows.instance.mentees.waiting)
    assert (solution.matched, solution.proven) == (best.matched, True)
    assert best.score <= solution.bound
    assert solution.gap <= GAP_MOST


def test_who_fits_only_one_is_not_left_over_for_a_higher_total() -> None:
    """A chain: each mentee but the first would score more with the mentor of the one before."""
    length = 30
    mentors = [mentor(number, [f"skill {number}"], hours=0b11 << number) for number in range(length)]
    mentees = [
        mentee(
            1000 + number, [f"skill {max(number - 1, 0)}"], hours=0b11 << number | (0b11 << number - 1 if number else 0)
        )
        for number in range(length)
    ]
    rows = Rows(mentors, mentees, [], [])

    solution = solve(rows.instance, compiled=False)

    assert solution.matched == length
    assert [pair[0] for pair in solution.pairs.tolist()] == [pair[1] for pair in solution.pairs.tolist()]


def test_pairs_that_are_in_every_largest_matching_count_in_the_bound() -> None:
    """One mentor has more places than people who fit: those pairs are no matter of price."""
    mentors = [mentor(1, ["skill 1"], hours=0b1111, capacity=5), mentor(2, ["skill 1"], hours=0b11 << 40)]
    mentees = [mentee(10 + number, ["skill 1"], hours=0b11 << (40 if number > 2 else 0)) for number in range(9)]
    rows = Rows(mentors, mentees, [], [])

    solution = solve(rows.instance, compiled=False)

    assert (solution.matched, solution.proven) == (4, True)
    assert solution.score == by_flow(matrix(rows), rows.instance.mentors.capacity).score
    assert solution.bound - solution.score <= auction.STEP


@pytest.mark.parametrize("compiled", [True, False])
def test_more_bidders_than_there_are_places_are_a_fault_that_is_said(
    compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # ten million turns would take a minute
    monkeypatch.setattr(auction, "TURNS_MOST", 1_000)
    # no more at once than there may be in all
    monkeypatch.setattr(auction, "TURNS", 500)
    mentors = [mentor(number, ["skill 1"], hours=0b1111) for number in range(2)]
    instance = Rows(mentors, [mentee(9 + number, [], hours=0b1111) for number in range(3)], [], []).instance
    part = Part(mentors_of(instance), mentees_of(instance), mentors_bid=False)

    with pytest.raises(auction.Unsold, match="1 of 3 places"):
        auction.auction(instance, part, 1, engine(compiled=compiled), lambda _done: None)


def test_nobody_and_nobody_who_fits_is_no_crash() -> None:
    lonely = invented.rows(1, 0, 20, special=0)
    nobody = Rows([], [], [], [])
    blocked = invented.rows(2, 8, 8, special=0)
    everyone = [(one.id, other.id) for one in blocked.mentees for other in blocked.mentors]

    for rows in (nobody, lonely, replace(blocked, mentees=[]), replace(blocked, excluded=everyone)):
        solution = solve(rows.instance, compiled=False)
        assert (solution.matched, solution.proven, solution.gap, solution.bound) == (0, True, 0.0, 0)


def test_progress_never_goes_back_and_ends_with_all() -> None:
    told: list[float] = []

    solve(drawn(1, 400, "balanced").instance, compiled=False, tell=told.append)

    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)


def test_values_and_prices_bound_what_any_pair_adds() -> None:
    """Whoever has waited longer may be worth less than nothing to the total: that one comes first all the same."""
    rows = drawn(5, 250, "over-subscribed")
    instance = rows.instance

    solution = solve(instance, compiled=False, by_waiting=False)

    assert (solution.mentee_values >= 0).all()
    left = np.setdiff1d(np.arange(len(instance.mentees)), solution.pairs[:, 0])
    assert (solution.mentee_values[left] == 0).all()


def mentor(number: Id, skills: list[str], *, hours: int, capacity: int = 1) -> MentorRow:
    return MentorRow(number, (Outcome.BUSINESS,), skills, hours, 0, ("en",), 3, capacity)


def mentee(number: Id, gaps: list[str], *, hours: int) -> MenteeRow:
    return MenteeRow(number, Outcome.BUSINESS, gaps, hours, 0, ("en",), 1)


def test_the_examples_here_are_pairs() -> None:
    assert parts(mentor(1, ["skill 1"], hours=3), mentee(2, ["skill 1"], hours=3))
