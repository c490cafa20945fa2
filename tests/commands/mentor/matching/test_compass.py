"""The recruitment compass keeps what it promises."""

from __future__ import annotations

import numpy as np
import pytest

from commands.mentor.matching.compass import CAPACITY, KINDS_MOST, MENTORS_MOST, compass
from commands.mentor.matching.instance import MenteeRow, instance_of
from commands.mentor.matching.solve import solve
from content.outcomes import Outcome
from tests.commands.mentor.matching import invented
from tests.rounds_run import Round, pointed, with_them


@pytest.mark.parametrize(("mentors", "mentees"), [(0, 60), (5, 90), (20, 120), (60, 60)])
def test_exactly_these_mentors_match_exactly_so_many_more(mentors: int, mentees: int) -> None:
    rows = invented.rows(mentors, mentors, mentees)
    before = solve(rows.instance, compiled=False)

    found = pointed(Round(rows, before))

    after = solve(with_them(rows, found).instance, compiled=False)
    assert after.matched - before.matched == found.matches > 0
    assert len(found.kinds) <= KINDS_MOST
    for kind in found.kinds:
        assert 0 < kind.mentors <= MENTORS_MOST
        assert 0 < kind.matches <= kind.mentors * CAPACITY
        assert set(kind.tracks) <= set(Outcome)
        assert kind.skills
    assert found == pointed(Round(rows, before))


def test_who_no_mentor_could_fit_is_promised_to_nobody() -> None:
    silent = MenteeRow("silent", Outcome.HYBRID, (), 0b1111, 0, (), 0)
    busy = MenteeRow("busy", Outcome.HYBRID, (), 0, 0, ("en",), 0)

    for mentees in ([], [silent], [busy], [silent, busy]):
        found = compass(instance_of([], mentees), np.full(len(mentees), -1, np.int64))

        assert (found.kinds, found.matches, found.mentors) == ((), 0, 0)
