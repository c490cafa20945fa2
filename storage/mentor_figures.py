"""What may be shown of a community's mentoring: fives, and no figure moves before five people more or fewer make it.

What was counted when a figure moved last is kept beside it and never shown: whoever looks twice learns of nothing
that fewer than five did, whatever else was counted in between.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import bindparam, case, func, select

from storage import pool
from storage.mentor_states import MatchState, RequestState
from storage.tables import BI, member, mentor_offer, mentor_request, mentorship
from storage.unit import Unit

STEP = 5
DAY = 24 * 60 * 60 * 10**6


@dataclass(frozen=True, slots=True)
class Mentoring:
    """Counts as they are. `mentees` have or had a mentor; `mentors` are listed, with `places` free.

    `asked` members had a request that was accepted, declined or left unanswered, by `answering` mentors; `days` is the
    middle of the times from asking to a match.
    """

    mentees: int = 0
    mentors: int = 0
    places: int = 0
    asked: int = 0
    answering: int = 0
    accepted: int = 0
    refused: int = 0
    days: int = 0

    @property
    def with_mentor(self) -> int:
        """Members who have or had a mentor."""
        return _fives(self.mentees)

    @property
    def listed(self) -> int:
        return _fives(self.mentors)

    @property
    def free(self) -> int:
        """Free places; nothing where too few mentors are listed."""
        return _fives(self.places) if self.listed else 0

    @property
    def acceptance(self) -> int | None:
        """Percent of the requests; None where too few asked or were asked. A group under five counts for none."""
        yes, no = _fives(self.accepted), _fives(self.refused)
        if not _fives(self.asked) or not _fives(self.answering) or not yes + no:
            return None
        return _fives(100 * yes // (yes + no))

    @property
    def waits(self) -> int | None:
        """Days from asking to a match; None where too few were matched."""
        return self.days if self.with_mentor and _fives(self.answering) else None


_HERE = member.c.community_id == bindparam("community", type_=BI)
_MENTEES = (
    select(func.count(mentorship.c.mentee_id.distinct()))
    .join(member, member.c.id == mentorship.c.mentee_id)
    .where(_HERE)
)
_MENTORS = (
    select(func.count())
    .select_from(mentor_offer)
    .where(mentor_offer.c.community_id == bindparam("community", type_=BI), pool.LISTED)
)
_ACCEPTED = mentor_request.c.state == RequestState.ACCEPTED
_ANSWERS = (
    select(
        func.count(mentor_request.c.mentee_id.distinct()).label("asked"),
        func.count(mentor_request.c.mentor_id.distinct()).label("answering"),
        func.coalesce(func.sum(case((_ACCEPTED, 1), else_=0)), 0).label("accepted"),
        func.coalesce(func.sum(case((_ACCEPTED, 0), else_=1)), 0).label("refused"),
    )
    .join(member, member.c.id == mentor_request.c.mentee_id)
    .where(_HERE)
    .where(mentor_request.c.state.in_([RequestState.ACCEPTED, RequestState.DECLINED, RequestState.EXPIRED]))
)
_WAITED = (
    select((mentorship.c.at - mentor_request.c.wished_at).label("waited"))
    .join(mentor_request, mentor_request.c.id == mentorship.c.request_id)
    .join(member, member.c.id == mentorship.c.mentee_id)
    .where(_HERE)
)
_MATCHES = select(func.count()).select_from(_WAITED.subquery())
_MIDDLE = _WAITED.order_by("waited").limit(1).offset(bindparam("half", type_=BI))
_TAKEN = (
    select(mentorship.c.mentor_id.label("mentor"))
    .where(mentorship.c.state == MatchState.ON)
    .union_all(select(mentor_request.c.mentor_id).where(mentor_request.c.state == RequestState.OPEN))
    .subquery()
)
_TAKEN_OF = select(_TAKEN.c.mentor, func.count().label("taken")).group_by(_TAKEN.c.mentor).subquery()
_LEFT = mentor_offer.c.capacity - func.coalesce(_TAKEN_OF.c.taken, 0)
_FREE = (
    select(func.coalesce(func.sum(case((_LEFT > 0, _LEFT), else_=0)), 0))
    .select_from(mentor_offer.outerjoin(_TAKEN_OF, _TAKEN_OF.c.mentor == mentor_offer.c.member_id))
    .where(mentor_offer.c.community_id == bindparam("community", type_=BI), pool.LISTED)
)


def count(unit: Unit, community_id: int) -> Mentoring:
    """How it is now, to the member."""
    here: dict[str, Any] = {"community": community_id}
    mentees, mentors, matches = (int(unit.execute(each, here).scalar_one()) for each in (_MENTEES, _MENTORS, _MATCHES))
    answers = unit.execute(_ANSWERS, here).one()
    waited = int(unit.execute(_MIDDLE, {**here, "half": matches // 2}).scalar_one_or_none() or 0)
    return Mentoring(
        mentees,
        mentors,
        free_places(unit, community_id),
        int(answers.asked),
        int(answers.answering),
        int(answers.accepted),
        int(answers.refused),
        -(-waited // DAY),
    )


def free_places(unit: Unit, community_id: int) -> int:
    """Of the mentors that are listed."""
    return int(unit.execute(_FREE, {"community": community_id}).scalar_one())


def moved(standing: Mentoring | None, now: Mentoring) -> Mentoring:
    """What stands from now on: each figure as it is where five people more or fewer make it, else as it stood."""
    if standing is None:
        return now
    by_mentees, by_mentors = _enough(standing.mentees, now.mentees), _enough(standing.mentors, now.mentors)
    new = standing
    if by_mentees:
        new = replace(new, mentees=now.mentees, days=now.days)
    if by_mentors:
        new = replace(new, mentors=now.mentors)
    if by_mentees or by_mentors:
        new = replace(new, places=now.places)
    if _enough(standing.asked, now.asked):
        new = replace(new, asked=now.asked, answering=now.answering, accepted=now.accepted, refused=now.refused)
    return new


def stored(mentoring: Mentoring | None) -> dict[str, int] | None:
    """As it is kept."""
    return None if mentoring is None else asdict(mentoring)


def read(kept: dict[str, int] | None) -> Mentoring | None:
    """What was kept."""
    return None if kept is None else Mentoring(**kept)


def _enough(before: int, now: int) -> bool:
    return abs(now - before) >= STEP


def _fives(count: int) -> int:
    return count - count % STEP
