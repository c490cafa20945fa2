"""Whether a mentor and a mentee have met: asked once a week or less, told by both, worth points once a week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select, update

from content.boards import Season
from content.points import Deed
from storage import awards, mentorships, seasons
from storage.members import Me
from storage.mentor_states import CHECK_AFTER, MatchState, Side
from storage.mentorships import Match
from storage.moments import length
from storage.tables import BI, mentorship
from storage.unit import Unit

CHECK = "mentor.check"
"""The notice that asks whether the two have met."""
CHECKS_MOST = 3
AT_ONCE = 25  # in one unit, which must not hold the writer for long


@dataclass(frozen=True, slots=True)
class Told:
    """What came of telling: `confirmed` where both have now; `points` are mine, none twice in a week."""

    match: Match
    confirmed: bool
    points: int


_ID = mentorship.c.id == bindparam("match", type_=BI)
_ONE = update(mentorship).where(_ID)
_SAID = {side: _ONE.values({f"met_{side}": bindparam("now", type_=BI)}) for side in Side}
_THUMB = {side: _ONE.values({f"thumb_{side}": bindparam("thumb", type_=BI)}) for side in Side}
_MET = _ONE.values(
    met_mentor=None,
    met_mentee=None,
    met_week=bindparam("week"),
    check_at=None,
    sessions=mentorship.c.sessions + 1,
)
_LATER = _ONE.where(mentorship.c.check_at.is_not(None)).values(check_at=bindparam("new_check", type_=BI))
_FIRST_OF_PAIR = select(func.min(mentorship.c.id)).where(
    mentorship.c.mentor_id == bindparam("mentor", type_=BI), mentorship.c.mentee_id == bindparam("mentee", type_=BI)
)
_DUE = (
    select(mentorship.c.id, mentorship.c.mentor_id, mentorship.c.mentee_id, mentorship.c.checks)
    .where(mentorship.c.state == MatchState.ON, mentorship.c.check_at <= bindparam("now", type_=BI))
    .order_by(mentorship.c.check_at)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True)
)
_CHECKED = _ONE.values(checks=mentorship.c.checks + 1, check_at=bindparam("new_check", type_=BI))


def met(unit: Unit, me: Me, zone: str, match: int) -> Told | None:
    """I say that we met. Both said so: that is a session, and either gets points, once in a week of the community.

    None where it is not mine, or over.
    """
    found = mentorships.find(unit, me, match)
    if found is None or found.state is not MatchState.ON:
        return None
    unit.lock(found.mentor, found.mentee)
    found = mentorships.find(unit, me, match)
    if found is None or found.state is not MatchState.ON:
        return None
    week = seasons.window(Season.WEEK, seasons.local_day(zone, unit.now))
    if found.met_week == week:
        return Told(found, confirmed=True, points=0)
    unit.execute(_SAID[found.side], {"match": match, "now": unit.now_us})
    other_said = found.said_met[1 if found.side is Side.MENTOR else 0]
    if not other_said:
        return Told(found, confirmed=False, points=0)
    unit.execute(_MET, {"match": match, "week": week})
    return Told(found, confirmed=True, points=_award(unit, found, week))


def not_yet(unit: Unit, me: Me, match: int) -> Match | None:
    """I say that we have not met: asked again in a week, three times at most."""
    found = mentorships.find(unit, me, match)
    if found is None or found.state is not MatchState.ON:
        return None
    unit.execute(_LATER, {"match": match, "new_check": unit.now_us + length(CHECK_AFTER)})
    return found


def thumb(unit: Unit, me: Me, match: int, *, up: bool) -> Match | None:
    """How I found it; nobody else ever sees that. None where it is not mine."""
    found = mentorships.find(unit, me, match)
    if found is not None:
        unit.execute(_THUMB[found.side], {"match": match, "thumb": 1 if up else -1})
    return found


def check(unit: Unit) -> int:
    """Both of every match whose time it is are asked; how many matches that were."""
    due = unit.execute(_DUE, {"now": unit.now_us}).all()
    for row in due:
        again = unit.now_us + length(CHECK_AFTER) if row.checks + 1 < CHECKS_MOST else None
        unit.execute(_CHECKED, {"match": row.id, "new_check": again})
        for each in (row.mentor_id, row.mentee_id):
            unit.tell(each, CHECK, match=row.id)
    return len(due)


def _award(unit: Unit, found: Match, week: str) -> int:
    """My points; the other's as well, both by the pair's first match, so that a new match gives no second ones."""
    pair: dict[str, Any] = {"mentor": found.mentor, "mentee": found.mentee}
    key = f"{week}:{unit.execute(_FIRST_OF_PAIR, pair).scalar_one()}"
    won = {each: awards.give(unit, each, found.kit.track, (Deed.SESSION, key)) for each in (found.mentor, found.mentee)}
    return won[found.mentor if found.side is Side.MENTOR else found.mentee]
