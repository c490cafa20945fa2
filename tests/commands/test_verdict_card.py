"""A result's card, with all that can stand beside it, within every surface's limits."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.discord.limits import TEXT_MAX
from commands import verdict_card
from commands.kit.view import Line
from commands.verdict_card import Beside
from content.load import Content
from content.questionnaire import Choice, Questionnaire
from content.scoring import judge
from content.text import Language, Text
from storage.results import Stored
from storage.shares import Share, ShareState
from tests.test_every_view import DRAWS

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
EVERYTHING = Beside(
    shares=tuple(Share(place, "C1", state, "403 50013: " + "x" * 60) for place, state in enumerate(ShareState)),
    earlier=True,
    several=True,
)


def sheets(bank: Questionnaire, count: int) -> Iterator[dict[str, Choice]]:
    """Answers of all kinds, the same at every run."""
    chance = random.Random(7)
    for _sheet in range(count):
        answers: dict[str, Choice] = {}
        for item in bank.items:
            ids = [option.id for option in item.options]
            ticks = chance.sample(ids, chance.randint(0, item.most or len(ids)))
            answers[item.id] = chance.choice([*ids, None]) if item.kind == "one" else tuple(ticks)
        yield answers


def result_of(bank: Questionnaire, answers: dict[str, Choice]) -> Stored:
    """As if every answer had come a second after the one before."""
    verdict = judge(bank, answers)
    times = {name: NOON + dt.timedelta(seconds=place) for place, name in enumerate(answers)}
    summary = verdict.to_json().decode()
    return Stored(1, 1, verdict.outcome, bank.version, summary, bank.texts_hash, NOON, answers, times)


@pytest.mark.parametrize("language", list(Language))
def test_with_all_that_can_stand_on_it_a_result_is_within_every_surfaces_limits(
    content: Content, language: Language
) -> None:
    bank = content.questionnaire
    newer = replace(bank, version="next")
    later = replace(content, questionnaires={**content.questionnaires, "next": newer}, questionnaire=newer)
    longest = 0
    for answers in sheets(bank, 40):
        card = verdict_card.card(later, result_of(bank, answers), "UTC", EVERYTHING)
        for draw in DRAWS.values():
            assert draw(content.catalogue, card, language)
        longest = max(longest, sum(_length(content, element, language) for element in card.body))

    assert 0 < longest < TEXT_MAX * 0.85  # markup is not counted here


def test_rules_that_fit_together_are_all_named(content: Content) -> None:
    bank = content.questionnaire
    said = {}
    for ticked in (("cloud-native", "designer"), ("cloud-native", "data-work", "designer")):
        stored = result_of(bank, {"background": ticked, "more": (), **_neutral(bank)})
        card = verdict_card.card(content, stored, "UTC", EVERYTHING)
        said[ticked] = [content.catalogue.say(each, Language.EN) for each in card.body if isinstance(each, Text)]

    two, three = said.values()
    rule = "Your background fits {}; what you would rather do decides between them."
    assert rule.format("Platform and Hybrid") in two
    assert rule.format("Platform, Technical and Hybrid") in three


@pytest.mark.parametrize("bank_version", ["1", "2"])
def test_most_results_have_about_ten_ways_on(content: Content, bank_version: str) -> None:
    bank = content.questionnaires[bank_version]
    beside = Beside(earlier=True, several=True)
    for answers in sheets(bank, 40):
        card = verdict_card.card(content, result_of(bank, answers), "UTC", beside)
        labels = [content.catalogue.say(button.label, Language.EN) for button in card.buttons]
        assert len(labels) <= 11
        assert labels[-1] == "Home"


def _neutral(bank: Questionnaire) -> dict[str, Choice]:
    """One answer to each of some questions of choice, so that there is something to say."""
    ones = [item for item in bank.items if item.kind == "one" and not item.fact]
    return {item.id: item.options[place % len(item.options)].id for place, item in enumerate(ones[:6])}


def _length(content: Content, element: object, language: Language) -> int:
    runs = (element,) if isinstance(element, Text) else element.runs if isinstance(element, Line) else ()
    texts = (run if isinstance(run, Text) else run.text for run in runs)
    return sum(len(content.catalogue.say(text, language)) for text in texts)


def test_nothing_is_asked_and_nothing_is_offered_where_nothing_is_kept(content: Content) -> None:
    """In the terminal a result is kept nowhere."""
    answers = next(sheets(content.questionnaire, 1))
    card = verdict_card.card(content, result_of(content.questionnaire, answers), "UTC")

    labels = [content.catalogue.say(button.label, Language.EN) for button in card.buttons]
    assert not {"Share", "History"} & set(labels)
    assert not any(type(element).__name__ == "Buttons" for element in card.body)
