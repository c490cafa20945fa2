"""Standings and their histogram: the ledger's sums of those who stand on boards, changed in the award's own unit."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import bindparam, delete, select

from content.boards import Board
from content.outcomes import Outcome
from storage import seasons
from storage.tables import BI, award, histogram, member, standing
from storage.unit import Prepared, Unit, upsert

FINE, COARSE = 0, 1
BUCKET = 8  # bits: a coarse row stands for 256 numbers of points
ROWS_AT_ONCE = 60  # of the histogram in one statement

Place = tuple[str, str]
"""A board and a window."""
Move = tuple[str, str, int, int]
"""On a board, in a window: so many points before, and so many now."""

_ROW_OF_STANDING = ("board", "season", "points")
_ROW_OF_HISTOGRAM = ("board", "season", "level", "points", "members")

_LEDGER = Prepared(
    select(award.c.outcome, award.c.day, award.c.points).where(award.c.member_id == bindparam("member", type_=BI))
)
_LEAVE = Prepared(
    delete(standing)
    .where(standing.c.member_id == bindparam("member", type_=BI))
    .returning(standing.c.board, standing.c.season, standing.c.points)
)
_COMMUNITY = Prepared(select(member.c.community_id).where(member.c.id == bindparam("member", type_=BI)))


def add(
    unit: Unit, community_id: int, member_id: int, day: dt.date, today: dt.date, outcome: str | None, points: int
) -> None:
    """Points of a deed of this day, for a member who stands on boards: in every window still kept today."""
    kept = seasons.in_reach(today)
    places = [(board, each) for each in seasons.windows(day) if each in kept for board in boards_of(outcome)]
    _change(unit, community_id, member_id, dict.fromkeys(places, points))


def enter(unit: Unit, member_id: int, today: dt.date) -> None:
    """The member stands on boards from now on, with all that the ledger has of them."""
    community_id = unit.rows(_COMMUNITY, {"member": member_id})[0][0]
    sums: Counter[Place] = Counter()
    kept = seasons.in_reach(today)
    for outcome, day, points in unit.rows(_LEDGER, {"member": member_id}):
        for window in seasons.windows(dt.date.fromordinal(day)):
            if window in kept:
                for board in boards_of(outcome):
                    sums[board, window] += points
    _change(unit, community_id, member_id, sums)


def leave(unit: Unit, member_id: int) -> None:
    """The member stands on no board any more; whoever stood below moves up."""
    found = unit.rows(_COMMUNITY, {"member": member_id})
    left = unit.rows(_LEAVE, {"member": member_id})
    if found:
        _count(unit, found[0][0], [(board, season, points, 0) for board, season, points in left])


def boards_of(outcome: str | Outcome | None) -> tuple[str, ...]:
    """The boards that a deed of this outcome counts on."""
    return (Board.ALL.value,) if outcome is None else (Board.ALL.value, str(outcome))


def _change(unit: Unit, community_id: int, member_id: int, sums: Mapping[Place, int]) -> None:
    """More or fewer points on these boards, and the histogram along."""
    if not sums:
        return
    rows = [(board, season, sums[board, season]) for board, season in sorted(sums)]
    who = {"community_id": community_id, "member_id": member_id}
    became = unit.rows(_add_standings(len(rows)), who | _numbered(_ROW_OF_STANDING, rows))
    _count(unit, community_id, [(board, season, now - sums[board, season], now) for board, season, now in became])


def _count(unit: Unit, community_id: int, moves: Iterable[Move]) -> None:
    """The rows of the histogram that differ when a member has moved so, always in the same order."""
    rows = sorted(row for move in moves for row in _moved(*move))
    for first in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[first : first + ROWS_AT_ONCE]
        unit.rows(_add_histogram(len(some)), {"community_id": community_id} | _numbered(_ROW_OF_HISTOGRAM, some))


def _moved(board: str, season: str, was: int, now: int) -> Iterator[tuple[str, str, int, int, int]]:
    """One member fewer where they stood, one more where they stand; with no points they stand nowhere."""
    for level, bits in ((FINE, 0), (COARSE, BUCKET)):
        before, after = (was >> bits if was > 0 else None), (now >> bits if now > 0 else None)
        if before != after:
            if before is not None:
                yield board, season, level, before, -1
            if after is not None:
                yield board, season, level, after, 1


@cache
def _add_standings(rows: int) -> Prepared:
    names = ("community_id", "member_id")
    made = upsert(
        standing,
        lambda insert: (
            insert.values(_parameters(names, _ROW_OF_STANDING, rows))
            .on_conflict_do_update(
                index_elements=["member_id", "board", "season"],
                set_={"points": standing.c.points + insert.excluded.points},
            )
            .returning(standing.c.board, standing.c.season, standing.c.points)
        ),
    )
    return Prepared(made, same_text=True)


@cache
def _add_histogram(rows: int) -> Prepared:
    made = upsert(
        histogram,
        lambda insert: insert.values(_parameters(("community_id",), _ROW_OF_HISTOGRAM, rows)).on_conflict_do_update(
            index_elements=["community_id", "board", "season", "level", "points"],
            set_={"members": histogram.c.members + insert.excluded.members},
        ),
    )
    return Prepared(made, same_text=True)


def _parameters(shared: Sequence[str], own: Sequence[str], rows: int) -> list[dict[str, Any]]:
    """Rows whose parameters are the shared ones and, each with its number, their own."""
    same: dict[str, Any] = {name: bindparam(name) for name in shared}
    return [same | {name: bindparam(f"{name}_{number}") for name in own} for number in range(rows)]


def _numbered(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The rows' own values, by the names that `_parameters` gives them."""
    return dict(zip(_names(names, len(rows)), chain.from_iterable(rows), strict=True))


@cache
def _names(names: Sequence[str], rows: int) -> tuple[str, ...]:
    return tuple(f"{name}_{number}" for number in range(rows) for name in names)
