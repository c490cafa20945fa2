"""The experience rule: which outcomes a member's past fits, and what that does to the evidence of the facts."""

from __future__ import annotations

import math

from content.likelihood import OUTCOMES, SIZE, Evidence, Vector, ticks
from content.outcomes import Outcome
from content.questionnaire import Answers, Questionnaire

RULE_MARGIN = math.log(1.05)  # on facts alone, a rule's outcome stands above any other


def fitting(bank: Questionnaire, answers: Answers) -> tuple[Outcome, ...]:
    """The outcomes whose experience rule fits, in the order of Outcome."""
    where = bank.experience
    background = set(ticks(answers.get(where.background)))
    fits = {outcome for outcome, proofs in where.backgrounds.items() if background & set(proofs)}
    industry = set(ticks(answers.get(where.industry)))
    long_there = set(ticks(answers.get(where.years))) & set(where.many_years)
    technical_past = background & set(where.technical_past)
    if industry and not industry & set(where.software) and long_there and not technical_past:
        fits.add(Outcome.BUSINESS)
    return tuple(outcome for outcome in OUTCOMES if outcome in fits)


def ruled(evidence: Evidence, fits: tuple[Outcome, ...]) -> Vector:
    """The facts' evidence with each of the rule's outcomes over all others.

    Where two rules fit, what proves them decides nothing between the two; the other facts and the choices do.
    """
    if not fits:
        return evidence.past
    own = [place for place, outcome in enumerate(OUTCOMES) if outcome in fits]
    level = max(evidence.proofs[place] for place in own)
    facts = [level + evidence.facts[place] if place in own else evidence.past[place] for place in range(SIZE)]
    least = max((value for place, value in enumerate(facts) if place not in own), default=min(facts)) + RULE_MARGIN
    return tuple(max(value, least) if place in own else value for place, value in enumerate(facts))
