"""Whom a member can ask: a community's mentors who have a free place, and what of the member decides between them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, bindparam, select

from content.mentoring import Hours
from content.outcomes import Outcome
from storage import asks, matching_days, not_with, offers, pool, wishes
from storage.asks import Ask
from storage.members import Me
from storage.offers import Offer
from storage.pool import LISTED, Places
from storage.tables import BI, mentor_offer, mentorship
from storage.unit import Unit, in_one_hop
from storage.wishes import Request


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mentor who can be asked now, by the ids of the offer and the member; what a pair is judged by."""

    offer: int
    member: int
    tracks: tuple[Outcome, ...]
    skills: tuple[str, ...]
    seniority: int
    hours: Hours
    languages: tuple[str, ...]
    free: int


@dataclass(frozen=True, slots=True)
class Seeker:
    """A member who looks for a mentor. `revision` is the pool's; `wishes` are in their order.

    `never` are the members whom no list shows them: kept apart, or said no; `met` those they were matched with.
    `has_mentor`: one is on. `next_day` is the next matching day, where the moderators have set them.
    """

    revision: int
    ask: Ask | None
    wishes: tuple[Request, ...] = ()
    never: frozenset[int] = frozenset()
    met: frozenset[int] = frozenset()
    has_mentor: bool = False
    next_day: dt.datetime | None = None


_PAGE = (
    select(
        mentor_offer.c.id,
        mentor_offer.c.member_id,
        mentor_offer.c.tracks,
        mentor_offer.c.skills,
        mentor_offer.c.seniority,
        mentor_offer.c.weekday,
        mentor_offer.c.weekend,
        mentor_offer.c.zone,
        mentor_offer.c.languages,
        mentor_offer.c.capacity,
        pool.on_of(mentor_offer.c.member_id).label("on"),
        pool.open_of(mentor_offer.c.member_id).label("open"),
    )
    .where(mentor_offer.c.community_id == bindparam("community", type_=BI), LISTED)
    .where(mentor_offer.c.id > bindparam("after", type_=BI))
    .order_by(mentor_offer.c.id)
    .limit(bindparam("size", type_=BI))
)
_MET = select(mentorship.c.mentor_id).where(mentorship.c.mentee_id == bindparam("mentee", type_=BI))


@in_one_hop
def page(unit: Unit, community_id: int, after: int, size: int) -> tuple[list[Candidate], int | None]:
    """Those among so many listed offers behind `after` who can be asked, and where the next page begins, if any."""
    rows = unit.execute(_PAGE, {"community": community_id, "after": after, "size": size}).all()
    found = [_read(row) for row in rows if Places(row.capacity, row.on, row.open).can_be_asked]
    return found, rows[-1].id if len(rows) == size else None


@in_one_hop
def seeker(unit: Unit, me: Me) -> Seeker:
    """How it stands for me."""
    revision, ask = pool.revision(unit, me.community), asks.mine(unit, me)
    next_day = matching_days.coming(unit, me.community)
    if ask is None:
        return Seeker(revision, None, next_day=next_day)
    return Seeker(
        revision,
        ask,
        tuple(wishes.live(unit, ask.member)),
        not_with.of_member(unit, ask.member) | wishes.declined_by(unit, ask.member),
        frozenset(unit.execute(_MET, {"mentee": ask.member}).scalars()),
        pool.taken(unit, ask.member),
        next_day,
    )


def one(unit: Unit, me: Me, offer_id: int) -> Offer | None:
    """An offer that I may ask for, or have a wish for. All others are as if they were not there."""
    ask, offer = asks.mine(unit, me), offers.find(unit, me.community, offer_id)
    if ask is None or offer is None or offer.member == ask.member:
        return None
    wished = any(each.mentor == offer.member for each in wishes.live(unit, ask.member))
    return offer if wished or wishes.can_ask(unit, ask.member, offer.member) else None


def _read(row: Row[*tuple[Any, ...]]) -> Candidate:
    return Candidate(
        row.id,
        row.member_id,
        _tracks(row.tracks),
        _skills(row.skills),
        row.seniority,
        Hours(row.weekday, row.weekend, row.zone),
        _languages(row.languages),
        Places(row.capacity, row.on, row.open).free,
    )


@lru_cache(maxsize=64)
def _tracks(stored: str) -> tuple[Outcome, ...]:
    return tuple(Outcome(each) for each in stored.split())


@lru_cache(maxsize=1024)
def _languages(stored: str) -> tuple[str, ...]:
    return tuple(stored.split())


def _skills(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored))
