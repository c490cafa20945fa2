"""Posts that a moderator must decide on: those of which nobody knows whether they arrived, and those refused.

A result that a member shares is the member's own to decide on; where it cannot be taken back, moderators can.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from storage.moments import moment
from storage.outbox_states import DEAD, SENT, UNCERTAIN, WAITING
from storage.shares import SHARED
from storage.tables import BI, outbox
from storage.taking_back import TAKE_BACK, UNSURE
from storage.unit import Unit

SHOWN_MOST = 5


@dataclass(frozen=True, slots=True)
class Doubt:
    """A post with its channel, in the platform's id. `refused`: it is surely not there.

    `leftover`: its member took it back, and it may be there all the same; `lost`: by an id that nobody knows, so
    that only people can delete it.
    """

    id: int
    channel: str
    at: dt.datetime
    refused: bool
    leftover: bool = False
    lost: bool = False


_MINE = (
    (outbox.c.community_id == bindparam("community", type_=BI))
    & outbox.c.member_id.is_(None)
    & outbox.c.state.in_([UNCERTAIN, DEAD])
    & (outbox.c.notice != SHARED)
)
_OPEN = select(outbox).where(_MINE).order_by(outbox.c.at.desc(), outbox.c.id).limit(SHOWN_MOST)
_ONE = update(outbox).where(_MINE, outbox.c.id == bindparam("post", type_=BI)).returning(outbox.c.id)
_THERE = _ONE.values(state=SENT, at=bindparam("now", type_=BI))
_AGAIN = _ONE.values(state=WAITING, attempt=0, unsure_since=None, due_at=bindparam("now", type_=BI))


def of_community(unit: Unit, community_id: int) -> list[Doubt]:
    """The newest of them."""
    rows = unit.execute(_OPEN, {"community": community_id})
    return [
        Doubt(
            row.id,
            row.channel,
            moment(row.at),
            row.state == DEAD,
            leftover=row.notice == TAKE_BACK,
            lost=UNSURE in json.loads(row.ids),
        )
        for row in rows
    ]


def settle(unit: Unit, community_id: int, post: int) -> bool:
    """It is there, or need not be; False where that was decided already."""
    return unit.execute(_THERE, {"community": community_id, "post": post, "now": unit.now_us}).first() is not None


def post_again(unit: Unit, community_id: int, post: int) -> bool:
    """It is not there: it is posted as if it were new; False as above."""
    return unit.execute(_AGAIN, {"community": community_id, "post": post, "now": unit.now_us}).first() is not None
