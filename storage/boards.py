"""Boards as members see them: me and my neighbours, the first ten, any page; ties share a rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, ScalarSelect, and_, bindparam, cast, func, literal_column, select, tuple_

from content.boards import Board, Season
from storage import members, seasons
from storage.members import Me
from storage.standings import BUCKET, COARSE, FINE
from storage.tables import BI, award, histogram, member, standing
from storage.unit import Prepared, Unit, at_once, in_one_hop

NEIGHBOURS = 2
FIRST = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a board. `uid` is the platform's id, for looking whether the member is still there."""

    rank: int
    name: str
    points: int
    uid: str
    me: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A member's view: `around` are my neighbours and me, empty where I am not on the board; then the first ten.

    `total` is how many stand on the board.
    """

    around: tuple[Row, ...]
    top: tuple[Row, ...]
    total: int


_HERE = {
    "community_id": bindparam("community", type_=BI),
    "board": bindparam("on_board"),
    "season": bindparam("in_season"),
}
_BITS = literal_column(str(BUCKET), Integer)
_POINTS = bindparam("points", type_=BI)
_ON = and_(*(standing.c[name] == value for name, value in _HERE.items()))
_ORDER = tuple_(standing.c.points, standing.c.member_id)
_ME = tuple_(_POINTS, bindparam("me", type_=BI))
_ASCENDING = (standing.c.points, standing.c.member_id)
_DESCENDING = (standing.c.points.desc(), standing.c.member_id.desc())


def _counted(level: int, *where: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many members the histogram has there."""
    here = and_(*(histogram.c[name] == value for name, value in _HERE.items()), histogram.c.level == level, *where)
    return select(cast(func.coalesce(func.sum(histogram.c.members), 0), BI)).where(here).scalar_subquery()


def _with_more(points: ColumnElement[int]) -> ColumnElement[int]:
    """How many have more points than this: whole buckets, then what is above within its own."""
    bucket = points.op(">>")(_BITS)
    end = (bucket + literal_column("1", BI)).op("<<")(_BITS)
    inside = _counted(FINE, histogram.c.points > points, histogram.c.points < end)
    return _counted(COARSE, histogram.c.points > bucket) + inside


_ALL = _counted(COARSE)
_ALIKE = _counted(FINE, histogram.c.points == standing.c.points)
_LINES = (
    select(standing.c.points, standing.c.member_id, member.c.name, member.c.uid)
    .join(member, member.c.id == standing.c.member_id)
    .where(_ON)
)
_NEAR = _LINES.add_columns(_ALIKE).limit(NEIGHBOURS)
_DOWN = _LINES.order_by(*_DESCENDING)
_MINE = Prepared(
    select(standing.c.points, standing.c.member_id, _ALIKE, _ALL, _with_more(standing.c.points)).where(
        _ON, standing.c.points > 0, standing.c.member_id == members.my_id()
    )
)
# Of two lower bounds SQLite may take the one that bounds least: there is but one here.
_ABOVE = Prepared(_NEAR.where(_ORDER > _ME).order_by(*_ASCENDING))
_BELOW = Prepared(_NEAR.where(standing.c.points > 0, _ORDER < _ME).order_by(*_DESCENDING))
_TOP = Prepared(_DOWN.where(standing.c.points > 0).limit(FIRST))
_FROM = Prepared(
    _DOWN.where(standing.c.points > 0, standing.c.points <= _POINTS)
    .limit(bindparam("most", type_=BI))
    .offset(bindparam("skip", type_=BI))
)
_TOTAL = Prepared(select(_ALL))
_MORE = Prepared(select(_with_more(_POINTS)))
_COUNTS = (
    select(histogram.c.points, histogram.c.members)
    .where(*(histogram.c[name] == value for name, value in _HERE.items()), histogram.c.members > 0)
    .order_by(histogram.c.points.desc())
)
_BUCKETS = Prepared(_COUNTS.where(histogram.c.level == COARSE))
_IN_BUCKET = Prepared(
    _COUNTS.where(
        histogram.c.level == FINE,
        histogram.c.points >= bindparam("least", type_=BI),
        histogram.c.points < bindparam("end", type_=BI),
    )
)
_EARNED = select(func.coalesce(func.sum(award.c.points), 0)).where(
    award.c.member_id == members.my_id(),
    award.c.day >= bindparam("first_day", type_=BI),
    award.c.day <= bindparam("last_day", type_=BI),
)


@at_once
def page(unit: Unit, me: Me, zone: str, board: Board, season: Season) -> Page:
    """Me with two neighbours each side, and the first ten."""
    here = _here(unit, me.community, zone, board, season)
    top = unit.rows(_TOP, here)
    mine = unit.rows(_MINE, {**here, **members.mine(me)})
    if not mine:
        return Page((), _ranked(top, 1, None), unit.rows(_TOTAL, here)[0][0])
    points, member_id, alike, total, more = mine[0]
    around = _around(unit, {**here, "points": points, "me": member_id}, me, 1 + more, alike)
    return Page(around, _ranked(top, 1, member_id), total)


@in_one_hop
def rows(
    unit: Unit, me: Me, zone: str, board: Board, season: Season, first: int, size: int
) -> tuple[tuple[Row, ...], int]:
    """Lines from this place on (0 is the first), and how many there are in all."""
    here = _here(unit, me.community, zone, board, season)
    buckets = unit.rows(_BUCKETS, here)
    total = sum(count for _bucket, count in buckets)
    if not 0 <= first < total:
        return (), total
    points, before = _at(unit, here, buckets, first)
    found = unit.rows(_FROM, {**here, "points": points, "most": size, "skip": first - before})
    mine = unit.rows(_MINE, {**here, **members.mine(me)})
    return _ranked(found, first + 1, mine[0][1] if mine else None, before + 1), total


def earned(unit: Unit, me: Me, zone: str, board: Board, season: Season) -> int:
    """My own points, whether or not I stand on the board."""
    first, last = seasons.days(seasons.window(season, seasons.local_day(zone, unit.now)))
    asked = {**members.mine(me), "first_day": first.toordinal(), "last_day": last.toordinal()}
    statement = _EARNED if board is Board.ALL else _EARNED.where(award.c.outcome == board.value)
    return int(unit.execute(statement, asked).scalar_one())


def rank_of(unit: Unit, me: Me, zone: str, board: Board, season: Season, points: int) -> int:
    """Where somebody with so many points would stand."""
    here = _here(unit, me.community, zone, board, season)
    return 1 + int(unit.rows(_MORE, {**here, "points": points})[0][0])


def _here(unit: Unit, community_id: int, zone: str, board: Board, season: Season) -> dict[str, Any]:
    window = seasons.window(season, seasons.local_day(zone, unit.now))
    return {"community": community_id, "on_board": board.value, "in_season": window}


def _at(unit: Unit, here: dict[str, Any], buckets: Sequence[Sequence[Any]], place: int) -> tuple[int, int]:
    """The points of whoever stands at this place, and how many have more."""
    before = 0
    for bucket, count in buckets:
        if before + count <= place:
            before += count
            continue
        inside = unit.rows(_IN_BUCKET, {**here, "least": bucket << BUCKET, "end": (bucket + 1) << BUCKET})
        for points, members_there in inside:
            if before + members_there > place:
                return points, before
            before += members_there
    raise AssertionError("the histogram has fewer members than it says")


def _around(unit: Unit, near: dict[str, Any], me: Me, my_rank: int, alike: int) -> tuple[Row, ...]:
    """My neighbours and me: their ranks follow from mine and from how many share each one's points."""
    lines = [Row(my_rank, me.name, near["points"], me.uid, me=True)]
    rank, at = my_rank, near["points"]
    for points, _member, name, uid, count in unit.rows(_ABOVE, near):
        rank, at = (rank if points == at else rank - count), points
        lines.insert(0, Row(rank, name, points, uid))
    rank, at = my_rank, near["points"]
    for points, _member, name, uid, count in unit.rows(_BELOW, near):
        rank, at, alike = (rank if points == at else rank + alike), points, count
        lines.append(Row(rank, name, points, uid))
    return tuple(lines)


def _ranked(found: Sequence[Sequence[Any]], place: int, me: int | None, rank: int = 1) -> tuple[Row, ...]:
    """Lines that follow each other, the first of which stands at this place and has this rank."""
    lines: list[Row] = []
    for number, (points, member_id, name, uid) in enumerate(found):
        if lines and lines[-1].points != points:
            rank = place + number
        lines.append(Row(rank, name, points, uid, me=member_id == me))
    return tuple(lines)
