"""Whom a member wants nothing of: nobody else is ever told, nor can find out."""

from __future__ import annotations

from sqlalchemy import bindparam, exists, or_, select, union_all

from storage.tables import BI, member, not_with
from storage.unit import Unit, upsert

_ONE, _OTHER = bindparam("one", type_=BI), bindparam("another", type_=BI)
_BOTH = select(_ONE, _OTHER, bindparam("now", type_=BI)).where(
    *(exists().where(member.c.id == each) for each in (_ONE, _OTHER))
)
_KEEP = upsert(
    not_with,
    lambda insert: insert.from_select(["member_id", "other_id", "at"], _BOTH).on_conflict_do_nothing(
        index_elements=["member_id", "other_id"]
    ),
)
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
    """These two are never brought together, from this moment on, which both are locked for."""
    if member_id != other_id:
        unit.lock(member_id, other_id)
        unit.execute(_KEEP, {"one": member_id, "another": other_id, "now": unit.now_us})


def apart(unit: Unit, one: int, another: int) -> bool:
    """Whether either of them wants nothing of the other."""
    return unit.execute(_APART, {"one": one, "another": another}).first() is not None


def of_member(unit: Unit, member_id: int) -> frozenset[int]:
    """Who is kept apart from this member, from whichever side."""
    return frozenset(unit.execute(_OF, {"one": member_id}).scalars())
