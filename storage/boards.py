"""Boards as members see them: me and my neighbours, the first ten, any page; ties share a rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select, tuple_

from content.boards import Board, Season
from storage import members, seasons
from storage.members import Me
from storage.standings import BUCKET, COARSE, FINE
from storage.tables import BI, award, histogram, member, standing
from storage.unit import Prepared, Unit, in_one_hop

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
_ON = and_(*(standing.c[name] == value for name, value in _HERE.items()), standing.c.points > 0)
_COUNTED = and_(*(histogram.c[name] == value for name, value in _HERE.items()))
_ORDER = tuple_(standing.c.points, standing.c.member_id)
_ME = tuple_(bindparam("points", type_=BI), bindparam("me", type_=BI))
_SAME = histogram.alias("same")
_LINE = (standing.c.points, standing.c.member_id, member.c.name, member.c.uid)


def _with_members(line: Select[Any]) -> Select[Any]:
    """Lines with how many stand at the same points."""
    same = and_(
        *(_SAME.c[name] == standing.c[name] for name in ("community_id", "board", "season", "points")),
        _SAME.c.level == FINE,
    )
    return line.add_columns(_SAME.c.members).join(_SAME, same)


_LINES = select(*_LINE).join(member, member.c.id == standing.c.member_id).where(_ON)
_NEAR = _with_members(_LINES)
_MINE = Prepared(
    _with_members(select(standing.c.points, standing.c.member_id).where(_ON, standing.c.member_id == members.my_id()))
)
_ABOVE = Prepared(_NEAR.where(_ORDER > _ME).order_by(standing.c.points, standing.c.member_id).limit(NEIGHBOURS))
_BELOW = Prepared(
    _NEAR.where(_ORDER < _ME).order_by(standing.c.points.desc(), standing.c.member_id.desc()).limit(NEIGHBOURS)
)
_DOWN = _LINES.order_by(standing.c.points.desc(), standing.c.member_id.desc())
_TOP = Prepared(_DOWN.limit(FIRST))
_FROM = Prepared(
    _DOWN.where(standing.c.points <= bindparam("points", type_=BI))
    .limit(bindparam("most", type_=BI))
    .offset(bindparam("skip", type_=BI))
)
_BUCKETS = Prepared(
    select(histogram.c.points, histogram.c.members)
    .where(_COUNTED, histogram.c.level == COARSE, histogram.c.members > 0)
    .order_by(histogram.c.points.desc())
)
_IN_BUCKET = Prepared(
    select(histogram.c.points, histogram.c.members)
    .where(
        _COUNTED,
        histogram.c.level == FINE,
        histogram.c.members > 0,
        histogram.c.points >= bindparam("least", type_=BI),
        histogram.c.points < bindparam("end", type_=BI),
    )
    .order_by(histogram.c.points.desc())
)
_EARNED = select(func.coalesce(func.sum(award.c.points), 0)).where(
    award.c.member_id == members.my_id(),
    award.c.day >= bindparam("first_day", type_=BI),
    award.c.day <= bindparam("last_day", type_=BI),
)


@in_one_hop
def page(unit: Unit, me: Me, zone: str, board: Board, season: Season) -> Page:
    """Me with two neighbours each side, and the first ten."""
    here = _here(unit, me.community, zone, board, season)
    buckets = unit.rows(_BUCKETS, here)
    mine = unit.rows(_MINE, {**here, **members.mine(me)})
    top = _ranked(unit.rows(_TOP, here), 1, mine[0][1] if mine else None)
    around = _around(unit, here, me, buckets, *mine[0]) if mine else ()
    return Page(around, top, sum(count for _bucket, count in buckets))


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
    return 1 + _above(unit, here, unit.rows(_BUCKETS, here), points)


def _here(unit: Unit, community_id: int, zone: str, board: Board, season: Season) -> dict[str, Any]:
    window = seasons.window(season, seasons.local_day(zone, unit.now))
    return {"community": community_id, "on_board": board.value, "in_season": window}


def _above(unit: Unit, here: dict[str, Any], buckets: Sequence[Sequence[Any]], points: int) -> int:
    """How many have more points than this."""
    bucket = points >> BUCKET
    inside = unit.rows(_IN_BUCKET, {**here, "least": points + 1, "end": (bucket + 1) << BUCKET})
    return int(sum(count for each, count in buckets if each > bucket) + sum(count for _points, count in inside))


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


def _around(
    unit: Unit,
    here: dict[str, Any],
    me: Me,
    buckets: Sequence[Sequence[Any]],
    points: int,
    member_id: int,
    as_many: int,
) -> tuple[Row, ...]:
    """My neighbours and me: their ranks follow from mine and from how many share each one's points."""
    near = {**here, "points": points, "me": member_id}
    mine = rank = 1 + _above(unit, here, buckets, points)
    lines, at = [Row(mine, me.name, points, me.uid, me=True)], points
    for their_points, _member, name, uid, count in unit.rows(_ABOVE, near):
        rank, at = (rank if their_points == at else rank - count), their_points
        lines.insert(0, Row(rank, name, their_points, uid))
    rank, at, count_at = mine, points, as_many
    for their_points, _member, name, uid, count in unit.rows(_BELOW, near):
        rank, at, count_at = (rank if their_points == at else rank + count_at), their_points, count
        lines.append(Row(rank, name, their_points, uid))
    return tuple(lines)


def _ranked(found: Sequence[Sequence[Any]], place: int, me: int | None, rank: int = 1) -> tuple[Row, ...]:
    """Lines that follow each other, the first of which stands at this place and has this rank."""
    lines: list[Row] = []
    for number, (points, member_id, name, uid) in enumerate(found):
        if lines and lines[-1].points != points:
            rank = place + number
        lines.append(Row(rank, name, points, uid, me=member_id == me))
    return tuple(lines)
