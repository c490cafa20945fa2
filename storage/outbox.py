"""The outbox: messages and posts promised by a commit, each sent at least once by whoever holds its lease.

A row is `waiting`, then `claimed` for the time of a lease, and ends as `sent`, `closed` (the member's DM
refused it; the next private reply shows it, then it is `shown`), `dead` (given up) or `uncertain` (it may
have been posted; moderators decide). One that its platform took ahead of its time is `handed` until then.
Leases run in real time, due times by the Store's clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from storage import members, offers, postings
from storage.due import DUE, Due, read_due
from storage.members import Me
from storage.moments import length, micros
from storage.outbox_states import CLAIMED, CLOSED, DEAD, HANDED, SENT, SHOWN, UNCERTAIN, WAITING
from storage.tables import BI, community, digest_line, outbox, share
from storage.taking_back import TAKE_BACK
from storage.unit import Changed, Unit

KEPT_FOR = dt.timedelta(days=7)  # after the end, for a moderator's question what became of a post
AHEAD_MOST = dt.timedelta(minutes=10)  # of another process's clock
PRUNED_AT_ONCE = 500  # a unit must not hold the writer for long


class Lane(Enum):
    """Posts to channels and messages to persons go side by side: a slow pace of one does not hold up the other."""

    POSTS = "posts"
    MESSAGES = "messages"


LANE: Mapping[Lane, ColumnElement[bool]] = {
    Lane.POSTS: outbox.c.member_id.is_(None),
    Lane.MESSAGES: outbox.c.member_id.is_not(None),
}
_STAYS = exists().where(community.c.id == outbox.c.community_id, community.c.left_at.is_(None))  # IN reads them all
_HERE = _STAYS.where(community.c.platform.in_(bindparam("platforms", expanding=True)))
_CLAIM = update(outbox).values(
    state=CLAIMED,
    owner=bindparam("new_owner"),
    attempt=outbox.c.attempt + 1,
    claimed_at=bindparam("real_now", type_=BI),
    lease_until=bindparam("until", type_=BI),
)
_ABANDONED = or_(
    outbox.c.lease_until <= bindparam("real_now", type_=BI),
    outbox.c.claimed_at > bindparam("ahead", type_=BI),  # by a clock that was set back since
)


def one_of(found: Select[int]) -> ColumnElement[bool]:
    """Locks them; as a CTE, for a query within IN is run again by some of PostgreSQL's plans, past its limit."""
    return outbox.c.id.in_(select(found.with_for_update(skip_locked=True).cte().c.id))


def _pick(lane: Lane, state: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The earliest of one state: by an index of their own, so that it costs the same however many are due."""
    due = outbox.c.due_at <= bindparam("now", type_=BI)
    found = select(outbox.c.id).where(LANE[lane], outbox.c.state == state, due, *conditions)
    return one_of(found.order_by(outbox.c.due_at, outbox.c.id).limit(bindparam("limit_")))


def _statements(lane: Lane, *conditions: ColumnElement[bool]) -> tuple[Update, Update]:
    """Those whose holder's lease ran out, who may have sent them; then those that wait."""
    abandoned = _CLAIM.where(_pick(lane, CLAIMED, _ABANDONED, *conditions)).values(
        unsure_since=func.coalesce(outbox.c.unsure_since, outbox.c.claimed_at)
    )
    waiting = _CLAIM.where(_pick(lane, WAITING, *conditions))
    return abandoned.returning(outbox.c.id), waiting.returning(outbox.c.id)


_CLAIMS = {lane: _statements(lane, _STAYS) for lane in Lane}
_CLAIMS_HERE = {lane: _statements(lane, _HERE) for lane in Lane}
_BUT = _HERE.where(community.c.ext_id.not_in(bindparam("but", expanding=True)))
_CLAIMS_BUT = {lane: _statements(lane, _BUT) for lane in Lane}
_DUE_BY_ID = DUE.where(outbox.c.id.in_(bindparam("due", expanding=True))).order_by(outbox.c.due_at, outbox.c.id)
_REFUSED = DUE.where(outbox.c.member_id == members.my_id(), outbox.c.state == CLOSED).order_by(outbox.c.id)
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
_HANDED = _HELD.values(state=HANDED, remote_id=bindparam("new_remote_id"), due_at=outbox.c.post_at)
_GONE_OUT = (
    update(outbox)
    .where(
        one_of(
            select(outbox.c.id)
            .where(LANE[Lane.POSTS], outbox.c.state == HANDED, outbox.c.due_at <= bindparam("now", type_=BI))
            .limit(PRUNED_AT_ONCE)
        )
    )
    .values(state=SENT, at=bindparam("now", type_=BI))
    .returning(outbox.c.id)
)
_LOOK = _HELD.values(
    state=WAITING,
    error=bindparam("new_error"),
    due_at=bindparam("new_due_at", type_=BI),
    unsure_since=func.coalesce(outbox.c.unsure_since, outbox.c.claimed_at),
)
_CERTAIN = _HELD.values(unsure_since=None)
_UNCLAIM = _HELD.values(state=WAITING, attempt=outbox.c.attempt - 1)
_AGAIN = _HELD.values(state=WAITING, error=bindparam("new_error"), due_at=bindparam("new_due_at", type_=BI))
_NOWHERE = and_(outbox.c.remote_id.is_(None), outbox.c.unsure_since.is_(None))
_ENDED = select(outbox.c.id).where(
    outbox.c.state.in_([SENT, SHOWN, DEAD]),
    outbox.c.at <= bindparam("until"),
    outbox.c.id.not_in(select(share.c.outbox_id)),
    or_(_NOWHERE, outbox.c.id.not_in(select(digest_line.c.outbox_id))),
    or_(outbox.c.notice != TAKE_BACK, outbox.c.state != DEAD),  # the post still stands until it is settled
)
_UNNAME = delete(digest_line).where(digest_line.c.outbox_id.in_(_ENDED.with_only_columns(outbox.c.id).where(_NOWHERE)))
_PRUNE = [delete(outbox).where(outbox.c.id.in_(_ENDED.where(lane).limit(PRUNED_AT_ONCE))) for lane in LANE.values()]


def claim(
    unit: Unit,
    owner: str,
    limit: int,
    lease: dt.timedelta,
    *,
    real_now: dt.datetime,
    lanes: Collection[Lane] = tuple(Lane),
    platforms: Collection[str] | None = None,
    but: Collection[str] = (),
) -> list[Due]:
    """Take up to `limit` messages that are due, the earliest of a lane first, for the time of a lease.

    A message whose lease ran out is due again. `platforms` leaves those of other platforms alone, and there `but`
    communities by the platform's ids; of communities that removed us none is taken.
    """
    values: dict[str, Any] = {
        "new_owner": owner,
        "now": unit.now_us,
        "real_now": micros(real_now),
        "ahead": micros(real_now + AHEAD_MOST),
        "until": micros(real_now + lease),
    }
    statements = _CLAIMS if platforms is None else _CLAIMS_BUT if but else _CLAIMS_HERE
    values |= {} if platforms is None else {"platforms": sorted(platforms)}
    values |= {"but": sorted(but)} if but else {}
    ids: list[int] = []
    for statement in (each for lane in lanes for each in statements[lane]):
        ids += unit.execute(statement, {**values, "limit_": limit - len(ids)}).scalars()
    return [read_due(row) for row in unit.execute(_DUE_BY_ID, {"due": ids})] if ids else []


def unclaim(unit: Unit, dues: Collection[Due]) -> None:
    """Nobody has tried since the claim: all is as it was before, but what was in doubt stays so."""
    for due in dues:
        unit.execute(_UNCLAIM, _claim_of(due)).all()


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


def look(unit: Unit, due: Due, error: str, after: dt.timedelta) -> bool:
    """It may have been taken: it is looked for when it is due again."""
    values = {"new_error": error, "new_due_at": unit.now_us + length(after)}
    return unit.execute(_LOOK, {**_claim_of(due), **values}).first() is not None


def dead(unit: Unit, due: Due, error: str) -> bool:
    """It is given up."""
    return _end(unit, due, DEAD, error=error)


def uncertain(unit: Unit, due: Due) -> bool:
    """It may have been posted: never repeated by itself."""
    return _end(unit, due, UNCERTAIN)


def waiting(unit: Unit, me: Me) -> list[Due]:
    """What my closed DM refused and I have not been shown yet."""
    rows = unit.execute(_REFUSED, members.mine(me))
    return [read_due(row) for row in rows]


def shown(unit: Unit, me: Me, ids: Iterable[int]) -> None:
    """These were in a private reply of mine."""
    mine = {**members.mine(me), "shown": list(ids), "now": unit.now_us}
    unit.execute(_SHOWN, mine)
    unit.changed(Changed(me.community, me.uid))


def handed(unit: Unit, due: Due, remote_id: str) -> bool:
    """The platform has it and posts it by itself at its time."""
    values = {"new_remote_id": remote_id, **_claim_of(due)}
    held = unit.execute(_HANDED, values).first() is not None
    if held:
        postings.ended(unit, due.id, HANDED, None)
    return held


def gone_out(unit: Unit) -> int:
    """What platforms held and has had its time is sent; answers how many that were."""
    ids = unit.execute(_GONE_OUT, {"now": unit.now_us}).scalars().all()
    for post in ids:
        postings.ended(unit, post, SENT, None)
    return len(ids)


def called_off(unit: Unit, due: Due, *, given_back: bool | None) -> None:
    """What the platform said to a call-off: the post is given back, or goes out all the same; None: either."""
    if sent(unit, due, None):
        postings.called_off(unit, int(due.ids["post"]), given_back=given_back)


def was_not_there(unit: Unit, due: Due) -> bool:
    """An earlier try was looked for where it would be, and had surely not arrived. False as above."""
    return unit.execute(_CERTAIN, _claim_of(due)).first() is not None


def prune(unit: Unit) -> bool:
    """Erase what was ended a week ago, a part at a time; whether there may be more.

    What is shared stays, and a digest as long as it names somebody: each may have to be taken back.
    """
    until = {"until": unit.now_us - length(KEPT_FOR)}
    unit.execute(_UNNAME, until)
    return max(unit.execute(each, until).rowcount for each in _PRUNE) == PRUNED_AT_ONCE


def _end(unit: Unit, due: Due, state: str, *, remote_id: str | None = None, error: str | None = None) -> bool:
    values = {"new_state": state, "new_remote_id": remote_id, "new_error": error, "now": unit.now_us}
    held = unit.execute(_END, {**_claim_of(due), **values}).first() is not None
    if held and due.notice == postings.WEEKLY:
        postings.ended(unit, due.id, state, error)
    if held and due.notice == offers.PROOF and due.member is not None:
        offers.reached(unit, due.place.community, due.member.id, arrived=state == SENT)
    return held


def _claim_of(due: Due) -> dict[str, Any]:
    return {"id_": due.id, "holder": due.owner, "held_attempt": due.attempt}
