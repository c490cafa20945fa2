"""The rule of a pair: hard rules, and parts that sum to the score."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.mentor.matching.instance import MenteeRow, MentorRow
from commands.mentor.matching.pair import LARGEST, TICKS, Parts, best, parts, parts_at
from content.outcomes import Outcome
from tests.commands.mentor.matching import invented

BUSINESS, PLATFORM, TECHNICAL, HYBRID = Outcome
MENTOR = MentorRow("m", (BUSINESS,), ("a", "b", "c"), 0b111111, 0b11, ("en", "zh"), 2, 1)
MENTEE = MenteeRow("n", BUSINESS, ("a", "b", "d"), 0b1111110, 0b110000, ("zh",), 0)


def points(found: Parts | None) -> tuple[float, ...]:
    assert found is not None
    each = (found.track, found.gaps, found.hours, found.seniority, found.novelty)
    assert found.score == sum(each)
    return tuple(round(part / TICKS, 2) for part in each)


def test_a_pair_is_worth_what_the_table_says() -> None:
    assert points(parts(MENTOR, MENTEE)) == (30, 23.33, 12.5, 10, 10)
    assert points(parts(MENTOR, MENTEE, previous=True)) == (30, 23.33, 12.5, 10, 0)
    assert points(parts(MENTOR, replace(MENTEE, gaps=())))[1] == 0
    assert points(parts(replace(MENTOR, skills=MENTEE.gaps, weekday=2**48 - 1), replace(MENTEE, weekday=2**9 - 1))) == (
        30, 35, 15, 10, 10,
    )  # fmt: skip
    assert LARGEST == 100 * TICKS


@pytest.mark.parametrize(
    ("offered", "wanted", "worth"),
    [
        ((BUSINESS,), BUSINESS, 30),
        ((HYBRID,), HYBRID, 30),
        ((BUSINESS, TECHNICAL), HYBRID, 20),
        ((BUSINESS,), HYBRID, 0),
        ((HYBRID, PLATFORM), BUSINESS, 12),
        ((PLATFORM,), BUSINESS, 0),
    ],
)
def test_tracks_are_worth(offered: tuple[Outcome, ...], wanted: Outcome, worth: int) -> None:
    assert points(parts(replace(MENTOR, tracks=offered), replace(MENTEE, track=wanted)))[0] == worth


def test_steps_apart_are_worth() -> None:
    worth = [points(parts(replace(MENTOR, seniority=steps), MENTEE))[3] for steps in range(1, 8)]

    assert worth == [7, 10, 8, 5, 2, 2, 2]


@pytest.mark.parametrize(
    "mentee",
    [
        replace(MENTEE, languages=("en-AU", "hi")),
        replace(MENTEE, weekday=0b11000001),
        replace(MENTEE, seniority=2),
        replace(MENTEE, seniority=4),
        replace(MENTEE, id="m"),
    ],
    ids=("language", "hours", "peer", "senior", "oneself"),
)
def test_a_hard_rule_forbids(mentee: MenteeRow) -> None:
    assert parts(MENTOR, mentee) is None


def test_weekends_count_as_well_as_weekdays() -> None:
    found = parts(replace(MENTOR, weekend=0b1111), replace(MENTEE, weekday=1, weekend=0b111))

    assert points(found)[2] == 7.5


def test_columns_say_what_rows_say_and_the_best_for_one_are_the_best_of_all() -> None:
    rows = invented.rows(7, 60, 60, special=200)
    instance = rows.instance
    mentors = {row.id: row for row in rows.mentors}
    for row in rows.mentees:
        mentee = instance.mentees.ids.index(row.id)
        excluded = {mentor for one, mentor in rows.excluded if one == row.id}
        previous = {mentor for one, mentor in rows.previous if one == row.id}
        known = [mentors[one] for one in instance.mentors.ids]
        alone = [
            None if mentor.id in excluded else parts(mentor, row, previous=mentor.id in previous) for mentor in known
        ]
        assert [parts_at(instance, mentee, at) for at in range(len(known))] == alone
        ranked = sorted((-each.score, at) for at, each in enumerate(alone) if each and known[at].capacity)
        found = best(instance, row, excluded=excluded, previous=previous)
        assert [(-each.parts.score, each.mentor) for each in found] == ranked[:5]
        assert [each.parts for each in found] == [alone[each.mentor] for each in found]
