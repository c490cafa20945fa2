"""Wishes for mentors take their turns: one is open, the next follows by itself, none waits for what cannot come."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, bindparam, select, text, update

from content.mentoring import WhyNot
from storage import communities, not_with, pool
from storage.mentor_states import LIVE, RequestState, answer_hours
from storage.moments import length, moment
from storage.tables import BI, member, mentor_request
from storage.unit import Unit

ASKED, DECLINED, FOUND_ANOTHER, NEXT_ASKED, NONE_LEFT = (
    "mentor.asked", "mentor.declined", "mentor.found-another", "mentor.next-asked", "mentor.none-left",
)  # fmt: skip
"""The notices: to the mentor who is asked; to a mentee; to a mentor who is asked no more; to a mentee."""
HOURS = "mentor-hours"
"""The community's setting: how long a request is open."""


@dataclass(frozen=True, slots=True)
class Request:
    """A wish of `mentee` for `mentor` (ids of rows), with the gaps that the mentor sees."""

    id: int
    community: int
    mentee: int
    mentee_name: str
    mentor: int
    mentor_name: str
    place: int
    state: RequestState
    gaps: tuple[str, ...]
    why: WhyNot | None
    due: dt.datetime | None


_MENTOR, _MENTEE = member.alias("the_mentor"), member.alias("the_mentee")
ROWS: Select[Any] = (
    select(
        mentor_request,
        _MENTEE.c.community_id,
        _MENTEE.c.name.label("mentee_name"),
        _MENTOR.c.name.label("mentor_name"),
    )
    .join(_MENTOR, _MENTOR.c.id == mentor_request.c.mentor_id)
    .join(_MENTEE, _MENTEE.c.id == mentor_request.c.mentee_id)
)
IS_LIVE = text("mentor_request.state IN ('wished', 'open')")
"""In the words of the index of those."""
_ID = mentor_request.c.id == bindparam("request", type_=BI)
_OF_MENTEE = mentor_request.c.mentee_id == bindparam("mentee", type_=BI)
_TO_MENTOR = mentor_request.c.mentor_id == bindparam("mentor", type_=BI)
_LIVE_OF = ROWS.where(_OF_MENTEE, IS_LIVE).order_by(mentor_request.c.place, mentor_request.c.id)
_LIVE_TO = ROWS.where(_TO_MENTOR, mentor_request.c.state.in_(LIVE)).order_by(mentor_request.c.id)
_ASKING = select(mentor_request.c.mentee_id).where(_TO_MENTOR, mentor_request.c.state == RequestState.OPEN)
_WISHED_FOR = select(mentor_request.c.mentor_id).where(
    mentor_request.c.mentee_id.in_(bindparam("them", expanding=True)), IS_LIVE
)
_DECLINED = select(mentor_request.c.mentor_id).where(_OF_MENTEE, mentor_request.c.state == RequestState.DECLINED)
_OPEN = (
    update(mentor_request)
    .where(_ID, mentor_request.c.state == RequestState.WISHED)
    .values(state=RequestState.OPEN, opened_at=bindparam("now", type_=BI), due_at=bindparam("new_due", type_=BI))
)
_END = (
    update(mentor_request)
    .where(_ID, mentor_request.c.state == bindparam("old_state"))
    .values(state=bindparam("new_state"), why=bindparam("new_why"), ended_at=bindparam("now", type_=BI))
)


def live(unit: Unit, mentee_id: int) -> list[Request]:
    """A mentee's wishes: the open one and those that wait their turn, in their order."""
    return [read(row) for row in unit.execute(_LIVE_OF, {"mentee": mentee_id})]


def hold(unit: Unit, member_ids: Iterable[int]) -> None:
    """Lock these and whomever they wish for, before anything is written: at once, in one order, so that none waits
    for a unit that waits for it."""
    them = sorted(set(member_ids))
    if them:
        unit.lock(*them, *unit.execute(_WISHED_FOR, {"them": them}).scalars())


def hold_mentor(unit: Unit, mentor_id: int, *member_ids: int) -> None:
    """As `hold`, for a mentor as well and for those who have a request before them."""
    hold(unit, [mentor_id, *member_ids, *unit.execute(_ASKING, {"mentor": mentor_id}).scalars()])


def can_ask(unit: Unit, mentee_id: int, mentor_id: int) -> bool:
    """Whether this mentor may be asked by this member now; the unit has locked both.

    A plain no is as final as one for ever: else asking again would tell them apart.
    """
    places = pool.places_of_listed(unit, mentor_id)
    if places is None or not places.can_be_asked or not_with.apart(unit, mentee_id, mentor_id):
        return False
    return mentor_id not in declined_by(unit, mentee_id)


def declined_by(unit: Unit, mentee_id: int) -> frozenset[int]:
    """The mentors who once said no to this member: these pairs are never made again, whatever else fits."""
    return frozenset(unit.execute(_DECLINED, {"mentee": mentee_id}).scalars())


def put_before(unit: Unit, community_id: int, request: int, mentor_id: int) -> None:
    """It is its turn: the mentor is asked."""
    hours = answer_hours(communities.setting(unit, community_id, HOURS))
    due = unit.now_us + length(dt.timedelta(hours=hours))
    unit.execute(_OPEN, {"request": request, "now": unit.now_us, "new_due": due})
    unit.tell(mentor_id, ASKED, request=request)
    pool.moved(unit, community_id)


def open_next(unit: Unit, community_id: int, mentee_id: int) -> Request | None:
    """The next wish that can be asked is; those that cannot are passed over. None where none is left."""
    wishes = live(unit, mentee_id)
    if any(each.state is RequestState.OPEN for each in wishes):
        return None
    for each in wishes:
        unit.lock(each.mentor)
        if can_ask(unit, mentee_id, each.mentor):
            put_before(unit, community_id, each.id, each.mentor)
            return each
        end(unit, each, RequestState.PASSED)
    return None


def cancel_others(unit: Unit, mentee_id: int, *, found: int | None = None) -> None:
    """The mentee has found somebody, and wishes for nobody else: whoever was asked besides is told so kindly, but not
    who was `found`."""
    for each in live(unit, mentee_id):
        ended = end(unit, each, RequestState.CANCELLED)
        if ended and each.state is RequestState.OPEN and each.mentor != found:
            unit.tell(each.mentor, FOUND_ANOTHER, request=each.id)


def pass_all(unit: Unit, community_id: int, mentor_id: int) -> None:
    """The mentor is there no more: whoever asked goes on to the next wish, and hears so as of any other no."""
    pass_on(unit, community_id, mentor_id)
    for each in _live_to(unit, mentor_id):
        end(unit, each, RequestState.PASSED)


def pass_on(unit: Unit, community_id: int, mentor_id: int) -> None:
    """Whoever has a request before this mentor goes on; who wishes for them finds out at their turn."""
    hold_mentor(unit, mentor_id)
    for each in _live_to(unit, mentor_id):
        if each.state is RequestState.OPEN and end(unit, each, RequestState.PASSED):
            unit.tell(each.mentee, DECLINED, request=each.id)
            open_next(unit, community_id, each.mentee)


def settle(unit: Unit, community_id: int, mentor_id: int) -> None:
    """Nobody waits for a yes that cannot come: of a mentor without an offer, removed, or without any place left."""
    if not pool.can_accept(unit, mentor_id):
        pass_on(unit, community_id, mentor_id)


def end(unit: Unit, found: Request, state: RequestState, why: WhyNot | None = None) -> bool:
    """It becomes this; False where it is no longer what was found."""
    if found.state not in LIVE:
        return False
    new = {"new_state": state, "new_why": None if why is None else why.value, "now": unit.now_us}
    if not unit.execute(_END, {"request": found.id, "old_state": found.state, **new}).rowcount:
        return False
    if found.state is RequestState.OPEN:
        pool.moved(unit, found.community)
    return True


def _live_to(unit: Unit, mentor_id: int) -> list[Request]:
    return [read(row) for row in unit.execute(_LIVE_TO, {"mentor": mentor_id})]


def read(row: Row[*tuple[Any, ...]]) -> Request:
    """A row of `ROWS`."""
    return Request(
        row.id,
        row.community_id,
        row.mentee_id,
        row.mentee_name,
        row.mentor_id,
        row.mentor_name,
        row.place,
        RequestState(row.state),
        tuple(json.loads(row.gaps)),
        None if row.why is None else WhyNot(row.why),
        None if row.due_at is None else moment(row.due_at),
    )
