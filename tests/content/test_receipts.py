"""The reasons given for an outcome are its real ones."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings

from content.likelihood import OUTCOMES, normalised, tables, ticks
from content.questionnaire import Choice
from content.receipts import decided_logs, deciding, leader, second
from content.scoring import judge
from tests.content.sheets import BANK, careless, run_through, sheets


def odds(answers: dict[str, Choice], item_id: str, option_id: str) -> float:
    """What one option says for the outcome over the one behind it."""
    logs = decided_logs(BANK, answers)
    vector = tables(BANK)[item_id].options[option_id]
    return vector[OUTCOMES.index(leader(logs))] - vector[OUTCOMES.index(second(logs))]


@settings(max_examples=150)
@given(sheets())
def test_receipts_are_the_answers_that_spoke_most_for_the_outcome(answers: dict[str, Choice]) -> None:
    verdict = judge(BANK, answers)
    given_answers = [(item_id, option) for item_id, choice in answers.items() for option in ticks(choice)]
    strongest = sorted((odds(answers, *answer) for answer in given_answers), reverse=True)

    assert len(verdict.receipts) <= 3
    assert set(verdict.receipts) <= set(given_answers)
    assert [odds(answers, *answer) for answer in verdict.receipts] == pytest.approx(
        [value for value in strongest[:3] if value > 0.05]
    )
    if verdict.against:
        assert odds(answers, *verdict.against) == pytest.approx(strongest[-1])
    else:
        assert not strongest or strongest[-1] >= -0.05


@pytest.mark.parametrize("seed", range(20))
def test_without_the_deciding_answers_the_outcome_changes_or_falls_under_one_half(seed: int) -> None:
    rng = random.Random(seed)
    answers, _cards = run_through(lambda item: careless(item, rng))
    won = leader(decided_logs(BANK, answers))

    left = {item_id: choice for item_id, choice in answers.items() if item_id not in deciding(BANK, answers)}

    logs = decided_logs(BANK, left)
    assert leader(logs) is not won or normalised(logs)[OUTCOMES.index(won)] < 0.5
