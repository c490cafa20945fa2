"""The form on invented people: what it must reach, on fewer people than `pmpath assess simulate` takes."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean

import pytest

from content.asking import Ask, next_step
from content.curtailment import chance_of_change, foreseen
from content.outcomes import Outcome
from content.questionnaire import Answers, Choice, Questionnaire
from content.receipts import decided_logs, leader
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


def test_what_is_foreseen_for_blends_is_about_what_comes() -> None:
    """After six cards: of all that the unasked items change, and in each third by what was foreseen."""
    drawn = loadings(BANK, 11, moved=False)
    pairs = sorted(map(foreseen_and_came, (respondent(BANK, drawn, 11, number).sheet for number in range(600))))
    thirds = [pairs[first : first + 200] for first in (0, 200, 400)]

    for third in thirds:
        assert mean(chance for chance, _came in third) == pytest.approx(mean(came for _chance, came in third), abs=0.07)
    assert mean(came for _chance, came in thirds[0]) < mean(came for _chance, came in thirds[2]) - 0.2


def foreseen_and_came(sheet: Answers) -> tuple[float, bool]:
    """The chance that the unasked items would give another leader, and whether the whole sheet does."""
    given: dict[str, Choice] = {}
    while isinstance(step := next_step(BANK, given), Ask) and step.asked < 6:
        given |= {item.id: sheet[item.id] for item in step.items}
    logs = decided_logs(BANK, given)
    unasked = [item_id for item_id in foreseen(BANK) if item_id not in given]
    return chance_of_change(BANK, given, logs, unasked), leader(logs) is not leader(decided_logs(BANK, sheet))
