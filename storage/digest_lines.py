"""Whom the digest of a closed season names, and taking it back."""

from __future__ import annotations

from sqlalchemy import BindParameter, bindparam, delete, select

from storage import taking_back
from storage.outbox_states import WAITING
from storage.tables import BI, digest_line, outbox
from storage.unit import Unit

_POSTS: BindParameter[int] = bindparam("posts", expanding=True)
_NAMING = select(digest_line.c.outbox_id).where(digest_line.c.member_id == bindparam("member", type_=BI))
_NOT_DRAWN = (
    select(outbox.c.id)
    .where(outbox.c.id.in_(_POSTS), outbox.c.state == WAITING, outbox.c.unsure_since.is_(None))
    .with_for_update()
)
_UNNAME = delete(digest_line).where(
    digest_line.c.outbox_id.in_(_POSTS), digest_line.c.member_id == bindparam("member", type_=BI)
)
_FORGET = delete(digest_line).where(digest_line.c.outbox_id.in_(_POSTS))


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
