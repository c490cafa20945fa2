"""Requests to mentors: one at a time is open, the next wish follows by itself, the first yes ends the others."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, bindparam, func, select, text, update

from content.mentoring import WhyNot
from storage import asks, communities, members, mentorships, not_with, offers, pool
from storage.members import Me
from storage.mentor_states import ANSWER_HOURS, LIVE, WISHES_MOST, RequestState
from storage.mentorships import Full, Taken
from storage.moments import length, moment
from storage.tables import BI, member, mentor_request
from storage.unit import Unit, upsert

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


@dataclass(frozen=True, slots=True)
class Asked:
    """It is before the mentor now, or it waits its turn as wish number `place`."""

    request: int
    place: int
    open: bool


@dataclass(frozen=True, slots=True)
class Busy:
    """The mentor cannot be asked now; why is never said."""


@dataclass(frozen=True, slots=True)
class Enough:
    """Three wishes are the most at a time."""


@dataclass(frozen=True, slots=True)
class NoAsk:
    """What is asked for was never said."""


@dataclass(frozen=True, slots=True)
class Over:
    """The request is no longer open."""


_MENTOR, _MENTEE = member.alias("the_mentor"), member.alias("the_mentee")
_ROWS = (
    select(
        mentor_request,
        _MENTEE.c.community_id,
        _MENTEE.c.name.label("mentee_name"),
        _MENTOR.c.name.label("mentor_name"),
    )
    .join(_MENTOR, _MENTOR.c.id == mentor_request.c.mentor_id)
    .join(_MENTEE, _MENTEE.c.id == mentor_request.c.mentee_id)
)
_ID = mentor_request.c.id == bindparam("request", type_=BI)
_TO_ME = _ROWS.where(_ID, mentor_request.c.mentor_id == members.my_id())
_OF_MINE = _ROWS.where(_ID, mentor_request.c.mentee_id == members.my_id())
_BEFORE_ME = _ROWS.where(
    mentor_request.c.mentor_id == members.my_id(), mentor_request.c.state == RequestState.OPEN
).order_by(mentor_request.c.id)
_LIVE = mentor_request.c.state.in_(LIVE)
_LIVE_OF = _ROWS.where(mentor_request.c.mentee_id == bindparam("mentee", type_=BI), _LIVE).order_by(
    mentor_request.c.place, mentor_request.c.id
)
_LIVE_TO = _ROWS.where(mentor_request.c.mentor_id == bindparam("mentor", type_=BI), _LIVE).order_by(mentor_request.c.id)
_WISH = upsert(
    mentor_request,
    lambda insert: insert.on_conflict_do_nothing(
        index_elements=["mentee_id", "mentor_id"], index_where=text("state IN ('wished', 'open')")
    ).returning(mentor_request.c.id),
)
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
_DECLINED = select(mentor_request.c.mentor_id).where(
    mentor_request.c.mentee_id == bindparam("mentee", type_=BI), mentor_request.c.state == RequestState.DECLINED
)
_LAST_PLACE = select(func.coalesce(func.max(mentor_request.c.place), 0)).where(
    mentor_request.c.mentee_id == bindparam("mentee", type_=BI), _LIVE
)


def to_me(unit: Unit, me: Me, request: int) -> Request | None:
    """One that was put before me."""
    row = unit.execute(_TO_ME, {**members.mine(me), "request": request}).first()
    return None if row is None else _read(row)


def of_mine(unit: Unit, me: Me, request: int) -> Request | None:
    """One of my wishes."""
    row = unit.execute(_OF_MINE, {**members.mine(me), "request": request}).first()
    return None if row is None else _read(row)


def before_me(unit: Unit, me: Me) -> list[Request]:
    """What I am asked now."""
    return [_read(row) for row in unit.execute(_BEFORE_ME, members.mine(me))]


def live(unit: Unit, mentee_id: int) -> list[Request]:
    """A mentee's wishes: the open one and those that wait their turn, in their order."""
    return [_read(row) for row in unit.execute(_LIVE_OF, {"mentee": mentee_id})]


def ask(unit: Unit, me: Me, offer_id: int, gaps: Sequence[str]) -> Asked | Busy | Enough | Taken | NoAsk:
    """I ask this mentor, or wish for them next. Asked again it is the same wish."""
    mine, offer = asks.mine(unit, me), offers.find(unit, me.community, offer_id)
    if mine is None:
        return NoAsk()
    mentor = None if offer is None or offer.member == mine.member else offer.member
    unit.lock(mine.member, *(() if mentor is None else (mentor,)))
    wishes = live(unit, mine.member)
    if same := next((each for each in wishes if each.mentor == mentor), None):
        return Asked(same.id, same.place, same.state is RequestState.OPEN)
    if mentorships.taken(unit, mine.member):
        return Taken()
    if len(wishes) >= WISHES_MOST:
        return Enough()
    if mentor is None or not can_ask(unit, mine.member, mentor):
        return Busy()
    place = int(unit.execute(_LAST_PLACE, {"mentee": mine.member}).scalar_one()) + 1
    row = {"mentee_id": mine.member, "mentor_id": mentor, "place": place, "state": RequestState.WISHED}
    made = unit.execute(_WISH, {**row, "gaps": json.dumps(list(gaps)), "wished_at": unit.now_us}).scalar_one()
    if is_open := not wishes:
        _open(unit, me.community, int(made), mentor)
    return Asked(int(made), place, is_open)


def accept(unit: Unit, me: Me, request: int) -> int | Full | Over:
    """I mentor who asks: the match's id. Their other wishes end, and who had one open is told kindly."""
    found = to_me(unit, me, request)
    if found is None or found.state is RequestState.WISHED:
        return Over()
    unit.lock(found.mentee, found.mentor)
    offer, ask_ = offers.of_member(unit, found.mentor), asks.of_member(unit, found.mentee)
    if offer is None or ask_ is None or mentorships.taken(unit, found.mentee):
        return Over()
    if offer.places.on >= offer.places.capacity:
        return Full()
    if not end(unit, found, RequestState.ACCEPTED):
        return Over()
    offers.heard(unit, found.mentor)
    shown = replace(ask_, wanted=replace(ask_.wanted, gaps=found.gaps))  # the first meeting is about no other gaps
    made = mentorships.make(unit, me.community, offer, shown, request=request)
    assert isinstance(made, int)  # both are locked, and it was looked at above
    cancel_others(unit, found.mentee)
    return made


def decline(unit: Unit, me: Me, request: int, why: WhyNot | None = None, *, never: bool = False) -> Request | Over:
    """I do not, whatever the reason; `never`: nor at any other time, which nobody is told.

    A match of the two is not ended by an old card: then `never` does nothing.
    """
    found = to_me(unit, me, request)
    if found is None or found.state is RequestState.WISHED:
        return Over()
    unit.lock(found.mentee, found.mentor)
    ended = end(unit, found, RequestState.DECLINED, why)
    if never and (ended or found.state not in (*LIVE, RequestState.ACCEPTED)):
        not_with.keep_apart(unit, found.mentor, found.mentee)
    if not ended:
        return Over()
    offers.heard(unit, found.mentor)
    unit.tell(found.mentee, DECLINED, request=request)
    open_next(unit, found.community, found.mentee)
    return found


def withdraw(unit: Unit, me: Me, request: int) -> Request | Over:
    """I no longer ask this; the next wish takes its turn."""
    found = of_mine(unit, me, request)
    if found is None:
        return Over()
    unit.lock(found.mentee, found.mentor)
    if not end(unit, found, RequestState.WITHDRAWN):
        return Over()
    open_next(unit, found.community, found.mentee)
    return found


def can_ask(unit: Unit, mentee_id: int, mentor_id: int) -> bool:
    """Whether this mentor may be asked by this member now; the unit has locked both."""
    offer = offers.of_member(unit, mentor_id)
    if offer is None or not offer.listed or not offer.places.can_be_asked:
        return False
    return mentor_id not in declined_by(unit, mentee_id) and not not_with.apart(unit, mentee_id, mentor_id)


def declined_by(unit: Unit, mentee_id: int) -> frozenset[int]:
    """The mentors who once said no to this member: these pairs are never made again, whatever else fits."""
    return frozenset(unit.execute(_DECLINED, {"mentee": mentee_id}).scalars())


def open_next(unit: Unit, community_id: int, mentee_id: int) -> Request | None:
    """The next wish that can be asked is; those that cannot are passed over. None where none is left."""
    wishes = live(unit, mentee_id)
    if not wishes or wishes[0].state is RequestState.OPEN or mentorships.taken(unit, mentee_id):
        return None
    for each in wishes:
        unit.lock(each.mentor)
        if can_ask(unit, mentee_id, each.mentor):
            _open(unit, community_id, each.id, each.mentor)
            return each
        end(unit, each, RequestState.PASSED)
    return None


def cancel_others(unit: Unit, mentee_id: int, *, found: int | None = None) -> None:
    """The mentee has found somebody: whoever was asked besides is told so kindly, but not who was `found`."""
    for each in live(unit, mentee_id):
        ended = end(unit, each, RequestState.CANCELLED)
        if ended and each.state is RequestState.OPEN and each.mentor != found:
            unit.tell(each.mentor, FOUND_ANOTHER, request=each.id)


def pass_all(unit: Unit, community_id: int, mentor_id: int) -> None:
    """The mentor is there no more: whoever asked goes on to the next wish, and hears so as of any other no."""
    for each in [_read(row) for row in unit.execute(_LIVE_TO, {"mentor": mentor_id})]:
        if end(unit, each, RequestState.PASSED) and each.state is RequestState.OPEN:
            unit.tell(each.mentee, DECLINED, request=each.id)
            open_next(unit, community_id, each.mentee)


def end(unit: Unit, found: Request, state: RequestState, why: WhyNot | None = None) -> bool:
    """It becomes this; False where it is no longer what was found."""
    new = {"new_state": state, "new_why": None if why is None else why.value, "now": unit.now_us}
    if found.state not in LIVE:
        return False
    if not unit.execute(_END, {"request": found.id, "old_state": found.state, **new}).rowcount:
        return False
    if found.state is RequestState.OPEN:
        pool.moved(unit, found.community)
    return True


def _open(unit: Unit, community_id: int, request: int, mentor_id: int) -> None:
    hours = communities.setting(unit, community_id, HOURS)
    due = unit.now_us + length(dt.timedelta(hours=hours if isinstance(hours, int) else ANSWER_HOURS))
    unit.execute(_OPEN, {"request": request, "now": unit.now_us, "new_due": due})
    unit.tell(mentor_id, ASKED, request=request)
    pool.moved(unit, community_id)


def _read(row: Row[*tuple[Any, ...]]) -> Request:
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
