"""What comes due in mentoring: unanswered requests, wishes without a turn, pauses that end, questions to both."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import and_, bindparam, exists, func, select, union_all

from storage import offers, sessions, wishes
from storage.mentor_states import MatchState, RequestState
from storage.moments import moment
from storage.tables import BI, community, member, mentor_offer, mentor_request, mentorship
from storage.unit import Unit
from storage.wishes import IS_LIVE, NEXT_ASKED, NONE_LEFT

PAUSED = "mentor.paused"
"""The notice to a mentor whom two silences paused."""
AT_ONCE = 25  # in one unit, which must not hold the writer for long

_NOW = bindparam("now", type_=BI)
_STAYS = exists().where(
    member.c.id == mentor_request.c.mentee_id, community.c.id == member.c.community_id, community.c.left_at.is_(None)
)
_EXPIRED = and_(mentor_request.c.state == RequestState.OPEN, mentor_request.c.due_at <= _NOW, _STAYS)
_OTHER = mentor_request.alias("other_wish")
_FORSAKEN = and_(
    mentor_request.c.state == RequestState.WISHED,
    IS_LIVE,
    ~exists().where(_OTHER.c.mentee_id == mentor_request.c.mentee_id, _OTHER.c.state == RequestState.OPEN),
)
_CHECKS = and_(mentorship.c.state == MatchState.ON, mentorship.c.check_at <= _NOW)
_PAUSES = mentor_offer.c.paused_until <= _NOW
_ANYTHING = select(
    select(mentor_request.c.id).where(_EXPIRED).exists()
    | select(mentor_request.c.id).where(_FORSAKEN).exists()
    | select(mentorship.c.id).where(_CHECKS).exists()
    | select(mentor_offer.c.id).where(_PAUSES).exists()
)
_DUE = select(mentor_request.c.id, mentor_request.c.mentee_id, mentor_request.c.mentor_id).where(_EXPIRED)
_DUE_ONES = _DUE.order_by(mentor_request.c.due_at, mentor_request.c.id).limit(AT_ONCE)
_FORSAKEN_ONES = (
    select(mentor_request.c.mentee_id, member.c.community_id)
    .join(member, member.c.id == mentor_request.c.mentee_id)
    .where(_FORSAKEN)
    .distinct()
    .order_by(mentor_request.c.mentee_id)
    .limit(AT_ONCE)
)
_NEXT = union_all(
    select(func.min(mentor_request.c.due_at).label("at")).where(mentor_request.c.state == RequestState.OPEN),
    select(func.min(mentorship.c.check_at)).where(mentorship.c.state == MatchState.ON),
    select(func.min(mentor_offer.c.paused_until)),
).subquery()
_NEXT_MOMENT = select(func.min(_NEXT.c["at"]))


def anything(unit: Unit) -> bool:
    """Whether any of it is due."""
    return bool(unit.execute(_ANYTHING, {"now": unit.now_us}).scalar_one())


def next_moment(unit: Unit) -> dt.datetime | None:
    """When something is due next."""
    at = unit.execute(_NEXT_MOMENT).scalar_one_or_none()
    return None if at is None else moment(at)


def work_off(unit: Unit) -> int:
    """A part of what is due is done, of one kind: each holds whom it is about all at once; how much that was."""
    return _expire(unit) or _take_turns(unit) or offers.take_up(unit) or sessions.check(unit)


def _expire(unit: Unit) -> int:
    """Requests that nobody answered: the next wish is asked, and who was silent twice gets a pause."""
    due = unit.execute(_DUE_ONES, {"now": unit.now_us}).all()
    wishes.hold(unit, [each for row in due for each in (row.mentee_id, row.mentor_id)])
    done = 0
    for row in due:
        found = next((each for each in wishes.live(unit, row.mentee_id) if each.id == row.id), None)
        if found is None or not wishes.end(unit, found, RequestState.EXPIRED):
            continue
        if offers.silent(unit, found.community, found.mentor):
            unit.tell(found.mentor, PAUSED)
        following = wishes.open_next(unit, found.community, found.mentee)
        unit.tell(found.mentee, NONE_LEFT if following is None else NEXT_ASKED, request=found.id)
        done += 1
    return done


def _take_turns(unit: Unit) -> int:
    """Wishes whose open one went with its mentor, which was told then (`mentor_leaving`)."""
    forsaken = unit.execute(_FORSAKEN_ONES).all()
    wishes.hold(unit, [row.mentee_id for row in forsaken])
    done = 0
    for row in forsaken:
        before = wishes.live(unit, row.mentee_id)
        if not before or before[0].state is RequestState.OPEN:
            continue
        wishes.open_next(unit, row.community_id, row.mentee_id)
        done += 1
    return done
