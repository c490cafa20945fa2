"""The outbox: messages and posts promised by a commit, each sent at least once by whoever holds its lease.

A row is `waiting`, then `claimed` for the time of a lease, and ends as `sent`, `closed` (the member's DM
refused it; the next private reply shows it, then it is `shown`), `dead` (given up) or `uncertain` (it may
have been posted; moderators decide). Leases run in real time, due times by the Store's clock.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, Update, and_, bindparam, case, delete, exists, or_, select, update

from content.text import Language
from storage import members
from storage.members import Me
from storage.moments import length, micros, moment
from storage.outbox_states import CLAIMED, CLOSED, DEAD, SENT, SHOWN, UNCERTAIN, WAITING
from storage.tables import BI, community, member, outbox, share
from storage.taking_back import TAKE_BACK
from storage.unit import Changed, Unit

KEPT_FOR = dt.timedelta(days=7)  # after the end, for a moderator's question what became of a post
PRUNED_AT_ONCE = 500  # a unit must not hold the writer for long


@dataclass(frozen=True, slots=True)
class Place:
    """The community that a message belongs to."""

    community: int
    platform: str
    ext_id: str
    language: Language


@dataclass(frozen=True, slots=True)
class Addressee:
    """The member that a message is for."""

    id: int
    uid: str
    name: str
    language: Language | None


@dataclass(frozen=True, slots=True)
class Due:
    """A message to send, and the claim on it.

    `unsure_since` is when an earlier attempt began whose end nobody saw: it may have been sent then.
    """

    id: int
    key: str
    place: Place
    member: Addressee | None
    channel: str | None
    notice: str
    ids: dict[str, int | str]
    owner: str
    attempt: int
    unsure_since: dt.datetime | None

    @property
    def first(self) -> bool:
        """Whether nobody has tried to send it before."""
        return self.attempt == 1


def _claim(pick: Select[Any]) -> Update:
    return (
        update(outbox)
        .where(outbox.c.id.in_(pick.order_by(outbox.c.due_at, outbox.c.id).limit(bindparam("limit_"))))
        .values(
            state=CLAIMED,
            owner=bindparam("new_owner"),
            attempt=outbox.c.attempt + 1,
            claimed_at=bindparam("real_now", type_=BI),
            lease_until=bindparam("until", type_=BI),
            unsure_since=case(
                (and_(outbox.c.state == CLAIMED, outbox.c.unsure_since.is_(None)), outbox.c.claimed_at),
                else_=outbox.c.unsure_since,
            ),
        )
        .returning(outbox.c.id)
    )


_PICK = (
    select(outbox.c.id)
    .where(
        outbox.c.due_at <= bindparam("now"),
        or_(
            outbox.c.state == WAITING,
            and_(outbox.c.state == CLAIMED, outbox.c.lease_until <= bindparam("real_now", type_=BI)),
        ),
    )
    .with_for_update(skip_locked=True)
)
_HERE = exists().where(community.c.id == outbox.c.community_id, community.c.left_at.is_(None))  # IN would read them all
_CLAIM = _claim(_PICK.where(_HERE))
_CLAIM_FOR = _claim(_PICK.where(_HERE.where(community.c.platform.in_(bindparam("platforms", expanding=True)))))
_DUE = select(
    outbox,
    community.c.platform,
    community.c.ext_id,
    community.c.language.label("place_language"),
    member.c.uid,
    member.c.name.label("member_name"),
    member.c.language.label("member_language"),
).select_from(outbox.join(community).outerjoin(member, member.c.id == outbox.c.member_id))
_DUE_BY_ID = _DUE.where(outbox.c.id.in_(bindparam("due", expanding=True))).order_by(outbox.c.due_at, outbox.c.id)
_REFUSED = _DUE.where(outbox.c.member_id == members.my_id(), outbox.c.state == CLOSED).order_by(outbox.c.id)
_SHOWN = (
    update(outbox)
    .where(
        outbox.c.member_id == members.my_id(),
        outbox.c.state == CLOSED,
        outbox.c.id.in_(bindparam("shown", expanding=True)),
    )
    .values(state=SHOWN, at=bindparam("now", type_=BI))
)
_HELD = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("id_", type_=BI),
        outbox.c.state == CLAIMED,
        outbox.c.owner == bindparam("holder"),
        outbox.c.attempt == bindparam("held_attempt", type_=BI),
    )
    .returning(outbox.c.id)
)
_END = _HELD.values(
    state=bindparam("new_state"),
    remote_id=bindparam("new_remote_id"),
    error=bindparam("new_error"),
    at=bindparam("now", type_=BI),
)
_AGAIN = _HELD.values(state=WAITING, error=bindparam("new_error"), due_at=bindparam("new_due_at", type_=BI))
_PRUNE = delete(outbox).where(
    outbox.c.id.in_(
        select(outbox.c.id)
        .where(outbox.c.state.in_([SENT, SHOWN, DEAD]), outbox.c.at <= bindparam("until"))
        .where(outbox.c.id.not_in(select(share.c.outbox_id)))
        .where(or_(outbox.c.notice != TAKE_BACK, outbox.c.state != DEAD))  # the post still stands until it is settled
        .limit(PRUNED_AT_ONCE)
    )
)


def claim(
    unit: Unit,
    owner: str,
    limit: int,
    lease: dt.timedelta,
    *,
    real_now: dt.datetime,
    platforms: Collection[str] | None = None,
) -> list[Due]:
    """Take up to `limit` messages that are due, the earliest first, for the time of a lease.

    A message whose lease ran out is due again. `platforms` leaves those of other platforms alone; nothing is
    taken for a community that has removed the bot.
    """
    values: dict[str, Any] = {
        "new_owner": owner,
        "limit_": limit,
        "now": unit.now_us,
        "real_now": micros(real_now),
        "until": micros(real_now + lease),
    }
    if platforms is None:
        claimed = unit.execute(_CLAIM, values)
    else:
        claimed = unit.execute(_CLAIM_FOR, {**values, "platforms": sorted(platforms)})
    ids = list(claimed.scalars())
    return [_due(row) for row in unit.execute(_DUE_BY_ID, {"due": ids})] if ids else []


def sent(unit: Unit, due: Due, remote_id: str | None) -> bool:
    """It was sent. Like all that follow: False and nothing changed if the claim is no longer ours."""
    return _end(unit, due, SENT, remote_id=remote_id)


def again(unit: Unit, due: Due, error: str, after: dt.timedelta) -> bool:
    """It was surely not sent this time; it is due again later."""
    values = {"new_error": error, "new_due_at": unit.now_us + length(after)}
    return unit.execute(_AGAIN, {**_claim_of(due), **values}).first() is not None


def refused(unit: Unit, due: Due) -> bool:
    """The member's DM is closed; the next private reply shows it."""
    if due.member is not None:
        unit.changed(Changed(due.place.community, due.member.uid))
    return _end(unit, due, CLOSED)


def dead(unit: Unit, due: Due, error: str) -> bool:
    """It is given up."""
    return _end(unit, due, DEAD, error=error)


def uncertain(unit: Unit, due: Due) -> bool:
    """It may have been posted: never repeated by itself."""
    return _end(unit, due, UNCERTAIN)


def waiting(unit: Unit, me: Me) -> list[Due]:
    """What my closed DM refused and I have not been shown yet."""
    rows = unit.execute(_REFUSED, members.mine(me))
    return [_due(row) for row in rows]


def shown(unit: Unit, me: Me, ids: Iterable[int]) -> None:
    """These were in a private reply of mine."""
    mine = {**members.mine(me), "shown": list(ids), "now": unit.now_us}
    unit.execute(_SHOWN, mine)
    unit.changed(Changed(me.community, me.uid))


def prune(unit: Unit) -> bool:
    """Erase what was ended a week ago, a part at a time; whether there may be more. What is shared stays."""
    return unit.execute(_PRUNE, {"until": unit.now_us - length(KEPT_FOR)}).rowcount == PRUNED_AT_ONCE


def _end(unit: Unit, due: Due, state: str, *, remote_id: str | None = None, error: str | None = None) -> bool:
    values = {"new_state": state, "new_remote_id": remote_id, "new_error": error, "now": unit.now_us}
    return unit.execute(_END, {**_claim_of(due), **values}).first() is not None


def _claim_of(due: Due) -> dict[str, Any]:
    return {"id_": due.id, "holder": due.owner, "held_attempt": due.attempt}


def _due(row: Row[*tuple[Any, ...]]) -> Due:
    language = None if row.member_language is None else Language(row.member_language)
    return Due(
        id=row.id,
        key=row.key,
        place=Place(row.community_id, row.platform, row.ext_id, Language(row.place_language)),
        member=None if row.member_id is None else Addressee(row.member_id, row.uid, row.member_name, language),
        channel=row.channel,
        notice=row.notice,
        ids=json.loads(row.ids),
        owner=row.owner or "",
        attempt=row.attempt,
        unsure_since=None if row.unsure_since is None else moment(row.unsure_since),
    )
