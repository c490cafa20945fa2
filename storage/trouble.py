"""Why the post of a tip did not come."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storage.tables import BI, outbox, posting
from storage.unit import Unit

_WHY = (
    select(outbox.c.error)
    .join(posting, posting.c.outbox_id == outbox.c.id)
    .where(posting.c.community_id == bindparam("community", type_=BI), posting.c.id == bindparam("posting", type_=BI))
)


def why(unit: Unit, community_id: int, posting_id: int) -> str:
    """The reason as the outbox keeps it; empty where it has none."""
    return unit.execute(_WHY, {"community": community_id, "posting": posting_id}).scalar_one_or_none() or ""
