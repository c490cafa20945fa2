"""Requests to mentors: asked, accepted within capacity, declined and withdrawn."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, func, select, text

from content.mentoring import WhyNot
from storage import asks, members, mentorships, not_with, offers, pool, wishes
from storage.members import Me
from storage.mentor_states import LIVE, WISHES_MOST, Approval, RequestState
from storage.mentorships import Full, Taken
from storage.tables import BI, mentor_request
from storage.unit import Unit, upsert
from storage.wishes import Request


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


_ID = mentor_request.c.id == bindparam("request", type_=BI)
_TO_ME = wishes.ROWS.where(_ID, mentor_request.c.mentor_id == members.my_id(), mentor_request.c.opened_at.is_not(None))
_OF_MINE = wishes.ROWS.where(_ID, mentor_request.c.mentee_id == members.my_id())
_BEFORE_ME = wishes.ROWS.where(
    mentor_request.c.mentor_id == members.my_id(), mentor_request.c.state == RequestState.OPEN
).order_by(mentor_request.c.id)
_WISH = upsert(
    mentor_request,
    lambda insert: insert.on_conflict_do_nothing(
        index_elements=["mentee_id", "mentor_id"], index_where=text("state IN ('wished', 'open')")
    ).returning(mentor_request.c.id),
)
_LAST_PLACE = select(func.coalesce(func.max(mentor_request.c.place), 0)).where(
    mentor_request.c.mentee_id == bindparam("mentee", type_=BI), wishes.IS_LIVE
)


def to_me(unit: Unit, me: Me, request: int) -> Request | None:
    """One that was put before me; who wishes for me and waits their turn is not mine to know."""
    row = unit.execute(_TO_ME, {**members.mine(me), "request": request}).first()
    return None if row is None else wishes.read(row)


def of_mine(unit: Unit, me: Me, request: int) -> Request | None:
    """One of my wishes."""
    row = unit.execute(_OF_MINE, {**members.mine(me), "request": request}).first()
    return None if row is None else wishes.read(row)


def before_me(unit: Unit, me: Me) -> list[Request]:
    """What I am asked now."""
    return [wishes.read(row) for row in unit.execute(_BEFORE_ME, members.mine(me))]


def ask(unit: Unit, me: Me, offer_id: int, gaps: Sequence[str]) -> Asked | Busy | Enough | Taken | NoAsk:
    """I ask this mentor, or wish for them next. Asked again it is the same wish."""
    mine, offer = asks.mine(unit, me), offers.find(unit, me.community, offer_id)
    if mine is None:
        return NoAsk()
    mentor = None if offer is None or offer.member == mine.member else offer.member
    unit.lock(mine.member, *(() if mentor is None else (mentor,)))
    if asks.of_member(unit, mine.member) is None:  # erased meanwhile
        return NoAsk()
    already = wishes.live(unit, mine.member)
    if same := next((each for each in already if each.mentor == mentor), None):
        return Asked(same.id, same.place, same.state is RequestState.OPEN)
    if pool.taken(unit, mine.member):
        return Taken()
    if len(already) >= WISHES_MOST:
        return Enough()
    if mentor is None or not wishes.can_ask(unit, mine.member, mentor):
        return Busy()
    place = int(unit.execute(_LAST_PLACE, {"mentee": mine.member}).scalar_one()) + 1
    row = {"mentee_id": mine.member, "mentor_id": mentor, "place": place, "state": RequestState.WISHED}
    made = unit.execute(_WISH, {**row, "gaps": json.dumps(list(gaps)), "wished_at": unit.now_us}).scalar_one()
    if is_open := not already:
        wishes.put_before(unit, me.community, int(made), mentor)
    return Asked(int(made), place, is_open)


def accept(unit: Unit, me: Me, request: int) -> int | Full | Over:
    """I mentor who asks: the match's id. Their other wishes end, and who had one open is told kindly."""
    found = _held(unit, to_me, me, request)
    if found is None or found.state is not RequestState.OPEN:
        return Over()
    offer, ask_ = offers.of_member(unit, found.mentor), asks.of_member(unit, found.mentee)
    if offer is None or offer.approval is Approval.REMOVED or ask_ is None or pool.taken(unit, found.mentee):
        return Over()
    if not_with.apart(unit, found.mentee, found.mentor):
        return Over()
    if offer.places.on >= offer.places.capacity:
        return Full()
    wishes.end(unit, found, RequestState.ACCEPTED)
    offers.heard(unit, found.mentor)
    shown = replace(ask_, wanted=replace(ask_.wanted, gaps=found.gaps))  # the first meeting is about no other gaps
    made = mentorships.make(unit, me.community, offer, shown, request=request)
    assert isinstance(made, int)  # both are locked, and it was looked at above
    wishes.settle(unit, me.community, found.mentor)
    return made


def decline(unit: Unit, me: Me, request: int, why: WhyNot | None = None, *, never: bool = False) -> Request | Over:
    """I do not, whatever the reason; `never`: nor at any other time, which nobody is told.

    A match of the two is not ended by an old card: then `never` does nothing.
    """
    found = _held(unit, to_me, me, request)
    if found is None:
        return Over()
    ended = found.state is RequestState.OPEN and wishes.end(unit, found, RequestState.DECLINED, why)
    if never and (ended or found.state not in (*LIVE, RequestState.ACCEPTED)):
        not_with.keep_apart(unit, found.mentor, found.mentee)
        for each in before_me(unit, me):
            if each.mentee == found.mentee:  # asked again since
                decline(unit, me, each.id)
    if not ended:
        return Over()
    offers.heard(unit, found.mentor)
    unit.tell(found.mentee, wishes.DECLINED, request=request)
    wishes.open_next(unit, found.community, found.mentee)
    return found


def withdraw(unit: Unit, me: Me, request: int) -> Request | Over:
    """I no longer ask this; the next wish takes its turn."""
    found = _held(unit, of_mine, me, request)
    if found is None or not wishes.end(unit, found, RequestState.WITHDRAWN):
        return Over()
    wishes.open_next(unit, found.community, found.mentee)
    return found


def _held(unit: Unit, read: Callable[[Unit, Me, int], Request | None], me: Me, request: int) -> Request | None:
    """As it is once nobody else can change it."""
    found = read(unit, me, request)
    if found is None:
        return None
    wishes.hold_mentor(unit, found.mentor, found.mentee)
    return read(unit, me, request)
