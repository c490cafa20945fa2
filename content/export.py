"""The bank and its decisions as plain data, for maintainers who check the engine from outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from content.asking import Ask, cards_asked, next_step
from content.questionnaire import Answers, Choice, Questionnaire
from content.receipts import decided_logs, deciding, leader
from content.scoring import judge
from content.verdict import Verdict


class BadSheet(ValueError):
    """A sheet that is no answer to this bank; the message names the item."""


def export(bank: Questionnaire) -> dict[str, Any]:
    """The bank without its words: what every option weighs."""
    return {
        "version": bank.version,
        "items": [
            {
                "id": item.id,
                "kind": item.kind,
                "fact": item.fact,
                "options": [
                    {
                        "id": option.id,
                        "weights": {outcome.value: weight for outcome, weight in option.weights.items()},
                    }
                    for option in item.options
                ],
            }
            for item in bank.items
        ],
    }


def replay(bank: Questionnaire, sheet: Mapping[str, Any]) -> dict[str, Any]:
    """What the chat would have asked and said to somebody who answers like this sheet. Raises BadSheet.

    `asked` counts cards, `items` names what stood on them; the posterior is the model's, of those answers.
    """
    full = _answers(bank, sheet)
    given: dict[str, Choice] = {}
    while isinstance(step := next_step(bank, given), Ask):
        given |= {item.id: full.get(item.id) for item in step.items}
    verdict = judge(bank, given)
    return {
        "id": sheet.get("id"),
        "outcome": verdict.outcome.value,
        "shown": shown(verdict),
        "asked": cards_asked(bank, given),
        "items": [item.id for item in bank.items if item.id in given],
        "posterior": {outcome.value: chance for outcome, chance in verdict.posterior.items()},
        "words": verdict.words,
        "deciding": list(deciding(bank, given)),
        "full_outcome": leader(decided_logs(bank, full)).value,
    }


def shown(verdict: Verdict) -> list[str]:
    """The outcomes that the card shows: one, or two where it is between them or the runner-up is named with it."""
    if verdict.words != "not-enough" and verdict.runner_up is not None:
        return [verdict.outcome.value, verdict.runner_up.value]
    return [] if verdict.words == "not-enough" else [verdict.outcome.value]


def _answers(bank: Questionnaire, sheet: Mapping[str, Any]) -> Answers:
    raw = sheet.get("answers")
    if not isinstance(raw, Mapping):
        raise BadSheet("expected “answers” with an answer for each item")
    known = {item.id: item for item in bank.items}
    answers: dict[str, Choice] = {}
    for item_id, value in raw.items():
        if item_id not in known:
            raise BadSheet(f"“{item_id}” is no item of version {bank.version}")
        choice = _choice(value)
        if choice is False or not known[item_id].takes(choice):
            raise BadSheet(f"{value!r} is no answer to “{item_id}”")
        answers[item_id] = choice
    return answers


def _choice(value: object) -> Choice | Literal[False]:
    """A sheet's value as an answer, or False where JSON holds something else."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    return False
