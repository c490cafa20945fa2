"""A matching that grows by one mentee at a time and never drops one: for counting, and for who comes first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.fits import Fits, lowest, places


class Matching:
    """Who is with whom while mentees are admitted. Mentors are bits, by the order of `fits`."""

    __slots__ = ("_capacity", "_fits", "_free", "_mentor_of", "mentees_of", "open")

    def __init__(self, fits: Fits, capacity: NDArray[np.int32]) -> None:
        self._fits = fits
        self._capacity: list[int] = capacity[fits.order].tolist()
        self._mentor_of: dict[int, int] = {}
        self._free = self.open = sum(1 << mentor for mentor, most in enumerate(self._capacity) if most > 0)
        self.mentees_of: list[list[int]] = [[] for _ in self._capacity]

    def start(self, mentor_of: NDArray[np.int64]) -> None:
        """From this one: a mentor's place for each mentee, or -1."""
        bit_of = np.argsort(self._fits.order)
        for mentee in np.flatnonzero(mentor_of >= 0).tolist():
            self._put(mentee, int(bit_of[mentor_of[mentee]]))

    def mentor_of(self, mentees: int) -> NDArray[np.int64]:
        """A mentor's place for each of so many mentees, or -1."""
        found = np.full(mentees, -1, np.int64)
        found[list(self._mentor_of)] = self._fits.order[list(self._mentor_of.values())]
        return found

    def admit(self, mentee: int) -> int | None:
        """Place this mentee, moving others where need be; None when done.

        Else the bits of all mentors whom an exchange could reach: each of them is full, and none of their mentees
        fits an open mentor that is not among them.
        """
        came: dict[int, int] = {}
        unseen = self.open
        reached = self._fits(mentee) & unseen
        if direct := reached & self._free:
            self._move(mentee, lowest(direct), came)
            return None
        unseen ^= reached
        steps = [(mentee, reached)]
        for asking, found in steps:
            for mentor in places(found):
                came[mentor] = asking
                for moving in self.mentees_of[mentor]:
                    reached = self._fits(moving) & unseen
                    if direct := reached & self._free:
                        self._move(moving, lowest(direct), came)
                        return None
                    if reached:
                        unseen ^= reached
                        steps.append((moving, reached))
        return self.open ^ unseen

    def _move(self, mentee: int, mentor: int, came: dict[int, int]) -> None:
        """Along the way that the search came."""
        left = self._mentor_of.get(mentee)
        self._put(mentee, mentor)
        while left is not None:
            self.mentees_of[left].remove(mentee)
            mentee, mentor = came[left], left
            left = self._mentor_of.get(mentee)
            self._put(mentee, mentor)

    def _put(self, mentee: int, mentor: int) -> None:
        self._mentor_of[mentee] = mentor
        self.mentees_of[mentor].append(mentee)
        if len(self.mentees_of[mentor]) == self._capacity[mentor]:
            self._free &= ~(1 << mentor)
