"""Matching days: ordered, worked out by whoever leases them, ready, run, done; one at a time in a community."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, bindparam, insert, or_, select, update

from storage import audit, moderator_notes
from storage import round_figures as figures_of
from storage.audit import Deed
from storage.members import Me
from storage.moments import length, micros, moment
from storage.round_figures import Figures
from storage.round_states import TRIES_MOST, Failure, RoundState
from storage.tables import BI, community, mentor_round
from storage.unit import Unit

DONE, FAILED = "rounds.done", "rounds.failed"
"""The notices to the moderators: of a day that was held by itself, and of one that nothing came of."""
AHEAD_MOST = dt.timedelta(minutes=10)  # of a lease: none is so long
SEED = 0
"""The same input gives the same pairs, whoever orders them and how often."""


@dataclass(frozen=True, slots=True)
class Round:
    """A matching day as stored; `progress` is of a thousand."""

    id: int
    community: int
    state: RoundState
    scheduled: bool
    seed: int
    progress: int
    digest: str | None
    figures: Figures
    compass: Any
    failure: Failure | None
    at: dt.datetime
    solved_at: dt.datetime | None
    ran_at: dt.datetime | None
    done_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A round whose pairs whoever claimed it works out now; one that is `worn_out` is only to be failed."""

    id: int
    community: int
    platform: str
    seed: int
    worn_out: bool


_ROUND = mentor_round.c.id == bindparam("round", type_=BI)
_HERE = mentor_round.c.community_id == bindparam("community", type_=BI)
_LATEST = select(mentor_round).where(_HERE).order_by(mentor_round.c.id.desc()).limit(1)
_ONE = select(mentor_round).where(_HERE, _ROUND)
_LOCKED = select(mentor_round).where(_ROUND).with_for_update()
_PAST = (
    select(mentor_round)
    .where(_HERE, mentor_round.c.state == RoundState.DONE)
    .order_by(mentor_round.c.id.desc())
    .limit(bindparam("most", type_=BI))
)
_ORDER = insert(mentor_round).returning(mentor_round.c.id)
_TO_SOLVE = (
    select(mentor_round, community.c.platform)
    .join(community)
    .where(mentor_round.c.done_at.is_(None), community.c.left_at.is_(None))
    .where(
        or_(
            mentor_round.c.state == RoundState.ORDERED,
            (mentor_round.c.state == RoundState.SOLVING)
            & or_(
                mentor_round.c.lease_until <= bindparam("until", type_=BI),
                mentor_round.c.lease_until > bindparam("ahead", type_=BI),  # by a clock that was set back since
            ),
        )
    )
    .order_by(mentor_round.c.id)
    .limit(1)
)
_CLAIMABLE = _TO_SOLVE.with_for_update(skip_locked=True, of=mentor_round)
_SET = update(mentor_round).where(_ROUND)
_CLAIM = _SET.values(
    state=RoundState.SOLVING,
    owner=bindparam("new_owner"),
    lease_until=bindparam("until", type_=BI),
    progress=0,
    figures=bindparam("new_figures"),
)
_MINE = _SET.where(mentor_round.c.state == RoundState.SOLVING, mentor_round.c.owner == bindparam("by"))
_TICK = _MINE.values(progress=bindparam("new_progress", type_=BI), lease_until=bindparam("until", type_=BI))
_GIVE_BACK = _MINE.values(state=RoundState.ORDERED, owner=None, lease_until=None, progress=0)
_SOLVED = _MINE.values(
    state=bindparam("new_state"),
    owner=None,
    lease_until=None,
    progress=1000,
    digest=bindparam("new_digest"),
    figures=bindparam("new_figures"),
    compass=bindparam("new_compass"),
    solved_at=bindparam("now", type_=BI),
    ran_at=bindparam("new_ran_at", type_=BI),
)
_END = _SET.values(
    state=bindparam("new_state"),
    error=bindparam("new_error"),
    owner=None,
    lease_until=None,
    done_at=bindparam("now", type_=BI),
)
_FIGURES = _SET.values(figures=bindparam("new_figures"))


def latest(unit: Unit, community_id: int) -> Round | None:
    """The one that was ordered last, whatever became of it."""
    row = unit.execute(_LATEST, {"community": community_id}).first()
    return None if row is None else read(row)


def find(unit: Unit, community_id: int, round_id: int) -> Round | None:
    """One of this community's."""
    row = unit.execute(_ONE, {"community": community_id, "round": round_id}).first()
    return None if row is None else read(row)


def past(unit: Unit, community_id: int, most: int) -> list[Round]:
    """Those that are done, the newest first."""
    return [read(row) for row in unit.execute(_PAST, {"community": community_id, "most": most})]


def order(unit: Unit, community_id: int, *, scheduled: bool = False) -> int | None:
    """A new one, if none is live; its id.

    One that is held by its schedule takes the place of whatever was only being looked at.
    """
    unit.lock_community(community_id)
    found = latest(unit, community_id)
    if found is not None and found.state.live:
        if not scheduled or found.state is RoundState.RUNNING:
            return None
        _end(unit, found.id, RoundState.DROPPED)
    row = {"community_id": community_id, "state": RoundState.ORDERED, "scheduled": int(scheduled), "seed": SEED}
    return int(unit.execute(_ORDER, {**row, "progress": 0, "at": unit.now_us}).scalar_one())


def order_anew(unit: Unit, me: Me, round_id: int) -> None:
    """This one is looked at no more; a new one takes its place. Pressed twice it is one."""
    found = locked(unit, round_id)
    if found is None or found.community != me.community or found.state is RoundState.RUNNING:
        return
    if found.state.live:
        _end(unit, round_id, RoundState.DROPPED)
    newest = latest(unit, me.community)
    if newest is not None and newest.id == round_id:
        order(unit, me.community)


def drop(unit: Unit, me: Me, round_id: int) -> bool:
    """Nothing comes of it; False where it runs, or is over."""
    found = locked(unit, round_id)
    if found is None or found.community != me.community or not found.state.live or found.state is RoundState.RUNNING:
        return False
    _end(unit, round_id, RoundState.DROPPED)
    audit.noted(unit, me, Deed.ROUND_DROPPED, round=round_id)
    return True


def anything(unit: Unit, now: dt.datetime) -> bool:
    """Whether there is one to claim."""
    return unit.execute(_TO_SOLVE, _leases(now)).first() is not None


def claim(unit: Unit, owner: str, now: dt.datetime, lease: dt.timedelta) -> Claimed | None:
    """One that was ordered, or whose worker is gone, is this owner's until the lease ends; `now` is the real time.

    One that three workers died of is worn out.
    """
    row = unit.execute(_CLAIMABLE, _leases(now)).first()
    if row is None:
        return None
    found = read(row)
    figures = figures_of.encoded(replace(found.figures, tries=found.figures.tries + 1))
    until = micros(now) + length(lease)
    unit.execute(_CLAIM, {"round": found.id, "new_owner": owner, "until": until, "new_figures": figures})
    worn_out = found.figures.tries >= TRIES_MOST
    return Claimed(found.id, found.community, row.platform, found.seed, worn_out)


def _leases(now: dt.datetime) -> dict[str, int]:
    return {"until": micros(now), "ahead": micros(now + AHEAD_MOST)}


def tick(unit: Unit, round_id: int, owner: str, progress: int, until: dt.datetime) -> bool:
    """It is so far, and leased until then; False where it is no longer this owner's to work out."""
    values = {"round": round_id, "by": owner, "new_progress": progress, "until": micros(until)}
    return unit.execute(_TICK, values).rowcount > 0


def give_back(unit: Unit, round_id: int, owner: str) -> None:
    """Somebody else works it out: this process stops."""
    unit.execute(_GIVE_BACK, {"round": round_id, "by": owner})


def solved(unit: Unit, round_id: int, owner: str, figures: Figures, digest: str, compass: Any) -> bool:
    """Its pairs are all there: it waits for *Run*, or runs, if it is held by its schedule."""
    found = locked(unit, round_id)
    if found is None:
        return False
    state = RoundState.RUNNING if found.scheduled else RoundState.READY
    values = {
        "round": round_id,
        "by": owner,
        "new_state": state,
        "new_digest": digest,
        "new_figures": figures_of.encoded(figures),
        "new_compass": json.dumps(compass, ensure_ascii=False),
        "now": unit.now_us,
        "new_ran_at": unit.now_us if found.scheduled else None,
    }
    return unit.execute(_SOLVED, values).rowcount > 0


def fail(unit: Unit, round_id: int, owner: str, failure: Failure) -> None:
    """Its pairs cannot be worked out, which the moderators are told."""
    found = locked(unit, round_id)
    if found is not None and is_mine(unit, round_id, owner):
        _end(unit, found.id, RoundState.FAILED, failure)
        moderator_notes.tell(unit, found.community, FAILED, key=f"{FAILED}:{found.id}", round=found.id)


def locked(unit: Unit, round_id: int) -> Round | None:
    """One that nobody else changes until the unit ends."""
    row = unit.execute(_LOCKED, {"round": round_id}).first()
    return None if row is None else read(row)


def is_mine(unit: Unit, round_id: int, owner: str) -> bool:
    """Whether this owner still works it out; the unit has locked it then."""
    row = unit.execute(_LOCKED, {"round": round_id}).first()
    return row is not None and row.state == RoundState.SOLVING and row.owner == owner


def set_figures(unit: Unit, round_id: int, figures: Figures) -> None:
    """Of a round that the unit has locked."""
    unit.execute(_FIGURES, {"round": round_id, "new_figures": figures_of.encoded(figures)})


def read(row: Row[*tuple[Any, ...]]) -> Round:
    """A row of the table."""
    return Round(
        row.id,
        row.community_id,
        RoundState(row.state),
        bool(row.scheduled),
        row.seed,
        row.progress,
        row.digest,
        figures_of.decoded(row.figures),
        None if row.compass is None else json.loads(row.compass),
        None if row.error is None else Failure(row.error),
        moment(row.at),
        *(None if each is None else moment(each) for each in (row.solved_at, row.ran_at, row.done_at)),
    )


def _end(unit: Unit, round_id: int, state: RoundState, failure: Failure | None = None) -> None:
    unit.execute(_END, {"round": round_id, "new_state": state, "new_error": failure, "now": unit.now_us})
