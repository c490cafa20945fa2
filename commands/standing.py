"""What follows from where a member stands: what they hold and what is missing, and the plan for an outcome."""

from __future__ import annotations

from dataclasses import dataclass

from content import gaps
from content.gaps import Gaps
from content.load import Content
from content.outcomes import Outcome
from content.verdict import Verdict
from storage.learning import SkillState
from storage.shelf import Shelf

CHINA = "cn"


@dataclass(frozen=True, slots=True)
class Plan:
    """An outcome's skills by id. `steps` are what is missing: begun ones first, then the most useful.

    `held` are those that a member has, `put_off` those that are missing and skipped.
    """

    outcome: Outcome
    steps: tuple[str, ...]
    held: tuple[str, ...]
    put_off: tuple[str, ...]


def outcomes(shelf: Shelf) -> tuple[Outcome, ...]:
    """My result's outcome, both where it is between two, none where there is no result to speak of."""
    if shelf.latest is None:
        return ()
    verdict = Verdict.from_json(shelf.latest.summary)
    if verdict.words == "not-enough":
        return ()
    if verdict.words == "between" and verdict.runner_up is not None:
        return verdict.outcome, verdict.runner_up
    return (verdict.outcome,)


def plan_for(content: Content, shelf: Shelf, outcome: Outcome) -> Plan:
    """What is missing for an outcome, as a plan."""
    found = gaps_for(content, shelf, outcome)
    missing = (*found.first, *found.later)
    begun = tuple(skill for skill in missing if shelf.state(skill) is SkillState.DOING)
    rest = tuple(skill for skill in missing if skill not in begun)
    return Plan(outcome, (*begun, *rest), found.held, found.put_off)


def gaps_for(content: Content, shelf: Shelf, outcome: Outcome) -> Gaps:
    """What is missing for an outcome; a skill that the answers or the member call done is never missing."""
    return gaps.gaps(
        content,
        outcome,
        held(content, shelf),
        put_off={skill for skill, learned in shelf.skills.items() if learned.state is SkillState.SKIPPED},
        industry=industry(content, shelf),
        regions=shelf.regions,
    )


def held(content: Content, shelf: Shelf) -> frozenset[str]:
    """The skills that I have, whatever the outcome: by my answers, or because I said so."""
    return proven(content, shelf) | {skill for skill, learned in shelf.skills.items() if learned.state.held}


def proven(content: Content, shelf: Shelf) -> frozenset[str]:
    """The skills that my latest answers show; none where their questions are no longer here."""
    latest = shelf.latest
    bank = content.questionnaires.get(latest.bank_version) if latest else None
    return gaps.held_by(bank, latest.answers) if bank and latest else frozenset()


def industry(content: Content, shelf: Shelf) -> str | None:
    """The industry that I named in my latest answers."""
    latest = shelf.latest
    bank = content.questionnaires.get(latest.bank_version) if latest else None
    return gaps.industry_of(bank, latest.answers) if bank and latest else None


def in_china(shelf: Shelf) -> bool:
    """Whether I have users in mainland China, where not every address opens."""
    return CHINA in shelf.regions
