"""When matching days are held by themselves: every so many weeks, on a weekday and at an hour of a zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update

from storage import audit, rounds
from storage.audit import Deed
from storage.members import Me
from storage.moments import micros, moment
from storage.tables import BI, community, matching_day, mentor_round
from storage.timetable import Weekly, day_of, earlier, first_after, following, slot_on
from storage.unit import Unit, upsert

AT_ONCE = 10
WEEKS = (2, 4, 8)


@dataclass(frozen=True, slots=True)
class MatchingDay:
    """What moderators set, and when the next one is."""

    weekly: Weekly
    next_at: dt.datetime


_HERE = matching_day.c.community_id == bindparam("community", type_=BI)
_NOW = bindparam("now", type_=BI)
_STAYS = community.c.left_at.is_(None)
_KNOWN = matching_day.c.weeks.in_(WEEKS)  # what a later version sets is let be
_FIND = select(matching_day).where(_HERE, _KNOWN)
_PUT = upsert(
    matching_day,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["community_id"],
        set_={name: insert.excluded[name] for name in ("weeks", "weekday", "minute", "zone", "next_at", "at")},
    ),
)
_OFF = delete(matching_day).where(_HERE)
_SET_NEXT = update(matching_day).where(_HERE).values(next_at=bindparam("new_next", type_=BI))
_IS_DUE = (
    select(matching_day.c.community_id).join(community).where(matching_day.c.next_at <= _NOW, _STAYS, _KNOWN).limit(1)
)
_DUE = (
    select(matching_day)
    .join(community)
    .where(matching_day.c.next_at <= _NOW, _STAYS, _KNOWN)
    .order_by(matching_day.c.next_at, matching_day.c.community_id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, of=matching_day)
)
_NEXT = select(func.min(matching_day.c.next_at)).join(community).where(matching_day.c.next_at > _NOW, _STAYS, _KNOWN)

_LAST = select(func.max(mentor_round.c.at)).where(
    mentor_round.c.community_id == bindparam("community", type_=BI),
    mentor_round.c.scheduled == 1,
    mentor_round.c.at <= bindparam("until", type_=BI),
)


def of_community(unit: Unit, community_id: int) -> MatchingDay | None:
    """What is set there; None where moderators hold them by hand."""
    row = unit.execute(_FIND, {"community": community_id}).first()
    return None if row is None else MatchingDay(_weekly(row), moment(row.next_at))


def coming(unit: Unit, community_id: int) -> dt.datetime | None:
    """When the next one is, where one is held by itself."""
    found = of_community(unit, community_id)
    return found.next_at if found is not None and found.next_at > unit.now else None


def set_up(unit: Unit, me: Me, weekly: Weekly) -> None:
    """So from now on; another hour or day leaves the next one in its week, where that is still to come."""
    before = of_community(unit, me.community)
    if before is not None and before.weekly == weekly:
        return
    row = {"community_id": me.community, "weeks": weekly.weeks, "weekday": weekly.weekday, "minute": weekly.minute}
    values = {**row, "zone": weekly.zone, "next_at": micros(_first(weekly, before, unit.now)), "at": unit.now_us}
    _recorded(unit, me, Deed.MATCHING_SET, lambda: unit.execute(_PUT, values), weeks=weekly.weeks)


def switch_off(unit: Unit, me: Me) -> None:
    """None is held by itself any more."""
    _recorded(unit, me, Deed.MATCHING_OFF, lambda: unit.execute(_OFF, {"community": me.community}))


def anything(unit: Unit) -> bool:
    """Whether `fire` has something to do now."""
    return unit.execute(_IS_DUE, {"now": unit.now_us}).first() is not None


def next_moment(unit: Unit) -> dt.datetime | None:
    """When one is due next after now."""
    found: int | None = unit.execute(_NEXT, {"now": unit.now_us}).scalar_one()
    return None if found is None else moment(found)


def fire(unit: Unit) -> int:
    """Order what is due, at most ten; of several that were missed one. How many communities that were."""
    rows = unit.execute(_DUE, {"now": unit.now_us}).all()
    for row in rows:
        rounds.order(unit, row.community_id, scheduled=True)
        _move_on(unit, row)
    return len(rows)


def settle_next(unit: Unit, community_id: int) -> None:
    """After an undo or a return nothing past is made up for."""
    row = unit.execute(_FIND, {"community": community_id}).first()
    if row is not None and row.next_at <= unit.now_us:
        _move_on(unit, row)


def bring_near(unit: Unit, community_id: int, held_until: dt.datetime) -> None:
    """The first of its rhythm that is still to come: the clock was ahead when the next one was set.

    None of before the last that was held, or set up, until then: it is the clock of now that may be wrong.
    """
    row = unit.execute(_FIND, {"community": community_id}).first()
    if row is None:
        return
    slot = slot_on(_weekly(row), day_of(_weekly(row), moment(row.next_at)))
    until = micros(held_until)
    held = unit.execute(_LAST, {"community": community_id, "until": until}).scalar_one()
    known = (at for at in (row.at, held) if at is not None and at <= until)
    for near in earlier(_weekly(row), slot, moment(max(unit.now_us, *known))):
        slot = near
    unit.execute(_SET_NEXT, {"community": community_id, "new_next": micros(slot.at)})


def _move_on(unit: Unit, row: Row[*tuple[Any, ...]]) -> None:
    weekly, last = _weekly(row), moment(row.next_at)
    slots = following(weekly, slot_on(weekly, day_of(weekly, last)))
    coming = next(slot for slot in slots if slot.at > unit.now)
    unit.execute(_SET_NEXT, {"community": row.community_id, "new_next": micros(coming.at)})


def _first(weekly: Weekly, before: MatchingDay | None, now: dt.datetime) -> dt.datetime:
    if before is not None and before.weekly.weeks == weekly.weeks:
        old = day_of(before.weekly, before.next_at)
        day = old + dt.timedelta(days=weekly.weekday - old.weekday())
        if (slot := slot_on(weekly, day)).at > now:
            return slot.at
    return first_after(weekly, now).at


def _weekly(row: Row[*tuple[Any, ...]]) -> Weekly:
    return Weekly(row.weekday, row.minute, row.zone, row.weeks)


def _recorded(unit: Unit, me: Me, deed: Deed, work: Callable[[], object], **ids: int | str) -> None:
    audit.recorded(unit, me, deed, matching_day, {"community_id": me.community}, work, also=(), **ids)
