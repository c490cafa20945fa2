"""Whom the digest of a closed season names, who moves up into one that waits, and taking it back."""

from __future__ import annotations

import json

from sqlalchemy import BindParameter, bindparam, delete, insert, select

from content.boards import Board
from storage import taking_back
from storage.outbox_states import WAITING
from storage.tables import BI, digest_line, outbox, standing
from storage.unit import Unit

_POSTS: BindParameter[int] = bindparam("posts", expanding=True)
_NAMING = select(digest_line.c.outbox_id).where(digest_line.c.member_id == bindparam("member", type_=BI))
_NOT_DRAWN = (
    select(outbox.c.id, outbox.c.community_id, outbox.c.ids)
    .where(outbox.c.id.in_(_POSTS), outbox.c.state == WAITING, outbox.c.unsure_since.is_(None))
    .with_for_update()
)
_UNNAME = delete(digest_line).where(
    digest_line.c.outbox_id.in_(_POSTS), digest_line.c.member_id == bindparam("member", type_=BI)
)
_NAMED = select(digest_line.c.member_id).where(digest_line.c.outbox_id == bindparam("post", type_=BI))
_NEXT = (
    select(standing.c.member_id, standing.c.points)
    .where(
        standing.c.community_id == bindparam("community", type_=BI),
        standing.c.board == Board.ALL.value,
        standing.c.season == bindparam("in_season"),
        standing.c.points > 0,
        standing.c.member_id.not_in(_NAMED),
    )
    .order_by(standing.c.points.desc(), standing.c.member_id.desc())
    .limit(1)
)
_NAME = insert(digest_line)
_FORGET = delete(digest_line).where(digest_line.c.outbox_id.in_(_POSTS))


def move_up(unit: Unit, member_id: int) -> None:
    """The member has left the boards: what waits and names them names whoever stands next there as well.

    Without that a post of nine would tell that somebody was its tenth.
    """
    naming = sorted(unit.execute(_NAMING, {"member": member_id}).scalars())
    for post in unit.execute(_NOT_DRAWN, {"posts": naming}).all() if naming else ():
        here = {"post": post.id, "community": post.community_id, "in_season": json.loads(post.ids)["window"]}
        following = unit.execute(_NEXT, here).first()
        if following is not None:
            place = len(unit.execute(_NAMED, {"post": post.id}).all()) + 1
            row = {"outbox_id": post.id, "member_id": following.member_id, "rank": place, "points": following.points}
            unit.execute(_NAME, row)


def take_back(unit: Unit, member_id: int) -> None:
    """What names the member in a channel is taken back; people may have seen it. What waits goes out without them."""
    naming = set(unit.execute(_NAMING, {"member": member_id}).scalars())
    if not naming:
        return
    waiting = set(unit.execute(_NOT_DRAWN, {"posts": sorted(naming)}).scalars())
    unit.execute(_UNNAME, {"posts": sorted(waiting), "member": member_id})
    gone = sorted(naming - waiting)
    taking_back.take_back(unit, gone)
    unit.execute(_FORGET, {"posts": gone})
