"""Members whose suggested tip went out are told so, and get their points, once."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from content.outcomes import Outcome
from content.points import Deed
from storage import awards
from storage.tables import BI, tip
from storage.tips import YOURS_IS_OUT
from storage.unit import Unit

_BY = select(tip.c.suggested_by, tip.c.outcome).where(
    tip.c.community_id == bindparam("community", type_=BI), tip.c.id == bindparam("tip", type_=BI)
)


def tell(unit: Unit, community_id: int, word: str, posting: int) -> None:
    """Whoever suggested the tip of this posting hears of it, as long as they are here."""
    if not word.isdecimal():
        return
    row = unit.execute(_BY, {"community": community_id, "tip": int(word)}).first()
    if row is not None and row.suggested_by is not None:
        unit.tell(row.suggested_by, YOURS_IS_OUT, posting=posting)
        awards.give(unit, row.suggested_by, Outcome(row.outcome), (Deed.SUGGESTION, word))
