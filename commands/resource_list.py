"""Which resources a member sees for an outcome, in which order: their own gaps first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from content import gaps
from content.gaps import Gaps
from content.levels import Level
from content.load import Content
from content.outcomes import Outcome
from content.resources import Resource
from content.text import Language, Text, verbatim
from content.verdict import Verdict
from storage.learning import Learned, SkillState
from storage.own_links import OwnLink
from storage.results import Stored
from storage.shelf import Shelf

CHINA = "cn"
UNSAID = "not-enough"  # the verdict of a result that names no outcome


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: a resource of the pack, or with `own` a link that this community's moderators added."""

    id: str
    title: Text
    address: str
    language: Language
    skills: tuple[str, ...]
    own: bool = False
    by: str = ""
    level: Level | None = None
    hours: int | None = None
    checked_on: dt.date | None = None
    verified: bool = True
    unreachable: bool = False
    done: Learned | None = None


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
    missing = gaps_of(content, shelf, outcome)
    every = [entry for entry in entries(content, shelf) if entry.id not in shelf.hidden]
    of_outcome = _of_outcome(content, outcome)
    here = [entry for entry in every if of_outcome & set(entry.skills)]
    named = {skill for entry in here for skill in entry.skills if skill in of_outcome}
    if filters.skill is not None:
        here = [entry for entry in every if filters.skill in entry.skills]
    if filters.level is not None:
        here = [entry for entry in here if entry.level is filters.level]
    ordered = in_order(here, missing, language, in_china=CHINA in shelf.regions)
    wanted = dict.fromkeys([*missing.first, *missing.later, *content.skills])
    return Listing(outcome, filters, tuple(ordered), tuple(skill for skill in wanted if skill in named), missing)


def result_of(shelf: Shelf) -> Stored | None:
    """My latest result, where it says an outcome."""
    latest = shelf.latest
    return latest if latest is not None and Verdict.from_json(latest.summary).words != UNSAID else None


def gaps_of(content: Content, shelf: Shelf, outcome: Outcome) -> Gaps:
    """What this member lacks for an outcome, by their latest answers and what they have learned since."""
    held = {skill for skill, learned in shelf.skills.items() if learned.state.held}
    put_off = {skill for skill, learned in shelf.skills.items() if learned.state is SkillState.SKIPPED}
    industry = None
    bank = content.questionnaires.get(shelf.latest.bank_version) if shelf.latest else None
    if shelf.latest is not None and bank is not None:
        held |= gaps.held_by(bank, shelf.latest.answers)
        industry = gaps.industry_of(bank, shelf.latest.answers)
    return gaps.gaps(content, outcome, held, put_off=put_off, industry=industry, regions=shelf.regions)


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


def entries(content: Content, shelf: Shelf) -> list[Entry]:
    """Everything there is for this community, what it has hidden included."""
    pack = [of_pack(resource, shelf.done) for resource in content.resources.values()]
    return [*pack, *(of_community(content, link, shelf.done) for link in shelf.own)]


def of_pack(resource: Resource, done: Mapping[str, Learned]) -> Entry:
    return Entry(
        resource.id,
        verbatim(resource.title),
        resource.address,
        resource.language,
        resource.skills,
        by=resource.by,
        level=Level(str(resource.level)),
        hours=resource.hours,
        checked_on=resource.checked_on,
        verified=resource.seen == "exact",
        unreachable=resource.reachable_cn == "no",
        done=done.get(resource.id),
    )


def of_community(content: Content, link: OwnLink, done: Mapping[str, Learned]) -> Entry:
    skills = (link.skill,) if link.skill in content.skills else ()
    title = Text("{title}", (("title", link.title),), zh="{title}")
    return Entry(link.resource, title, link.address, link.language, skills, own=True, done=done.get(link.resource))


def _of_outcome(content: Content, outcome: Outcome) -> set[str]:
    """The skills of an outcome: its core, its own, those it shares."""
    return {
        skill.id
        for skill in content.skills.values()
        if outcome in {skill.track, *skill.also} or skill.track is None or skill.id in content.tracks[outcome].skills
    }
