"""Who was named as a mentor by their moderators and has not said yet: kept for thirty days, then erased."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, exists, select

from storage import members
from storage.members import Me
from storage.moments import length, moment
from storage.tables import BI, member, mentor_invitation, mentor_offer
from storage.unit import Unit, upsert

KEPT_FOR = dt.timedelta(days=30)
PRUNED_AT_ONCE = 500  # a unit must not hold the writer for long


@dataclass(frozen=True, slots=True)
class Invitation:
    """What was filled in for me, in the fields of an offer's draft, and when it is erased if I say nothing."""

    id: int
    fields: Mapping[str, tuple[str, ...]]
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody by the platform's id, with the fields that are filled in for them."""

    uid: str
    fields: Mapping[str, Sequence[str]]


_ME = (mentor_invitation.c.community_id == members.COMMUNITY) & (mentor_invitation.c.uid == bindparam("uid"))
_LASTS = mentor_invitation.c.at > bindparam("after", type_=BI)
_MINE = select(mentor_invitation).where(_ME, _LASTS)
_DROP = delete(mentor_invitation).where(_ME)
_DROP_ONE = _DROP.where(mentor_invitation.c.id == bindparam("invitation", type_=BI))
_OFFERS = exists().where(mentor_offer.c.member_id == member.c.id)
_MENTORS = select(member.c.uid).where(
    member.c.community_id == bindparam("community", type_=BI),
    member.c.uid.in_(bindparam("uids", expanding=True)),
    _OFFERS,
)
_INVITE = upsert(
    mentor_invitation,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["community_id", "uid"], set_={"fields": insert.excluded.fields, "at": insert.excluded.at}
    ),
)
_OLD = select(mentor_invitation.c.id).where(mentor_invitation.c.at <= bindparam("until", type_=BI))
_PRUNE = delete(mentor_invitation).where(mentor_invitation.c.id.in_(_OLD.limit(PRUNED_AT_ONCE)))


def mine(unit: Unit, me: Me) -> Invitation | None:
    """Mine, while I have not answered it and its time is not over."""
    row = unit.execute(_MINE, {**members.mine(me), "after": unit.now_us - length(KEPT_FOR)}).first()
    if row is None:
        return None
    fields = {name: tuple(values) for name, values in json.loads(row.fields).items()}
    return Invitation(row.id, fields, moment(row.at) + KEPT_FOR)


def invite(unit: Unit, community_id: int, named: Sequence[Named]) -> int:
    """Each of them finds it on their own Home; nobody is told. Who offers time already is left out; how many are not.

    Of somebody named before, what is filled in now counts, from now on.
    """
    known = {"community": community_id, "uids": [each.uid for each in named]}
    mentors = set(unit.execute(_MENTORS, known).scalars())
    rows = [
        {"community_id": community_id, "uid": each.uid, "fields": _encode(each.fields), "at": unit.now_us}
        for each in named
        if each.uid not in mentors
    ]
    if rows:
        unit.execute(_INVITE, rows)
    return len(rows)


def refuse(unit: Unit, me: Me, invitation: int) -> bool:
    """I do not want to: it is erased at once. False where it is gone already."""
    return unit.execute(_DROP_ONE, {**members.mine(me), "invitation": invitation}).rowcount > 0


def drop(unit: Unit, me: Me) -> None:
    """It is answered, or I am erased."""
    unit.execute(_DROP, members.mine(me))


def prune(unit: Unit) -> bool:
    """Erase those that nobody answered, a part at a time; whether there may be more."""
    return unit.execute(_PRUNE, {"until": unit.now_us - length(KEPT_FOR)}).rowcount == PRUNED_AT_ONCE


def _encode(fields: Mapping[str, Sequence[str]]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
