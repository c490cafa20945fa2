"""Taking a post back: one that waits is called off, one that was sent is deleted where it stands, by the outbox."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import bindparam, delete, select, update

from storage.outbox_states import CLAIMED, DEAD, SENT, UNCERTAIN, WAITING
from storage.tables import BI, outbox
from storage.unit import Unit

TAKE_BACK = "post.take-back"
"""What such a row of the outbox is called; no card is made of it."""

REMOTE, UNSURE = "remote", "unsure"  # among its ids: what the platform calls the post, or that nobody knows


@dataclass(frozen=True, slots=True)
class There:
    """The post stands under this id of the platform's."""

    remote: str


class Elsewhere(Enum):
    """A post that cannot be deleted now: it is being sent, was never sent, or nobody knows."""

    UNDERWAY = "underway"
    NOT_THERE = "not-there"
    UNKNOWN = "unknown"


_POST = select(outbox).where(outbox.c.id == bindparam("post"))
_END = (
    update(outbox)
    .where(outbox.c.id == bindparam("post", type_=BI))
    .values(state=SENT, at=bindparam("now", type_=BI))
    .returning(outbox.c.id)
)
_CALL_OFF = _END.where(outbox.c.state == WAITING, outbox.c.unsure_since.is_(None))
_DECIDE = _END.where(outbox.c.state == UNCERTAIN)
_ERASE = delete(outbox).where(
    outbox.c.id.in_(bindparam("posts", expanding=True)),
    outbox.c.state.in_([SENT, DEAD]),
    outbox.c.unsure_since.is_(None),
)


def take_back(unit: Unit, posts: Collection[int]) -> None:
    """These posts of the outbox are to be seen no more; their notices say None from the same commit on.

    What the platform's id is known of is deleted even if the post's own row is gone by then.
    """
    for post in posts:
        this = {"post": post, "now": unit.now_us}
        if unit.execute(_CALL_OFF, this).first() is not None:
            continue
        doubtful = unit.execute(_DECIDE, this).first() is not None  # from now on the deletion stands for it
        row = unit.execute(_POST, {"post": post}).first()
        if row is None or row.state == DEAD:
            continue
        known: dict[str, int | str] = {UNSURE: 1} if doubtful else {REMOTE: row.remote_id} if row.remote_id else {}
        unit.post(row.community_id, row.channel, TAKE_BACK, key=f"take-back:{post}", post=post, **known)


def erase_ended(unit: Unit, posts: Collection[int]) -> None:
    """The rows of these posts go, but for those that a deletion still has to look at."""
    unit.execute(_ERASE, {"posts": list(posts)})


def whereabouts(unit: Unit, ids: Mapping[str, int | str]) -> There | Elsewhere:
    """Where the post stands that a row of the outbox with these ids takes back."""
    if REMOTE in ids:
        return There(str(ids[REMOTE]))
    if UNSURE in ids:
        return Elsewhere.UNKNOWN
    row = unit.execute(_POST, {"post": int(ids["post"])}).first()
    if row is None or row.state == DEAD:
        return Elsewhere.NOT_THERE
    if row.remote_id:
        return There(row.remote_id)
    if row.state == CLAIMED:
        return Elsewhere.UNDERWAY
    unknown = row.state == UNCERTAIN or row.unsure_since is not None  # somebody died while sending it
    return Elsewhere.UNKNOWN if unknown else Elsewhere.NOT_THERE
