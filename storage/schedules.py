"""When the weekly tip goes out: one schedule for all outcomes in turn, or one for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from content.outcomes import Outcome
from storage import audit
from storage.audit import Deed
from storage.members import Me
from storage.moments import length, micros, moment
from storage.tables import BI, community, schedule
from storage.timetable import Slot, Weekly, day_of, first_after, following, slot_on
from storage.unit import Unit, upsert

TURNS = "turns"  # instead of an outcome: all of them, one after the other
ON, PAUSED, OFF = "on", "paused", "off"
LEAD: Mapping[str, dt.timedelta] = {"slack": dt.timedelta(minutes=10)}
"""How long before its time a post is handed to the platform, which then keeps it and posts it.

What is deleted from Slack within about five minutes of its time may be posted all the same (docs/operate.md).
"""
ASKED_BEFORE = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a moderator sets: where, when, how often, and whether library tips wait for a yes."""

    channel: str
    weekly: Weekly
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule as stored. `outcome` is None for all in turn; `trouble` is why the last post did not come."""

    id: int
    community: int
    outcome: Outcome | None
    plan: Plan
    state: str
    next_at: dt.datetime
    last_outcome: Outcome | None
    asked_for: str | None
    proposed: str | None
    agreed: bool | None
    trouble: str | None
    rev: int

    @property
    def next_slot(self) -> Slot:
        return Slot(day_of(self.plan.weekly, self.next_at), self.next_at)

    def key(self, slot: Slot) -> str:
        """What a slot of it is known by, whoever inserts it."""
        return _key(self.id, self.plan.weekly, slot)

    def coming(self) -> Iterator[Slot]:
        """Its slots from the next one on."""
        yield self.next_slot
        yield from following(self.plan.weekly, self.next_slot)

    def next_times(self, count: int) -> list[dt.datetime]:
        """The moments of the next slots."""
        return [slot.at for slot in islice(self.coming(), count)]


_HERE = schedule.c.community_id == bindparam("community", type_=BI)
_ONE = schedule.c.id == bindparam("schedule", type_=BI)
_OF = select(schedule).where(_HERE, schedule.c.state != OFF)
_FIND = select(schedule).where(_HERE, _ONE)
_GOES_ON = select(schedule).where(_HERE, schedule.c.state.in_([ON, PAUSED]))
_PLATFORM = (
    select(community.c.platform)
    .where(community.c.id == bindparam("community", type_=BI))
    .with_for_update(key_share=True)  # members may be added meanwhile
)
_SET = update(schedule).where(_HERE)
_PUT = upsert(
    schedule,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["community_id", "outcome"],
        set_={
            name: insert.excluded[name]
            for name in ("channel", "weekday", "minute", "zone", "weeks", "state", "asks", "next_at", "fire_at", "at")
        }
        | {"rev": schedule.c.rev + 1, "trouble": None},
    ).returning(schedule.c.id),
)
_OFF = _SET.where(schedule.c.state != OFF, schedule.c.outcome.not_in(bindparam("outcomes", expanding=True))).values(
    state=OFF, rev=schedule.c.rev + 1
)
_SET_STATE = _SET.where(_ONE).values(state=bindparam("new_state"), rev=schedule.c.rev + 1)
_SET_NEXT = (
    update(schedule)
    .where(_ONE)
    .values(next_at=bindparam("new_next_at", type_=BI), fire_at=bindparam("new_fire_at", type_=BI))
)
_FORGET_ANSWER = (  # what moderators said to one slot they did not say to another
    update(schedule)
    .where(_ONE, schedule.c.asked_for != bindparam("slot"))
    .values(asked_for=None, proposed=None, agreed=None)
)
_SET_PLAN = _SET.where(_ONE).values(
    channel=bindparam("new_channel"),
    weekday=bindparam("new_weekday", type_=BI),
    minute=bindparam("new_minute", type_=BI),
    zone=bindparam("new_zone"),
    weeks=bindparam("new_weeks", type_=BI),
    asks=bindparam("new_asks", type_=BI),
    rev=schedule.c.rev + 1,
)


def of_community(unit: Unit, community_id: int) -> list[Schedule]:
    """Those that are switched on or paused, in the order in which the outcomes always stand."""
    found = [read(row) for row in unit.execute(_OF, {"community": community_id})]
    order = (None, *Outcome)
    return sorted(found, key=lambda each: order.index(each.outcome))


def find(unit: Unit, community_id: int, schedule_id: int) -> Schedule | None:
    """One of this community's, also one that is switched off."""
    row = unit.execute(_FIND, {"community": community_id, "schedule": schedule_id}).first()
    return None if row is None else read(row)


def switch_on(unit: Unit, me: Me, plans: Mapping[Outcome | None, Plan]) -> None:
    """Exactly these from now on: one for None (all in turn), or one for each outcome wanted."""
    platform = _lock(unit, me.community)
    runs = {each.outcome: each.plan for each in of_community(unit, me.community) if _runs_well(each)}

    def work() -> None:
        for outcome, plan in plans.items():
            if runs.get(outcome) != plan:
                _put(unit, me.community, platform, outcome, plan)
        unit.execute(_OFF, {"community": me.community, "outcomes": [outcome or TURNS for outcome in plans]})

    _recorded(unit, me, Deed.SCHEDULE_SET, work)


def switch_off(unit: Unit, me: Me) -> None:
    """No tip goes out by itself any more."""
    _recorded(unit, me, Deed.SCHEDULE_OFF, lambda: unit.execute(_OFF, {"community": me.community, "outcomes": []}))


def pause(unit: Unit, me: Me, schedule_id: int, *, on: bool) -> None:
    """It lets its slots pass until it is resumed; then the next one counts, not those it let pass."""
    _lock(unit, me.community)
    found = find(unit, me.community, schedule_id)
    if found is None or found.state != (ON if on else PAUSED):
        return

    def work() -> None:
        values = {"community": me.community, "schedule": schedule_id}
        unit.execute(_SET_STATE, {**values, "new_state": PAUSED if on else ON})
        settle_next(unit, me.community, [schedule_id])

    _recorded(unit, me, Deed.SCHEDULE_PAUSED if on else Deed.SCHEDULE_RESUMED, work)


def every(unit: Unit, me: Me, schedule_id: int, weeks: int) -> None:
    """Weekly or every `weeks`th week, from its next slot on."""
    change(unit, me, schedule_id, lambda plan: replace(plan, weekly=replace(plan.weekly, weeks=weeks)))


def change(unit: Unit, me: Me, schedule_id: int, work: Callable[[Plan], Plan]) -> bool:
    """What `work` makes of its plan, the rest as it stands now; whether it is there and was not so already."""
    platform = _lock(unit, me.community)
    found = find(unit, me.community, schedule_id)
    plan = None if found is None or found.state == OFF else work(found.plan)
    if found is None or plan is None or plan == found.plan:
        return False

    def store() -> None:
        weekly, was = plan.weekly, found.plan.weekly
        values = {"community": me.community, "schedule": schedule_id, "new_channel": plan.channel}
        when = {"new_weekday": weekly.weekday, "new_minute": weekly.minute, "new_zone": weekly.zone}
        unit.execute(_SET_PLAN, {**values, **when, "new_weeks": weekly.weeks, "new_asks": int(plan.asks)})
        if replace(weekly, weeks=was.weeks) != was:
            _move(unit, schedule_id, platform, weekly)

    _recorded(unit, me, Deed.SCHEDULE_SET, store)
    return True


def settle_next(unit: Unit, community_id: int, only: Collection[int] | None = None) -> None:
    """The next slots, counted anew from now: after a pause, an undo or a return nothing past is made up for.

    With `only`, of these schedules alone.
    """
    platform = _lock(unit, community_id)
    for found in [read(row) for row in unit.execute(_GOES_ON, {"community": community_id})]:
        if only is not None and found.id not in only:
            continue
        if found.next_at <= unit.now or slot_on(found.plan.weekly, found.next_slot.day) != found.next_slot:
            _move(unit, found.id, platform, found.plan.weekly)


def set_next(unit: Unit, schedule_id: int, platform: str, slot: Slot) -> None:
    """This slot is the next."""
    unit.execute(_SET_NEXT, {"schedule": schedule_id, **_moments(platform, slot)})


def read(row: Row[*tuple[Any, ...]]) -> Schedule:
    """A row of the table."""
    weekly = Weekly(row.weekday, row.minute, row.zone, row.weeks)
    return Schedule(
        id=row.id,
        community=row.community_id,
        outcome=None if row.outcome == TURNS else Outcome(row.outcome),
        plan=Plan(row.channel, weekly, bool(row.asks)),
        state=row.state,
        next_at=moment(row.next_at),
        last_outcome=None if row.last_outcome is None else Outcome(row.last_outcome),
        asked_for=row.asked_for,
        proposed=row.proposed,
        agreed=None if row.agreed is None else bool(row.agreed),
        trouble=row.trouble,
        rev=row.rev,
    )


def _runs_well(found: Schedule) -> bool:
    return found.state == ON and found.trouble is None


def _put(unit: Unit, community_id: int, platform: str, outcome: Outcome | None, plan: Plan) -> None:
    weekly = plan.weekly
    slot = first_after(weekly, unit.now)
    when = {name.removeprefix("new_"): value for name, value in _moments(platform, slot).items()}
    row = {
        "community_id": community_id,
        "outcome": TURNS if outcome is None else outcome.value,
        "channel": plan.channel,
        "weekday": weekly.weekday,
        "minute": weekly.minute,
        "zone": weekly.zone,
        "weeks": weekly.weeks,
        "state": ON,
        "asks": int(plan.asks),
        "rev": 0,
        "at": unit.now_us,
    }
    made = unit.execute(_PUT, {**row, **when}).scalar_one()
    unit.execute(_FORGET_ANSWER, {"schedule": made, "slot": _key(made, weekly, slot)})


def _move(unit: Unit, schedule_id: int, platform: str, weekly: Weekly) -> None:
    """To the first slot after now."""
    slot = first_after(weekly, unit.now)
    set_next(unit, schedule_id, platform, slot)
    unit.execute(_FORGET_ANSWER, {"schedule": schedule_id, "slot": _key(schedule_id, weekly, slot)})


def _key(schedule_id: int, weekly: Weekly, slot: Slot) -> str:
    hour, minute = divmod(weekly.minute, 60)
    return f"{schedule_id}:{slot.day.isoformat()}T{hour:02}:{minute:02}"


def _moments(platform: str, slot: Slot) -> dict[str, int]:
    at = micros(slot.at)
    return {"new_next_at": at, "new_fire_at": at - length(LEAD.get(platform, dt.timedelta()))}


def _lock(unit: Unit, community_id: int) -> str:
    """Its platform; from here on nobody else changes its schedules, or fires one, until the unit ends."""
    return str(unit.execute(_PLATFORM, {"community": community_id}).scalar_one())


def _recorded(unit: Unit, me: Me, deed: Deed, work: Any) -> None:
    audit.recorded(unit, me, deed, schedule, {"community_id": me.community}, work)
