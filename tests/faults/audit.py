"""What must be so after any fault: each acknowledged answer is there as it was given, once, and nothing is torn."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Column, func, select, text

from storage import look, runs
from storage.tables import answer, award, outbox, result, run
from storage.unit import Unit

TOLD = "fault.finished"
"""The word that a member of a run gets with each result."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as its member saw it taken."""

    run: int
    item: str
    choice: str


@dataclass(slots=True)
class Report:
    """What one fault came to. `seconds` are from each fault's end to the next answer that was acknowledged."""

    name: str
    faults: int = 0
    acknowledged: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def faulty(self) -> bool:
        return bool(self.lost or self.doubled or self.torn or self.unsaid)

    @property
    def found(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.torn, *self.unsaid]

    def __str__(self) -> str:
        ordered = sorted(self.seconds)
        again = f"; again after {ordered[len(ordered) // 2]:.2f} s (at most {ordered[-1]:.2f})" if ordered else ""
        counts = ", ".join(f"{len(getattr(self, what))} {what}" for what in ("lost", "doubled", "torn", "unsaid"))
        refused = "".join(f"\n    {count} × {sentence}" for sentence, count in self.refused.most_common())
        return f"{self.name}: {self.faults} faults, {self.acknowledged} acknowledged, {counts}{again}{refused}"


async def audit(url: str, acknowledged: set[Answer], report: Report) -> None:
    """Look, with the database at rest or beside those who write."""
    report.acknowledged = len(acknowledged)
    await look.read(url, lambda unit: compare(unit, acknowledged, report))


def compare(unit: Unit, acknowledged: set[Answer], report: Report) -> None:
    """The rows against what was acknowledged."""
    rows = unit.execute(select(answer.c.run_id, answer.c.item, answer.c.choice))
    stored = {Answer(row.run_id, row.item, json.loads(row.choice)) for row in rows}
    report.lost += [str(each) for each in acknowledged - stored]
    report.torn += _torn(unit)
    report.doubled += _doubled(unit)


def _torn(unit: Unit) -> Iterator[str]:
    if unit.connection.dialect.name == "sqlite":
        sound = unit.execute(text("PRAGMA integrity_check")).scalar_one()
        yield from () if sound == "ok" else (str(sound),)
    answers = _count(unit, answer.c.run_id)
    results = _count(unit, result.c.run_id)
    told = Counter(json.loads(ids)["run"] for ids in _told(unit))
    for row in unit.execute(select(run.c.id, run.c.rev, run.c.status)):
        found = (answers[row.id], results[row.id], told[row.id])
        ends = int(row.status == runs.FINISHED)
        if found != (row.rev, ends, ends):
            yield f"run {row.id} {row.status} at {row.rev}: answers, results and words {found}"
    finished = select(run.c.member_id).where(run.c.status == runs.FINISHED).distinct()
    for member in {*unit.execute(finished).scalars()} ^ {*_count(unit, award.c.member_id)}:
        yield f"member {member} has a result without points, or points without a result"


def _doubled(unit: Unit) -> Iterator[str]:
    for name, counted in (("results", _count(unit, result.c.run_id)), ("awards", _count(unit, award.c.member_id))):
        yield from (f"{count} {name} of {of}" for of, count in counted.items() if count > 1)
    told = Counter(_told(unit))
    yield from (f"told {count} times of {ids}" for ids, count in told.items() if count > 1)


def _told(unit: Unit) -> list[str]:
    return list(unit.execute(select(outbox.c.ids).where(outbox.c.notice == TOLD)).scalars())


def _count(unit: Unit, column: Column[int]) -> Counter[int]:
    rows = unit.execute(select(column, func.count()).group_by(column))
    return Counter({row[0]: row[1] for row in rows})
