"""What is asked next, and when it stops."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.asking import CARDS_LEAST, CARDS_MOST
from content.curtailment import CHANGE_CHANCE, CHANGE_CHANCE_OF_BOTH, chance_of_change, foreseen, information
from content.likelihood import added, normalised, tables
from content.mixtures import BLENDS, leanings, who
from content.outcomes import Outcome
from content.questionnaire import Answers, Choice, Item, Questionnaire
from content.receipts import decided_logs, leader
from content.scoring import Ask, Done, cards_asked, judge, next_step
from tests.content.sheets import BANK, careless, run_through, sheets, shuffled, typical

OPENING = [["background"], ["skills"], ["industry", "years"], ["more"]]


def asked(step: Ask | Done) -> list[str]:
    assert isinstance(step, Ask)
    return [item.id for item in step.items]


def test_the_opening_cards_come_first_and_in_order() -> None:
    _answers, cards = run_through(lambda item: typical(Outcome.HYBRID)[item.id])

    assert [[item.id for item in card.items] for card in cards[:4]] == OPENING
    assert [card.asked for card in cards] == list(range(len(cards)))


def test_an_opening_card_half_answered_is_asked_again() -> None:
    answers: dict[str, Choice] = {"background": (), "skills": (), "industry": None, "more": ()}

    assert asked(next_step(BANK, answers)) == ["industry", "years"]


@given(sheets(), st.integers())
def test_the_next_card_hangs_on_the_answers_alone(answers: dict[str, Choice], seed: int) -> None:
    assert next_step(BANK, answers) == next_step(BANK, shuffled(answers, seed))


@given(sheets())
def test_nothing_answered_or_skipped_is_asked_again(answers: dict[str, Choice]) -> None:
    step = next_step(BANK, answers)

    assert isinstance(step, Done) or any(item.id not in answers for item in step.items)


def test_an_answer_gone_back_to_and_replaced_recomputes_the_path() -> None:
    sheet = typical(Outcome.HYBRID) | {"background": ()}
    answers, _cards = run_through(lambda item: sheet[item.id])
    went_back = answers | {"background": ("cloud-native", "saas"), "skills": ("ran-kubernetes",)}

    assert next_step(BANK, answers) == Done("settled")
    assert isinstance(next_step(BANK, went_back), Ask)
    assert judge(BANK, went_back).fits == (Outcome.PLATFORM,)


@pytest.mark.parametrize("seed", range(40))
def test_a_run_keeps_within_its_bounds(seed: int) -> None:
    rng = random.Random(seed)

    answers, cards = run_through(lambda item: careless(item, rng))

    assert CARDS_LEAST == 6 <= len(cards) <= 14 == CARDS_MOST
    assert sum(item.scenario for card in cards for item in card.items) >= 2
    assert cards_asked(BANK, answers) == len(cards)
    assert all(item_id in answers for card in OPENING for item_id in card)


def test_the_button_for_a_result_now_stands_from_the_fourth_card_on() -> None:
    rng = random.Random(5)

    _answers, cards = run_through(lambda item: careless(item, rng))

    assert [card.may_finish for card in cards[:5]] == [False, False, False, True, True]
    assert all(card.may_finish for card in cards[3:])


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_clear_case_is_settled_early_and_says_so(outcome: Outcome) -> None:
    answers, cards = run_through(lambda item: typical(outcome)[item.id])

    assert len(cards) <= 7
    assert next_step(BANK, answers) == Done("settled")


@pytest.mark.parametrize("seed", range(12))
def test_a_run_is_settled_as_soon_as_a_change_is_improbable(seed: int) -> None:
    rng = random.Random(seed)
    sheet = typical(rng.choice(list(Outcome)))
    answers: dict[str, Choice] = {}
    while isinstance(step := next_step(BANK, answers), Ask):
        if step.asked >= 6:
            assert chance_left(answers) >= bar(answers)
        answers |= {item.id: careless(item, rng) if rng.random() < 0.4 else sheet[item.id] for item in step.items}

    assert chance_left(answers) < bar(answers) or cards_asked(BANK, answers) == 14 or isinstance(step, Done)


def chance_left(answers: Answers) -> float:
    """The chance that the items that may still be asked would give another leader."""
    logs = decided_logs(BANK, answers)
    chances = normalised(logs)
    unasked = [item_id for item_id in foreseen(BANK) if item_id not in answers]
    best_first = sorted(unasked, key=lambda item_id: -round(information(tables(BANK)[item_id], chances), 9))
    return chance_of_change(BANK, answers, logs, best_first[: 14 - cards_asked(BANK, answers)])


def bar(answers: Answers) -> float:
    """Under which chance it stops; where two outcomes are named, a change between them matters less."""
    return CHANGE_CHANCE_OF_BOTH if judge(BANK, answers).runner_up else CHANGE_CHANCE


def test_a_run_of_skips_ends_after_six_cards_without_enough_to_say() -> None:
    answers, cards = run_through(lambda item: None)

    assert len(cards) == 6
    assert next_step(BANK, answers) == Done("nothing-said")
    assert judge(BANK, answers).words == "not-enough"


def test_at_fourteen_cards_it_is_enough() -> None:
    items = {item.id: item for item in BANK.items}
    singles = list(foreseen(BANK))[:10]
    answers: dict[str, Choice] = {item_id: None for card in OPENING for item_id in card}
    for place, item_id in enumerate(singles):
        answers[item_id] = items[item_id].options[place % len(items[item_id].options)].id

    assert cards_asked(BANK, answers) == 14
    assert next_step(BANK, answers) == Done("enough")


@settings(max_examples=60)
@given(st.integers())
def test_every_card_after_the_opening_can_change_what_is_shown(seed: int) -> None:
    rng = random.Random(seed)
    answers: dict[str, Choice] = {}
    while isinstance(step := next_step(BANK, answers), Ask):
        if len(step.items) == 1 and step.items[0].id in foreseen(BANK):
            item = step.items[0]
            possible = {shown(answers | {item.id: option.id}) for option in item.options}
            assert len(possible | {shown(answers)}) > 1
        answers |= {item.id: careless(item, rng) for item in step.items}


def shown(answers: Answers) -> tuple[object, ...]:
    """What a member sees of a verdict: everything but the numbers."""
    verdict = judge(BANK, answers)
    return (
        verdict.outcome,
        verdict.runner_up,
        verdict.words,
        verdict.experience,
        verdict.choices,
        verdict.receipts,
        verdict.against,
        verdict.flip,
    )


def doubt(chances: tuple[float, ...]) -> float:
    return -sum(chance * math.log(chance) for chance in chances)


def expected_doubt(answers: Answers, item: Item) -> float:
    """The entropy left after the answer, averaged over the answers: by the definition."""
    logs = decided_logs(BANK, answers)
    total = 0.0
    for option in item.options:
        chance = 0.0
        for outcome, share in zip(Outcome, normalised(logs), strict=True):
            powers = {each.id: math.exp((1.15 if item.fact else 0.85) * each.weights[outcome]) for each in item.options}
            chance += share * powers[option.id] / sum(powers.values())
        total += chance * doubt(normalised(added(logs, tables(BANK)[item.id].options[option.id])))
    return total


@settings(max_examples=60)
@given(sheets())
def test_the_card_asked_is_the_one_expected_to_tell_most(answers: dict[str, Choice]) -> None:
    answers |= {item_id: answers.get(item_id) for card in OPENING for item_id in card}
    step = next_step(BANK, answers)
    if isinstance(step, Done) or already_settled(answers):
        return
    left = {item.id: expected_doubt(answers, item) for item in BANK.items if item.id not in answers}
    scenarios = {item.id for item in BANK.items if item.scenario}
    if step.items[0].id in scenarios:
        left = {item_id: value for item_id, value in left.items() if item_id in scenarios}

    assert left[step.items[0].id] == pytest.approx(min(left.values()), abs=1e-8)


def already_settled(answers: Answers) -> bool:
    """Whether only the least number of cards keeps it from stopping, with one outcome named."""
    few = cards_asked(BANK, answers) < CARDS_LEAST
    return few and judge(BANK, answers).runner_up is None and chance_left(answers) < CHANGE_CHANCE


@pytest.mark.parametrize("outcome", list(Outcome))
def test_where_it_is_settled_before_the_sixth_card_the_scenarios_come_in_the_order_of_the_bank(
    outcome: Outcome,
) -> None:
    _answers, cards = run_through(lambda item: typical(outcome)[item.id])
    scenarios = [item.id for item in BANK.items if item.scenario]

    assert already_settled({item_id: typical(outcome)[item_id] for card in OPENING for item_id in card})
    assert [card.items[0].id for card in cards[4:6]] == scenarios[:2]


def with_twin(item_id: str) -> tuple[Questionnaire, str]:
    """The bank with a second item at its end that weighs exactly like this one."""
    twin = replace(BANK.item(item_id), id="twin")
    return replace(BANK, items=(*BANK.items, twin)), twin.id


def test_a_tie_goes_to_the_item_that_stands_first() -> None:
    answers: dict[str, Choice] = {item_id: None for card in OPENING for item_id in card}
    first = asked(next_step(BANK, answers))[0]
    bank, twin = with_twin(first)

    assert asked(next_step(bank, answers)) == [first]
    assert asked(next_step(replace(bank, items=(bank.items[-1], *bank.items[:-1])), answers)) == [twin]


def test_an_item_whose_answer_changes_nothing_is_never_asked() -> None:
    def dull(item: Item) -> Item:
        if item.id not in foreseen(BANK):
            return item
        flat = MappingProxyType(dict.fromkeys(Outcome, 1))
        return replace(item, options=tuple(replace(option, weights=flat) for option in item.options))

    bank = replace(BANK, items=tuple(map(dull, BANK.items)))

    answers, cards = run_through(lambda item: typical(Outcome.TECHNICAL)[item.id], bank)

    assert len(cards) == 4
    assert next_step(bank, answers) == Done("nothing-left")


@pytest.mark.parametrize("seed", range(6))
def test_the_chance_of_change_is_what_drawing_the_rest_gives(seed: int) -> None:
    rng = random.Random(seed)
    answers: dict[str, Choice] = {item_id: careless(BANK.item(item_id), rng) for card in OPENING for item_id in card}
    for item_id in list(foreseen(BANK))[:6]:
        answers[item_id] = careless(BANK.item(item_id), rng)
    logs = decided_logs(BANK, answers)
    unasked = [item_id for item_id in foreseen(BANK) if item_id not in answers]
    changes, draws = 0, 4000
    for _draw in range(draws):
        blend = rng.choices(range(len(BLENDS)), who(BANK, answers))[0]
        after = logs
        for item_id in unasked:
            options, _blanks = leanings(BANK)[item_id]
            picked = rng.choices(list(options), [math.exp(chances[blend]) for chances in options.values()])[0]
            after = added(after, tables(BANK)[item_id].options[picked])
        changes += leader(after) is not leader(logs)

    assert chance_of_change(BANK, answers, logs, unasked) == pytest.approx(
        changes / draws, abs=0.1
    )  # of several rivals the nearest counts


@pytest.mark.parametrize("seed", range(20))
def test_the_promise_of_more_cards_never_exceeds_what_can_come(seed: int) -> None:
    rng = random.Random(seed)

    _answers, cards = run_through(lambda item: careless(item, rng))

    assert all(0 <= card.about_more <= 14 - card.asked - 1 for card in cards)
    assert all(card.about_more >= 6 - card.asked - 1 for card in cards)
