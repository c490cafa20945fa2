"""Why mentees of a round were left over: the first thing that nobody who took part had for them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.instance import LANGUAGES_MOST, Instance, Mentees, Mentors
from commands.mentor.matching.pair import HALF_HOURS_LEAST
from content.left_over import LeftOver

NOBODY = -1
AT_ONCE = 4096
WORDS = (LeftOver.LANGUAGE, LeftOver.HOURS, LeftOver.EXPERIENCE, LeftOver.PLACES)
"""By how much the nearest mentor had for them: nothing, a language, hours as well, more experience as well."""
Hours = NDArray[np.uint64]


def reasons(instance: Instance, left: NDArray[np.int64]) -> list[LeftOver]:
    """One for each of these mentees, given by their places.

    Who is kept apart from somebody, or was declined, reads what they would if that mentor had no place for anybody.
    """
    if not len(instance.mentors):
        return [LeftOver.NO_MENTORS] * len(left)
    found = _nearest(instance, left)
    words = [WORDS[each] for each in found]
    excluded = instance.excluded
    for at in np.flatnonzero(np.isin(left, excluded[:, 0])).tolist():
        first, end = np.searchsorted(excluded[:, 0], [left[at], left[at] + 1])
        words[at] = _without(instance, int(left[at]), excluded[first:end, 1], int(found[at]))
    return words


def _nearest(instance: Instance, left: NDArray[np.int64]) -> NDArray[np.int64]:
    """How much the nearest mentor has for each of them."""
    mentees = instance.mentees
    masks, which = np.unique(_hours(mentees)[left], axis=0, return_inverse=True)
    best = _most_experienced(instance.mentors, masks)[which.reshape(-1)]
    spoken = (mentees.languages[left, None] >> np.arange(LANGUAGES_MOST, dtype=np.uint16) & 1).astype(bool)
    meeting = np.where(spoken, best, NOBODY).max(axis=1, initial=NOBODY)
    every = np.bitwise_or.reduce(instance.mentors.languages)
    conditions = [meeting > mentees.seniority[left], meeting > NOBODY, mentees.languages[left] & every != 0]
    return np.select(conditions, [3, 2, 1], 0)


def _without(instance: Instance, mentee: int, mentors: NDArray[np.int64], most: int) -> LeftOver:
    """The word for one mentee as if these mentors did not take part; no other has more than `most` for them."""
    everybody, mentees, nearest = instance.mentors, instance.mentees, NOBODY
    for first in range(0, len(everybody), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        speak = everybody.languages[some] & mentees.languages[mentee] != 0
        weekday = np.bitwise_count(everybody.weekday[some] & mentees.weekday[mentee])
        weekend = np.bitwise_count(everybody.weekend[some] & mentees.weekend[mentee])
        meet = speak & (np.maximum(weekday, weekend) >= HALF_HOURS_LEAST)
        ahead = meet & (everybody.seniority[some] > mentees.seniority[mentee])
        has = speak.astype(np.int8) + meet + ahead
        has[mentors[(mentors >= first) & (mentors < first + AT_ONCE)] - first] = NOBODY
        nearest = max(nearest, int(has.max()))
        if nearest == most:
            break
    return LeftOver.NO_MENTORS if nearest == NOBODY else WORDS[nearest]


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
