"""Invented people: the same from the same seed, of the kinds that the page describes."""

from __future__ import annotations

from content.questionnaire import Questionnaire
from content.respondents import Noise, loadings, respondent


def test_the_same_number_of_the_same_seed_is_the_same_person(bank: Questionnaire) -> None:
    drawn = loadings(bank, 1, moved=False)

    assert respondent(bank, drawn, 1, 7) == respondent(bank, loadings(bank, 1, moved=False), 1, 7)
    assert respondent(bank, drawn, 1, 7) != respondent(bank, drawn, 1, 8)
    assert respondent(bank, drawn, 1, 7) != respondent(bank, drawn, 2, 7)


def test_every_sheet_is_a_complete_answer_to_the_bank(bank: Questionnaire) -> None:
    drawn = loadings(bank, 1, moved=True)
    for number in range(200):
        person = respondent(bank, drawn, 1, number)
        for sheet in (person.sheet, person.second):
            assert set(sheet) == {item.id for item in bank.items}
            assert all(item.takes(sheet[item.id]) and sheet[item.id] is not None for item in bank.items)


def test_about_two_in_three_are_clear_cut_and_all_outcomes_are_among_them(bank: Questionnaire) -> None:
    people = [respondent(bank, loadings(bank, 1, moved=False), 1, number) for number in range(1000)]

    assert 0.60 < sum(person.clear_cut for person in people) / 1000 < 0.75
    assert len({person.true for person in people}) == 4


def test_the_less_noise_the_more_alike_are_two_sittings(bank: Questionnaire) -> None:
    drawn = loadings(bank, 1, moved=False)

    def alike(noise: Noise) -> int:
        people = [respondent(bank, drawn, 1, number, noise) for number in range(200)]
        return sum(person.sheet[item.id] == person.second[item.id] for person in people for item in bank.items)

    assert alike(Noise.LOW) > alike(Noise.MEDIUM) > alike(Noise.HIGH)


def test_moved_weights_are_other_loadings_within_their_bounds(bank: Questionnaire) -> None:
    moved, written = loadings(bank, 1, moved=True), loadings(bank, 1, moved=False)

    assert moved != written
    assert all(0 <= value <= 1.1 for options in moved.values() for option in options for value in option)
