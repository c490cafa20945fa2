"""Boards of windows that nobody looks at any more are forgotten; the ledger they were summed from stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, bindparam, delete, or_, select, tuple_

from content.boards import Board
from storage import seasons
from storage.tables import BI, community, histogram, standing
from storage.unit import Unit

PRUNED_AT_ONCE = 500  # a unit must not hold the writer for long
SLACK = dt.timedelta(days=2)  # so much later a day ends in the last zone, and a community may move to another one


SPANS = range(3)
ENDS = ("from", "before")


def _old(season: ColumnElement[str]) -> ColumnElement[bool]:
    """In one of the spans of names that are older than all that is kept."""
    return or_(*(and_(season >= bindparam(f"from_{each}"), season < bindparam(f"before_{each}")) for each in SPANS))


_OF_ALL = (histogram.c.community_id == community.c.id, histogram.c.board == Board.ALL.value)
_FIND = select(community.c.id).where(select(histogram.c.season).where(*_OF_ALL, _old(histogram.c.season)).exists())
_HERE = bindparam("here", type_=BI)
_STANDING = tuple_(standing.c.member_id, standing.c.board, standing.c.season)
_STANDINGS = delete(standing).where(
    _STANDING.in_(
        select(standing.c.member_id, standing.c.board, standing.c.season)
        .where(standing.c.community_id == _HERE, standing.c.board == bindparam("on_board"), _old(standing.c.season))
        .limit(PRUNED_AT_ONCE)
    )
)
_HISTOGRAM = delete(histogram).where(
    histogram.c.community_id == _HERE, histogram.c.board == bindparam("on_board"), _old(histogram.c.season)
)


def prune(unit: Unit) -> bool:
    """Forget a part of one community's; whether there may be more.

    The histogram of all points goes last: by it the others are found.
    """
    old = spans(seasons.kept((unit.now - SLACK).date()))
    here = unit.execute(_FIND.limit(1), old).scalar_one_or_none()
    if here is None:
        return False
    for board in sorted(Board, key=lambda each: each is Board.ALL):
        this = {**old, "here": here, "on_board": board.value}
        if unit.execute(_STANDINGS, this).rowcount == PRUNED_AT_ONCE:
            return True
        unit.execute(_HISTOGRAM, this)
    return True


def spans(kept: Collection[str]) -> dict[str, str]:
    """The spans: before the oldest month, weeks of its year, weeks of the oldest week's year.

    The names sort as their times do, but for the weeks of a year, which stand behind its months.
    """
    month = min(each for each in kept if each[0].isdecimal() and "W" not in each)
    week = min(each for each in kept if "-W" in each)
    years = month[:4], week[:4]
    found = [("", month), *((f"{year}-W", min(week, f"{year}-X")) for year in years)]
    return {f"{name}_{number}": end for number, span in enumerate(found) for name, end in zip(ENDS, span, strict=True)}
