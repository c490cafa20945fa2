"""A matching that grows by one mentee at a time and never drops one: for counting, and for who comes first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from commands.mentor.matching.fits import Fits, lowest, places


class Matching:
    """Who is with whom while mentees are admitted. `open` has the bits of the mentors who still take part."""

    __slots__ = ("_capacity", "_fits", "_free", "mentees_of", "mentor_of", "open")

    def __init__(self, fits: Fits, capacity: Sequence[int], pairs: Iterable[tuple[int, int]] = ()) -> None:
        self._fits, self._capacity = fits, capacity
        self.mentees_of: list[list[int]] = [[] for _ in capacity]
        self.mentor_of: dict[int, int] = {}
        for mentee, mentor in pairs:
            self.mentees_of[mentor].append(mentee)
            self.mentor_of[mentee] = mentor
        free = (len(taken) < most for taken, most in zip(self.mentees_of, capacity, strict=True))
        self._free = sum(1 << mentor for mentor, has in enumerate(free) if has)
        self.open = sum(1 << mentor for mentor, most in enumerate(capacity) if most > 0)

    def admit(self, mentee: int) -> int | None:
        """Place this mentee, moving others where need be; None when done.

        Else the bits of all mentors whom an exchange could reach: each of them is full, and none of their mentees
        fits an open mentor that is not among them.
        """
        came: dict[int, int] = {}
        unseen = self.open
        reached = self._fits(mentee) & unseen
        if direct := reached & self._free:
            return self._move(mentee, lowest(direct), came)
        unseen ^= reached
        steps = [(mentee, reached)]
        for asking, found in steps:
            for mentor in places(found):
                came[mentor] = asking
                for moving in self.mentees_of[mentor]:
                    reached = self._fits(moving) & unseen
                    if direct := reached & self._free:
                        return self._move(moving, lowest(direct), came)
                    if reached:
                        unseen ^= reached
                        steps.append((moving, reached))
        return self.open ^ unseen

    def _move(self, mentee: int, mentor: int, came: dict[int, int]) -> None:
        """Along the way that the search came."""
        if len(self.mentees_of[mentor]) + 1 == self._capacity[mentor]:
            self._free ^= 1 << mentor
        left = self._take(mentee, mentor)
        while left is not None:
            self.mentees_of[left].remove(mentee)
            mentee = came[left]
            left = self._take(mentee, left)

    def _take(self, mentee: int, mentor: int) -> int | None:
        """The mentor that is left for this one."""
        left = self.mentor_of.get(mentee)
        self.mentor_of[mentee] = mentor
        self.mentees_of[mentor].append(mentee)
        return left
