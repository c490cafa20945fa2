"""A finished sitting as data: the answers as they are stored, and what the engine makes of them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commands import verdict_card
from content.gaps import gaps, held_by, industry_of
from content.load import Content
from content.outcomes import Outcome
from content.questionnaire import Choice
from content.scoring import judge
from content.text import Language
from content.verdict import Verdict
from storage import shelf
from storage.learning import SkillState
from storage.members import Me
from storage.store import Store
from tests.biographies.people import FOLDER, NOT_ENOUGH, Expected

COMMUNITY = 1  # the only one of a sitting's store
Shown = tuple[str, str, str | None]
KEPT = FOLDER / "sittings.jsonl"


@dataclass(frozen=True, slots=True)
class Record:
    """What one reader answered for a person; `had` and `regions` were ticked on the gap card.

    `shown` is what the result said then: its words, the outcome, and the one named beside it.
    """

    id: str
    bank: str
    answers: Mapping[str, Choice]
    had: tuple[str, ...]
    regions: tuple[str, ...]
    shown: Shown

    def to_json(self) -> str:
        plain = {
            "id": self.id,
            "bank": self.bank,
            "answers": dict(self.answers),
            "had": self.had,
            "regions": self.regions,
            "shown": self.shown,
        }
        return json.dumps(plain, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> Record:
        read: dict[str, Any] = json.loads(line)
        answers = {item: tuple(given) if isinstance(given, list) else given for item, given in read["answers"].items()}
        words, outcome, beside = read["shown"]
        return cls(
            read["id"], read["bank"], answers, tuple(read["had"]), tuple(read["regions"]), (words, outcome, beside)
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """What the engine makes of a record now, and how that compares with what is expected."""

    verdict: Verdict
    said: str
    missing: tuple[str, ...]

    @property
    def own(self) -> tuple[Outcome, ...]:
        """The outcomes that the result names as the person's own: two where it stands between them."""
        both = self.verdict.words == "between" and self.verdict.runner_up is not None
        return verdict_card.shown(self.verdict) if both else (self.verdict.outcome,)

    def fits(self, expected: Expected) -> bool:
        """Whether all that is named is acceptable, and a difference is said where there is one."""
        if self.verdict.words == NOT_ENOUGH:
            return NOT_ENOUGH in expected.outcomes
        told = not expected.differ or self.verdict.differs or len(self.own) == 2
        return told and {outcome.value for outcome in self.own} <= expected.outcomes

    def faults(self, expected: Expected) -> tuple[str, ...]:
        """Skills that the biography says plainly the person has, and that the plan calls missing."""
        return tuple(skill for skill in self.missing if skill in expected.held)


def judged(content: Content, record: Record) -> Judged:
    """The answers, judged anew by the questions that they were given to."""
    bank = content.questionnaires[record.bank]
    verdict = judge(bank, record.answers)
    found = gaps(
        content,
        verdict.outcome,
        held_by(bank, record.answers) | set(record.had),
        industry=industry_of(bank, record.answers),
        regions=record.regions,
    )
    missing = () if verdict.words == NOT_ENOUGH else (*found.first, *found.later)
    return Judged(verdict, content.catalogue.say(verdict_card.title(verdict), Language.EN), missing)


def records(path: Path = KEPT) -> list[Record]:
    """Those that are kept in docs."""
    return [Record.from_json(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def keep(kept: Iterable[Record], path: Path = KEPT) -> None:
    path.write_text("".join(record.to_json() + "\n" for record in kept), "utf-8")


async def read_store(person: str, state: Path) -> Record | None:
    """What a sitting's store holds, or None where there is no result yet."""
    database = state / person / "store" / "pmpath.sqlite3"
    if not database.exists():
        return None
    store = await Store.open(f"sqlite:///{database}", now=lambda: dt.datetime.now(dt.UTC))
    try:
        here = await store.read(shelf.read, Me(COMMUNITY, person, ""))
    finally:
        await store.close()
    if here.latest is None:
        return None
    verdict = Verdict.from_json(here.latest.summary)
    had = tuple(sorted(skill for skill, each in here.skills.items() if each.state is SkillState.HAD))
    regions = tuple(sorted(here.regions))
    return Record(person, here.latest.bank_version, here.latest.answers, had, regions, shown(verdict))


def shown(verdict: Verdict) -> Shown:
    """What a result says, by ids."""
    return verdict.words, verdict.outcome.value, verdict.runner_up.value if verdict.runner_up else None
