"""Runs through the questionnaire: start, answer, finish; every press is safe to repeat."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from content.outcomes import Outcome
from content.points import Deed
from storage import awards, members
from storage.members import Me
from storage.moments import length, moment
from storage.tables import BI, result, run
from storage.tables import answer as answer_table
from storage.unit import Prepared, Unit, in_one_hop, upsert

Choice = str | tuple[str, ...] | None  # None: skipped

OPEN = "open"
FINISHED = "finished"
ENDED = "ended"
FIRST = "first"
OPEN_FOR = dt.timedelta(days=90)  # what `privacy` promises


@dataclass(frozen=True, slots=True)
class Run:
    """One member's run through the questionnaire.

    `answers` stand in the order in which their questions were first answered; `times` says when each was last.
    """

    id: int
    bank_version: str
    revision: int
    answers: dict[str, Choice]
    status: str
    given_at: dict[str, int] = field(default_factory=dict)

    @property
    def times(self) -> dict[str, dt.datetime]:
        """When each answer was given last."""
        return {item: moment(at) for item, at in self.given_at.items()}


@dataclass(frozen=True, slots=True)
class Judged:
    """What the answers come to, ready to be stored: `summary` is JSON."""

    outcome: Outcome
    summary: str
    texts_hash: str


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer is stored; the run goes on."""

    run: Run


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is stored and was the last one; the result is there, and these points for the first one."""

    run: Run
    result_id: int
    points: int


@dataclass(frozen=True, slots=True)
class Stale:
    """Nothing is stored: the run has moved on, or ended, since the card was drawn; `run` is how it stands."""

    run: Run


@dataclass(frozen=True, slots=True)
class NotYours:
    """Nothing is stored: the member has no such run."""


Answered = Saved | Finished | Stale | NotYours

_MINE = run.c.member_id == members.my_id()
_COLUMNS = (run.c.id, run.c.bank_version, run.c.rev, run.c.status)
_OPEN_RUN = select(*_COLUMNS).where(_MINE, run.c.status == OPEN)
_FIND = select(*_COLUMNS).where(_MINE, run.c.id == bindparam("run"))
_START = upsert(run, lambda insert: insert.on_conflict_do_nothing().returning(*_COLUMNS))
_END_OLD = (
    update(run)
    .where(_MINE, run.c.status == OPEN, run.c.updated_at < bindparam("before", type_=BI))
    .values(status=ENDED)
)
_END = (
    update(run)
    .where(_MINE, run.c.status == OPEN, run.c.id == bindparam("run", type_=BI))
    .values(status=ENDED, rev=run.c.rev + 1, updated_at=bindparam("now", type_=BI))
)
_ADVANCE = Prepared(
    update(run)
    .where(
        run.c.id == bindparam("run", type_=BI),
        _MINE,
        run.c.status == OPEN,
        run.c.rev == bindparam("revision", type_=BI),
    )
    .values(rev=run.c.rev + 1, updated_at=bindparam("now", type_=BI))
    .returning(run.c.member_id, run.c.bank_version, run.c.rev)
)
_ANSWER = upsert(
    answer_table,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["run_id", "item"], set_={"choice": insert.excluded.choice, "at": insert.excluded.at}
    ),
)
_ANSWER_ONE = Prepared(_ANSWER)
_ANSWERS = Prepared(
    select(answer_table.c.item, answer_table.c.choice, answer_table.c.at)
    .where(answer_table.c.run_id == bindparam("run"))
    .order_by(answer_table.c.place, answer_table.c.item)
)
_FINISH = Prepared(update(run).where(run.c.id == bindparam("run", type_=BI)).values(status=FINISHED))
_RESULT = Prepared(
    insert(result)
    .values({column.name: bindparam(column.name) for column in result.c if column is not result.c.id})
    .returning(result.c.id)
)


@in_one_hop
def open_run(unit: Unit, me: Me) -> Run | None:
    """The run I am in, if I am in one."""
    row = unit.execute(_OPEN_RUN, members.mine(me)).first()
    return None if row is None else _run(unit, row)


@in_one_hop
def find(unit: Unit, me: Me, run_id: int) -> Run | None:
    """This run, if it is mine."""
    row = unit.execute(_FIND, {**members.mine(me), "run": run_id}).first()
    return None if row is None else _run(unit, row)


def start(unit: Unit, me: Me, bank_version: str) -> Run:
    """The run I am in; a new one if there is none, or only one that lay untouched too long."""
    member_id = members.ensure(unit, me)
    unit.execute(_END_OLD, {**members.mine(me), "before": unit.now_us - length(OPEN_FOR)})
    values = {"member_id": member_id, "bank_version": bank_version, "rev": 0, "status": OPEN}
    made = unit.execute(_START, {**values, "started_at": unit.now_us, "updated_at": unit.now_us}).first()
    if made is not None:
        return _run(unit, made)
    return _run(unit, unit.execute(_OPEN_RUN, members.mine(me)).one())


def end(unit: Unit, me: Me, run_id: int) -> None:
    """Give up this run, so that another can begin; a finished one stays what it is."""
    unit.execute(_END, {**members.mine(me), "run": run_id, "now": unit.now_us})


def start_anew(unit: Unit, me: Me, run_id: int, bank_version: str) -> Run:
    """A new run after this one was given up; the one I am in where this one had ended already."""
    end(unit, me, run_id)
    return start(unit, me, bank_version)


def answer(
    unit: Unit,
    me: Me,
    run_id: int,
    revision: int,
    choices: Mapping[str, Choice],
    judge: Callable[[str, Mapping[str, Choice]], Judged | None],
) -> Answered:
    """Store answers given on a card of this revision; with what `judge` says of all of them, finish the run.

    `judge` gets the run's bank version and all its answers, and says None while there is more to ask. Nothing is
    written unless the run is mine, open and at this revision.
    """
    mine = {**members.mine(me), "run": run_id}
    advanced = unit.rows(_ADVANCE, {**mine, "revision": revision, "now": unit.now_us})
    if not advanced:
        found = find(unit, me, run_id)
        return NotYours() if found is None else Stale(found)
    member_id, bank_version, revision_now = advanced[0]
    _store(unit, run_id, revision_now, choices)
    answers, given_at = _answers(unit, run_id)
    judged = judge(bank_version, answers)
    if judged is None:
        return Saved(Run(run_id, bank_version, revision_now, answers, OPEN, given_at))
    result_id = _finish(unit, member_id, run_id, bank_version, judged)
    points = awards.give(unit, member_id, None, (Deed.ASSESSMENT, FIRST))
    return Finished(Run(run_id, bank_version, revision_now, answers, FINISHED, given_at), result_id, points)


def _store(unit: Unit, run_id: int, place: int, choices: Mapping[str, Choice]) -> None:
    rows = [
        {"run_id": run_id, "item": item, "choice": encode_choice(choice), "place": place, "at": unit.now_us}
        for item, choice in choices.items()
    ]
    if len(rows) == 1:
        unit.rows(_ANSWER_ONE, rows[0])
    elif rows:
        unit.execute(_ANSWER, rows)


def _finish(unit: Unit, member_id: int, run_id: int, bank_version: str, judged: Judged) -> int:
    unit.rows(_FINISH, {"run": run_id})
    stored = unit.rows(
        _RESULT,
        {
            "member_id": member_id,
            "run_id": run_id,
            "bank_version": bank_version,
            "outcome": judged.outcome.value,
            "summary": judged.summary,
            "texts_hash": judged.texts_hash,
            "at": unit.now_us,
        },
    )
    return int(stored[0][0])


def _run(unit: Unit, row: Row[*tuple[Any, ...]]) -> Run:
    answers, given_at = _answers(unit, row.id)
    return Run(row.id, row.bank_version, row.rev, answers, row.status, given_at)


def _answers(unit: Unit, run_id: int) -> tuple[dict[str, Choice], dict[str, int]]:
    """The answers of a run and when each was given last, in the order in which they were first given."""
    answers: dict[str, Choice] = {}
    given_at: dict[str, int] = {}
    for item, choice, at in unit.rows(_ANSWERS, {"run": run_id}):
        answers[item] = decode_choice(choice)
        given_at[item] = at
    return answers, given_at


@lru_cache(maxsize=4096)
def encode_choice(choice: Choice) -> str:
    """The stored form of an answer: JSON, one string, a list of them, or null."""
    return json.dumps(choice, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=4096)
def decode_choice(stored: str) -> Choice:
    """The answer that was stored."""
    choice: str | list[str] | None = json.loads(stored)
    return tuple(choice) if isinstance(choice, list) else choice
