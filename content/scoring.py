"""From answers to a verdict. Pure: the same answers give the same bytes, in any order, anywhere."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from types import MappingProxyType

from content.asking import Ask, Done, cards_asked, next_step
from content.certainty import DIGITS, lean, named_beside, words_for
from content.experience import fitting
from content.flip import changed, smallest_flip
from content.likelihood import OUTCOMES, Vector, added, normalised, summed
from content.outcomes import Outcome
from content.questionnaire import Answers, Choice, Questionnaire
from content.receipts import decided_logs, leader, reasons
from content.verdict import Rule, Verdict

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

QUICK_SECONDS = 2.0


def posterior(bank: Questionnaire, answers: Answers) -> dict[Outcome, float]:
    """The model's probabilities: tempered likelihoods on a flat prior, without the experience rule."""
    evidence = summed(bank, answers)
    return dict(zip(OUTCOMES, normalised(added(evidence.past, evidence.choices)), strict=True))


def judge(bank: Questionnaire, answers: Answers) -> Verdict:
    """The verdict on these answers, whichever were given; skipped and missing ones say nothing."""
    logs = decided_logs(bank, answers)
    fits = fitting(bank, answers)
    words = words_for(answers, logs, fits)
    evidence = summed(bank, answers)
    experience = fits[0] if len(fits) == 1 else None if fits else lean(evidence.past)
    choices = lean(evidence.choices)
    receipts, against = reasons(bank, answers, logs)
    return Verdict(
        version=bank.version,
        texts_hash=bank.texts_hash,
        outcome=leader(logs),
        runner_up=named_beside(logs, words),
        words=words,
        rule=_rule(fits),
        fits=fits,
        experience=experience,
        choices=choices,
        differs=experience is not None and choices is not None and experience is not choices,
        receipts=receipts,
        against=against,
        flip=smallest_flip(bank, answers),
        posterior=_rounded(added(evidence.past, evidence.choices)),
        decided=_rounded(logs),
    )


def quick(seconds: Sequence[float]) -> bool:
    """Whether half the answers came in under two seconds each; told beside the result, not part of it."""
    return len(seconds) > 0 and statistics.median(seconds) < QUICK_SECONDS


def _rule(fits: tuple[Outcome, ...]) -> Rule:
    if not fits:
        return "none"
    return "two" if len(fits) > 1 else fits[0].value


def _rounded(logs: Vector) -> MappingProxyType[Outcome, float]:
    return MappingProxyType(
        {outcome: round(chance, DIGITS) for outcome, chance in zip(OUTCOMES, normalised(logs), strict=True)}
    )
