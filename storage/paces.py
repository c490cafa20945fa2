"""Paces that all processes on one database keep together: when the next message of a name may go out.

In real time, like leases. A process that dies with turns of its own has wasted them, no more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import Integer, bindparam, delete, func, select, update

from storage.moments import length, micros, moment
from storage.tables import BI, pace
from storage.unit import Unit, upsert

WRONG = dt.timedelta(minutes=2)  # nobody takes turns so far ahead: what says so was written by a clock that was wrong
KEPT_FOR = dt.timedelta(days=1)

_NAME = pace.c.name == bindparam("of")
_NAMES = pace.c.name.in_(bindparam("them", expanding=True))
_READY_AT = bindparam("new_ready_at", type_=BI)
_FULL = select(pace.c.name).where(
    func.substr(pace.c.name, 1, bindparam("long", type_=Integer)) == bindparam("prefix"),
    pace.c.ready_at > bindparam("last", type_=BI),
    pace.c.ready_at < bindparam("wrong", type_=BI),
)
_KNOW = upsert(pace, lambda insert: insert.on_conflict_do_nothing())
_LOCKED = select(pace.c.name, pace.c.ready_at).where(_NAMES).order_by(pace.c.name).with_for_update()
_MOVE = update(pace).where(_NAME).values(ready_at=_READY_AT)
_RETURN = update(pace).where(_NAME, pace.c.ready_at == bindparam("taken_until", type_=BI)).values(ready_at=_READY_AT)
_PRUNE = delete(pace).where(pace.c.ready_at <= bindparam("until", type_=BI))


def full(unit: Unit, prefix: str, last: dt.datetime, *, real_now: dt.datetime) -> set[str]:
    """The names, begun like this, of which no turn is free until then."""
    values = {"prefix": prefix, "long": len(prefix), "last": micros(last), "wrong": micros(real_now + WRONG)}
    return set(unit.execute(_FULL, values).scalars())


def take(
    unit: Unit, wanted: Mapping[str, int], seconds: float, last: dt.datetime, *, real_now: dt.datetime
) -> dict[str, list[dt.datetime]]:
    """The next turns of each name, so many seconds apart: as many as are wanted, none after `last`, but one at once."""
    if not wanted:
        return {}
    now, apart = micros(real_now), length(dt.timedelta(seconds=seconds))
    unit.execute(_KNOW, [{"name": name, "ready_at": now} for name in sorted(wanted)])
    ready = {row.name: _right(row.ready_at, now) for row in unit.execute(_LOCKED, {"them": sorted(wanted)})}
    turns = {
        name: [at for at in (ready[name] + number * apart for number in range(most)) if at <= max(now, micros(last))]
        for name, most in wanted.items()
    }
    moved = [{"of": name, "new_ready_at": taken[-1] + apart} for name, taken in sorted(turns.items()) if taken]
    if moved:
        unit.execute(_MOVE, moved)
    return {name: [moment(at) for at in taken] for name, taken in turns.items()}


def give_back(unit: Unit, name: str, seconds: float, turns: Sequence[dt.datetime]) -> None:
    """These turns, the last that were taken, were not needed; where others came after them they are lost."""
    until = micros(turns[-1]) + length(dt.timedelta(seconds=seconds))
    unit.execute(_RETURN, {"of": name, "taken_until": until, "new_ready_at": micros(turns[0])})


def prune(unit: Unit) -> None:
    """Forget names that nobody has used for a day."""
    unit.execute(_PRUNE, {"until": unit.now_us - length(KEPT_FOR)})


def _right(ready_at: int, now: int) -> int:
    return now if ready_at >= now + length(WRONG) else max(ready_at, now)
