"""Members whose suggested tip went out are told so, once."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storage.tables import BI, tip
from storage.tips import YOURS_IS_OUT
from storage.unit import Unit

_BY = select(tip.c.suggested_by).where(
    tip.c.community_id == bindparam("community", type_=BI), tip.c.id == bindparam("tip", type_=BI)
)


def tell(unit: Unit, community_id: int, word: str, posting: int) -> None:
    """Whoever suggested the tip of this posting hears of it, as long as they are here."""
    if not word.isdecimal():
        return
    by = unit.execute(_BY, {"community": community_id, "tip": int(word)}).scalar_one_or_none()
    if by is not None:
        unit.tell(by, YOURS_IS_OUT, posting=posting)
