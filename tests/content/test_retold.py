"""What another version of the questionnaire says of old answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from content.likelihood import ticks
from content.load import Content
from content.questionnaire import Answers, Choice, Item, Questionnaire
from content.retold import retold
from content.scoring import judge

Edit = Callable[[Item], Item | None]


def full(bank: Questionnaire) -> dict[str, Choice]:
    """The last option of everything, and the first two ticks of every list."""
    return {
        item.id: item.options[-1].id if item.kind == "one" else tuple(each.id for each in item.options[:2])
        for item in bank.items
    }


def edited(bank: Questionnaire, edit: Edit) -> Questionnaire:
    return replace(bank, version="next", items=tuple(filter(None, map(edit, bank.items))))


@pytest.fixture
def bank(content: Content) -> Questionnaire:
    return content.questionnaire


@pytest.fixture
def answers(bank: Questionnaire) -> Answers:
    return full(bank)


def test_the_same_questions_say_the_same(bank: Questionnaire, answers: Answers) -> None:
    assert retold(bank, answers) == judge(bank, answers)


def test_items_and_options_that_are_gone_are_left_out(bank: Questionnaire, answers: Answers) -> None:
    gone = bank.items[10].id

    def edit(item: Item) -> Item | None:
        if item.id == gone:
            return None
        return replace(item, options=item.options[1:]) if item.id == "background" else item

    verdict = retold(edited(bank, edit), answers)

    kept = {name: choice for name, choice in answers.items() if name != gone}
    kept["background"] = tuple(ticks(answers["background"])[1:])
    assert verdict is not None
    assert verdict == replace(judge(edited(bank, edit), kept))


def test_a_list_that_takes_fewer_ticks_keeps_the_first_of_them(bank: Questionnaire, answers: Answers) -> None:
    def edit(item: Item) -> Item:
        return replace(item, most=1) if item.id == "background" else item

    verdict = retold(edited(bank, edit), answers)

    assert verdict == judge(edited(bank, edit), {**answers, "background": ticks(answers["background"])[:1]})


def test_with_less_than_half_of_the_answers_left_nothing_is_said(bank: Questionnaire, answers: Answers) -> None:
    few = {item.id for item in bank.items[: len(bank.items) // 2 - 1]}

    assert retold(edited(bank, lambda item: item if item.id in few else None), answers) is None


def test_where_hardly_anything_was_answered_nothing_is_said(bank: Questionnaire) -> None:
    assert retold(bank, dict.fromkeys((item.id for item in bank.items), None)) is None


def test_two_lists_that_have_become_one_are_understood_as_it(content: Content) -> None:
    bank, before = content.questionnaire, full(content.questionnaires["2"])
    apart = {**before, "skills-1": ("ran-kubernetes", "set-pass-mark"), "skills-2": ("documented-calls",)}
    rest = {name: choice for name, choice in before.items() if not name.startswith("skills-")}

    assert retold(bank, apart) == retold(bank, {**rest, "skills": ("ran-kubernetes", "documented-calls")})
    assert retold(bank, {**apart, "skills-1": None, "skills-2": None}) == retold(bank, rest)
    assert retold(bank, apart) != retold(bank, rest)
