"""Whom a member wants nothing of: nobody else is ever told, nor can find out."""

from __future__ import annotations

from sqlalchemy import bindparam, or_, select, union_all

from storage.tables import BI, not_with
from storage.unit import Unit, upsert

_KEEP = upsert(not_with, lambda insert: insert.on_conflict_do_nothing(index_elements=["member_id", "other_id"]))
_ONE, _OTHER = bindparam("one", type_=BI), bindparam("another", type_=BI)
_APART = select(not_with.c.at).where(
    or_(
        (not_with.c.member_id == _ONE) & (not_with.c.other_id == _OTHER),
        (not_with.c.member_id == _OTHER) & (not_with.c.other_id == _ONE),
    )
)
_OF = union_all(
    select(not_with.c.other_id).where(not_with.c.member_id == _ONE),
    select(not_with.c.member_id).where(not_with.c.other_id == _ONE),
)


def keep_apart(unit: Unit, member_id: int, other_id: int) -> None:
    """These two are never brought together."""
    if member_id != other_id:
        unit.execute(_KEEP, {"member_id": member_id, "other_id": other_id, "at": unit.now_us})


def apart(unit: Unit, one: int, another: int) -> bool:
    """Whether either of them wants nothing of the other."""
    return unit.execute(_APART, {"one": one, "another": another}).first() is not None


def of_member(unit: Unit, member_id: int) -> frozenset[int]:
    """Who is kept apart from this member, from whichever side."""
    return frozenset(unit.execute(_OF, {"one": member_id}).scalars())
