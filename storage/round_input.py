"""What a matching day is worked out from, read a part at a time by the process that works it out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import bindparam, select, union_all

from content.mentoring import Hours
from content.outcomes import Outcome
from storage import pool
from storage.mentor_states import WAITS_FOR, MatchState, RequestState
from storage.moments import length
from storage.tables import BI, member, mentor_ask, mentor_offer, mentor_request, mentorship, not_with
from storage.unit import Unit

AT_ONCE = 5000
Pairs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Offering:
    """A listed mentor who takes part and has `free` places; who asked and waits for an answer holds one."""

    member: int
    tracks: tuple[Outcome, ...]
    skills: tuple[str, ...]
    hours: Hours
    languages: tuple[str, ...]
    seniority: int
    free: int


@dataclass(frozen=True, slots=True)
class Asking:
    """A member who waits, with or without a request that is open; `rounds` is how often they were left over."""

    member: int
    track: Outcome
    gaps: tuple[str, ...]
    hours: Hours
    languages: tuple[str, ...]
    seniority: int
    rounds: int


@dataclass(frozen=True, slots=True)
class Entries:
    """All of it. Pairs are a mentee and a mentor; `apart` are those who may not meet, `before` those who did."""

    offering: list[Offering]
    asking: list[Asking]
    apart: Pairs
    before: Pairs


_HERE = bindparam("community", type_=BI)
_AFTER = bindparam("after", type_=BI)
_OFFERING = (
    select(
        mentor_offer,
        pool.on_of(mentor_offer.c.member_id).label("on"),
        pool.open_of(mentor_offer.c.member_id).label("open"),
    )
    .where(mentor_offer.c.community_id == _HERE, pool.LISTED, mentor_offer.c.in_rounds == 1)
    .where(mentor_offer.c.member_id > _AFTER)
    .order_by(mentor_offer.c.member_id)
    .limit(AT_ONCE)
)
_TAKEN = select(mentorship.c.id).where(
    mentorship.c.mentee_id == mentor_ask.c.member_id, mentorship.c.state == MatchState.ON
)
_ASKING = (
    select(mentor_ask)
    .where(mentor_ask.c.community_id == _HERE, mentor_ask.c.waiting_since > bindparam("since", type_=BI))
    .where(mentor_ask.c.member_id > _AFTER, ~_TAKEN.exists())
    .order_by(mentor_ask.c.member_id)
    .limit(AT_ONCE)
)
_APART = union_all(
    select(not_with.c.member_id, not_with.c.other_id)
    .join(member, member.c.id == not_with.c.member_id)
    .where(member.c.community_id == _HERE),
    select(not_with.c.other_id, not_with.c.member_id)
    .join(member, member.c.id == not_with.c.member_id)
    .where(member.c.community_id == _HERE),
    select(mentor_request.c.mentee_id, mentor_request.c.mentor_id)
    .join(member, member.c.id == mentor_request.c.mentee_id)
    .where(member.c.community_id == _HERE, mentor_request.c.state == RequestState.DECLINED),
)
_BEFORE = (
    select(mentorship.c.mentee_id, mentorship.c.mentor_id)
    .join(member, member.c.id == mentorship.c.mentee_id)
    .where(member.c.community_id == _HERE)
)


def entries(unit: Unit, community_id: int) -> Entries:
    """Of one moment; 210,000 members take about a second, which no event loop has."""
    here = {"community": community_id}
    pairs = [[(one, other) for one, other in unit.execute(each, here)] for each in (_APART, _BEFORE)]
    return Entries([*_offering(unit, here)], [*_asking(unit, here)], *pairs)


def _offering(unit: Unit, here: dict[str, int]) -> Iterator[Offering]:
    after = 0
    while rows := unit.execute(_OFFERING, {**here, "after": after}).all():
        for row in rows:
            free = pool.Places(row.capacity, row.on, row.open).free
            tracks = tuple(Outcome(each) for each in row.tracks.split())
            hours = Hours(row.weekday, row.weekend, row.zone)
            languages = tuple(row.languages.split())
            if free:
                yield Offering(
                    row.member_id, tracks, tuple(json.loads(row.skills)), hours, languages, row.seniority, free
                )
        after = rows[-1].member_id


def _asking(unit: Unit, here: dict[str, int]) -> Iterator[Asking]:
    after, since = 0, unit.now_us - length(WAITS_FOR)
    while rows := unit.execute(_ASKING, {**here, "since": since, "after": after}).all():
        for row in rows:
            hours = Hours(row.weekday, row.weekend, row.zone)
            languages = tuple(row.languages.split())
            gaps = tuple(json.loads(row.gaps))
            yield Asking(row.member_id, Outcome(row.track), gaps, hours, languages, row.seniority, row.rounds)
        after = rows[-1].member_id
