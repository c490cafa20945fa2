"""The pairs of a matching day: kept as they are worked out, looked at, left out and put back; who was left over."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, func, insert, or_, select, text, tuple_, update

from content.left_over import LeftOver
from storage import members, rounds
from storage.members import Me
from storage.mentor_states import WAITS_FOR
from storage.moments import length, moment
from storage.round_states import PairState, RoundState
from storage.tables import BI, member, mentor_ask, mentor_round, round_pair
from storage.unit import Unit, at_once, in_one_hop

AT_ONCE = 500
"""Rows that one unit takes, which must not hold the writer for long."""
TENS = 72 * 10  # ticks in ten points


@dataclass(frozen=True, slots=True)
class Pair:
    """One as moderators look at it. `place` and `check` find it again; `out`: it is not made.

    `uids` are the platform's ids of the two.
    """

    place: int
    check: int
    mentee: str
    mentor: str
    score: int
    parts: tuple[int, ...]
    out: bool
    uids: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are to be made, and how many were left out; made, and could not be."""

    wanted: int
    out: int
    made: int
    gone: int
    left: int


@dataclass(frozen=True, slots=True)
class PassedBy:
    """The last matching day of somebody who waits: when it was, and why they were left over."""

    at: dt.datetime
    why: LeftOver


def is_wanted(floor: ColumnElement[int]) -> ColumnElement[bool]:
    """Pairs that *Run* makes."""
    proposed = and_(round_pair.c.state == PairState.PROPOSED, round_pair.c.score >= floor)
    return or_(round_pair.c.state == PairState.KEPT, proposed)


_ROUND = round_pair.c.round_id == bindparam("round", type_=BI)
_FLOOR = bindparam("floor", type_=BI)
_TWO = round_pair.c.mentee_id != round_pair.c.mentor_id
_MENTEE, _MENTOR = member.alias("the_mentee"), member.alias("the_mentor")
_ROWS = (
    select(
        round_pair,
        _MENTEE.c.name.label("mentee"),
        _MENTOR.c.name.label("mentor"),
        _MENTEE.c.uid.label("mentee_uid"),
        _MENTOR.c.uid.label("mentor_uid"),
    )
    .join(_MENTEE, _MENTEE.c.id == round_pair.c.mentee_id)
    .join(_MENTOR, _MENTOR.c.id == round_pair.c.mentor_id)
    .where(_ROUND, _TWO)
)
_WEAKEST = (
    _ROWS.order_by(round_pair.c.score, round_pair.c.mentee_id)
    .limit(bindparam("most", type_=BI))
    .offset(bindparam("first", type_=BI))
)
_PART = (
    _ROWS.where(tuple_(round_pair.c.score, round_pair.c.mentee_id) > tuple_(bindparam("score"), bindparam("mentee")))
    .order_by(round_pair.c.score, round_pair.c.mentee_id)
    .limit(AT_ONCE)
)
_BY_SCORE = (
    select((round_pair.c.score // TENS).label("tens"), func.count().label("many"))
    .where(_ROUND, _TWO)
    .group_by(text("tens"))
)
_WANTED = select(func.count()).select_from(round_pair).where(_ROUND, is_wanted(_FLOOR))
_BY_STATE = select(round_pair.c.state, func.count().label("many")).where(_ROUND).group_by(round_pair.c.state)
_THERE = (
    select(member.c.id)
    .where(member.c.id.in_(bindparam("them", expanding=True)))
    .with_for_update(read=True, key_share=True)
)
_KEEP = insert(round_pair)
_SOME = select(round_pair.c.mentee_id).where(_ROUND).limit(AT_ONCE)
_CLEAR = delete(round_pair).where(_ROUND, round_pair.c.mentee_id.in_(_SOME.scalar_subquery()))
_NEWER = mentor_round.alias("newer_round")
_OVER = (
    select(mentor_round.c.id)
    .where(
        or_(
            mentor_round.c.state.in_([RoundState.DROPPED, RoundState.FAILED]),
            select(_NEWER.c.id)
            .where(
                _NEWER.c.community_id == mentor_round.c.community_id,
                _NEWER.c.id > mentor_round.c.id,
                _NEWER.c.state == RoundState.DONE,
            )
            .exists()
            & (mentor_round.c.state == RoundState.DONE),
        )
    )
    .where(select(round_pair.c.round_id).where(round_pair.c.round_id == mentor_round.c.id).exists())
    .limit(1)
)
_SET = update(round_pair).where(_ROUND, round_pair.c.mentee_id == bindparam("mentee", type_=BI))
_SET_STATE = _SET.where(round_pair.c.state.in_([PairState.PROPOSED, PairState.OUT, PairState.KEPT])).values(
    state=bindparam("new_state")
)
_PUT_BACK = (
    update(round_pair)
    .where(_ROUND, round_pair.c.state.in_(bindparam("states", expanding=True)))
    .values(state=PairState.PROPOSED)
)
_MY_LAST = (
    select(round_pair.c.state, round_pair.c.parts, mentor_round.c.ran_at)
    .join(mentor_round, mentor_round.c.id == round_pair.c.round_id)
    .join(mentor_ask, mentor_ask.c.member_id == round_pair.c.mentee_id)
    .where(round_pair.c.mentee_id == members.my_id())
    .where(mentor_ask.c.waiting_since > bindparam("since", type_=BI), mentor_ask.c.rounds > 0)
    .where(mentor_round.c.state.in_([RoundState.RUNNING, RoundState.DONE]))
    .order_by(round_pair.c.round_id.desc())
    .limit(1)
)


def keep(
    unit: Unit,
    claimed: int,
    owner: str,
    pairs: Sequence[Sequence[Any]],
    left: Sequence[Sequence[Any]],
) -> bool:
    """These were worked out: `pairs` of mentee, mentor, score and its parts, and who is `left` over, with why.

    At most 500 at a time; who is gone meanwhile is left away. False where the round is no longer this owner's.
    """
    if not rounds.is_mine(unit, claimed, owner):
        return False
    here = set(
        unit.execute(
            _THERE, {"them": [*{one for row in pairs for one in row[:2]}, *(row[0] for row in left)]}
        ).scalars()
    )
    proposed = [_row(claimed, row[0], row[1], row[2], json.dumps(row[3]), PairState.PROPOSED) for row in pairs]
    passed = [_row(claimed, row[0], row[0], 0, row[1], PairState.LEFT) for row in left]
    rows = [row for row in (*proposed, *passed) if {row["mentee_id"], row["mentor_id"]} <= here]
    if rows:
        unit.execute(_KEEP, rows)
    return True


def clear(unit: Unit, claimed: int, owner: str) -> bool:
    """Some of what an earlier worker left are forgotten; whether there may be more that is this owner's to forget."""
    return rounds.is_mine(unit, claimed, owner) and _forget(unit, claimed)


def sweep(unit: Unit) -> bool:
    """Some pairs of rounds that nobody looks at any more are forgotten; whether there may be more."""
    over = unit.execute(_OVER).scalar_one_or_none()
    if over is None:
        return False
    _forget(unit, over)
    return True


@in_one_hop
def weakest(unit: Unit, round_id: int, floor: int, first: int, most: int) -> list[Pair]:
    """Some of the pairs, the weakest first."""
    values = {"round": round_id, "first": first, "most": most}
    found = unit.execute(_WEAKEST, values).all()
    return [_pair(row, place, floor) for place, row in enumerate(found, first)]


def part(unit: Unit, round_id: int, floor: int, after: tuple[int, int]) -> tuple[list[Pair], tuple[int, int] | None]:
    """The pairs after these score and mentee, 500 at most; and what to go on after, None at the end."""
    rows = unit.execute(_PART, {"round": round_id, "score": after[0], "mentee": after[1]}).all()
    last = (rows[-1].score, rows[-1].mentee_id) if len(rows) == AT_ONCE else None
    return [_pair(row, 0, floor) for row in rows], last


def by_score(unit: Unit, round_id: int) -> dict[int, int]:
    """How many pairs have so many tens of points."""
    found = {row.tens: row.many for row in unit.execute(_BY_SCORE, {"round": round_id})}
    return dict(sorted(found.items()))


def counts(unit: Unit, round_id: int, floor: int) -> Counts:
    """How many pairs stand how."""
    states: dict[str, int] = {row.state: row.many for row in unit.execute(_BY_STATE, {"round": round_id})}
    wanted = int(unit.execute(_WANTED, {"round": round_id, "floor": floor}).scalar_one())
    looked_at = sum(states.get(each, 0) for each in (PairState.PROPOSED, PairState.OUT, PairState.KEPT))
    left = states.get(PairState.LEFT, 0) + states.get(PairState.PASSED, 0)
    out = looked_at - wanted + states.get(PairState.UNMADE, 0)
    return Counts(wanted, out, states.get(PairState.MADE, 0), states.get(PairState.GONE, 0), left)


def set_out(unit: Unit, me: Me, round_id: int, place: int, check: int, *, out: bool) -> bool:
    """This pair is left out, or put back; False where it is no longer the one at that place, or the round not ready."""
    found = _ready(unit, me, round_id)
    if found is None:
        return False
    row = unit.execute(_WEAKEST, {"round": round_id, "first": place, "most": 1}).first()
    if row is None or _check(row) != check:
        return False
    state = PairState.OUT if out else PairState.KEPT
    return unit.execute(_SET_STATE, {"round": round_id, "mentee": row.mentee_id, "new_state": state}).rowcount > 0


def set_floor(unit: Unit, me: Me, round_id: int, floor: int) -> bool:
    """All below so many ticks are left out; of those, one by one can be put back."""
    found = _ready(unit, me, round_id)
    if found is None:
        return False
    rounds.set_figures(unit, round_id, replace(found.figures, floor=floor))
    unit.execute(_PUT_BACK, {"round": round_id, "states": [PairState.KEPT]})
    return True


def put_all_back(unit: Unit, me: Me, round_id: int) -> bool:
    """Nothing is left out."""
    if not set_floor(unit, me, round_id, 0):
        return False
    unit.execute(_PUT_BACK, {"round": round_id, "states": [PairState.OUT]})
    return True


@at_once
def last_for(unit: Unit, me: Me) -> PassedBy | None:
    """The last matching day that I took part in, if it passed me by and I wait since: then it counts."""
    row = unit.execute(_MY_LAST, {**members.mine(me), "since": unit.now_us - length(WAITS_FOR)}).first()
    if row is None or row.ran_at is None:
        return None
    match PairState(row.state):
        case PairState.LEFT | PairState.PASSED:
            return PassedBy(moment(row.ran_at), LeftOver(row.parts))
        case PairState.GONE | PairState.UNMADE:
            return PassedBy(moment(row.ran_at), LeftOver.UNMADE)
    return None


def _forget(unit: Unit, round_id: int) -> bool:
    return unit.execute(_CLEAR, {"round": round_id}).rowcount == AT_ONCE


def _ready(unit: Unit, me: Me, round_id: int) -> rounds.Round | None:
    found = rounds.locked(unit, round_id)
    is_ready = found is not None and found.community == me.community and found.state is RoundState.READY
    return found if is_ready else None


def _row(round_id: int, mentee: int, mentor: int, score: int, parts: str, state: PairState) -> dict[str, Any]:
    row = {"round_id": round_id, "mentee_id": mentee, "mentor_id": mentor, "score": score, "parts": parts}
    return {**row, "state": state}


def _pair(row: Row[*tuple[Any, ...]], place: int, floor: int) -> Pair:
    state = PairState(row.state)
    below = state is PairState.PROPOSED and row.score < floor
    out = state in {PairState.OUT, PairState.UNMADE} or below
    uids = (row.mentee_uid, row.mentor_uid)
    return Pair(place, _check(row), row.mentee, row.mentor, row.score, tuple(json.loads(row.parts)), out, uids)


def _check(row: Row[*tuple[Any, ...]]) -> int:
    """What says that it is the same pair, without naming anybody."""
    return zlib.crc32(f"{row.round_id}:{row.mentee_id}:{row.mentor_id}".encode())
