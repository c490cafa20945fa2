"""Mentors' offers: making, changing and ending one, whether it is listed, and what moderators say of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from content.mentoring import Hours, Seniority, Spoken
from content.outcomes import Outcome
from storage import members, pool, wishes
from storage.members import Me
from storage.mentor_states import SILENT_APART, Approval, Paused, Reach
from storage.moments import micros, moment
from storage.pool import Places
from storage.tables import BI, member, mentor_offer
from storage.unit import Unit, upsert

PROOF = "mentor.proof"
"""The notice that proves a mentor's direct messages; its delivery says whether the offer can be listed."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a mentor offers. `words` are their own to whoever asks; `in_rounds`: takes part in matching days."""

    tracks: tuple[Outcome, ...]
    skills: tuple[str, ...]
    seniority: Seniority
    hours: Hours
    languages: tuple[Spoken, ...]
    capacity: int
    words: str | None
    in_rounds: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer as stored. `paused_until` is None where its mentor has to say when it goes on.

    `silent_at` is when a request last ended in silence, since the mentor last answered one.
    """

    id: int
    member: int
    uid: str
    name: str
    terms: Terms
    approval: Approval
    reach: Reach
    paused: Paused | None
    paused_until: dt.datetime | None
    silent_at: dt.datetime | None
    places: Places

    @property
    def listed(self) -> bool:
        """Whether it can be found, free places or not."""
        return self.approval is Approval.APPROVED and self.reach is Reach.OPEN and self.paused is None


_ROWS = select(
    mentor_offer,
    member.c.uid,
    member.c.name,
    pool.on_of(mentor_offer.c.member_id).label("on"),
    pool.open_of(mentor_offer.c.member_id).label("open"),
).join(member, member.c.id == mentor_offer.c.member_id)
_HERE = mentor_offer.c.community_id == bindparam("community", type_=BI)
_MINE = _ROWS.where(mentor_offer.c.member_id == members.my_id())
_ONE = _ROWS.where(_HERE, mentor_offer.c.id == bindparam("offer", type_=BI))
_OF = _ROWS.where(mentor_offer.c.member_id == bindparam("mentor", type_=BI))
_SEVERAL = _ROWS.where(_HERE, mentor_offer.c.id.in_(bindparam("offers", expanding=True)))
_TERMS = ("tracks", "skills", "seniority", "weekday", "weekend", "zone", "languages", "capacity", "words", "in_rounds")
_SAVE = upsert(
    mentor_offer,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["member_id"], set_={name: insert.excluded[name] for name in (*_TERMS, "reach")}
    ),
)
_SET = update(mentor_offer).where(mentor_offer.c.member_id == bindparam("mentor", type_=BI))
_PAUSE = _SET.values(paused=bindparam("by"), paused_until=bindparam("until", type_=BI))
_PAUSED_BY_OTHERS = mentor_offer.c.paused.is_distinct_from(Paused.MODERATORS)
_RESUMED = {"paused": None, "paused_until": None, "silent_at": None}
_RESUME = _SET.values(_RESUMED)
_HEARD = _SET.where(mentor_offer.c.silent_at.is_not(None)).values(silent_at=None)
_SILENT = _SET.values(silent_at=bindparam("now", type_=BI))
_APPROVAL = _SET.values(approval=bindparam("new_approval"))
_REACH = _SET.values(reach=bindparam("new_reach"))
_TRY_AGAIN = _SET.where(mentor_offer.c.reach == Reach.CLOSED).values(reach=Reach.ASKED)
_END = delete(mentor_offer).where(
    mentor_offer.c.member_id == bindparam("mentor", type_=BI), mentor_offer.c.approval != Approval.REMOVED
)
_TAKE_UP = (
    update(mentor_offer)
    .where(mentor_offer.c.paused_until <= bindparam("now", type_=BI))
    .values(_RESUMED)
    .returning(mentor_offer.c.community_id)
)


def mine(unit: Unit, me: Me) -> Offer | None:
    """My offer, whatever its state."""
    row = unit.execute(_MINE, members.mine(me)).first()
    return None if row is None else _read(row)


def find(unit: Unit, community_id: int, offer: int) -> Offer | None:
    """One of this community's."""
    row = unit.execute(_ONE, {"community": community_id, "offer": offer}).first()
    return None if row is None else _read(row)


def several(unit: Unit, community_id: int, offers: Sequence[int]) -> dict[int, Offer]:
    """Those of them that are there, by id."""
    rows = unit.execute(_SEVERAL, {"community": community_id, "offers": list(offers)})
    return {row.id: _read(row) for row in rows}


def of_member(unit: Unit, member_id: int) -> Offer | None:
    """The offer of a member by row."""
    row = unit.execute(_OF, {"mentor": member_id}).first()
    return None if row is None else _read(row)


def save(unit: Unit, me: Me, terms: Terms, *, approved: bool) -> int:
    """My offer is this from now on; my member's id. `approved`: a new one needs no moderator.

    A direct message to me proves that requests arrive; until it did, the offer is not listed. Of a removed offer
    the removal stays. With no place left by it, whoever has asked me goes on to the next wish.
    """
    if known := members.find(unit, me):
        wishes.hold_mentor(unit, known.id)
    member_id = members.ensure(unit, me)
    before = of_member(unit, member_id)
    reach = before.reach if before is not None and before.reach is Reach.OPEN else Reach.ASKED
    values = {**_row(terms), "member_id": member_id, "community_id": me.community, "reach": reach, "at": unit.now_us}
    unit.execute(_SAVE, {**values, "approval": Approval.APPROVED if approved else Approval.WAITING})
    if reach is Reach.ASKED and (before is None or before.reach is not Reach.ASKED):  # else one is under way
        unit.tell(member_id, PROOF)
    pool.moved(unit, me.community)
    wishes.settle(unit, me.community, member_id)
    return member_id


def prove(unit: Unit, me: Me) -> bool:
    """My direct messages are tried again; False where one is under way or has arrived, or there is no offer."""
    offer = mine(unit, me)
    if offer is None:
        return False
    unit.lock(offer.member)
    if unit.execute(_TRY_AGAIN, {"mentor": offer.member}).rowcount == 0:
        return False
    unit.tell(offer.member, PROOF)
    return True


def reached(unit: Unit, community_id: int, member_id: int, *, arrived: bool) -> None:
    """What became of a direct message to this mentor."""
    unit.execute(_REACH, {"mentor": member_id, "new_reach": Reach.OPEN if arrived else Reach.CLOSED})
    pool.moved(unit, community_id)


def pause(unit: Unit, community_id: int, member_id: int, by: Paused, until: dt.datetime | None = None) -> bool:
    """Nobody new asks this mentor until the moment, or until it is taken up again.

    False where nothing came of it: a pause of the moderators is only theirs to change.
    """
    values = {"mentor": member_id, "by": by, "until": None if until is None else micros(until)}
    statement = _PAUSE if by is Paused.MODERATORS else _PAUSE.where(_PAUSED_BY_OTHERS)
    done = unit.execute(statement, values).rowcount > 0
    pool.moved(unit, community_id)
    return done


def resume(unit: Unit, community_id: int, member_id: int, *, by: Paused = Paused.MODERATORS) -> bool:
    """The pause is over, and silences before it count no more; False as of `pause`, for who it is `by`."""
    statement = _RESUME if by is Paused.MODERATORS else _RESUME.where(_PAUSED_BY_OTHERS)
    done = unit.execute(statement, {"mentor": member_id}).rowcount > 0
    pool.moved(unit, community_id)
    return done


def heard(unit: Unit, member_id: int) -> None:
    """The mentor answered: a silence before counts no more."""
    unit.execute(_HEARD, {"mentor": member_id})


def silent(unit: Unit, community_id: int, member_id: int) -> bool:
    """A request ended in silence; True where that pauses its mentor: the second, and long enough after the first."""
    offer = of_member(unit, member_id)
    if offer is None or offer.paused is not None:
        return False
    if offer.silent_at is None:
        unit.execute(_SILENT, {"mentor": member_id, "now": unit.now_us})
    elif unit.now - offer.silent_at >= SILENT_APART:
        return pause(unit, community_id, member_id, Paused.SILENCE)
    return False


def set_approval(unit: Unit, community_id: int, member_id: int, approval: Approval) -> None:
    """What the moderators say. Whoever wishes for a mentor whom they remove goes on to the next wish."""
    wishes.hold_mentor(unit, member_id)
    unit.execute(_APPROVAL, {"mentor": member_id, "new_approval": approval})
    pool.moved(unit, community_id)
    if approval is Approval.REMOVED:
        wishes.pass_all(unit, community_id, member_id)


def drop(unit: Unit, community_id: int, member_id: int) -> None:
    """The offer is gone; matches that are on go on, and who asks goes on to the next wish.

    One that moderators removed stays removed: else it would come back as a new one.
    """
    wishes.hold_mentor(unit, member_id)
    unit.execute(_END, {"mentor": member_id})
    pool.moved(unit, community_id)
    wishes.pass_all(unit, community_id, member_id)


def take_up(unit: Unit) -> int:
    """Offers whose pause was until now are listed again; how many."""
    communities = unit.execute(_TAKE_UP, {"now": unit.now_us}).scalars().all()
    for each in sorted(set(communities)):
        pool.moved(unit, each)
    return len(communities)


def _row(terms: Terms) -> dict[str, Any]:
    return {
        "tracks": " ".join(terms.tracks),
        "skills": json.dumps(terms.skills),
        "seniority": int(terms.seniority),
        "weekday": terms.hours.weekday,
        "weekend": terms.hours.weekend,
        "zone": terms.hours.zone,
        "languages": " ".join(terms.languages),
        "capacity": terms.capacity,
        "words": terms.words,
        "in_rounds": int(terms.in_rounds),
    }


def _read(row: Row[*tuple[Any, ...]]) -> Offer:
    terms = Terms(
        tuple(Outcome(each) for each in row.tracks.split()),
        tuple(json.loads(row.skills)),
        Seniority(row.seniority),
        Hours(row.weekday, row.weekend, row.zone),
        tuple(Spoken(each) for each in row.languages.split()),
        row.capacity,
        row.words,
        bool(row.in_rounds),
    )
    return Offer(
        row.id,
        row.member_id,
        row.uid,
        row.name,
        terms,
        Approval(row.approval),
        Reach(row.reach),
        None if row.paused is None else Paused(row.paused),
        None if row.paused_until is None else moment(row.paused_until),
        None if row.silent_at is None else moment(row.silent_at),
        Places(row.capacity, row.on, row.open),
    )
