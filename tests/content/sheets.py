"""Answer sheets for the tests of the assessment: drawn by hypothesis, or written by somebody who does not care."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import strategies as st

from content.load import read_content
from content.outcomes import Outcome
from content.questionnaire import Answers, Choice, Item, Questionnaire
from content.scoring import Ask, next_step

BANKS = read_content().questionnaires
BANK = read_content().questionnaire

every_bank = pytest.mark.parametrize("bank", BANKS.values(), ids=BANKS)


def choices(item: Item) -> st.SearchStrategy[Choice]:
    """Any answer to the item: skipped and none of these among them."""
    ids = [option.id for option in item.options]
    if item.kind == "one":
        return st.sampled_from([None, "none", *ids, *ids])
    ticked = st.lists(st.sampled_from(ids), unique=True, max_size=item.most or len(ids)).map(tuple)
    return st.one_of(st.none(), ticked, ticked)


def sheets(bank: Questionnaire = BANK) -> st.SearchStrategy[dict[str, Choice]]:
    """Any answers to any of the items."""
    return st.fixed_dictionaries({}, optional={item.id: choices(item) for item in bank.items})


def full_sheet(answer: Callable[[Item], Choice], bank: Questionnaire = BANK) -> dict[str, Choice]:
    """Every item answered by one habit."""
    return {item.id: answer(item) for item in bank.items}


def typical(outcome: Outcome, bank: Questionnaire = BANK) -> dict[str, Choice]:
    """Whom this outcome fits best: the heaviest option each time, and every tick of weight two or more."""

    def answer(item: Item) -> Choice:
        if item.kind == "one":
            return max(item.options, key=lambda option: option.weights[outcome]).id
        least = 1 if item.id == "more" else 2
        return tuple(option.id for option in item.options if option.weights[outcome] >= least)

    return full_sheet(answer, bank)


def careless(item: Item, rng: random.Random) -> Choice:
    """An answer at random."""
    if item.kind == "one":
        return rng.choice([None, *(option.id for option in item.options)])
    ticked = [option.id for option in item.options if rng.random() < 0.3]
    return tuple(ticked[: item.most])


def run_through(answer: Callable[[Item], Choice], bank: Questionnaire = BANK) -> tuple[dict[str, Choice], list[Ask]]:
    """A whole run: the answers given and the cards that were asked."""
    answers: dict[str, Choice] = {}
    cards = []
    while isinstance(step := next_step(bank, answers), Ask):
        cards.append(step)
        answers |= {item.id: answer(item) for item in step.items}
    return answers, cards


def shuffled(answers: Answers, seed: int) -> dict[str, Choice]:
    """The same answers, given and ticked in another order."""
    rng = random.Random(seed)
    items = list(answers.items())
    rng.shuffle(items)
    return {
        item_id: tuple(rng.sample(choice, len(choice))) if isinstance(choice, tuple) else choice
        for item_id, choice in items
    }
