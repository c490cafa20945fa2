"""Boards counted anew, many members at a time: what their standings and histogram have to be by the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Select, Subquery, Text, cast, func, literal, literal_column, select, union_all

from content.boards import Board
from storage import seasons
from storage.appearances import ON_BOARDS
from storage.standings import BUCKET, COARSE, FINE
from storage.tables import BI, appearance, award, community, histogram, member, standing
from storage.unit import Unit

STANDING = ("member_id", "board", "season", "community_id", "points")
HISTOGRAM = ("community_id", "board", "season", "level", "points", "members")

Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Today:
    """Communities in which it is the same day, by their zones: the same windows are kept there."""

    day: dt.date
    zones: tuple[str, ...]

    @property
    def kept(self) -> tuple[str, ...]:
        """The windows whose rows must be right."""
        return seasons.kept(self.day)


def todays(unit: Unit) -> list[Today]:
    """The days that it is now, at most three, each with the zones that have it."""
    by_day: dict[dt.date, list[str]] = {}
    for zone in unit.execute(select(community.c.zone).distinct().order_by(community.c.zone)).scalars():
        by_day.setdefault(seasons.local_day(zone, unit.now), []).append(zone)
    return [Today(day, tuple(zones)) for day, zones in sorted(by_day.items())]


def standings_wanted(today: Today, first: int, last: int) -> Rows:
    """The standings that members from this id to that must have, by the ledger, as far as they are shown."""
    shown = (
        select(member.c.id, member.c.community_id)
        .join(community)
        .join(appearance)
        .where(member.c.id.between(first, last), community.c.zone.in_(today.zones))
        .where(ON_BOARDS)
        .subquery("shown")
    )
    window = _windows(today.kept)
    both = union_all(
        _summed(shown, window, literal(Board.ALL.value, Text)),
        _summed(shown, window, award.c.outcome).where(award.c.outcome.is_not(None)),
    ).subquery("wanted")
    return select(*(both.c[name] for name in STANDING)).where(both.c.points != 0)


def standings_stored(today: Today, first: int, last: int) -> Rows:
    """The standings that these members have; one of nothing is as good as none."""
    return (
        select(*(standing.c[name] for name in STANDING))
        .join(community, community.c.id == standing.c.community_id)
        .where(standing.c.member_id.between(first, last), standing.c.points != 0)
        .where(standing.c.season.in_(today.kept), community.c.zone.in_(today.zones))
    )


def histogram_wanted(today: Today, first: int, last: int) -> Rows:
    """The histogram that communities from this id to that must have, counted from their standings."""
    here = standing.c.community_id.in_(_communities(today, first, last)) & standing.c.season.in_(today.kept)
    return _levels(select(standing).where(here, standing.c.points > 0).subquery("counted"))


def histogram_of(first: int, last: int) -> Rows:
    """What the standings of members from this id to that add to histograms."""
    here = standing.c.member_id.between(first, last)
    return _levels(select(standing).where(here, standing.c.points > 0).subquery("counted"))


def histogram_stored(today: Today, first: int, last: int) -> Rows:
    """The histogram that these communities have; a row of nobody is as good as none."""
    here = histogram.c.community_id.in_(_communities(today, first, last)) & histogram.c.season.in_(today.kept)
    return select(*(histogram.c[name] for name in HISTOGRAM)).where(here, histogram.c.members != 0)


def _communities(today: Today, first: int, last: int) -> Select[tuple[int]]:
    return select(community.c.id).where(community.c.id.between(first, last), community.c.zone.in_(today.zones))


def _levels(counted: Subquery) -> Rows:
    """Both levels of a histogram of these standings."""
    place = (counted.c.community_id, counted.c.board, counted.c.season)
    bucket = counted.c.points.op(">>")(literal_column(str(BUCKET)))
    both = union_all(
        *(
            select(
                *place,
                literal(level, BI).label("level"),
                cast(points, BI).label("points"),
                func.count().label("members"),
            ).group_by(*place, points)
            for level, points in ((FINE, counted.c.points), (COARSE, bucket))
        )
    ).subquery("levels")
    return select(*(both.c[name] for name in HISTOGRAM)).where(both.c.members > 0)


def _windows(kept: Sequence[str]) -> CTE:
    lines = []
    for season in kept:
        first, last = seasons.days(season)
        lines.append(
            select(
                literal(season, Text).label("season"),
                literal(first.toordinal(), BI).label("first_day"),
                literal(last.toordinal(), BI).label("last_day"),
            )
        )
    return union_all(*lines).cte("windows")


def _summed(shown: Subquery, window: CTE, board: Any) -> Rows:
    return (
        select(
            shown.c.id.label("member_id"),
            board.label("board"),
            window.c.season,
            shown.c.community_id,
            cast(func.sum(award.c.points), BI).label("points"),
        )
        .select_from(shown)
        .join(award, award.c.member_id == shown.c.id)
        .join(window, award.c.day.between(window.c.first_day, window.c.last_day))
        .group_by(shown.c.id, shown.c.community_id, window.c.season, board)
    )
