"""Why mentees of a round were left over: the first thing that nobody who took part had for them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.instance import LANGUAGES_MOST, Instance, Mentees, Mentors
from commands.mentor.matching.pair import HALF_HOURS_LEAST
from content.left_over import LeftOver

NOBODY = -1
Hours = NDArray[np.uint64]


def reasons(instance: Instance, left: NDArray[np.int64]) -> list[LeftOver]:
    """One for each of these mentees, given by their places.

    Who is kept apart from whoever would fit reads of no place left, as everybody else for whom there was none.
    """
    if not len(instance.mentors):
        return [LeftOver.NO_MENTORS] * len(left)
    mentees = instance.mentees
    masks, which = np.unique(_hours(mentees)[left], axis=0, return_inverse=True)
    best = _most_experienced(instance.mentors, masks)[which.reshape(-1)]
    spoken = (mentees.languages[left, None] >> np.arange(LANGUAGES_MOST, dtype=np.uint16) & 1).astype(bool)
    meeting = np.where(spoken, best, NOBODY).max(axis=1, initial=NOBODY)
    every = np.bitwise_or.reduce(instance.mentors.languages)
    found = np.select(
        [meeting > mentees.seniority[left], meeting > NOBODY, mentees.languages[left] & every != 0], [0, 1, 2], 3
    )
    words = (LeftOver.PLACES, LeftOver.EXPERIENCE, LeftOver.HOURS, LeftOver.LANGUAGE)
    return [words[each] for each in found]


def _hours(columns: Mentors | Mentees) -> Hours:
    return np.stack([columns.weekday, columns.weekend], axis=1)


def _most_experienced(mentors: Mentors, masks: Hours) -> NDArray[np.int16]:
    """For each of these hours and each language the highest seniority among the mentors who could meet then."""
    theirs, which = np.unique(_hours(mentors), axis=0, return_inverse=True)
    table = np.full((len(theirs), LANGUAGES_MOST), NOBODY, dtype=np.int16)
    for bit in range(LANGUAGES_MOST):
        speak = np.flatnonzero(mentors.languages >> np.uint16(bit) & 1)
        np.maximum.at(table[:, bit], which.reshape(-1)[speak], mentors.seniority[speak])
    found = np.full((len(masks), LANGUAGES_MOST), NOBODY, dtype=np.int16)
    for place, mask in enumerate(masks):
        meet = np.bitwise_count(theirs & mask).max(axis=1) >= HALF_HOURS_LEAST
        found[place] = table[meet].max(axis=0, initial=NOBODY)
    return found
