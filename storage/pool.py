"""Who can be asked: what memory may keep of a community's mentors, and until when; free places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Exists, ScalarSelect, Select, and_, bindparam, exists, func, select

from storage.mentor_states import OPEN_MOST, Approval, MatchState, Reach, RequestState
from storage.tables import BI, mentor_offer, mentor_pool, mentor_request, mentorship
from storage.unit import Unit, upsert

LISTED: ColumnElement[bool] = and_(
    mentor_offer.c.approval == Approval.APPROVED, mentor_offer.c.reach == Reach.OPEN, mentor_offer.c.paused.is_(None)
)
"""Offers that can be found, free places or not."""


def on_of(mentor: ColumnElement[int]) -> ScalarSelect[int]:
    """How many matches of this mentor are on."""
    on = (mentorship.c.mentor_id == mentor) & (mentorship.c.state == MatchState.ON)
    return select(func.count()).select_from(mentorship).where(on).scalar_subquery()


def open_of(mentor: ColumnElement[int]) -> ScalarSelect[int]:
    """How many requests are before this mentor."""
    is_open = (mentor_request.c.mentor_id == mentor) & (mentor_request.c.state == RequestState.OPEN)
    return select(func.count()).select_from(mentor_request).where(is_open).scalar_subquery()


def has_mentor(mentee: ColumnElement[int]) -> Exists:
    """Whether this member has one."""
    return exists().where(mentorship.c.mentee_id == mentee, mentorship.c.state == MatchState.ON)


@dataclass(frozen=True, slots=True)
class Places:
    """How a mentor's places are taken."""

    capacity: int
    on: int
    open: int

    @property
    def free(self) -> int:
        """Those that nobody has or asks for."""
        return max(0, self.capacity - self.on - self.open)

    @property
    def can_be_asked(self) -> bool:
        """Whether one more request may be put before the mentor."""
        return self.free > 0 and self.open < OPEN_MOST


_PLACES = select(
    mentor_offer.c.capacity,
    on_of(mentor_offer.c.member_id).label("on"),
    open_of(mentor_offer.c.member_id).label("open"),
).where(mentor_offer.c.member_id == bindparam("mentor", type_=BI))
_OF_LISTED = _PLACES.where(LISTED)
_STAYS = _PLACES.where(mentor_offer.c.approval != Approval.REMOVED)
_TAKEN = select(has_mentor(bindparam("mentee", type_=BI)))
_REV = select(mentor_pool.c.rev).where(mentor_pool.c.community_id == bindparam("community", type_=BI))
_MOVE = upsert(
    mentor_pool,
    lambda insert: insert.on_conflict_do_update(index_elements=["community_id"], set_={"rev": mentor_pool.c.rev + 1}),
)


def places(unit: Unit, mentor_id: int) -> Places | None:
    """Of a mentor whom the unit has locked; None without an offer."""
    return _places(unit, _PLACES, mentor_id)


def places_of_listed(unit: Unit, mentor_id: int) -> Places | None:
    """As `places`; None where the offer is not listed either."""
    return _places(unit, _OF_LISTED, mentor_id)


def can_accept(unit: Unit, mentor_id: int) -> bool:
    """Whether this mentor, whom the unit has locked, could still say yes to somebody: paused or not."""
    found = _places(unit, _STAYS, mentor_id)
    return found is not None and found.on < found.capacity


def taken(unit: Unit, mentee_id: int) -> bool:
    """Whether the member has a mentor."""
    return bool(unit.execute(_TAKEN, {"mentee": mentee_id}).scalar_one())


def moved(unit: Unit, community_id: int) -> None:
    """Who can be found, or asked, is no longer as memory has it."""
    unit.execute(_MOVE, {"community_id": community_id, "rev": 1})


def revision(unit: Unit, community_id: int) -> int:
    """Goes up with every such change."""
    return int(unit.execute(_REV, {"community": community_id}).scalar_one_or_none() or 0)


def _places(unit: Unit, statement: Select[Any], mentor_id: int) -> Places | None:
    row = unit.execute(statement, {"mentor": mentor_id}).first()
    return None if row is None else Places(row.capacity, row.on, row.open)
