"""Whom the digest of a closed season names, and taking it back."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storage import taking_back
from storage.tables import BI, digest_line
from storage.unit import Unit

_NAMING = select(digest_line.c.outbox_id).where(digest_line.c.member_id == bindparam("member", type_=BI))


def take_back(unit: Unit, member_id: int) -> None:
    """What names the member in a channel is taken back; people may have seen it."""
    taking_back.take_back(unit, unit.execute(_NAMING, {"member": member_id}).scalars().all())
