"""The ledger of points: a line for each deed, once; its limits are the database's own."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, null, select, update

from content.boards import Season
from content.outcomes import Outcome
from content.points import Deed
from storage import members, seasons, standings
from storage.members import Me
from storage.moments import moment
from storage.tables import BI, allowance, appearance, award, community, member
from storage.unit import Prepared, Unit, upsert

ADJUSTED = "adjusted"
TAKEN_BACK = "taken-back"
"""Lines that are no deed: what moderators gave or took, and what balances such a line when it is undone."""
_OF_OTHERS = frozenset({Deed.SUGGESTION})  # others post it: its member may have left long ago


@dataclass(frozen=True, slots=True)
class Award:
    """A line of the ledger; `deed` is a `Deed`, ADJUSTED or TAKEN_BACK. `day` is the community's."""

    id: int
    deed: str
    key: str
    outcome: Outcome | None
    points: int
    day: dt.date
    reason: str | None
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a member's points count, and whether boards show them."""

    community: int
    zone: str
    shown: bool
    away: bool


_PLACE = Prepared(
    select(community.c.id, community.c.zone, appearance.c.shown, appearance.c.left_out, appearance.c.away_at)
    .select_from(member.join(community).outerjoin(appearance))
    .where(member.c.id == bindparam("member", type_=BI))
)
_NEW: dict[str, BindParameter[Any]] = {
    column.name: bindparam(column.name) for column in award.c if column is not award.c.id
}
_ADD = Prepared(upsert(award, lambda insert: insert.values(_NEW).on_conflict_do_nothing().returning(award.c.id)))
_USED = Prepared(
    select(allowance.c.used, allowance.c.most).where(
        allowance.c.member_id == bindparam("member", type_=BI), allowance.c.week == bindparam("in_week")
    )
)
_USE = Prepared(
    upsert(
        allowance,
        lambda insert: insert.on_conflict_do_update(
            index_elements=["member_id", "week"], set_={"used": allowance.c.used + insert.excluded.used}
        ),
    )
)
_BACK = Prepared(
    update(appearance).where(appearance.c.member_id == bindparam("member", type_=BI)).values(away_at=null())
)
_OF_MINE = select(award).where(award.c.member_id == members.my_id())
_MINE = _OF_MINE.order_by(award.c.id.desc())
_DAYS = Prepared(
    _OF_MINE.with_only_columns(award.c.day).where(award.c.deed != ADJUSTED, award.c.deed != TAKEN_BACK).distinct()
)
_ONE = select(award).where(award.c.id == bindparam("award", type_=BI))


def give(unit: Unit, member_id: int, outcome: Outcome | None, *deeds: tuple[Deed, str]) -> int:
    """Points for deeds that belong to an outcome, each once for its key and within the week's limit.

    Answers how many points it came to. They count in the community's week in which it happens.
    """
    if unit.points is None:
        return 0
    unit.lock(member_id)  # who is shown stays so until the unit ends
    place = _place(unit, member_id)
    if place is None:
        return 0
    today = seasons.local_day(place.zone, unit.now)
    won = sum(_one(unit, member_id, today, outcome, deed, key) for deed, key in deeds)
    is_here = any(deed not in _OF_OTHERS for deed, _key in deeds)
    if won and place.away and is_here:  # who was thought to have left
        unit.rows(_BACK, {"member": member_id})
        if place.shown:
            standings.enter(unit, member_id, today)
    elif won:
        _stand(unit, member_id, place, today, today, outcome, won)
    return won


def adjust(unit: Unit, member_id: int, points: int, reason: str) -> int | None:
    """A line that moderators write; its id. None where the member is no longer here."""
    unit.lock(member_id)
    place = _place(unit, member_id)
    if place is None:
        return None
    today = seasons.local_day(place.zone, unit.now)
    made = _add(unit, member_id, ADJUSTED, uuid.uuid4().hex, None, points, today, reason)
    _stand(unit, member_id, place, today, today, None, points)
    return made


def take_back(unit: Unit, award_id: int) -> int | None:
    """A line that balances this one in the windows it counted in, once; its id. None where there is nothing to do."""
    found = unit.execute(_ONE, {"award": award_id}).first()
    if found is None:
        return None
    unit.lock(found.member_id)
    place = _place(unit, found.member_id)
    if place is None:
        return None
    day, outcome = dt.date.fromordinal(found.day), Outcome(found.outcome) if found.outcome else None
    made = _add(unit, found.member_id, TAKEN_BACK, str(award_id), outcome, -found.points, day, found.reason)
    if made is not None:
        today = seasons.local_day(place.zone, unit.now)
        _stand(unit, found.member_id, place, day, today, outcome, -found.points)
    return made


def mine(unit: Unit, me: Me, first: int, most: int) -> list[Award]:
    """Lines of mine, the newest first."""
    return [_award(row) for row in unit.execute(_MINE.limit(most).offset(first), members.mine(me))]


def streak(unit: Unit, me: Me, today: dt.date) -> int:
    """In how many weeks in a row I did something, this one or the last included."""
    days = unit.rows(_DAYS, members.mine(me))
    weeks = {seasons.window(Season.WEEK, dt.date.fromordinal(day)) for (day,) in days}
    week = seasons.window(Season.WEEK, today)
    if week not in weeks:
        week = seasons.before(week)
    count = 0
    while week in weeks:
        count, week = count + 1, seasons.before(week)
    return count


def _one(unit: Unit, member_id: int, today: dt.date, outcome: Outcome | None, deed: Deed, key: str) -> int:
    assert unit.points is not None
    points, limited = unit.points.adds(deed), deed in unit.points.limited
    week = seasons.window(Season.WEEK, today)
    most = unit.points.week_most
    if limited:
        found = unit.rows(_USED, {"member": member_id, "in_week": week})
        used, most = (found[0][0], min(most, found[0][1])) if found else (0, most)
        points = min(points, most - used)
    if points <= 0 or _add(unit, member_id, deed.value, key, outcome, points, today, None) is None:
        return 0
    if limited:
        unit.rows(_USE, {"member_id": member_id, "week": week, "used": points, "most": most})
    return points


def _add(
    unit: Unit,
    member_id: int,
    deed: str,
    key: str,
    outcome: Outcome | None,
    points: int,
    day: dt.date,
    reason: str | None,
) -> int | None:
    row = {"member_id": member_id, "deed": deed, "key": key, "outcome": outcome and outcome.value, "points": points}
    made = unit.rows(_ADD, {**row, "day": day.toordinal(), "reason": reason, "at": unit.now_us})
    return int(made[0][0]) if made else None


def _stand(
    unit: Unit, member_id: int, place: _Place, day: dt.date, today: dt.date, outcome: Outcome | None, points: int
) -> None:
    """On boards too, for those whom they show."""
    if place.shown and not place.away:
        standings.add(unit, place.community, member_id, day, today, outcome and outcome.value, points)


def _place(unit: Unit, member_id: int) -> _Place | None:
    found = unit.rows(_PLACE, {"member": member_id})
    if not found:
        return None
    community_id, zone, shown, left_out, away_at = found[0]
    return _Place(community_id, zone, bool(shown) and not left_out, away_at is not None)


def _award(row: Any) -> Award:
    outcome = Outcome(row.outcome) if row.outcome else None
    return Award(
        row.id, row.deed, row.key, outcome, row.points, dt.date.fromordinal(row.day), row.reason, moment(row.at)
    )
