"""After the clock was set back: what was put off by a time that never came is due at its own time again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import and_, bindparam, case, or_, select, update

from storage import digests, matching_days, schedules, wishes
from storage.moments import length
from storage.outbox import LANE, one_of
from storage.outbox_states import WAITING
from storage.schedules import ON, PAUSED, Schedule
from storage.tables import BI, community, outbox, posting, schedule
from storage.timetable import Slot, earlier
from storage.unit import Unit

LONGEST = dt.timedelta(hours=4)  # that a message is put off after a failure
FREED_AT_ONCE = 500
_NEXT = (
    select(community.c.id, community.c.platform)
    .where(community.c.id > bindparam("after", type_=BI), community.c.left_at.is_(None))
    .order_by(community.c.id)
    .limit(1)
    .with_for_update(key_share=True)  # nobody fires its schedules meanwhile
)
_SCHEDULES = select(schedule).where(
    schedule.c.community_id == bindparam("community", type_=BI), schedule.c.state.in_([ON, PAUSED])
)
_PUT_OUT = select(posting.c.id).where(posting.c.slot == bindparam("slot"))
_NOW = bindparam("now", type_=BI)
_NOT_BEFORE = case((outbox.c.post_at > _NOW, outbox.c.post_at), else_=_NOW)
_BY_A_CLOCK_AHEAD = or_(
    and_(outbox.c.post_at.is_(None), outbox.c.at > _NOW),
    outbox.c.due_at > _NOT_BEFORE + bindparam("longest", type_=BI),
)
_FREE = [
    update(outbox)
    .where(
        one_of(
            select(outbox.c.id)
            .where(lane, outbox.c.state == WAITING, outbox.c.due_at > _NOW, _BY_A_CLOCK_AHEAD)
            .limit(FREED_AT_ONCE)
        )
    )
    .values(due_at=_NOT_BEFORE, at=case((outbox.c.at > _NOW, _NOW), else_=outbox.c.at))
    for lane in LANE.values()
]


def settle(unit: Unit, after: int, held_until: dt.datetime) -> int | None:
    """One community, the next by its id; its id, None once there is none left.

    Matching days are taken as held that were by then; what is later is of the clock that was ahead.
    """
    here = unit.execute(_NEXT, {"after": after}).first()
    if here is None:
        return None
    for row in unit.execute(_SCHEDULES, {"community": here.id}).all():
        found = schedules.read(row)
        slot = _earliest(unit, found)
        if slot != found.next_slot:
            schedules.set_next(unit, found.id, here.platform, slot)
    digests.settle_next(unit, here.id)
    matching_days.bring_near(unit, here.id, held_until)
    wishes.put_off(unit, here.id)
    return int(here.id)


def free(unit: Unit) -> bool:
    """What waits to be sent by a time that never came is due now, a post for a moment at that; whether more may be."""
    values = {"now": unit.now_us, "longest": length(LONGEST)}
    return max(unit.execute(each, values).rowcount for each in _FREE) == FREED_AT_ONCE


def _earliest(unit: Unit, found: Schedule) -> Slot:
    """The first that is still to come and had no tip yet."""
    before = earlier(found.plan.weekly, found.next_slot, unit.now)
    still = (slot for slot in before if unit.execute(_PUT_OUT, {"slot": found.key(slot)}).first() is None)
    return min(still, key=lambda slot: slot.at, default=found.next_slot)
