"""Posts that a moderator must decide on: those of which nobody knows whether they arrived, and those refused.

A result that a member shares is the member's own to decide on; where it cannot be taken back, moderators can.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from sqlalchemy import bindparam, case, func, null, select, update

from storage import postings, suggesters, tips
from storage.moments import moment
from storage.outbox_states import DEAD, SENT, UNCERTAIN, WAITING
from storage.postings import CALL_OFF, CALLED_OFF, OVERDUE
from storage.shares import SHARED
from storage.tables import BI, outbox, posting
from storage.taking_back import TAKE_BACK, UNSURE
from storage.tip_states import DOUBTFUL, DUE, FAILED, OUT
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
    & outbox.c.notice.not_in([SHARED, CALL_OFF])
    & func.coalesce(outbox.c.error, "").not_in([CALLED_OFF, OVERDUE])  # of these the moderators know
)
_OPEN = select(outbox).where(_MINE).order_by(outbox.c.at.desc(), outbox.c.id).limit(SHOWN_MOST)
_ONE = update(outbox).where(_MINE, outbox.c.id == bindparam("post", type_=BI)).returning(outbox.c.id)
_THERE = _ONE.values(state=SENT, at=bindparam("now", type_=BI))
_AGAIN = _ONE.values(
    state=WAITING,
    attempt=0,
    unsure_since=None,
    due_at=bindparam("now", type_=BI),
    post_at=case((outbox.c.post_at.is_(None), null()), else_=bindparam("now", type_=BI)),
)
_SETTLED = update(outbox).where(outbox.c.id == bindparam("post", type_=BI)).values(state=SENT)
_TIP = select(posting).where(
    posting.c.community_id == bindparam("community", type_=BI), posting.c.outbox_id == bindparam("post", type_=BI)
)
_SET_TIP = update(posting).where(posting.c.id == bindparam("tip_posting", type_=BI)).values(state=bindparam("new"))


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
    values = {"community": community_id, "post": post, "now": unit.now_us}
    if unit.execute(_THERE, values).first() is None:
        return False
    tip = unit.execute(_TIP, values).first()
    if tip is not None and tip.state == DOUBTFUL:
        unit.execute(_SET_TIP, {"tip_posting": tip.id, "new": OUT})
        suggesters.tell(unit, community_id, tip.tip, tip.id)
    return True


def post_again(unit: Unit, community_id: int, post: int) -> bool:
    """It is not there: it is posted as if it were new; False as above.

    A tip that was given back and has gone out, or away, since is not posted again: what is refused is settled.
    """
    tips.lock(unit, community_id)
    values = {"community": community_id, "post": post, "now": unit.now_us}
    if unit.execute(_AGAIN, values).first() is None:
        return False
    tip = unit.execute(_TIP, values).first()
    if tip is not None and tip.state == FAILED and not postings.take_again(unit, community_id, tip.tip):
        unit.execute(_SETTLED, values)
        return False
    if tip is not None:
        unit.execute(_SET_TIP, {"tip_posting": tip.id, "new": DUE})
    return True
