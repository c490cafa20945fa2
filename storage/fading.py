"""Members who have not been here for long: told once on Home, and erased if they do not come.

Who was last seen 24 months ago begins to fade. Whoever comes after that stays, and Home says once what would have
been. Who does not come for 30 days more is erased, as if they had done it themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, update

from storage import members, notes
from storage.members import Me
from storage.moments import length, moment
from storage.tables import BI, member
from storage.unit import Changed, Unit

KEPT_UNSEEN = dt.timedelta(days=731)  # 24 months, whichever they are
NOTICE = dt.timedelta(days=30)
SEEN_EVERY = dt.timedelta(days=1)
LOOKED_AT_ONCE = 500  # a unit must not hold the writer for long
LOOKED = "members.looked-at"
"""The note of the day's look: its day, and the last row that was looked at; "" when it is over."""

_ID = member.c.id
_WHO = (member.c.community_id == bindparam("community", type_=BI)) & (member.c.uid == bindparam("whose"))
_SEEN = (
    update(member)
    .where(_WHO, member.c.seen_at <= bindparam("before", type_=BI))
    .values(seen_at=bindparam("now", type_=BI))
)
_STAY = update(member).where(_WHO).values(seen_at=bindparam("now", type_=BI), fading_at=None)
_LAST = select(func.max(_ID)).where(
    _ID.in_(select(_ID).where(bindparam("after", type_=BI) < _ID).order_by(_ID).limit(LOOKED_AT_ONCE))
)
_MARK = (
    update(member)
    .where(bindparam("after", type_=BI) < _ID, bindparam("last", type_=BI) >= _ID)
    .where(member.c.seen_at <= bindparam("before", type_=BI))
    .where(or_(member.c.fading_at.is_(None), member.c.fading_at < member.c.seen_at))  # they came since, and went again
    .values(fading_at=bindparam("now", type_=BI))
    .returning(member.c.community_id, member.c.uid)
)
# All three: a clock that was once wrong has erased nobody who was here meanwhile.
_OVERDUE = (
    select(member.c.community_id, member.c.uid, member.c.name)
    .where(
        and_(
            member.c.fading_at <= bindparam("told_before", type_=BI),
            member.c.seen_at < member.c.fading_at,
            member.c.seen_at <= bindparam("before", type_=BI),
        )
    )
    .order_by(member.c.fading_at, _ID)
    .limit(1)
    .with_for_update(skip_locked=True)
)


def ends(fading_at: int) -> dt.datetime:
    """When who fades since then is erased."""
    return moment(fading_at) + NOTICE


def seen(unit: Unit, people: Sequence[Me]) -> None:
    """They were here, if only to read; nobody is stored for that."""
    before = unit.now_us - length(SEEN_EVERY)
    rows = [{**_named(me), "before": before, "now": unit.now_us} for me in people]
    unit.execute(_SEEN, sorted(rows, key=lambda row: (row["community"], row["whose"])))


def stay(unit: Unit, me: Me) -> None:
    """I came, and have read what would have been."""
    unit.execute(_STAY, {**_named(me), "now": unit.now_us})
    unit.changed(Changed(me.community, me.uid))


def mark(unit: Unit) -> bool:
    """Once a day all members are looked at, a part at a time; whether there are more."""
    today = unit.now.date().isoformat()
    day, _colon, reached = (notes.find(unit, LOOKED) or "").partition(":")
    if day == today and not reached:
        return False
    after = int(reached) if day == today else 0
    last = unit.execute(_LAST, {"after": after}).scalar_one()
    notes.keep(unit, LOOKED, f"{today}:{last or ''}")
    if last is None:
        return False
    before = unit.now_us - length(KEPT_UNSEEN)
    for row in unit.execute(_MARK, {"after": after, "last": last, "before": before, "now": unit.now_us}).all():
        unit.changed(Changed(row.community_id, row.uid))
    return True


def erase(unit: Unit) -> bool:
    """Erase one who faded for 30 days; whether there may be more."""
    before = {"told_before": unit.now_us - length(NOTICE), "before": unit.now_us - length(KEPT_UNSEEN)}
    overdue = unit.execute(_OVERDUE, before).first()
    if overdue is None:
        return False
    members.forget(unit, Me(overdue.community_id, overdue.uid, overdue.name))
    return True


def _named(me: Me) -> dict[str, Any]:
    return {"community": me.community, "whose": me.uid}
