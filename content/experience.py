"""The experience rule: which outcomes a member's past fits, and what that does to the evidence of the facts."""

from __future__ import annotations

import math

from content.likelihood import OUTCOMES, Vector, ticks
from content.outcomes import Outcome
from content.questionnaire import Answers, Questionnaire

RULE_MARGIN = math.log(3)  # on facts alone, a rule's outcome stands at least three to one over any other


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


def ruled(facts: Vector, fits: tuple[Outcome, ...]) -> Vector:
    """The facts' evidence with the rule's outcomes raised over the others, and level with one another."""
    if not fits:
        return facts
    others = [value for outcome, value in zip(OUTCOMES, facts, strict=True) if outcome not in fits]
    own = [value for outcome, value in zip(OUTCOMES, facts, strict=True) if outcome in fits]
    level = max(*own, max(others) + RULE_MARGIN) if others else max(own)
    return tuple(level if each in fits else value for each, value in zip(OUTCOMES, facts, strict=True))
