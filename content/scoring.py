"""From answers to a verdict. Pure: the same answers give the same bytes, in any order, anywhere."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from types import MappingProxyType

from content.asking import Ask, Done, cards_asked, next_step
from content.experience import fitting
from content.flip import changed, smallest_flip
from content.likelihood import OUTCOMES, Vector, added, normalised, says_something, summed
from content.outcomes import Outcome
from content.questionnaire import Answers, Choice, Questionnaire
from content.receipts import decided_logs, leader, reasons, second
from content.verdict import Rule, Verdict, Words

__all__ = [
    "Answers",
    "Ask",
    "Choice",
    "Done",
    "Verdict",
    "cards_asked",
    "changed",
    "judge",
    "next_step",
    "posterior",
    "quick",
]

CLEAR = 0.90
NAMED_ALONE = 0.80
LEANING = 0.70
SAID_LEAST = 3  # answers that name an option; fewer, and no rule of experience: not enough to say
LEANS = 0.40  # one side's leader is named from here on; all four equal would be 0.25
QUICK_SECONDS = 2.0
DIGITS = 6


def posterior(bank: Questionnaire, answers: Answers) -> dict[Outcome, float]:
    """The model's probabilities: tempered likelihoods on a flat prior, without the experience rule."""
    facts, rest = summed(bank, answers)
    return dict(zip(OUTCOMES, normalised(added(facts, rest)), strict=True))


def judge(bank: Questionnaire, answers: Answers) -> Verdict:
    """The verdict on these answers, whichever were given; skipped and missing ones say nothing."""
    logs = decided_logs(bank, answers)
    fits = fitting(bank, answers)
    outcome, other = leader(logs), second(logs)
    chance = round(normalised(logs)[OUTCOMES.index(outcome)], DIGITS)
    words = _words(chance, fits, _enough(answers) or bool(fits))
    named = words == "between" or (words == "leaning" and (chance < NAMED_ALONE or len(fits) > 1))
    facts, rest = summed(bank, answers)
    experience = fits[0] if len(fits) == 1 else None if fits else _lean(facts)
    choices = _lean(rest)
    receipts, against = reasons(bank, answers, logs)
    return Verdict(
        version=bank.version,
        texts_hash=bank.texts_hash,
        outcome=outcome,
        runner_up=other if named else None,
        words=words,
        rule=_rule(fits),
        fits=fits,
        experience=experience,
        choices=choices,
        differs=experience is not None and choices is not None and experience is not choices,
        receipts=receipts,
        against=against,
        flip=smallest_flip(bank, answers),
        posterior=_rounded(added(facts, rest)),
        decided=_rounded(logs),
    )


def quick(seconds: Sequence[float]) -> bool:
    """Whether half the answers came in under two seconds each; told beside the result, not part of it."""
    return len(seconds) > 0 and statistics.median(seconds) < QUICK_SECONDS


def _words(chance: float, fits: tuple[Outcome, ...], enough: bool) -> Words:
    """How sure we may sound. Without a fitting rule, or with two, never clear."""
    if not enough:
        return "not-enough"
    if chance < LEANING:
        return "between"
    return "clear" if chance >= CLEAR and len(fits) == 1 else "leaning"


def _enough(answers: Answers) -> bool:
    said = sum(says_something(choice) for choice in answers.values())
    return said >= SAID_LEAST and said * 2 >= len(answers)


def _lean(logs: Vector) -> Outcome | None:
    return leader(logs) if max(normalised(logs)) >= LEANS else None


def _rule(fits: tuple[Outcome, ...]) -> Rule:
    if not fits:
        return "none"
    return "two" if len(fits) > 1 else fits[0].value


def _rounded(logs: Vector) -> MappingProxyType[Outcome, float]:
    return MappingProxyType(
        {outcome: round(chance, DIGITS) for outcome, chance in zip(OUTCOMES, normalised(logs), strict=True)}
    )
