"""What the moderators of a community are told: a note that stands on their Home until somebody settles it.

Besides, it goes as a direct message to those who switched *Tell me here* on.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, func, literal_column, select, update

from storage.moments import moment
from storage.tables import BI, community, member, moderator_note
from storage.unit import Unit, encode_ids, upsert

SHOWN_MOST = 10
TOLD = "moderators.told"
"""The notice by which a note goes as a direct message: what it says, how to settle it, how to stop being told."""


@dataclass(frozen=True, slots=True)
class Note:
    """One of them: a notice by its name, with the ids that it takes."""

    id: int
    notice: str
    ids: dict[str, int | str]
    at: dt.datetime


_KEEP = upsert(
    moderator_note,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["community_id", "key"]).returning(moderator_note.c.id),
)
_MINE = moderator_note.c.community_id == bindparam("community", type_=BI)
_OPEN = (
    select(moderator_note)
    .where(_MINE, moderator_note.c.settled_at.is_(None))
    .order_by(moderator_note.c.at.desc(), moderator_note.c.id.desc())
    .limit(SHOWN_MOST)
)
_FIND = select(moderator_note).where(
    _MINE, moderator_note.c.settled_at.is_(None), moderator_note.c.id == bindparam("note", type_=BI)
)
_COUNT = select(func.count()).select_from(moderator_note).where(_MINE, moderator_note.c.settled_at.is_(None))
_SETTLE = (
    update(moderator_note)
    .where(_MINE, moderator_note.c.settled_at.is_(None))
    .values(settled_at=bindparam("now", type_=BI))
    .returning(moderator_note.c.id)
)
_SETTLE_ONE = _SETTLE.where(moderator_note.c.id == bindparam("note", type_=BI))
_SETTLE_OF = _SETTLE.where(moderator_note.c.notice == bindparam("of"), moderator_note.c.ids == bindparam("with_ids"))
_TO_TELL = (
    select(member.c.id)
    .join(community)
    .where(
        member.c.community_id == bindparam("community", type_=BI), member.c.tell_here == literal_column("1")
    )  # as the index says it
    .where(community.c.left_at.is_(None))  # on a return it would be no news
)


def tell(unit: Unit, community_id: int, notice: str, /, *, key: str, **ids: int | str) -> bool:
    """Tell them, once for a key; whether this was the first time."""
    row = {"community_id": community_id, "key": key, "notice": notice, "ids": encode_ids(ids), "at": unit.now_us}
    kept = unit.execute(_KEEP, row).scalar_one_or_none()
    if kept is None:
        return False
    for member_id in unit.execute(_TO_TELL, {"community": community_id}).scalars().all():
        unit.tell(member_id, TOLD, note=kept)
    return True


def of_community(unit: Unit, community_id: int) -> list[Note]:
    """What is not settled, the newest first."""
    return [_note(row) for row in unit.execute(_OPEN, {"community": community_id})]


def count(unit: Unit, community_id: int) -> int:
    """How many are not settled."""
    return int(unit.execute(_COUNT, {"community": community_id}).scalar_one())


def find(unit: Unit, community_id: int, note: int) -> Note | None:
    """One of them, unless it is settled."""
    row = unit.execute(_FIND, {"community": community_id, "note": note}).first()
    return None if row is None else _note(row)


def settle(unit: Unit, community_id: int, note: int) -> bool:
    """A moderator has seen to it; False if it was settled before."""
    return unit.execute(_SETTLE_ONE, {"community": community_id, "note": note, "now": unit.now_us}).first() is not None


def settle_each(unit: Unit, community_id: int, notes: Iterable[int]) -> None:
    """These are seen to, or no longer true."""
    for note in notes:
        settle(unit, community_id, note)


def settle_of(unit: Unit, community_id: int, notice: str, **ids: int | str) -> None:
    """What the notes of this notice with these ids say is over."""
    values = {"community": community_id, "of": notice, "with_ids": encode_ids(ids), "now": unit.now_us}
    unit.execute(_SETTLE_OF, values).all()


def message(unit: Unit, community_id: int, notice: str, **ids: int | str) -> None:
    """A direct message alone, to those who want them: Home shows it in a way of its own."""
    for member_id in unit.execute(_TO_TELL, {"community": community_id}).scalars().all():
        unit.tell(member_id, notice, **ids)


def _note(row: Row[*tuple[Any, ...]]) -> Note:
    return Note(row.id, row.notice, json.loads(row.ids), moment(row.at))
