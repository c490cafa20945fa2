"""Whether boards are what the ledger says: their standings and their histogram, compared line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from storage import board_sums
from storage.board_sums import Rows, Today
from storage.tables import community, member
from storage.unit import Unit

MEMBERS_AT_ONCE = 2000
COMMUNITIES_AT_ONCE = 200
SHOWN = 5  # differences that are told one by one

_LAST_MEMBER = select(func.max(member.c.id))
_LAST_COMMUNITY = select(func.max(community.c.id))

Told = Callable[[float], None]
"""Hears which part of the work is done."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A line that is not what it has to be; None where it is missing, or has to be missing.

    `member` is None for a line of the histogram; that one says how many have so many `points`, or with `level` 1
    how many have points in the 256 from 256 times that number on.
    """

    community: int
    board: str
    season: str
    stored: int | None
    wanted: int | None
    member: int | None = None
    level: int = 0
    points: int = 0


@dataclass(slots=True)
class Compared:
    """How many lines were compared, how many of them differ, and the first few of those."""

    standings: int = 0
    histogram: int = 0
    different: int = 0
    first: list[Difference] = field(default_factory=list)

    def note(self, found: Sequence[Difference]) -> None:
        """These differ."""
        self.different += len(found)
        self.first += found[: SHOWN - len(self.first)]


def check(unit: Unit, told: Told) -> Compared:
    """Compares all standings of windows still kept with the ledger, and the histogram with the standings."""
    compared = Compared()
    days = board_sums.todays(unit)
    parts = members(unit)
    for number, (first, last) in enumerate(parts, 1):
        for today in days:
            lines, found = standings(unit, today, first, last)
            compared.standings += lines
            compared.note(found)
        told(number / (len(parts) + 1))
    for first, last in communities(unit):
        for today in days:
            lines, found = histograms(unit, today, first, last)
            compared.histogram += lines
            compared.note(found)
    told(1.0)
    return compared


def standings(unit: Unit, today: Today, first: int, last: int) -> tuple[int, list[Difference]]:
    """How many standings these members have, and those that differ from the ledger."""
    stored, wanted = board_sums.standings_stored(today, first, last), board_sums.standings_wanted(today, first, last)
    lines, is_, must = _both(unit, stored, wanted)
    found = [
        Difference(key[3], key[1], key[2], is_.get(key), must.get(key), member=key[0])
        for key in sorted(is_.keys() | must.keys())
    ]
    return lines, found


def histograms(unit: Unit, today: Today, first: int, last: int) -> tuple[int, list[Difference]]:
    """How many lines the histogram of these communities has, and those that differ from their standings."""
    stored, wanted = board_sums.histogram_stored(today, first, last), board_sums.histogram_wanted(today, first, last)
    lines, is_, must = _both(unit, stored, wanted)
    found = [
        Difference(key[0], key[1], key[2], is_.get(key), must.get(key), level=key[3], points=key[4])
        for key in sorted(is_.keys() | must.keys())
    ]
    return lines, found


def members(unit: Unit, size: int = MEMBERS_AT_ONCE) -> list[tuple[int, int]]:
    """All ids of members in parts of this size: the first and the last of each."""
    return _ranges(unit.execute(_LAST_MEMBER).scalar_one(), size)


def communities(unit: Unit) -> list[tuple[int, int]]:
    """All ids of communities in parts."""
    return _ranges(unit.execute(_LAST_COMMUNITY).scalar_one(), COMMUNITIES_AT_ONCE)


def _ranges(last: int | None, size: int) -> list[tuple[int, int]]:
    return [(first, first + size - 1) for first in range(1, (last or 0) + 1, size)]


def _both(unit: Unit, stored: Rows, wanted: Rows) -> tuple[int, dict[tuple[Any, ...], int], dict[tuple[Any, ...], int]]:
    """How many lines are stored, and those that only one side has, by all but their last column."""
    is_, must = ({tuple(row) for row in unit.execute(each)} for each in (stored, wanted))
    wrong, missing = ({row[:-1]: row[-1] for row in only} for only in (is_ - must, must - is_))
    return len(is_), wrong, missing
