"""Results shown to a channel by their members' wish, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sqlalchemy import bindparam, delete, insert, select, update

from storage import members, results, taking_back
from storage.members import Me
from storage.outbox_states import CLAIMED, DEAD, SENT, UNCERTAIN, WAITING
from storage.results import Stored
from storage.tables import BI, member, outbox, result, share
from storage.unit import Unit

SHARED = "result.shared"
"""The notice that becomes the post."""


class ShareState(Enum):
    """What has become of a share's post."""

    UNDERWAY = "underway"
    THERE = "there"
    REFUSED = "refused"
    DOUBTFUL = "doubtful"


STATES = {
    WAITING: ShareState.UNDERWAY,
    CLAIMED: ShareState.UNDERWAY,
    SENT: ShareState.THERE,
    DEAD: ShareState.REFUSED,
    UNCERTAIN: ShareState.DOUBTFUL,
}


@dataclass(frozen=True, slots=True)
class Share:
    """A share of mine; `error` is the platform's own word where it refused the post."""

    id: int
    channel: str
    state: ShareState
    error: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a post shows: whose result, under the name that they have here."""

    name: str
    result: Stored


class Shared(Enum):
    """How a wish to share ended."""

    ON_ITS_WAY = "on-its-way"
    ALREADY = "already"
    NOT_YOURS = "not-yours"


_MINE = result.c.member_id == members.my_id()
_SHARES = (
    select(share.c.id, share.c.outbox_id, outbox.c.channel, outbox.c.state, outbox.c.error)
    .select_from(share.join(result).join(outbox, outbox.c.id == share.c.outbox_id))
    .where(_MINE, share.c.result_id == bindparam("result"))
    .order_by(share.c.id)
)
_RESULT = select(result.c.id).where(_MINE, result.c.id == bindparam("result"))
_BY_KEY = select(outbox.c.id).where(outbox.c.key == bindparam("key"))
_INSERT = insert(share).returning(share.c.id)
_SET_POST = (
    update(share).where(share.c.id == bindparam("share", type_=BI)).values(outbox_id=bindparam("post", type_=BI))
)
_DELETE = delete(share).where(share.c.id.in_(bindparam("shares", expanding=True)))
_POST_AGAIN = (
    update(outbox)
    .where(
        outbox.c.state == UNCERTAIN,
        outbox.c.id.in_(
            select(share.c.outbox_id).select_from(share.join(result)).where(_MINE, share.c.id == bindparam("share"))
        ),
    )
    .values(state=WAITING, attempt=0, unsure_since=None, due_at=bindparam("now", type_=BI))
    .returning(outbox.c.id)
)
_SHOWN = (
    select(member.c.name, member.c.uid, share.c.result_id)
    .select_from(share.join(result).join(member))
    .where(share.c.id == bindparam("share"), member.c.community_id == bindparam("community", type_=BI))
)


def of_result(unit: Unit, me: Me, result_id: int) -> list[Share]:
    """The shares of this result of mine, the oldest first."""
    rows = unit.execute(_SHARES, {**members.mine(me), "result": result_id})
    return [Share(row.id, row.channel, STATES[row.state], row.error) for row in rows]


def post(unit: Unit, me: Me, result_id: int, channel: str, drawn: int) -> Shared:
    """Show this result of mine in a channel: once, as long as it is there, and once for a preview.

    `drawn` is when the preview was drawn: a press on it that comes a second time, even after the post was taken
    back, posts nothing. Where the channel refused an earlier post, this is another try.
    """
    members.ensure(unit, me)  # also keeps another unit of mine from sharing at the same time
    mine = {**members.mine(me), "result": result_id}
    if unit.execute(_RESULT, mine).first() is None:
        return Shared.NOT_YOURS
    here = [row for row in unit.execute(_SHARES, mine) if row.channel == channel]
    refused = [row for row in here if row.state == DEAD]
    key = f"result.shared:{result_id}:{channel}:{drawn}"
    unit.execute(_DELETE, {"shares": [row.id for row in refused]})
    taking_back.erase_ended(unit, [row.outbox_id for row in refused])
    if len(here) > len(refused) or unit.execute(_BY_KEY, {"key": f"post:{key}"}).first() is not None:
        return Shared.ALREADY
    made = {"result_id": result_id, "outbox_id": 0, "at": unit.now_us}
    share_id = int(unit.execute(_INSERT, made).scalar_one())
    unit.post(me.community, channel, SHARED, key=key, share=share_id)
    post_id = unit.execute(_BY_KEY, {"key": f"post:{key}"}).scalar_one()
    unit.execute(_SET_POST, {"share": share_id, "post": post_id})
    return Shared.ON_ITS_WAY


def post_again(unit: Unit, me: Me, share_id: int) -> bool:
    """Its post did not arrive: it is sent as if it were new. False where that is known already."""
    return unit.execute(_POST_AGAIN, {**members.mine(me), "share": share_id, "now": unit.now_us}).first() is not None


def take_back(unit: Unit, me: Me, result_id: int) -> int:
    """This result of mine is shared nowhere any more; answers how many shares there were."""
    rows = unit.execute(_SHARES, {**members.mine(me), "result": result_id}).all()
    taking_back.take_back(unit, [row.outbox_id for row in rows])
    unit.execute(_DELETE, {"shares": [row.id for row in rows]})
    return len(rows)


def shown(unit: Unit, community_id: int, share_id: int) -> Shown | None:
    """What this share shows to its community; None once it was taken back."""
    row = unit.execute(_SHOWN, {"share": share_id, "community": community_id}).first()
    if row is None:
        return None
    found = results.find(unit, Me(community_id, row.uid, row.name), row.result_id)
    return None if found is None else Shown(row.name, found)
