"""After the clock was set back: what was put off by a time that never came is due at its own time again."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from storage import digests, matching_days, schedules, wishes
from storage.outbox_states import WAITING
from storage.schedules import ON, PAUSED, Schedule
from storage.tables import BI, community, outbox, posting, schedule
from storage.timetable import Slot, earlier
from storage.unit import Unit

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
_SEND = (
    update(outbox)
    .where(
        outbox.c.community_id == bindparam("community", type_=BI),
        outbox.c.state == WAITING,
        outbox.c.post_at.is_(None),
        outbox.c.at > bindparam("now", type_=BI),
    )
    .values(due_at=bindparam("now", type_=BI), at=bindparam("now", type_=BI))
)


def settle(unit: Unit, after: int) -> int | None:
    """One community, the next by its id; its id, None once there is none left."""
    here = unit.execute(_NEXT, {"after": after}).first()
    if here is None:
        return None
    for row in unit.execute(_SCHEDULES, {"community": here.id}).all():
        found = schedules.read(row)
        slot = _earliest(unit, found)
        if slot != found.next_slot:
            schedules.set_next(unit, found.id, here.platform, slot)
    digests.settle_next(unit, here.id)
    matching_days.bring_near(unit, here.id)
    wishes.put_off(unit, here.id)
    unit.execute(_SEND, {"community": here.id, "now": unit.now_us})
    return int(here.id)


def _earliest(unit: Unit, found: Schedule) -> Slot:
    """The first that is still to come and had no tip yet."""
    before = earlier(found.plan.weekly, found.next_slot, unit.now)
    still = (slot for slot in before if unit.execute(_PUT_OUT, {"slot": found.key(slot)}).first() is None)
    return min(still, key=lambda slot: slot.at, default=found.next_slot)
