"""What a member already has of an outcome's skills, and what is missing, the most useful first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from content.likelihood import ticks
from content.load import Content
from content.outcomes import Outcome
from content.questionnaire import Answers, Questionnaire
from content.skills import Skill

FIRST = 5  # gaps that are shown before the others
PRIVACY = "privacy-rules"  # what stands for regulation where no rule of an industry or region applies


@dataclass(frozen=True, slots=True)
class Gaps:
    """An outcome's skills by what a member has of them, by skill id, the most useful first.

    `first` are up to five that are missing, `later` the others; `put_off` are missing too, but skipped.
    """

    outcome: Outcome
    held: tuple[str, ...]
    first: tuple[str, ...]
    later: tuple[str, ...]
    put_off: tuple[str, ...]


def gaps(
    content: Content,
    outcome: Outcome,
    held: Collection[str],
    *,
    put_off: Collection[str] = (),
    industry: str | None = None,
    regions: Collection[str] = (),
) -> Gaps:
    """What is missing for `outcome`: never what is held, regulation only of this industry and these regions."""
    wanted = wanted_skills(content, outcome, industry, regions)
    missing = [skill for skill in wanted if skill not in held and skill not in put_off]
    return Gaps(
        outcome,
        tuple(skill for skill in wanted if skill in held),
        tuple(missing[:FIRST]),
        tuple(missing[FIRST:]),
        tuple(skill for skill in wanted if skill in put_off and skill not in held),
    )


def wanted_skills(
    content: Content, outcome: Outcome, industry: str | None, regions: Collection[str]
) -> tuple[str, ...]:
    """The skills of an outcome that concern this member."""
    core = content.tracks[outcome].skills
    fitting = [skill for skill in skills_of(content, outcome) if concerns(content.skills[skill], industry, regions)]
    ruled = any(content.skills[skill].regions for skill in fitting)
    if PRIVACY not in fitting and not ruled and any(content.skills[skill].regions for skill in core):
        fitting.insert(sum(skill in core for skill in fitting), PRIVACY)
    return tuple(fitting)


def skills_of(content: Content, outcome: Outcome) -> tuple[str, ...]:
    """All skills of an outcome: the core in its order, its own, those it shares."""
    own = [skill.id for skill in content.skills.values() if skill.track is outcome]
    shared = [skill.id for skill in content.skills.values() if outcome in skill.also or skill.track is None]
    return tuple(dict.fromkeys([*content.tracks[outcome].skills, *own, *shared]))


def concerns(skill: Skill, industry: str | None, regions: Collection[str]) -> bool:
    """Whether a skill can be missing here: a rule of another industry or region is nobody's gap."""
    if skill.industries and industry not in skill.industries:
        return False
    return not skill.regions or not set(skill.regions).isdisjoint(regions)


def held_by(bank: Questionnaire, answers: Answers) -> frozenset[str]:
    """The skills that the answers show as had."""
    items = {item.id: item for item in bank.items}
    given = {item_id: set(ticks(choice)) for item_id, choice in answers.items() if item_id in items}
    return frozenset(
        skill
        for item_id, chosen in given.items()
        for option in items[item_id].options
        if option.id in chosen
        for skill in option.skills
    )


def industry_of(bank: Questionnaire, answers: Answers) -> str | None:
    """The industry known best, by its option's id, if one was named."""
    return next(iter(ticks(answers.get(bank.experience.industry))), None)
