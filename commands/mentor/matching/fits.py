"""Who fits whom by the hard rules alone: a mentee's mentors as the bits of one whole number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.instance import Instance
from commands.mentor.matching.pair import HALF_HOURS_LEAST

REMEMBERED_BYTES = 1 << 26  # for each of the columns; with more different values than that they are made again
SAMPLE = 512  # mentees, evenly over the column, who tell how hard a mentor is to place


class Fits:
    """Bit b of `fits(mentee)` is set where mentor `order[b]` may have this mentee; `capacity` is not looked at.

    Hours, languages and seniority are settled once for each value that occurs, so that a mentee costs a few
    operations over one bit a mentor: no table of mentees by mentors is ever made. Mentors whom few fit have the
    lowest bits: who takes the lowest that is free leaves those over who are easily filled (a hundred times as fast).
    """

    __slots__ = ("_asks", "_excluded", "_languages", "_seniority", "_weekday", "_weekend", "order")

    def __init__(self, instance: Instance) -> None:
        asks = instance.mentees
        self.order = hard_first(instance)
        mentors = instance.mentors
        weekday, weekend = mentors.weekday[self.order], mentors.weekend[self.order]
        languages, senior = mentors.languages[self.order], mentors.seniority[self.order]
        self._asks = tuple(column.tolist() for column in (asks.weekday, asks.weekend, asks.languages, asks.seniority))
        self._weekday = Bits(lambda mask: _common(weekday, mask))
        self._weekend = Bits(lambda mask: _common(weekend, mask))
        self._languages = Bits(lambda spoken: languages & np.uint16(spoken) != 0)
        self._seniority = Bits(lambda step: senior > step)
        self._excluded: dict[int, int] = {}
        bit_of = np.argsort(self.order)
        for mentee, mentor in instance.excluded.tolist():
            self._excluded[mentee] = self._excluded.get(mentee, 0) | 1 << int(bit_of[mentor])

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


def hard_first(instance: Instance) -> NDArray[np.int64]:
    """The places of the mentors, those first whom the fewest of some mentees fit."""
    mentors, asks = instance.mentors, instance.mentees
    fitting = np.zeros(len(mentors), np.int64)
    for mentee in np.unique(np.linspace(0, max(len(asks) - 1, 0), min(SAMPLE, len(asks)), dtype=np.int64)):
        hours = _common(mentors.weekday, asks.weekday[mentee]) | _common(mentors.weekend, asks.weekend[mentee])
        fitting += (
            hours & (mentors.languages & asks.languages[mentee] != 0) & (mentors.seniority > asks.seniority[mentee])
        )
    return np.argsort(fitting, kind="stable")


def _common(column: NDArray[np.uint64], mask: int) -> NDArray[np.bool_]:
    common: NDArray[np.uint8] = np.bitwise_count(column & np.uint64(mask))
    return common >= HALF_HOURS_LEAST
