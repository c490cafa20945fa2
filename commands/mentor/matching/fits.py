"""Who fits whom by the hard rules alone: a mentee's mentors as the bits of one whole number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.instance import Instance
from commands.mentor.matching.pair import HALF_HOURS_LEAST

REMEMBERED_BYTES = 1 << 26  # for each of the columns; with more different values than that they are made again


class Fits:
    """Bit m of `fits(mentee)` is set where the mentor at place m may have this mentee; `capacity` is not looked at.

    Hours, languages and seniority are settled once for each value that occurs, so that a mentee costs a few
    operations over one bit a mentor: no table of mentees by mentors is ever made.
    """

    __slots__ = ("_asks", "_excluded", "_languages", "_most", "_seniority", "_weekday", "_weekend")

    def __init__(self, instance: Instance) -> None:
        mentors, asks = instance.mentors, instance.mentees
        self._asks = tuple(column.tolist() for column in (asks.weekday, asks.weekend, asks.languages, asks.seniority))
        self._weekday = Bits(lambda mask: _common(mentors.weekday, mask))
        self._weekend = Bits(lambda mask: _common(mentors.weekend, mask))
        self._languages = Bits(lambda spoken: mentors.languages & np.uint16(spoken) != 0)
        self._seniority = Bits(lambda step: mentors.seniority > step)
        self._excluded: dict[int, int] = {}
        for mentee, mentor in instance.excluded.tolist():
            self._excluded[mentee] = self._excluded.get(mentee, 0) | 1 << mentor

    def __call__(self, mentee: int) -> int:
        weekday, weekend, languages, seniority = self._asks
        found = self._weekday[weekday[mentee]] | self._weekend[weekend[mentee]]
        found &= self._languages[languages[mentee]] & self._seniority[seniority[mentee]]
        return found & ~self._excluded[mentee] if mentee in self._excluded else found


class Bits(dict[int, int]):
    """A whole number of one bit a mentor for each value of a column, made when it is first asked for."""

    __slots__ = ("_fits",)

    def __init__(self, fits: Callable[[int], NDArray[np.bool_]]) -> None:
        self._fits = fits

    def __missing__(self, value: int) -> int:
        packed = np.packbits(self._fits(value), bitorder="little").tobytes()
        if len(self) * len(packed) > REMEMBERED_BYTES:
            self.clear()
        self[value] = int.from_bytes(packed, "little")
        return self[value]


def places(found: int) -> list[int]:
    """The bits that are set, the lowest first."""
    if found.bit_count() < 8:
        few = []
        while found:
            lowest = found & -found
            few.append(lowest.bit_length() - 1)
            found ^= lowest
        return few
    packed = np.frombuffer(found.to_bytes((found.bit_length() + 7) // 8, "little"), np.uint8)
    return np.flatnonzero(np.unpackbits(packed, bitorder="little")).tolist()


def lowest(found: int) -> int:
    """The place of the lowest bit."""
    return (found & -found).bit_length() - 1


def _common(column: NDArray[np.uint64], mask: int) -> NDArray[np.bool_]:
    return np.bitwise_count(column & np.uint64(mask)) >= HALF_HOURS_LEAST
