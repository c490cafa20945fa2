"""The bank itself: its shape, its balance, and that positions say nothing about outcomes."""

from __future__ import annotations

from collections import Counter

import pytest

from content.load import Content
from content.outcomes import Outcome
from content.questionnaire import Choice, Item, Questionnaire
from tests.content.sheets import BANK


def singles(bank: Questionnaire) -> list[Item]:
    """The single-choice items outside the opening."""
    opening = {item_id for card in bank.opening for item_id in card}
    return [item for item in bank.items if item.id not in opening]


def key(item: Item, position: int) -> Outcome:
    """The outcome that this option says most for."""
    weights = item.options[position].weights
    return max(Outcome, key=lambda outcome: weights[outcome])


def test_the_opening_is_four_cards(bank: Questionnaire) -> None:
    assert bank.opening == (("background",), ("skills-1", "skills-2"), ("industry", "years"), ("more",))
    assert len(bank.item("background").options) <= 10
    assert [len(bank.item(name).options) for name in ("skills-1", "skills-2")] == [8, 8]
    assert bank.item("more").most == 3
    assert max(weight for option in bank.item("more").options for weight in option.weights.values()) == 1


def test_skills_done_are_four_for_each_outcome_two_in_each_list(bank: Questionnaire) -> None:
    for name in ("skills-1", "skills-2"):
        item = bank.item(name)
        assert Counter(key(item, place) for place in range(8)) == dict.fromkeys(Outcome, 2)
        assert all(option.skills for option in item.options)


def test_the_singles_are_facts_scenarios_and_pairs(bank: Questionnaire) -> None:
    items = singles(bank)

    assert sum(item.fact for item in items) >= 2
    assert sum(item.scenario and len(item.options) == 4 for item in items) >= 6
    assert sum(len(item.options) == 2 for item in items) >= 4
    assert len(items) >= 12
    assert all(item.kind == "one" for item in items)


def test_the_weight_that_an_outcome_can_collect_is_balanced(bank: Questionnaire) -> None:
    def most(item: Item, outcome: Outcome) -> int:
        weights = sorted((option.weights[outcome] for option in item.options), reverse=True)
        return sum(weights[: item.most]) if item.kind == "many" else weights[0]

    totals = {outcome: sum(most(item, outcome) for item in bank.items) for outcome in Outcome}

    assert max(totals.values()) / min(totals.values()) <= 1.15, totals


def test_no_position_belongs_to_an_outcome(bank: Questionnaire) -> None:
    fours = [item for item in singles(bank) if len(item.options) == 4]
    for position in range(4):
        keys = Counter(key(item, position) for item in fours)
        assert max(keys[outcome] for outcome in Outcome) - min(keys[outcome] for outcome in Outcome) <= 1, (
            position,
            keys,
        )


def test_each_pair_of_outcomes_meets_once_and_neither_always_stands_first(bank: Questionnaire) -> None:
    pairs = [item for item in singles(bank) if len(item.options) == 2]
    met = Counter(frozenset((key(item, 0), key(item, 1))) for item in pairs)
    first = Counter(key(item, 0) for item in pairs)

    assert len(met) == 6
    assert max(met.values()) == 1
    assert {first[outcome] for outcome in Outcome} <= {1, 2}


def test_the_key_is_no_longer_than_its_neighbours(bank: Questionnaire) -> None:
    for language in ("en", "zh"):
        lengths: dict[Outcome, list[int]] = {outcome: [] for outcome in Outcome}
        for item in singles(bank):
            for position, option in enumerate(item.options):
                lengths[key(item, position)].append(len(getattr(option.text, language)))
        means = [sum(each) / len(each) for each in lengths.values()]
        assert max(means) / min(means) < 1.25, (language, lengths)


def test_every_option_of_a_single_item_has_an_outcome_of_its_own(bank: Questionnaire) -> None:
    for item in singles(bank):
        keys = [key(item, place) for place in range(len(item.options))]
        assert len(set(keys)) == len(keys), item.id


def test_the_skills_named_by_options_are_in_the_list(content: Content) -> None:
    named = {skill for item in content.questionnaire.items for option in item.options for skill in option.skills}

    assert len(named) == 16
    assert named <= content.skills.keys()


@pytest.mark.parametrize(
    ("item_id", "choice", "taken"),
    [
        ("free-day", None, True),
        ("free-day", "none", True),
        ("free-day", "day-on-site", True),
        ("free-day", "day-off", False),
        ("free-day", ("day-on-site",), False),
        ("free-day", (), False),
        ("skills-1", (), True),
        ("skills-1", "none", True),
        ("skills-1", ("asked-database", "ran-kubernetes"), True),
        ("skills-1", ("asked-database", "asked-database"), False),
        ("skills-1", "asked-database", False),
        ("more", ("more-field", "more-data", "more-rules"), True),
        ("more", ("more-field", "more-data", "more-rules", "more-users"), False),
    ],
)
def test_an_item_takes_its_own_answers_and_no_others(item_id: str, choice: Choice, taken: bool) -> None:
    assert BANK.item(item_id).takes(choice) is taken
