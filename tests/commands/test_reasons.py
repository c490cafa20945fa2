"""Why a result is what it is, as it is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands import reasons
from commands.kit.view import Line
from content.load import Content
from content.outcomes import Outcome
from content.questionnaire import Choice
from content.scoring import judge
from content.text import Language, Text
from content.verdict import Answer, Verdict
from tests.content.sheets import typical


def told(content: Content, answers: dict[str, Choice], verdict: Verdict) -> list[str]:
    """The lines in English."""
    said = []
    for element in reasons.lines(content.questionnaire, answers, verdict):
        assert isinstance(element, Line)
        runs = (run if isinstance(run, Text) else run.text for run in element.runs)
        said.append("".join(content.catalogue.say(run, Language.EN) for run in runs))
    return said


@pytest.fixture
def platform(content: Content) -> tuple[dict[str, Choice], Verdict]:
    answers = typical(Outcome.PLATFORM, content.questionnaire)
    return answers, judge(content.questionnaire, answers)


def test_an_answer_of_several_ticks_is_one_line(content: Content, platform: tuple[dict[str, Choice], Verdict]) -> None:
    answers, verdict = platform
    item = next(item for item in content.questionnaire.items if item.kind == "many" and len(item.options) > 4)
    ids = [option.id for option in item.options]
    both = replace(verdict, receipts=((item.id, ids[0]), (item.id, ids[1])), against=None)
    five = replace(verdict, receipts=tuple((item.id, each) for each in ids[:5]), against=None)

    first, second, third = (option.text.en for option in item.options[:3])
    assert told(content, answers, both)[1] == f"{item.text.en} → {first} · {second}"
    assert told(content, answers, five)[1] == f"{item.text.en} → {first} · {second} · {third} and 2 more"


def test_ticks_that_stand_apart_as_in_older_results_are_read_too(
    content: Content, platform: tuple[dict[str, Choice], Verdict]
) -> None:
    answers, verdict = platform
    items = content.questionnaire.items[:3]
    apart = replace(verdict, receipts=tuple((item.id, item.options[0].id) for item in items), against=None)

    lines = told(content, answers, apart)
    assert lines[1:4] == [f"{item.text.en} → {item.options[0].text.en}" for item in items]


@pytest.mark.parametrize("count", [0, 5])
def test_where_no_few_answers_would_change_it_that_is_said(
    content: Content, platform: tuple[dict[str, Choice], Verdict], count: int
) -> None:
    answers, verdict = platform
    ones = [item for item in content.questionnaire.items if item.kind == "one"]
    flip: tuple[Answer, ...] = tuple((item.id, item.options[0].id) for item in ones[:count])

    lines = told(content, answers, replace(verdict, flip=flip))

    assert lines[-1] == "No few answers would change this."
    assert not any(line.startswith("What would make it") for line in lines)
