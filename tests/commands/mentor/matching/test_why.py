"""Why somebody was left over: of mentors whom they are kept apart from they read what they would of full ones."""

from __future__ import annotations

import random

import numpy as np

from commands.mentor.matching import why
from commands.mentor.matching.instance import Instance, MenteeRow, MentorRow, instance_of
from content.left_over import LeftOver
from content.outcomes import Outcome

MENTORS_MOST, MENTEES = 9, 4
ROUNDS = 150


def mentor(one: int, chance: random.Random) -> MentorRow:
    hours, languages = chance.choice([0b11, 0b1111, 0b110000]), chance.choice([("en",), ("zh",), ("en", "fr")])
    return MentorRow(one, (Outcome.PLATFORM,), (), hours, 0, languages, chance.randint(0, 3), 1)


def mentee(one: int, chance: random.Random) -> MenteeRow:
    hours, languages = chance.choice([0b11, 0b1100, 0b10]), chance.choice([("en",), ("zh",), ("ar",)])
    return MenteeRow(one, Outcome.PLATFORM, (), hours, chance.choice([0, 0b11]), languages, chance.randint(0, 3))


def said(instance: Instance) -> list[LeftOver]:
    return why.reasons(instance, np.arange(len(instance.mentees)))


def test_who_is_kept_apart_reads_the_same_as_if_that_mentor_were_full() -> None:
    chance, seen = random.Random(6), set()
    for _round in range(ROUNDS):
        mentors = [mentor(one, chance) for one in range(chance.randint(1, MENTORS_MOST))]
        mentees = [mentee(100 + one, chance) for one in range(MENTEES)]
        apart = [(each.id, other.id) for each in mentees for other in mentors if chance.random() < 0.4]

        found = said(instance_of(mentors, mentees, excluded=apart))

        for place, each in enumerate(mentees):
            there = [other for other in mentors if (each.id, other.id) not in apart]
            assert found[place] is said(instance_of(there, [each]))[0]
        seen |= set(found)
    assert seen == {*LeftOver} - {LeftOver.UNMADE}


def test_whoever_else_there_is_among_many_decides() -> None:
    fits = MentorRow(why.AT_ONCE + 5, (Outcome.PLATFORM,), (), 0b11, 0, ("en",), 3, 1)
    others = [MentorRow(one, (Outcome.PLATFORM,), (), 0b11, 0, ("fr",), 3, 1) for one in range(why.AT_ONCE + 2)]
    ada = MenteeRow(-1, Outcome.PLATFORM, (), 0b11, 0, ("en",), 0)

    assert said(instance_of([*others, fits], [ada], excluded=[(-1, 3)])) == [LeftOver.PLACES]
    assert said(instance_of([*others, fits], [ada], excluded=[(-1, fits.id)])) == [LeftOver.LANGUAGE]
