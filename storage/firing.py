"""Slots that have come due become postings: each once, whoever looks first, and never a burst."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, exists, func, select, update

from content.outcomes import Outcome
from storage import digests, library, moderator_notes, outbox, postings, schedules, tips
from storage.due import Due
from storage.library import FEW, Library
from storage.moments import length, micros, moment
from storage.outbox_states import HANDED, WAITING
from storage.schedules import ASKED_BEFORE, LEAD, ON, Schedule
from storage.tables import BI, community, posting, schedule, tip
from storage.tables import outbox as outbox_table
from storage.timetable import Slot
from storage.tip_states import DUE, OUT, READY, SKIPPED
from storage.unit import Unit

GRACE = dt.timedelta(hours=24)  # how late a missed slot is still posted
AT_ONCE = 25  # schedules in one unit, which must not hold the writer for long
UNPRESSED = 4  # tips in a row that nobody pressed, before the moderators are asked whether to go on

MISSED, NOTHING, FEW_LEFT, QUIET, ASK = (
    "tips.missed", "tips.nothing", "tips.few-left", "tips.quiet", "tips.ask",
)  # fmt: skip
"""The notices that moderators get, by their names."""

_NOW = bindparam("now", type_=BI)
_STAYS = community.c.left_at.is_(None)
_RUNS = and_(schedule.c.state == ON, _STAYS)
_LOCKED = (schedule, community)  # nobody changes the queue between a tip's being chosen and its going out
_DUE = (
    select(schedule, community.c.platform)
    .join(community)
    .where(_RUNS, schedule.c.fire_at <= _NOW)
    .order_by(schedule.c.fire_at, schedule.c.id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, key_share=True, of=_LOCKED)
)
_QUEUED = exists().where(
    tip.c.community_id == schedule.c.community_id,
    tip.c.state == READY,
    (schedule.c.outcome == schedules.TURNS) | (tip.c.outcome == schedule.c.outcome),
)
_UNASKED = and_(_RUNS, schedule.c.asks == 1, schedule.c.asked_for.is_(None), ~_QUEUED)
_ASKABLE = and_(_UNASKED, schedule.c.fire_at > _NOW, schedule.c.next_at <= bindparam("until", type_=BI))
_TO_ASK = (
    select(schedule)
    .join(community)
    .where(_ASKABLE)
    .order_by(schedule.c.next_at, schedule.c.id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, key_share=True, of=_LOCKED)
)
_IS_DUE = select(schedule.c.id).join(community).where(_RUNS, schedule.c.fire_at <= _NOW).limit(1)
_IS_TO_ASK = select(schedule.c.id).join(community).where(_ASKABLE).limit(1)
_IS_HANDED = (
    select(outbox_table.c.id)
    .where(outbox_table.c.member_id.is_(None), outbox_table.c.state == HANDED, outbox_table.c.due_at <= _NOW)
    .limit(1)
)
_NEXT = (
    select(func.min(schedule.c.fire_at)).join(community).where(_RUNS, schedule.c.fire_at > _NOW),
    select(func.min(schedule.c.next_at))
    .join(community)
    .where(_UNASKED, schedule.c.next_at > _NOW + length(ASKED_BEFORE)),
    select(func.min(outbox_table.c.due_at)).where(
        outbox_table.c.state.in_([WAITING, HANDED]), outbox_table.c.due_at > _NOW
    ),
)
_ONE = schedule.c.id == bindparam("schedule", type_=BI)
_MOVED_ON = (
    update(schedule)
    .where(_ONE)
    .values(asked_for=None, proposed=None, agreed=None, last_outcome=bindparam("new_outcome"))
)
_ASKED = update(schedule).where(_ONE).values(asked_for=bindparam("slot"), proposed=bindparam("new_tip"), agreed=None)
_LAST_ONES = (
    select(posting.c.id, posting.c.pressed_at)
    .where(posting.c.schedule_id == bindparam("schedule", type_=BI), posting.c.state == OUT)
    .order_by(posting.c.post_at.desc())
    .limit(UNPRESSED + 1)
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What goes out: a tip by the word it is known by."""

    outcome: Outcome
    tip: str


def anything(unit: Unit) -> bool:
    """Whether `fire`, `ask`, `outbox.gone_out` or `digests.fire` has something to do now."""
    now, until = unit.now_us, unit.now_us + length(ASKED_BEFORE)
    asked = ((_IS_DUE, {"now": now}), (_IS_TO_ASK, {"now": now, "until": until}), (_IS_HANDED, {"now": now}))
    return any(unit.execute(statement, values).first() is not None for statement, values in asked) or digests.anything(
        unit
    )


def next_moment(unit: Unit) -> dt.datetime | None:
    """When something is to do next after now, a message that waits included; None if nothing ever."""
    fire, ask_at, post = (unit.execute(each, {"now": unit.now_us}).scalar_one() for each in _NEXT)
    asked = None if ask_at is None else ask_at - length(ASKED_BEFORE)
    at = [each for each in (fire, asked, post, digests.next_moment(unit)) if each is not None]
    return moment(min(at)) if at else None


def fire(unit: Unit, ids: Library) -> int:
    """Give a tip to each slot that is due, at most 25; answers how many schedules that were."""
    rows = unit.execute(_DUE, {"now": unit.now_us}).all()
    for row in rows:
        _fire(unit, schedules.read(row), row.platform, ids)
    return len(rows)


def ask(unit: Unit, ids: Library) -> int:
    """Propose library tips two days ahead, to moderators who want to be asked; answers how many that were."""
    rows = unit.execute(_TO_ASK, {"now": unit.now_us, "until": unit.now_us + length(ASKED_BEFORE)}).all()
    for row in rows:
        found = schedules.read(row)
        key = found.key(found.next_slot)
        choice = from_library(unit, found, ids)
        unit.execute(_ASKED, {"schedule": found.id, "slot": key, "new_tip": choice.tip if choice else None})
        if choice is not None:
            moderator_notes.settle_of(unit, found.community, ASK, schedule=found.id, slot=key)
            note = f"{ASK}:{key}:{choice.tip}:{found.rev}"
            moderator_notes.tell(unit, found.community, ASK, key=note, schedule=found.id, slot=key)
    return len(rows)


def choose(unit: Unit, found: Schedule, ids: Library) -> Choice | None:
    """What its next slot would get now: the queue before the library, and of the library only what was agreed to."""
    own = tips.next_ready(unit, found.community, found.outcome)
    if own is not None:
        return Choice(own.outcome, own.word)
    if not found.plan.asks:
        return from_library(unit, found, ids)
    if found.agreed and found.proposed is not None:
        outcome = next((each for each in Outcome if found.proposed in ids.get(each, ())), None)
        rests = library.rests(unit, found.community, found.proposed)
        return None if outcome is None or rests else Choice(outcome, found.proposed)
    return None


def from_library(unit: Unit, found: Schedule, ids: Library) -> Choice | None:
    """The library's next for a schedule, the outcomes taking turns where it has none of its own."""
    for outcome in turns(found):
        tip_id = library.next_of(unit, found.community, ids.get(outcome, ()))
        if tip_id is not None:
            return Choice(outcome, tip_id)
    return None


def is_quiet(unit: Unit, schedule_id: int) -> bool:
    """Whether nobody pressed any of its last tips."""
    last = unit.execute(_LAST_ONES, {"schedule": schedule_id}).all()[:UNPRESSED]
    return len(last) == UNPRESSED and all(row.pressed_at is None for row in last)


def turns(found: Schedule) -> Sequence[Outcome]:
    """The outcomes in the order in which they are due."""
    if found.outcome is not None:
        return (found.outcome,)
    every = list(Outcome)
    first = 0 if found.last_outcome is None else every.index(found.last_outcome) + 1
    return (*every[first:], *every[:first])


def pass_over(unit: Unit, due: Due) -> None:
    """A post that nobody could send within the grace is not sent any more; of a tip the moderators learn that."""
    assert due.post_at is not None
    if not outbox.dead(unit, due, postings.OVERDUE) or due.notice != postings.WEEKLY:
        return
    found = postings.find(unit, due.place.community, int(due.ids["posting"]))
    if found is not None:
        key, ids = (
            f"{MISSED}:{found.slot}:{postings.OVERDUE}",
            {"schedule": found.schedule or 0, "count": 1, "at": micros(due.post_at)},
        )
        moderator_notes.tell(unit, due.place.community, MISSED, key=key, **ids)


def _fire(unit: Unit, found: Schedule, platform: str, ids: Library) -> None:
    slot, upcoming, missed = _latest(found, unit.now + LEAD.get(platform, dt.timedelta()))
    late = slot.at < unit.now - GRACE
    choice = None if late else choose(unit, found, ids)
    fresh = _leave_out(unit, found, slot, late=late) if choice is None else _put_out(unit, found, slot, choice, ids)
    if fresh and (missed or late):
        _tell_missed(unit, found, slot, missed + late)
    last = choice.outcome if choice and fresh else found.last_outcome
    unit.execute(_MOVED_ON, {"schedule": found.id, "new_outcome": last.value if last else None})
    schedules.set_next(unit, found.id, platform, upcoming)


def _latest(found: Schedule, until: dt.datetime) -> tuple[Slot, Slot, int]:
    """The latest slot that is due, the one after it, and how many earlier ones were missed."""
    coming = found.coming()
    latest, missed = next(coming), 0
    for slot in coming:
        if slot.at > until:
            return latest, slot, missed
        latest, missed = slot, missed + 1
    raise AssertionError("a schedule has no end")


def _put_out(unit: Unit, found: Schedule, slot: Slot, choice: Choice, ids: Library) -> bool:
    """Into the outbox with the tip; False where the slot had one before."""
    key = found.key(slot)
    made = _insert(unit, found, slot, choice, DUE)
    if made is None:
        return False
    _tell_quiet(unit, found)
    if choice.tip.isdecimal():
        tips.goes_out(unit, found.community, int(choice.tip))
    else:
        library.use(unit, found.community, choice.tip)
        _tell_few(unit, found, choice, ids)
    post_at = max(micros(slot.at), unit.now_us)
    postings.put_out(unit, found.community, made, key, found.plan.channel, post_at)
    return True


def _leave_out(unit: Unit, found: Schedule, slot: Slot, *, late: bool) -> bool:
    """The slot passes, and the moderators learn why; False where it had a tip before."""
    nobody = Choice(turns(found)[0], "")
    if _insert(unit, found, slot, nobody, SKIPPED) is None:
        return False
    if not late and found.agreed is not False:
        key = f"{NOTHING}:{found.key(slot)}"
        moderator_notes.tell(unit, found.community, NOTHING, key=key, schedule=found.id, at=micros(slot.at))
    return True


def _insert(unit: Unit, found: Schedule, slot: Slot, choice: Choice, state: str) -> int | None:
    return postings.insert(
        unit,
        found.community,
        found.key(slot),
        schedule_id=found.id,
        outcome=choice.outcome,
        tip=choice.tip,
        channel=found.plan.channel,
        post_at=micros(slot.at),
        state=state,
    )


def _tell_missed(unit: Unit, found: Schedule, slot: Slot, count: int) -> None:
    key = f"{MISSED}:{found.key(slot)}"
    moderator_notes.tell(unit, found.community, MISSED, key=key, schedule=found.id, count=count, at=micros(slot.at))


def _tell_few(unit: Unit, found: Schedule, choice: Choice, ids: Library) -> None:
    if library.unused(unit, found.community, ids[choice.outcome]) == FEW:
        key = f"{FEW_LEFT}:{choice.tip}:{unit.now:%Y}"
        moderator_notes.tell(unit, found.community, FEW_LEFT, key=key, outcome=choice.outcome.value)


def _tell_quiet(unit: Unit, found: Schedule) -> None:
    """Once for each run of tips that nobody pressed."""
    last = unit.execute(_LAST_ONES, {"schedule": found.id}).all()
    pressed = [row.pressed_at is not None for row in last]
    if len(pressed) >= UNPRESSED and not any(pressed[:UNPRESSED]) and all(pressed[UNPRESSED:]):
        key = f"{QUIET}:{last[0].id}"
        moderator_notes.tell(unit, found.community, QUIET, key=key, schedule=found.id)
