"""Results: a member's own, and how a community splits over the outcomes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, or_, select

from content.outcomes import Outcome
from storage import members
from storage.members import Me
from storage.moments import moment
from storage.runs import Choice, decode_choice
from storage.tables import answer, result
from storage.unit import Unit, in_one_hop


@dataclass(frozen=True, slots=True)
class Stored:
    """A result with the answers it came from; `summary` is JSON, `times` says when each answer was given."""

    id: int
    run_id: int
    outcome: Outcome
    bank_version: str
    summary: str
    texts_hash: str
    at: dt.datetime
    answers: dict[str, Choice]
    times: dict[str, dt.datetime]


_HISTORY = (
    select(result)
    .where(result.c.member_id == members.my_id())
    .order_by(result.c.at.desc(), result.c.id.desc())
    .limit(bindparam("limit_"))
    .offset(bindparam("skip"))
)
_COUNT = select(func.count()).select_from(result).where(result.c.member_id == members.my_id())
_FIND = select(result).where(result.c.member_id == members.my_id(), result.c.id == bindparam("result"))
_THIS = result.alias("this")
_BEFORE = (
    select(result)
    .join(_THIS, _THIS.c.member_id == result.c.member_id)
    .where(
        result.c.member_id == members.my_id(),
        _THIS.c.id == bindparam("result"),
        or_(result.c.at < _THIS.c.at, and_(result.c.at == _THIS.c.at, result.c.id < _THIS.c.id)),
    )
    .order_by(result.c.at.desc(), result.c.id.desc())
    .limit(1)
)
_ANSWERS = (
    select(answer)
    .where(answer.c.run_id.in_(bindparam("runs", expanding=True)))
    .order_by(answer.c.run_id, answer.c.place, answer.c.item)
)


@in_one_hop
def latest(unit: Unit, me: Me) -> Stored | None:
    """My newest result, if I have one."""
    return next(iter(history(unit, me, 1)), None)


@in_one_hop
def history(unit: Unit, me: Me, limit: int, *, skip: int = 0) -> list[Stored]:
    """My results, newest first, without the first `skip`."""
    return _with_answers(unit, unit.execute(_HISTORY, {**members.mine(me), "limit_": limit, "skip": skip}).all())


def count(unit: Unit, me: Me) -> int:
    """How many results I have."""
    return int(unit.execute(_COUNT, members.mine(me)).scalar_one())


@in_one_hop
def find(unit: Unit, me: Me, result_id: int) -> Stored | None:
    """This result, if it is mine."""
    return next(iter(_with_answers(unit, unit.execute(_FIND, {**members.mine(me), "result": result_id}).all())), None)


def before(unit: Unit, me: Me, result_id: int) -> Stored | None:
    """The result that I had before this one."""
    return next(iter(_with_answers(unit, unit.execute(_BEFORE, {**members.mine(me), "result": result_id}).all())), None)


def _with_answers(unit: Unit, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Stored]:
    if not rows:
        return []
    given = unit.execute(_ANSWERS, {"runs": [row.run_id for row in rows]}).all()
    return [_stored(row, [one for one in given if one.run_id == row.run_id]) for row in rows]


def _stored(row: Row[*tuple[Any, ...]], given: Sequence[Row[*tuple[Any, ...]]]) -> Stored:
    return Stored(
        id=row.id,
        run_id=row.run_id,
        outcome=Outcome(row.outcome),
        bank_version=row.bank_version,
        summary=row.summary,
        texts_hash=row.texts_hash,
        at=moment(row.at),
        answers={one.item: decode_choice(one.choice) for one in given},
        times={one.item: moment(one.at) for one in given},
    )
