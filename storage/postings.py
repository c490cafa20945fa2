"""Tips that go out: each with its slot, what became of it, and what members did with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from content.outcomes import Outcome
from content.points import Deed
from storage import audit, awards, library, members, moderator_notes, suggesters, tips
from storage.members import Me
from storage.moments import length, moment
from storage.outbox_states import CLAIMED, DEAD, HANDED, SENT, UNCERTAIN, WAITING
from storage.tables import BI, outbox, posting, schedule, tip_deed
from storage.tip_states import DOUBTFUL, DUE, FAILED, OUT, SKIPPED, STOPPED, STOPPING
from storage.tip_states import HANDED as WITH_PLATFORM
from storage.unit import Unit, upsert

WEEKLY = "tips.weekly"
"""The notice that becomes the post."""
CALL_OFF = "post.call-off"
"""What a row of the outbox is called that takes a post back from the platform before its time."""
TOO_LATE = dt.timedelta(seconds=60)  # before its time Slack deletes no scheduled message any more
CALLED_OFF = "called-off"  # why a row of the outbox ended that moderators stopped
OVERDUE = "overdue"  # and one that nobody could send while it was worth it
TROUBLE = "tips.trouble"
"""The notice, by direct message alone, of a post that was refused, given up, or may be there."""

_OF_OUTBOX = {SENT: OUT, DEAD: FAILED, UNCERTAIN: DOUBTFUL, HANDED: WITH_PLATFORM, WAITING: DUE}


class Done(Enum):
    """What a member does with a tip."""

    DONE = "done"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Did:
    """Whether it was the first time with this tip, and the points that it came to."""

    first: bool
    points: int = 0


class Stop(Enum):
    """How *Stop it* ended."""

    STOPPED = "stopped"
    ON_ITS_WAY = "on-its-way"
    NOT_YET = "not-yet"
    TOO_LATE = "too-late"


@dataclass(frozen=True, slots=True)
class Posting:
    """One tip in its slot; `tip` is the word it is known by."""

    id: int
    outcome: Outcome
    tip: str
    channel: str
    post_at: dt.datetime
    state: str
    slot: str
    pressed: bool
    schedule: int | None = None


_HERE = posting.c.community_id == bindparam("community", type_=BI)
_ONE = posting.c.id == bindparam("posting", type_=BI)
_FIND = select(posting).where(_HERE, _ONE)
_OUT = select(posting).where(_HERE, posting.c.state == OUT)
_OUT_OF = _OUT.where(posting.c.outcome == bindparam("wanted"))
_COMING = (
    select(posting)
    .where(_HERE, posting.c.state.in_([DUE, WITH_PLATFORM, STOPPING, DOUBTFUL]))
    .order_by(posting.c.post_at, posting.c.id)
    .limit(10)
)
_INSERT = upsert(posting, lambda insert: insert.on_conflict_do_nothing(index_elements=["slot"]).returning(posting.c.id))
_SET_OUTBOX = update(posting).where(_ONE).values(outbox_id=bindparam("post", type_=BI))
_BY_OUTBOX = select(posting).where(posting.c.outbox_id == bindparam("post", type_=BI))
_SET_STATE = update(posting).where(_ONE).values(state=bindparam("new_state"))
_PRESSED = (
    update(posting).where(_HERE, _ONE, posting.c.pressed_at.is_(None)).values(pressed_at=bindparam("now", type_=BI))
)
_TROUBLE = (
    update(schedule).where(schedule.c.id == bindparam("schedule", type_=BI)).values(trouble=bindparam("new_trouble"))
)
_DO = upsert(tip_deed, lambda insert: insert.on_conflict_do_nothing().returning(tip_deed.c.at))
_CALL_OFF = (
    update(outbox)
    .where(outbox.c.id == bindparam("post", type_=BI), outbox.c.state == WAITING, outbox.c.unsure_since.is_(None))
    .values(state=DEAD, error=CALLED_OFF, at=bindparam("now", type_=BI))
    .returning(outbox.c.id)
)
_HELD = select(outbox.c.remote_id, outbox.c.channel).where(
    outbox.c.id == bindparam("post", type_=BI),
    outbox.c.state == HANDED,
    outbox.c.post_at > bindparam("latest", type_=BI),
)
_BEING_GIVEN = select(outbox.c.id).where(
    outbox.c.id == bindparam("post", type_=BI),
    outbox.c.state.in_([WAITING, CLAIMED]),
    outbox.c.post_at > bindparam("latest", type_=BI),
)
_WITH_THEM = (  # or taken for posted, since its time has come while the platform was asked for it
    update(outbox)
    .where(outbox.c.id == bindparam("post", type_=BI), outbox.c.state.in_([HANDED, SENT]))
    .returning(outbox.c.id)
)
_GIVEN_BACK = _WITH_THEM.values(state=DEAD, error=CALLED_OFF, at=bindparam("now", type_=BI))
_UNKNOWN = _WITH_THEM.values(state=UNCERTAIN, at=bindparam("now", type_=BI))


def insert(
    unit: Unit,
    community_id: int,
    slot: str,
    *,
    schedule_id: int | None,
    outcome: Outcome,
    tip: str,
    channel: str,
    post_at: int,
    state: str,
) -> int | None:
    """A slot's tip; None where this slot has one. `post_at` is a stored moment."""
    row = {
        "community_id": community_id,
        "slot": slot,
        "schedule_id": schedule_id,
        "outcome": outcome.value,
        "tip": tip,
        "channel": channel,
        "post_at": post_at,
        "state": state,
        "at": unit.now_us,
    }
    made = unit.execute(_INSERT, row).scalar_one_or_none()
    return None if made is None else int(made)


def put_out(unit: Unit, community_id: int, posting_id: int, slot: str, channel: str, post_at: int | None) -> None:
    """Into the outbox with it; with `post_at`, for that moment."""
    post = unit.post_for(post_at, community_id, channel, WEEKLY, f"{WEEKLY}:{slot}", {"posting": posting_id})
    unit.execute(_SET_OUTBOX, {"posting": posting_id, "post": post})


def find(unit: Unit, community_id: int, posting_id: int) -> Posting | None:
    """One of this community's."""
    row = unit.execute(_FIND, {"community": community_id, "posting": posting_id}).first()
    return None if row is None else _posting(row)


def out(unit: Unit, community_id: int, outcome: Outcome | None, first: int, size: int) -> tuple[list[Posting], int]:
    """Those that members have seen, the newest first, of one outcome or of all; and how many there are."""
    picked = _OUT if outcome is None else _OUT_OF
    values: dict[str, Any] = {"community": community_id}
    values |= {} if outcome is None else {"wanted": outcome.value}
    total = unit.execute(select(func.count()).select_from(picked.subquery()), values).scalar_one()
    page = picked.order_by(posting.c.post_at.desc(), posting.c.id.desc()).limit(size).offset(first)
    return [_posting(row) for row in unit.execute(page, values)], int(total)


def coming(unit: Unit, community_id: int) -> list[Posting]:
    """Those that have their slot and are not out yet."""
    return [_posting(row) for row in unit.execute(_COMING, {"community": community_id})]


def press(unit: Unit, community_id: int, posting_id: int) -> None:
    """Somebody pressed a button of it."""
    unit.execute(_PRESSED, {"community": community_id, "posting": posting_id, "now": unit.now_us})


def do(unit: Unit, me: Me, posting_id: int, deed: Done) -> Did:
    """I did it, or put it into my plan: once for a tip, however often it goes out."""
    found = find(unit, me.community, posting_id)
    if found is None:
        return Did(first=False)
    press(unit, me.community, posting_id)
    member_id = members.ensure(unit, me)
    points = awards.give(unit, member_id, found.outcome, (Deed.TIP, found.tip)) if deed is Done.DONE else 0
    row = {"member_id": member_id, "tip": found.tip, "deed": deed.value, "at": unit.now_us}
    return Did(unit.execute(_DO, row).first() is not None, points)


def ended(unit: Unit, post: int, state: str, why: str | None) -> None:
    """The outbox is done with the post of a tip, or has handed it over; `state` is the outbox's."""
    row = unit.execute(_BY_OUTBOX, {"post": post}).first()
    if row is None:
        return
    overdue = state == DEAD and why == OVERDUE
    unit.execute(_SET_STATE, {"posting": row.id, "new_state": SKIPPED if overdue else _OF_OUTBOX[state]})
    if state == DEAD:
        give_back(unit, row.community_id, row.tip, paused=False)
    if state == SENT and row.state != OUT:
        suggesters.tell(unit, row.community_id, row.tip, row.id)
    if row.schedule_id is not None and state in {SENT, DEAD} and not overdue:
        unit.execute(_TROUBLE, {"schedule": row.schedule_id, "new_trouble": why if state == DEAD else None})
    if state in {DEAD, UNCERTAIN} and not overdue:
        moderator_notes.message(unit, row.community_id, TROUBLE, posting=row.id)


def give_back(unit: Unit, community_id: int, tip: str, *, paused: bool) -> None:
    """A tip that did not go out can do so another time."""
    if tip.isdecimal():
        tips.comes_back(unit, community_id, int(tip), paused=paused)
    else:
        library.give_back(unit, community_id, tip)


def take_again(unit: Unit, community_id: int, tip: str) -> bool:
    """One that was given back is to go out after all; False where it has gone out, or away, since."""
    if not tip.isdecimal():
        rests = library.rests(unit, community_id, tip)
        if not rests:
            library.use(unit, community_id, tip)
        return not rests
    found = tips.find(unit, community_id, int(tip))
    if found is None or found.state not in tips.WAITING:
        return False
    tips.goes_out(unit, community_id, found.id)
    return True


def stop(unit: Unit, me: Me, posting_id: int) -> Stop:
    """It is not to go out. What the platform holds already is taken back from there, while there is time."""
    tips.lock(unit, me.community)
    row = unit.execute(_FIND, {"community": me.community, "posting": posting_id}).first()
    if row is None:
        return Stop.TOO_LATE
    if row.state in {STOPPED, STOPPING}:
        return Stop.STOPPED if row.state == STOPPED else Stop.ON_ITS_WAY
    post = {"post": row.outbox_id, "now": unit.now_us}
    if unit.execute(_CALL_OFF, post).first() is not None:
        _stopped(unit, row)
        audit.noted(unit, me, audit.Deed.TIP_STOPPED, posting=posting_id, tip=row.tip)
        return Stop.STOPPED
    latest = {**post, "latest": unit.now_us + length(TOO_LATE)}
    held = unit.execute(_HELD, latest).first()
    if held is None:
        return Stop.TOO_LATE if unit.execute(_BEING_GIVEN, latest).first() is None else Stop.NOT_YET
    unit.execute(_SET_STATE, {"posting": posting_id, "new_state": STOPPING})
    unit.post(
        me.community,
        held.channel,
        CALL_OFF,
        key=f"{CALL_OFF}:{row.outbox_id}:{unit.now_us}",
        post=row.outbox_id,
        remote=held.remote_id,
    )
    audit.noted(unit, me, audit.Deed.TIP_STOPPED, posting=posting_id, tip=row.tip)
    return Stop.ON_ITS_WAY


def called_off(unit: Unit, post: int, *, given_back: bool | None) -> None:
    """What the platform said to a call-off: the post is given back, or it goes out all the same; None: either."""
    row = unit.execute(_BY_OUTBOX, {"post": post}).first()
    if row is None:
        return
    if given_back:
        if unit.execute(_GIVEN_BACK, {"post": post, "now": unit.now_us}).first() is not None:
            _stopped(unit, row)
    elif given_back is None and unit.execute(_UNKNOWN, {"post": post, "now": unit.now_us}).first() is not None:
        unit.execute(_SET_STATE, {"posting": row.id, "new_state": DOUBTFUL})
        moderator_notes.message(unit, row.community_id, TROUBLE, posting=row.id)
    elif row.state == STOPPING:
        unit.execute(_SET_STATE, {"posting": row.id, "new_state": WITH_PLATFORM})


def _stopped(unit: Unit, row: Row[*tuple[Any, ...]]) -> None:
    unit.execute(_SET_STATE, {"posting": row.id, "new_state": STOPPED})
    if row.tip.isdecimal():
        tips.comes_back(unit, row.community_id, int(row.tip), paused=True)


def _posting(row: Row[*tuple[Any, ...]]) -> Posting:
    return Posting(
        row.id,
        Outcome(row.outcome),
        row.tip,
        row.channel,
        moment(row.post_at),
        row.state,
        row.slot,
        row.pressed_at is not None,
        row.schedule_id,
    )
