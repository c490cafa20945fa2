"""What moderators say to a tip of the library that is proposed to them two days before its slot."""

from __future__ import annotations

from sqlalchemy import bindparam, or_, update

from storage import audit, firing, library, moderator_notes, schedules
from storage import tips as own_tips
from storage.audit import Deed
from storage.library import Library
from storage.members import Me
from storage.schedules import OFF, Schedule
from storage.tables import BI, library_use, schedule
from storage.unit import Unit

_ONE = update(schedule).where(
    schedule.c.community_id == bindparam("community", type_=BI),
    schedule.c.id == bindparam("schedule", type_=BI),
    schedule.c.asked_for == bindparam("slot"),
    schedule.c.proposed == bindparam("tip"),
    schedule.c.agreed.is_(None),
)
_DECIDE = _ONE.values(agreed=bindparam("new_agreed", type_=BI)).returning(schedule.c.id)
_PROPOSE = _ONE.values(proposed=bindparam("new_tip")).returning(schedule.c.id)
_WITHDRAW = (
    update(schedule)
    .where(
        schedule.c.community_id == bindparam("community", type_=BI),
        schedule.c.proposed == bindparam("tip"),
        or_(schedule.c.agreed.is_(None), schedule.c.agreed == 1),
    )
    .values(asked_for=None, proposed=None, agreed=None)
)


def waiting(unit: Unit, community_id: int, schedule_id: int, slot: str) -> Schedule | None:
    """The schedule, while what it proposes for this slot waits for an answer, and the slot is still to come."""
    found = schedules.find(unit, community_id, schedule_id)
    if found is None or found.state == OFF or found.next_at <= unit.now:
        return None
    return found if found.asked_for == slot and found.proposed is not None and found.agreed is None else None


def agree(unit: Unit, me: Me, schedule_id: int, slot: str, tip: str) -> bool:
    """It goes out in its slot; False where that was decided, or something else is proposed now."""
    return _decided(unit, me, schedule_id, slot, tip, Deed.TIP_AGREED, yes=True)


def refuse(unit: Unit, me: Me, schedule_id: int, slot: str, tip: str) -> bool:
    """Nothing of the library goes out in this slot; False as above."""
    return _decided(unit, me, schedule_id, slot, tip, Deed.TIP_REFUSED, yes=False)


def another(unit: Unit, me: Me, schedule_id: int, slot: str, tip: str, ids: Library) -> bool:
    """This one is passed over, and the library's next is proposed instead; False as above, or where there is none."""
    own_tips.lock(unit, me.community)
    found = waiting(unit, me.community, schedule_id, slot)
    if found is None or found.proposed != tip:
        return False
    others = {outcome: [each for each in tips if each != tip] for outcome, tips in ids.items()}
    choice = firing.from_library(unit, found, others)
    if choice is None:
        return False
    pass_over(unit, me, tip)
    values = {"community": me.community, "schedule": schedule_id, "slot": slot, "tip": tip}
    return unit.execute(_PROPOSE, {**values, "new_tip": choice.tip}).first() is not None


def withdraw(unit: Unit, community_id: int, tip: str) -> None:
    """The tip has had its turn elsewhere: where it is proposed or agreed to, another will be proposed."""
    unit.execute(_WITHDRAW, {"community": community_id, "tip": tip})


def pass_over(unit: Unit, me: Me, tip: str) -> None:
    """A tip of the library lets its turn pass; undone in the audit, it is next again."""
    where: dict[str, int | str] = {"community_id": me.community, "tip": tip}
    audit.recorded(
        unit, me, Deed.TIP_PASSED_OVER, library_use, where, lambda: library.use(unit, me.community, tip), tip=tip
    )


def _decided(unit: Unit, me: Me, schedule_id: int, slot: str, tip: str, deed: Deed, *, yes: bool) -> bool:
    values = {"community": me.community, "schedule": schedule_id, "slot": slot, "tip": tip}
    if waiting(unit, me.community, schedule_id, slot) is None:
        return False
    if unit.execute(_DECIDE, {**values, "new_agreed": int(yes)}).first() is None:
        return False
    audit.noted(unit, me, deed, tip=tip)
    moderator_notes.settle_of(unit, me.community, firing.ASK, schedule=schedule_id, slot=slot)
    return True
