"""The reasons given for an outcome are its real ones."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given, settings

from content.likelihood import OUTCOMES, normalised, tables, ticks
from content.outcomes import Outcome
from content.questionnaire import Choice
from content.receipts import decided_logs, deciding, leader, second
from content.scoring import judge
from tests.content.sheets import BANK, careless, run_through, sheets, typical


def odds(answers: dict[str, Choice], item_id: str) -> float:
    """What all that was said to one item says for the outcome over the one behind it."""
    logs = decided_logs(BANK, answers)
    vector = tables(BANK)[item_id].evidence(answers[item_id])
    return vector[OUTCOMES.index(leader(logs))] - vector[OUTCOMES.index(second(logs))]


def speaks(answers: dict[str, Choice], answer: tuple[str, str]) -> float:
    """The same of one option by itself."""
    item_id, option_id = answer
    return odds(answers, item_id) if tables(BANK)[item_id].item.kind == "one" else _tick(answers, item_id, option_id)


def _tick(answers: dict[str, Choice], item_id: str, option_id: str) -> float:
    logs = decided_logs(BANK, answers)
    vector = tables(BANK)[item_id].options[option_id]
    return vector[OUTCOMES.index(leader(logs))] - vector[OUTCOMES.index(second(logs))]


@settings(max_examples=150)
@given(sheets())
def test_receipts_are_the_answers_that_spoke_most_for_the_outcome(answers: dict[str, Choice]) -> None:
    verdict = judge(BANK, answers)
    chosen = {(item_id, option) for item_id, choice in answers.items() for option in ticks(choice)}
    told = list(dict.fromkeys(item_id for item_id, _option in verdict.receipts))
    tellable = [
        odds(answers, item_id)
        for item_id, choice in answers.items()
        if any(speaks(answers, (item_id, option)) > 0 for option in ticks(choice)) and odds(answers, item_id) > 0.05
    ]

    assert set(verdict.receipts) <= chosen
    assert all(speaks(answers, receipt) > 0 for receipt in verdict.receipts)
    assert [odds(answers, item_id) for item_id in told] == pytest.approx(sorted(tellable, reverse=True)[:3])
    if verdict.against:
        assert verdict.against in chosen
        assert odds(answers, verdict.against[0]) < -0.05
        assert speaks(answers, verdict.against) < 0


@pytest.mark.parametrize("seed", range(20))
def test_without_the_deciding_answers_the_outcome_changes_or_falls_under_one_half(seed: int) -> None:
    rng = random.Random(seed)
    answers, _cards = run_through(lambda item: careless(item, rng))
    won = leader(decided_logs(BANK, answers))

    left = {item_id: choice for item_id, choice in answers.items() if item_id not in deciding(BANK, answers)}

    logs = decided_logs(BANK, left)
    assert leader(logs) is not won or normalised(logs)[OUTCOMES.index(won)] < 0.5


@pytest.mark.parametrize("seed", [*range(20), 352, 597])  # in the last two it takes four, one after the other
def test_three_answers_decide_wherever_any_three_would(seed: int) -> None:
    rng = random.Random(seed)
    sheet = typical(rng.choice(list(Outcome)))
    answers, _cards = run_through(lambda item: careless(item, rng) if rng.random() < 0.3 else sheet[item.id])
    won = leader(decided_logs(BANK, answers))
    found = deciding(BANK, answers)

    def stands_without(left_out: tuple[str, ...]) -> bool:
        logs = decided_logs(BANK, {item_id: choice for item_id, choice in answers.items() if item_id not in left_out})
        return leader(logs) is won and normalised(logs)[OUTCOMES.index(won)] >= 0.5

    assert not stands_without(found)
    assert (len(found) <= 3) is not all(map(stands_without, combinations(answers, 3)))
