"""The smallest change of answers that flips the outcome: it really does, and none smaller would."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings

from content.likelihood import OUTCOMES
from content.outcomes import Outcome
from content.questionnaire import Choice
from content.receipts import decided_logs
from content.scoring import changed, judge
from tests.content.sheets import BANK, careless, run_through, sheets, typical


@settings(max_examples=200)
@given(sheets())
def test_replaying_the_change_gives_another_outcome(answers: dict[str, Choice]) -> None:
    verdict = judge(BANK, answers)

    if verdict.flip:
        after = changed(BANK, answers, verdict.flip)
        assert judge(BANK, after).outcome is not verdict.outcome
        assert all(BANK.item(item_id).takes(choice) for item_id, choice in after.items())


@settings(max_examples=100)
@given(sheets())
def test_only_answers_that_said_something_are_changed(answers: dict[str, Choice]) -> None:
    for item_id, _option in judge(BANK, answers).flip:
        assert answers[item_id] not in {None, "none", ()}


@pytest.mark.parametrize("seed", range(25))
def test_no_single_change_flips_where_more_are_named(seed: int) -> None:
    rng = random.Random(seed)
    answers, _cards = run_through(lambda item: careless(item, rng))
    verdict = judge(BANK, answers)
    flips = set()
    for item in BANK.items:
        if answers.get(item.id) in {None, "none", ()}:
            continue
        for option in item.options:
            after = changed(BANK, answers, ((item.id, option.id),))
            logs = dict(zip(OUTCOMES, decided_logs(BANK, after), strict=True))
            if item.takes(after[item.id]) and max(logs.values()) > logs[verdict.outcome] + 1e-6:
                flips.add((item.id, option.id))

    if flips:
        assert len(verdict.flip) == 1
        assert verdict.flip[0] in flips
    else:
        assert len(verdict.flip) != 1


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_whole_run_can_always_be_flipped(outcome: Outcome) -> None:
    answers, _cards = run_through(lambda item: typical(outcome)[item.id])

    assert judge(BANK, answers).flip


def test_a_change_replaces_a_single_choice_and_toggles_a_tick() -> None:
    answers: dict[str, Choice] = {"free-day": "day-on-site", "skills": ("asked-database",)}

    after = changed(
        BANK,
        answers,
        (("free-day", "day-on-errors"), ("skills", "asked-database"), ("skills", "ran-kubernetes")),
    )

    assert after == {"free-day": "day-on-errors", "skills": ("ran-kubernetes",)}
    assert answers["free-day"] == "day-on-site"


def test_a_full_multi_select_only_loses_a_tick() -> None:
    answers: dict[str, Choice] = {"more": ("more-rules", "more-developers", "more-users")}

    assert judge(BANK, answers).flip == (("more", "more-rules"),)


def test_a_change_never_asks_for_more_ticks_than_a_list_takes() -> None:
    few = replace(BANK.item("skills"), most=2)
    bank = replace(BANK, items=tuple(few if item.id == few.id else item for item in BANK.items))
    rng = random.Random(4)
    for _run in range(60):
        answers = {item.id: careless(item, rng) for item in bank.items}
        after = changed(bank, answers, judge(bank, answers).flip)

        assert all(item.takes(after[item.id]) for item in bank.items)
