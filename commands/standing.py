"""Where a member stands: their result and what they have learned, and the plan that follows for an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from content.gaps import gaps, held_by, industry_of
from content.load import Content
from content.outcomes import Outcome
from content.verdict import Verdict
from storage import learning, own_links, results
from storage.learning import Learned, SkillState
from storage.members import Me
from storage.results import Stored
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Standing:
    """The latest result and what was learned, read at one moment.

    `resources` are the ids of those done, `hidden` of those that nobody sees in this community.
    """

    latest: Stored | None
    learned: Mapping[str, Learned] = field(hash=False)
    resources: frozenset[str]
    regions: frozenset[str]
    hidden: frozenset[str] = frozenset()

    def state(self, skill: str) -> SkillState | None:
        """How I stand to a skill; None where I have not said."""
        return self.learned[skill].state if skill in self.learned else None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """My result's outcome, both where it is between two, none where there is no result to speak of."""
        if self.latest is None:
            return ()
        verdict = Verdict.from_json(self.latest.summary)
        if verdict.words == "not-enough":
            return ()
        both = verdict.words == "between" and verdict.runner_up is not None
        return (verdict.outcome, verdict.runner_up) if both and verdict.runner_up else (verdict.outcome,)


@dataclass(frozen=True, slots=True)
class Plan:
    """An outcome's skills by id. `steps` are what is missing: begun ones first, then the most useful.

    `held` are those that a member has, `put_off` those that are missing and skipped.
    """

    outcome: Outcome
    steps: tuple[str, ...]
    held: tuple[str, ...]
    put_off: tuple[str, ...]


def of(unit: Unit, me: Me) -> Standing:
    """Where I stand."""
    return Standing(
        results.latest(unit, me),
        learning.skills(unit, me),
        frozenset(learning.resources(unit, me)),
        learning.regions(unit, me),
        frozenset(own_links.hidden(unit, me.community)),
    )


def plan_for(content: Content, standing: Standing, outcome: Outcome) -> Plan:
    """What is missing for an outcome; a skill that the answers or the member call done is never missing."""
    learned = standing.learned
    found = gaps(
        content,
        outcome,
        proven(content, standing) | {skill for skill, each in learned.items() if each.state.held},
        put_off={skill for skill, each in learned.items() if each.state is SkillState.SKIPPED},
        industry=industry(content, standing),
        regions=standing.regions,
    )
    missing = (*found.first, *found.later)
    begun = tuple(skill for skill in missing if standing.state(skill) is SkillState.DOING)
    rest = tuple(skill for skill in missing if skill not in begun)
    return Plan(outcome, (*begun, *rest), found.held, found.put_off)


def proven(content: Content, standing: Standing) -> frozenset[str]:
    """The skills that my latest answers show; none where their questions are no longer here."""
    latest = standing.latest
    bank = content.questionnaires.get(latest.bank_version) if latest else None
    return held_by(bank, latest.answers) if bank and latest else frozenset()


def industry(content: Content, standing: Standing) -> str | None:
    """The industry that I named in my latest answers."""
    latest = standing.latest
    bank = content.questionnaires.get(latest.bank_version) if latest else None
    return industry_of(bank, latest.answers) if bank and latest else None
