"""The experience rule: which outcomes a member's past fits, and what that does to the evidence of the facts."""

from __future__ import annotations

import math

from content.likelihood import OUTCOMES, Evidence, Vector, ticks
from content.outcomes import Outcome
from content.questionnaire import Answers, Questionnaire

RULE_MARGIN = math.log(1.05)  # on facts alone, a rule's outcome stands above any other
TWO_RULES_SHARE = 0.4  # of what facts say between two rules that fit: with choices that say nothing it stays "between"


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
    """The facts' evidence with the rule's outcomes raised over the others.

    Where two rules fit, what proves them decides nothing between the two, and the other facts only little: the
    choices do.
    """
    if not fits:
        return evidence.past
    own = [place for place, outcome in enumerate(OUTCOMES) if outcome in fits]
    most = max(evidence.facts[place] for place in own)
    level = max(evidence.proofs[place] for place in own)
    facts = [*evidence.past]
    for place in own:
        facts[place] = level + most - TWO_RULES_SHARE * (most - evidence.facts[place])
    others = [value for place, value in enumerate(facts) if place not in own]
    least = min(facts[place] for place in own)
    raised = max(0.0, max(others) + RULE_MARGIN - least) if others else 0.0
    for place in own:
        facts[place] += raised
    return tuple(facts)
