"""Standings and their histogram: the ledger's sums of those who stand on boards, changed in the award's own unit."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
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
    values: dict[str, Any] = {}
    for number, (board, season) in enumerate(sorted(sums)):
        points = sums[board, season]
        row = {"community_id": community_id, "member_id": member_id, "board": board, "season": season, "points": points}
        values |= {f"{name}_{number}": value for name, value in row.items()}
    became = unit.rows(_add_standings(len(sums)), values)
    _count(unit, community_id, [(board, season, now - sums[board, season], now) for board, season, now in became])


def _count(unit: Unit, community_id: int, moves: Iterable[tuple[str, str, int, int]]) -> None:
    """Members who moved from so many points to so many: the rows that differ, always in the same order."""
    changed: Counter[tuple[str, str, int, int]] = Counter()
    for board, season, was, now in moves:
        for points, by in ((was, -1), (now, 1)):
            if points > 0:
                changed[board, season, FINE, points] += by
                changed[board, season, COARSE, points >> BUCKET] += by
    rows = sorted((key, by) for key, by in changed.items() if by)
    for first in range(0, len(rows), ROWS_AT_ONCE):
        _add_members(unit, community_id, rows[first : first + ROWS_AT_ONCE])


def _add_members(unit: Unit, community_id: int, rows: Sequence[tuple[tuple[str, str, int, int], int]]) -> None:
    values: dict[str, Any] = {}
    for number, ((board, season, level, points), by) in enumerate(rows):
        row = {"community_id": community_id, "board": board, "season": season, "level": level, "points": points}
        values |= {f"{name}_{number}": value for name, value in {**row, "members": by}.items()}
    unit.rows(_add_histogram(len(rows)), values)


@cache
def _add_standings(rows: int) -> Prepared:
    names = ("community_id", "member_id", "board", "season", "points")
    made = upsert(
        standing,
        lambda insert: (
            insert.values(_numbered(names, rows))
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
    keys = ("community_id", "board", "season", "level", "points")
    made = upsert(
        histogram,
        lambda insert: insert.values(_numbered((*keys, "members"), rows)).on_conflict_do_update(
            index_elements=list(keys), set_={"members": histogram.c.members + insert.excluded.members}
        ),
    )
    return Prepared(made, same_text=True)


def _numbered(names: Sequence[str], rows: int) -> list[dict[str, Any]]:
    return [{name: bindparam(f"{name}_{number}") for name in names} for number in range(rows)]
