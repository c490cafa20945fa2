"""Which resources a member sees for an outcome, in which order: their own gaps first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commands import entries, standing
from commands.entries import Entry
from content.gaps import Gaps, skills_of
from content.levels import Level
from content.load import Content
from content.outcomes import Outcome
from content.text import Language
from storage.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to."""

    skill: str | None = None
    level: Level | None = None

    def __bool__(self) -> bool:
        return self.skill is not None or self.level is not None


@dataclass(frozen=True, slots=True)
class Listing:
    """An outcome's list for one member: what is shown, what it can be narrowed to, and the gaps it goes by."""

    outcome: Outcome
    filters: Filters
    entries: tuple[Entry, ...]
    skills: tuple[str, ...]
    gaps: Gaps

    @property
    def missing(self) -> tuple[str, ...]:
        """The skills that are gaps, the most useful first."""
        return (*self.gaps.first, *self.gaps.later)


def listing(content: Content, shelf: Shelf, outcome: Outcome, language: Language, filters: Filters) -> Listing:
    """The list as this member sees it. A skill is found whatever the track it belongs to."""
    missing = standing.gaps_for(content, shelf, outcome)
    every = entries.seen(content, shelf)
    of_outcome = frozenset(skills_of(content, outcome))
    here = [entry for entry in every if not of_outcome.isdisjoint(entry.skills)]
    named = {skill for entry in here for skill in entry.skills if skill in of_outcome}
    if filters.skill is not None:
        here = [entry for entry in every if filters.skill in entry.skills]
    if filters.level is not None:
        here = [entry for entry in here if entry.level is filters.level]
    ordered = in_order(here, missing, language, in_china=standing.in_china(shelf))
    wanted = dict.fromkeys([*missing.first, *missing.later, *content.skills])
    return Listing(outcome, filters, tuple(ordered), tuple(skill for skill in wanted if skill in named), missing)


def in_order(found: Sequence[Entry], missing: Gaps, language: Language, *, in_china: bool) -> list[Entry]:
    """First what closes the first gaps, then the later ones, then the rest; in each the reader's language and the
    easier level first. For members with users in mainland China what can't be opened there comes last of all."""
    ranks = {skill: rank for rank, skill in enumerate((*missing.first, *missing.later))}

    def place(entry: Entry) -> tuple[bool, int, bool, str, int, str]:
        rank = min((ranks[skill] for skill in entry.skills if skill in ranks), default=len(ranks))
        part = 0 if rank < len(missing.first) else 1 if rank < len(ranks) else 2
        level = (entry.level or Level.BEGINNER).value
        return in_china and entry.unreachable, part, entry.language is not language, level, rank, entry.id

    return sorted(found, key=place)
