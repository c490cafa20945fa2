"""Boards made anew from the ledger, in small units: where they differ, or for members who came all at once."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select, text

from storage import board_check, board_sums
from storage.board_sums import HISTOGRAM, STANDING
from storage.tables import BI, histogram, member, standing
from storage.unit import Unit, Upsert

MEMBERS_AT_ONCE = 1000

_LOCK = (
    select(member.c.id)
    .where(member.c.id.between(bindparam("first", type_=BI), bindparam("last", type_=BI)))
    .order_by(member.c.id)
    .with_for_update()
)
_NOBODY_MOVES = Upsert(sqlite=text("SELECT 1"), postgresql=text("LOCK TABLE standing IN SHARE MODE"))


def stand(unit: Unit, first: int, last: int) -> None:
    """Members from this id to that, all of them new, stand on boards with what the ledger has of them."""
    for today in board_sums.todays(unit):
        unit.execute(standing.insert().from_select(STANDING, board_sums.standings_wanted(today, first, last)))
    keys = list(HISTOGRAM[:-1])
    added = unit.insert(histogram).from_select(HISTOGRAM, board_sums.histogram_of(first, last))
    more = {"members": histogram.c.members + added.excluded.members}
    unit.execute(added.on_conflict_do_update(index_elements=keys, set_=more))


def standings(unit: Unit, first: int, last: int) -> int:
    """The standings of members from this id to that as the ledger has them; how many lines were not so."""
    unit.execute(_LOCK, {"first": first, "last": last}).all()
    mended = 0
    for today in board_sums.todays(unit):
        _lines, found = board_check.standings(unit, today, first, last)
        mended += len(found)
        if not found:
            continue
        names = {each.member for each in found}
        unit.execute(delete(standing).where(standing.c.member_id.in_(names), standing.c.season.in_(today.kept)))
        wanted = board_sums.standings_wanted(today, first, last).subquery()
        again = select(*(wanted.c[name] for name in STANDING)).where(wanted.c.member_id.in_(names))
        unit.execute(standing.insert().from_select(STANDING, again))
    return mended


def histograms(unit: Unit, first: int, last: int) -> int:
    """The histogram of communities from this id to that as their standings are; how many lines were not so."""
    unit.execute(_NOBODY_MOVES)
    mended = 0
    for today in board_sums.todays(unit):
        _lines, found = board_check.histograms(unit, today, first, last)
        mended += len(found)
        for this in sorted({each.community for each in found}):
            of_it = (histogram.c.community_id == this) & histogram.c.season.in_(today.kept)
            unit.execute(delete(histogram).where(of_it))
            wanted = board_sums.histogram_wanted(today, this, this)
            unit.execute(histogram.insert().from_select(HISTOGRAM, wanted))
    return mended
