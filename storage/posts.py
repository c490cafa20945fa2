"""Posts that a moderator asks for: once, with a line in the audit; and what became of one."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import bindparam, select

from storage import audit
from storage.audit import Deed
from storage.members import Me
from storage.outbox_states import DEAD, SENT, UNCERTAIN
from storage.tables import BI, outbox
from storage.unit import Unit


class Fate(StrEnum):
    """What is known of a post."""

    UNDERWAY = "underway"
    THERE = "there"
    REFUSED = "refused"
    UNKNOWN = "unknown"


_FATES = {SENT: Fate.THERE, DEAD: Fate.REFUSED, UNCERTAIN: Fate.UNKNOWN}
_FIND = select(outbox.c.state).where(
    outbox.c.community_id == bindparam("community", type_=BI), outbox.c.key == bindparam("full_key")
)


def post(unit: Unit, me: Me, channel: str, notice: str, deed: Deed, *, key: str, **ids: int) -> None:
    """A public message of this notice; of one that is there already nothing comes but another try, if it was refused.

    `key` is the community's own.
    """
    if fate(unit, me.community, key) is None:
        audit.noted(unit, me, deed, channel=channel)
    unit.post(me.community, channel, notice, key=f"{key}:{me.community}", **ids)


def fate(unit: Unit, community_id: int, key: str) -> Fate | None:
    """What became of the post with this key; None where none was asked for."""
    full_key = f"post:{key}:{community_id}"
    state = unit.execute(_FIND, {"community": community_id, "full_key": full_key}).scalar_one_or_none()
    return None if state is None else _FATES.get(state, Fate.UNDERWAY)
