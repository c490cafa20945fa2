"""Matches: made within the mentor's capacity, one at a time for a mentee, ended by either side."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, or_, select, text, update

from content.mentoring import Hours, Seniority
from content.outcomes import Outcome
from storage import asks, members, not_with, pool, wishes
from storage.asks import Ask
from storage.members import Me
from storage.mentor_states import CHECK_AFTER, RELEASE_FOR, MatchState, Side
from storage.moments import length, moment
from storage.offers import Offer
from storage.tables import BI, member, mentorship
from storage.unit import Unit, upsert

KIT = "mentor.kit"
ENDED = "mentor.ended"
"""The notices: to both when they are matched, to the other when one ends it."""


@dataclass(frozen=True, slots=True)
class Kit:
    """What the first meeting is made from, as it was when the two were matched. `rounds` is the mentee's priority."""

    track: Outcome
    gaps: tuple[str, ...]
    skills: tuple[str, ...]
    seniority: tuple[Seniority, Seniority]
    hours: tuple[Hours, Hours]
    rounds: int


@dataclass(frozen=True, slots=True)
class Match:
    """A match as one of its two sees it; pairs of values are the mentor's and the mentee's.

    `sessions` both confirmed, the last in `met_week`; `said_met` is who has said so since. `until` is how long a
    matching day's pair may still let go of each other, place and priority kept.
    """

    id: int
    side: Side
    mentor: int
    mentee: int
    other_uid: str
    other_name: str
    kit: Kit
    state: MatchState
    by_round: bool
    sessions: int
    met_week: str | None
    said_met: tuple[bool, bool]
    thumbs: tuple[int | None, int | None]
    at: dt.datetime
    until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Full:
    """The mentor has no free place."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The mentee has a mentor already."""


_MENTOR, _MENTEE = member.alias("the_mentor"), member.alias("the_mentee")
_ROWS = (
    select(
        mentorship,
        _MENTOR.c.uid.label("mentor_uid"),
        _MENTOR.c.name.label("mentor_name"),
        _MENTEE.c.uid.label("mentee_uid"),
        _MENTEE.c.name.label("mentee_name"),
        members.my_id().label("me"),
    )
    .join(_MENTOR, _MENTOR.c.id == mentorship.c.mentor_id)
    .join(_MENTEE, _MENTEE.c.id == mentorship.c.mentee_id)
)
_MINE = _ROWS.where(or_(mentorship.c.mentor_id == members.my_id(), mentorship.c.mentee_id == members.my_id()))
_ONE = _MINE.where(mentorship.c.id == bindparam("match", type_=BI))
_ON = _MINE.where(mentorship.c.state == MatchState.ON).order_by(mentorship.c.id)
_MAKE = upsert(
    mentorship,
    lambda insert: insert.on_conflict_do_nothing(
        index_elements=["mentee_id"], index_where=text("state = 'on'")
    ).returning(mentorship.c.id),
)
_END = (
    update(mentorship)
    .where(mentorship.c.id == bindparam("match", type_=BI), mentorship.c.state == MatchState.ON)
    .values(state=bindparam("new_state"), ended_by=bindparam("by"), ended_at=bindparam("now", type_=BI))
)


def mine(unit: Unit, me: Me) -> list[Match]:
    """My matches that are on, from whichever side."""
    return [_read(row) for row in unit.execute(_ON, members.mine(me))]


def find(unit: Unit, me: Me, match: int) -> Match | None:
    """One of mine, whatever its state."""
    row = unit.execute(_ONE, {**members.mine(me), "match": match}).first()
    return None if row is None else _read(row)


def make(
    unit: Unit, community_id: int, offer: Offer, ask: Ask, *, request: int | None = None, by_round: int | None = None
) -> int | Full | Taken:
    """The two are matched and told, and the mentee's wishes end; the unit holds both (`wishes.hold`).

    An accepted `request` is no longer open by then. For who is kept apart there is no free place.
    """
    places = pool.places(unit, offer.member)
    if places is None or places.on >= places.capacity or (by_round is not None and places.free < 1):
        return Full()
    if not_with.apart(unit, offer.member, ask.member):
        return Full()
    row = {
        "mentor_id": offer.member,
        "mentee_id": ask.member,
        "request_id": request,
        "round_id": by_round,
        "kit": _kit(offer, ask),
        "state": MatchState.ON,
        "check_at": unit.now_us + length(CHECK_AFTER),
        "checks": 0,
        "sessions": 0,
        "at": unit.now_us,
    }
    made = unit.execute(_MAKE, row).scalar_one_or_none()
    if made is None:
        return Taken()
    wishes.cancel_others(unit, ask.member, found=offer.member)
    asks.stop(unit, ask.member)
    pool.moved(unit, community_id)
    for each in (offer.member, ask.member):
        unit.tell(each, KIT, match=int(made))
    return int(made)


def end(unit: Unit, me: Me, match: int) -> Match | None:
    """I end it, and the other is told kindly; None where it is over, or not mine."""
    found = find(unit, me, match)
    if found is None or found.state is not MatchState.ON:
        return None
    unit.lock(found.mentor, found.mentee)
    released = found.until is not None and unit.now < found.until
    state = MatchState.RELEASED if released else MatchState.ENDED
    if not unit.execute(_END, {"match": match, "new_state": state, "by": found.side, "now": unit.now_us}).rowcount:
        return None
    if released:
        asks.give_back(unit, found.mentee, found.kit.rounds)
    pool.moved(unit, me.community)
    unit.tell(found.mentee if found.side is Side.MENTOR else found.mentor, ENDED, match=match)
    return found


def _kit(offer: Offer, ask: Ask) -> str:
    hours = [[each.weekday, each.weekend, each.zone] for each in (offer.terms.hours, ask.wanted.hours)]
    kit = {
        "track": ask.wanted.track,
        "gaps": ask.wanted.gaps,
        "skills": offer.terms.skills,
        "seniority": [offer.terms.seniority, ask.wanted.seniority],
        "hours": hours,
        "rounds": ask.rounds,
    }
    return json.dumps(kit, ensure_ascii=False, separators=(",", ":"))


def _read(row: Row[*tuple[Any, ...]]) -> Match:
    side = Side.MENTOR if row.mentor_id == row.me else Side.MENTEE
    found = json.loads(row.kit)
    mentors, mentees = (Hours(*each) for each in found["hours"])
    levels = (Seniority(found["seniority"][0]), Seniority(found["seniority"][1]))
    at = moment(row.at)
    return Match(
        row.id,
        side,
        row.mentor_id,
        row.mentee_id,
        row.mentee_uid if side is Side.MENTOR else row.mentor_uid,
        row.mentee_name if side is Side.MENTOR else row.mentor_name,
        Kit(
            Outcome(found["track"]),
            tuple(found["gaps"]),
            tuple(found["skills"]),
            levels,
            (mentors, mentees),
            found["rounds"],
        ),
        MatchState(row.state),
        row.round_id is not None,
        row.sessions,
        row.met_week,
        (row.met_mentor is not None, row.met_mentee is not None),
        (row.thumb_mentor, row.thumb_mentee),
        at,
        at + RELEASE_FOR if row.round_id is not None else None,
    )
