"""How sure a result may sound: in words, never in numbers."""

from __future__ import annotations

from content.likelihood import OUTCOMES, Vector, normalised, says_something
from content.outcomes import Outcome
from content.questionnaire import Answers
from content.receipts import leader, second
from content.verdict import Words

CLEAR = 0.90
NAMED_ALONE = 0.80
LEANING = 0.70
SAID_LEAST = 3  # answers that name an option; fewer, and no rule of experience: not enough to say
LEANS = 0.40  # one side's leader is named from here on; all four equal would be 0.25
DIGITS = 6


def chance_of(logs: Vector, outcome: Outcome) -> float:
    """The probability of an outcome, rounded so that a hair's breadth changes no words."""
    return round(normalised(logs)[OUTCOMES.index(outcome)], DIGITS)


def words_for(answers: Answers, logs: Vector, fits: tuple[Outcome, ...]) -> Words:
    """How sure we may sound. Without a fitting rule, or with two, never clear."""
    chance = chance_of(logs, leader(logs))
    if not fits and not _enough(answers):
        return "not-enough"
    if chance < LEANING:
        return "between"
    return "clear" if chance >= CLEAR and len(fits) == 1 else "leaning"


def named_beside(logs: Vector, words: Words) -> Outcome | None:
    """The runner-up where it is to be named with the outcome."""
    if words == "between" or (words == "leaning" and chance_of(logs, leader(logs)) < NAMED_ALONE):
        return second(logs)
    return None


def lean(logs: Vector) -> Outcome | None:
    """Where one side of the answers points, if anywhere."""
    return leader(logs) if max(normalised(logs)) >= LEANS else None


def _enough(answers: Answers) -> bool:
    """Whether enough was said to go by. “None of these” is an answer that names nothing, and no skip."""
    said = sum(says_something(choice) for choice in answers.values())
    return said >= max(SAID_LEAST, sum(choice is None for choice in answers.values()))
