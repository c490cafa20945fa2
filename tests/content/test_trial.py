"""The form on invented people: what it must reach, on fewer people than `pmpath assess simulate` takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from content.outcomes import Outcome
from content.questionnaire import Questionnaire
from content.respondents import loadings, respondent
from content.trial import Figure, Sitting, enumerated, figures, sit, weight_ratio
from tests.content.sheets import BANK, full_sheet, typical

SMALL = 0.02  # so much a share may differ on a few hundred people


@pytest.fixture(scope="module")
def sittings() -> list[Sitting]:
    drawn = loadings(BANK, 5, moved=False)
    return [sit(BANK, respondent(BANK, drawn, 5, number)) for number in range(600)]


def by_name(found: list[Figure]) -> dict[str, Figure]:
    return {figure.name: figure for figure in found}


def test_every_bar_is_reached_but_for_chance(sittings: list[Sitting]) -> None:
    for figure in figures(BANK, sittings):
        if figure.least is not None:
            assert figure.value >= figure.least - SMALL, figure
        if figure.most is not None:
            assert figure.value <= figure.most + (0.25 if "cards" in figure.name else SMALL), figure


def test_the_change_shown_gives_another_outcome_for_everybody(sittings: list[Sitting]) -> None:
    assert {sitting.flips for sitting in sittings} <= {True, None}
    assert by_name(figures(BANK, sittings))["the change shown gives another outcome"].value == 1


def test_without_the_deciding_answers_nobody_keeps_the_outcome(sittings: list[Sitting]) -> None:
    assert all(sitting.undecided for sitting in sittings)


def test_the_posterior_is_that_of_direct_enumeration(sittings: list[Sitting]) -> None:
    assert max(sitting.strayed for sitting in sittings) < 1e-9


def test_a_missed_bar_is_seen(sittings: list[Sitting]) -> None:
    worse = [replace(sitting, outcome=Outcome.HYBRID, flips=False, cards=15) for sitting in sittings]
    found = by_name(figures(BANK, worse))

    assert not found["agreement with the full bank, all"].met
    assert not found["the change shown gives another outcome"].met
    assert not found["cards asked, maximum"].met


def test_enumeration_is_one_over_all_outcomes_and_leans_where_the_weights_do() -> None:
    for outcome in Outcome:
        chances = enumerated(BANK, typical(outcome))
        assert sum(chances.values()) == pytest.approx(1)
        assert max(chances, key=lambda each: chances[each]) is outcome
    assert set(enumerated(BANK, full_sheet(lambda item: None)).values()) == {0.25}


def test_the_ratio_of_weights_counts_the_heaviest_option_and_all_ticks(bank: Questionnaire) -> None:
    tiny = replace(
        bank, items=tuple(item for item in bank.items if item.id in {"industry", "more"})
    )  # business: 2 + 2, each of the others: 2 + 2

    assert weight_ratio(tiny) == 1
    assert weight_ratio(bank) <= 1.15
