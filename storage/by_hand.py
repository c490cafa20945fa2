"""A tip that a moderator posts by hand, at once: out however often the button is pressed, once."""

from __future__ import annotations

import datetime as dt
from enum import Enum

from sqlalchemy import bindparam, select, update

from content.outcomes import Outcome
from storage import audit, library, postings, proposals, tips
from storage.audit import Deed
from storage.members import Me
from storage.moments import length
from storage.tables import BI, posting, tip
from storage.tip_states import DUE, POSTED
from storage.tips import WAITING
from storage.unit import Unit


class Now(Enum):
    """How *Post now* ended."""

    POSTED = "posted"
    ALREADY = "already"
    GONE = "gone"


_TAKEN = select(posting.c.id).where(posting.c.slot == bindparam("slot"))
_TAKE = (
    update(tip)
    .where(
        tip.c.community_id == bindparam("community", type_=BI),
        tip.c.id == bindparam("tip", type_=BI),
        tip.c.state.in_(WAITING),
    )
    .values(state=POSTED, rev=tip.c.rev + 1)
    .returning(tip.c.id)
)


def post_now(unit: Unit, me: Me, outcome: Outcome, tip: str, channel: str, drawn: int) -> Now:
    """Into the outbox with it. `drawn`, in seconds, is when its card was: a second press on that card changes nothing.

    What went out from elsewhere since then does not go out again.
    """
    tips.lock(unit, me.community)
    slot = f"now:{me.community}:{tip}:{drawn}"
    if unit.execute(_TAKEN, {"slot": slot}).first() is not None:
        return Now.ALREADY
    if not _take(unit, me.community, tip, drawn):
        return Now.GONE
    made = postings.insert(
        unit,
        me.community,
        slot,
        schedule_id=None,
        outcome=outcome,
        tip=tip,
        channel=channel,
        post_at=unit.now_us,
        state=DUE,
    )
    if made is None:
        return Now.ALREADY
    postings.put_out(unit, me.community, made, slot, channel, None)
    own = tips.find(unit, me.community, int(tip)) if tip.isdecimal() else None
    audit.noted(unit, me, Deed.TIP_POSTED, tip=tip, channel=channel, **(tips.titles_of(own) if own else {}))
    return Now.POSTED


def _take(unit: Unit, community_id: int, word: str, drawn: int) -> bool:
    """It is this posting's from now on; False where another has it already."""
    if word.isdecimal():
        return unit.execute(_TAKE, {"community": community_id, "tip": int(word)}).first() is not None
    if library.used(unit, community_id).get(word, 0) >= length(dt.timedelta(seconds=drawn)):
        return False
    library.use(unit, community_id, word)
    proposals.withdraw(unit, community_id, word)
    return True
