"""Those who have waited most rounds come first: what that leaves open, so that the score may decide the rest.

The sets of mentees who can be matched together are a matroid: who is admitted by waiting, the longest first, whenever
an exchange makes room, gives the most matches and leaves nobody over whom an exchange would put in the place of one who
has waited less. Which set that is is not yet decided, as many wait alike. `ages` finds what all such sets share:

* A mentee who finds no place with those of the same waiting or more closes the mentors within reach: they are full with
  mentees who could go nowhere else, so nobody else may have one of them. They are a group, named by that waiting.
* In a group every place is taken, and only those who have waited just as long as its name may be left over.
* Whom no mentor of the group fits is left over in any case (NONE). Whom no search closed is in the group SPARE: its
  mentees are all matched, its mentors may keep free places.

So a matching is best by count and then by waiting exactly if it pairs within groups, matches all who `must` be, and
fills the mentors of every group but SPARE. Groups do not touch one another; the best score of each, added up, is the
best score of the round among all such matchings, and a bound for each, added up, bounds it. The certificate of a round
means that: at the highest count, with those first who have waited longest, no score is higher than its bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.fits import Fits, places
from commands.mentor.matching.instance import Instance
from commands.mentor.matching.matching import Matching

SPARE, NONE = -1, -2  # less than any waiting; NONE is the group of those whom no mentor of their own group fits


@dataclass(frozen=True, slots=True, eq=False)
class Ages:
    """The groups of both sides, who must be matched, and one matching that is right: a mentee's mentor, or -1."""

    mentors: NDArray[np.int32]
    mentees: NDArray[np.int32]
    must: NDArray[np.bool_]
    mentor_of: NDArray[np.int64]

    @property
    def count(self) -> int:
        """The most that can be matched."""
        return int(np.count_nonzero(self.mentor_of >= 0))


def ages(instance: Instance) -> Ages:
    """The groups are the same in whatever order members are looked at: they are of the instance, not of a search."""
    fits, waiting = Fits(instance), instance.mentees.waiting
    matching = Matching(fits, instance.mentors.capacity)
    of_mentors = np.full(len(instance.mentors), SPARE, np.int32)
    of_mentees = np.full(len(instance.mentees), SPARE, np.int32)
    for waited in np.unique(waiting)[::-1]:
        level, opened = np.flatnonzero(waiting == waited), matching.open
        for mentee in _hard_first(level, fits, matching):
            closed = matching.admit(mentee)
            if closed is None:
                continue
            matching.open ^= closed
            bits = places(closed)
            of_mentors[fits.order[bits]] = waited
            of_mentees[[one for bit in bits for one in matching.mentees_of[bit]]] = waited
            of_mentees[mentee] = waited if fits(mentee) & opened else NONE
    must = (waiting > of_mentees) & (of_mentees != NONE)
    return Ages(of_mentors, of_mentees, must, matching.mentor_of(len(waiting)))


def _hard_first(level: NDArray[np.int64], fits: Fits, matching: Matching) -> list[int]:
    """These mentees, those first whom the fewest mentors fit that still take part."""
    choice = [(fits(mentee) & matching.open).bit_count() if matching.open else 0 for mentee in level.tolist()]
    ordered: list[int] = level[np.argsort(choice, kind="stable")].tolist()
    return ordered
