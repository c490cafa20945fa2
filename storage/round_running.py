"""*Run*: the pairs of a matching day become matches, a few in a unit, and whoever is left over is counted once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Row, bindparam, select, update

from storage import (
    asks,
    audit,
    mentorships,
    moderator_notes,
    not_with,
    offers,
    pool,
    round_pairs,
    rounds,
    wishes,
)
from storage.asks import Wanted
from storage.audit import Deed
from storage.members import Me
from storage.mentor_states import RequestState
from storage.offers import Terms
from storage.round_states import PairState, RoundState
from storage.rounds import Round
from storage.tables import BI, community, mentor_request, mentor_round, round_pair
from storage.unit import Unit

MATCHES_AT_ONCE = 10
COUNTED_AT_ONCE = 200
"""What one unit does, which must not hold the writer for long."""
Fits = Callable[[Terms, Wanted], bool]
"""Whether the hard rules still let two meet, by what they say of themselves today."""

_ROUND = round_pair.c.round_id == bindparam("round", type_=BI)
_RUN = (
    update(mentor_round)
    .where(mentor_round.c.id == bindparam("round", type_=BI), mentor_round.c.state == RoundState.READY)
    .values(state=RoundState.RUNNING, ran_at=bindparam("now", type_=BI))
)
_RUNNING = (
    select(mentor_round.c.id)
    .join(community)
    .where(mentor_round.c.done_at.is_(None), mentor_round.c.state == RoundState.RUNNING, community.c.left_at.is_(None))
    .order_by(mentor_round.c.id)
    .limit(1)
)
_STEPPED = (
    select(mentor_round)
    .where(mentor_round.c.id == bindparam("round", type_=BI), mentor_round.c.state == RoundState.RUNNING)
    .with_for_update(skip_locked=True)
)
_NEXT = (
    select(round_pair.c.mentee_id, round_pair.c.mentor_id)
    .where(_ROUND, round_pairs.is_wanted(bindparam("floor", type_=BI)))
    .order_by(round_pair.c.mentee_id)
    .limit(MATCHES_AT_ONCE)
)
_UNCOUNTED = (
    select(round_pair.c.mentee_id, round_pair.c.state)
    .where(_ROUND, round_pair.c.state.in_([PairState.LEFT, PairState.OUT, PairState.PROPOSED]))
    .order_by(round_pair.c.mentee_id)
    .limit(COUNTED_AT_ONCE)
)
_SET = (
    update(round_pair)
    .where(_ROUND, round_pair.c.mentee_id.in_(bindparam("them", expanding=True)))
    .values(state=bindparam("new_state"))
)
_DECLINED = select(mentor_request.c.id).where(
    mentor_request.c.mentee_id == bindparam("mentee", type_=BI),
    mentor_request.c.mentor_id == bindparam("mentor", type_=BI),
    mentor_request.c.state == RequestState.DECLINED,
)
_DONE = (
    update(mentor_round)
    .where(mentor_round.c.id == bindparam("round", type_=BI))
    .values(state=RoundState.DONE, done_at=bindparam("now", type_=BI))
)


def run(unit: Unit, me: Me, round_id: int, wanted: int) -> bool:
    """Make these pairs, so many as was said; False where it is no longer ready, or they are not so many any more."""
    found = rounds.locked(unit, round_id)
    if found is None or found.community != me.community or found.state is not RoundState.READY:
        return False
    if round_pairs.counts(unit, round_id, found.figures.floor).wanted != wanted:
        return False
    unit.execute(_RUN, {"round": round_id, "now": unit.now_us})
    audit.noted(unit, me, Deed.ROUND_RUN, round=round_id, pairs=wanted)
    return True


def running(unit: Unit) -> int | None:
    """A round of which something is left to do."""
    found: int | None = unit.execute(_RUNNING).scalar_one_or_none()
    return found


def step(unit: Unit, round_id: int, fits: Fits) -> bool:
    """Some of its pairs are made; once all are, some of the left over are counted; then it is done.

    Whether there is more. A round that another process has in hand is let be.
    """
    row = unit.execute(_STEPPED, {"round": round_id}).first()
    if row is None:
        return False
    found = rounds.read(row)
    return _make_some(unit, found, fits) or _count_some(unit, found) or _finish(unit, found)


def _make_some(unit: Unit, found: Round, fits: Fits) -> bool:
    pairs = unit.execute(_NEXT, {"round": found.id, "floor": found.figures.floor}).all()
    if not pairs:
        return False
    unit.lock(*{one for pair in pairs for one in pair})
    for pair in pairs:
        made = _make(unit, found, pair, fits)
        _set(unit, found.id, [pair.mentee_id], PairState.MADE if made else PairState.GONE)
        if not made:
            asks.left_over(unit, pair.mentee_id)
    return True


def _make(unit: Unit, found: Round, pair: Row[tuple[int, int]], fits: Fits) -> bool:
    """The match, if nothing has come between the two since they were paired."""
    offer, ask = offers.of_member(unit, pair.mentor_id), asks.of_member(unit, pair.mentee_id)
    if offer is None or ask is None or ask.waiting_since is None or not offer.listed or not offer.terms.in_rounds:
        return False
    if pool.taken(unit, ask.member) or not fits(offer.terms, ask.wanted) or _apart(unit, pair):
        return False
    own = [each for each in wishes.live(unit, ask.member) if each.state is RequestState.OPEN]
    if offer.places.free + any(each.mentor == offer.member for each in own) < 1:
        return False
    wishes.cancel_others(unit, ask.member, found=offer.member)
    return isinstance(mentorships.make(unit, found.community, offer, ask, by_round=found.id), int)


def _apart(unit: Unit, pair: Row[tuple[int, int]]) -> bool:
    values = {"mentee": pair.mentee_id, "mentor": pair.mentor_id}
    return not_with.apart(unit, pair.mentee_id, pair.mentor_id) or unit.execute(_DECLINED, values).first() is not None


def _count_some(unit: Unit, found: Round) -> bool:
    """Whoever took part and still waits was left over once more."""
    rows = unit.execute(_UNCOUNTED, {"round": found.id}).all()
    if not rows:
        return False
    asks.left_over(unit, *(row.mentee_id for row in rows))
    left = [row.mentee_id for row in rows if row.state == PairState.LEFT]
    _set(unit, found.id, left, PairState.PASSED)
    _set(unit, found.id, [row.mentee_id for row in rows if row.state != PairState.LEFT], PairState.UNMADE)
    return True


def _finish(unit: Unit, found: Round) -> bool:
    counts = round_pairs.counts(unit, found.id, found.figures.floor)
    rounds.set_figures(unit, found.id, replace(found.figures, made=counts.made, gone=counts.gone))
    unit.execute(_DONE, {"round": found.id, "now": unit.now_us})
    if found.scheduled:
        moderator_notes.tell(unit, found.community, rounds.DONE, key=f"{rounds.DONE}:{found.id}", round=found.id)
    return False


def _set(unit: Unit, round_id: int, mentees: list[int], state: PairState) -> None:
    unit.execute(_SET, {"round": round_id, "them": mentees, "new_state": state})
