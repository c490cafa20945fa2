"""Every version of the questionnaire that ever was, in every language, on every surface: its cards and its results."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import pytest

from commands import question, start, verdict_card
from commands.kit.press import Press
from commands.kit.request import Pressed
from commands.kit.view import Card, View
from content.asking import Ask
from content.load import Content, read_content
from content.outcomes import Outcome
from content.questionnaire import Choice, Item, Questionnaire
from content.respondents import loadings, respondent
from content.scoring import judge
from content.text import Language
from storage import runs
from storage.members import Me
from storage.runs import Run
from tests import spoken
from tests.commands.test_verdict_card import EVERYTHING, result_of
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.stretched import stretched
from tests.test_every_view import DRAWS

OURS = read_content()
VERSIONS = tuple(OURS.questionnaires)
PEOPLE = 900
ANSWERED = (1, 3, 5, 8, 12, 40)  # of a sheet's items, so that all kinds of words come up
ALL_WORDS = {(outcome, words) for outcome in Outcome for words in ("clear", "leaning", "between")}
LONGEST = 15  # of all results are drawn, since the others are shorter


@dataclass(frozen=True, slots=True)
class Speech:
    """In which words everything is drawn."""

    content: Content
    language: Language

    def draw(self, view: View) -> None:
        for surface, draw in DRAWS.items():
            assert draw(self.content.catalogue, view, self.language), surface


SPEECHES = {
    "English": Speech(OURS, Language.EN),
    "Chinese": Speech(OURS, Language.ZH),
    "longer": Speech(stretched(OURS), Language.ZH),
}
every_version = pytest.mark.parametrize("version", VERSIONS)
every_speech = pytest.mark.parametrize("speech", SPEECHES.values(), ids=SPEECHES)


def sheets(bank: Questionnaire) -> Iterator[dict[str, Choice]]:
    """What invented people answered, some to few of the questions; the same at every run."""
    drawn = loadings(bank, 7, moved=False)
    for number in range(PEOPLE):
        chance = random.Random(number)
        sheet = respondent(bank, drawn, 7, number).sheet
        answered = chance.sample(sorted(sheet), min(chance.choice(ANSWERED), len(sheet)))
        yield {item: choice if item in answered else None for item, choice in sheet.items()}


def of_every_kind(bank: Questionnaire) -> list[dict[str, Choice]]:
    """A sheet for each outcome in each kind of words, with the most reasons that there are, and one too empty."""
    most: dict[tuple[Outcome | None, str], tuple[int, dict[str, Choice]]] = {}
    for answers in sheets(bank):
        verdict = judge(bank, answers)
        kind = (None if verdict.words == "not-enough" else verdict.outcome, verdict.words)
        reasons = len(verdict.receipts) + bool(verdict.against) * 3 + (1 <= len(verdict.flip) <= 4) * 3
        if kind not in most or reasons > most[kind][0]:
            most[kind] = (reasons, answers)
    assert set(most) == ALL_WORDS | {(None, "not-enough")}
    return [answers for _reasons, answers in most.values()]


@every_version
@every_speech
def test_every_question_is_drawn_open_and_answered(speech: Speech, version: str) -> None:
    bank = speech.content.questionnaires[version]
    for item in bank.items:
        for together in {question.together(bank, item.id), (item,)}:
            answered = Run(1, version, 3, {each.id: _last(each) for each in bank.items}, runs.OPEN)
            asked = Ask(together, about_more=12, may_finish=True, asked=8)
            for run, step in ((Run(1, version, 0, {}, runs.OPEN), asked), (answered, asked), (answered, None)):
                speech.draw(question.card(bank, run, together, speech.language, step))


@every_version
@every_speech
def test_whatever_a_result_says_it_fits(speech: Speech, version: str) -> None:
    """With all that can stand on it, and one version behind."""
    bank = speech.content.questionnaires[version]
    newer = replace(bank, version="next", changes=speech.content.questionnaire.changes)
    later = replace(
        speech.content, questionnaires={**speech.content.questionnaires, "next": newer}, questionnaire=newer
    )
    cards = [verdict_card.card(later, result_of(bank, answers), "UTC", EVERYTHING) for answers in sheets(bank)]
    for card in sorted(cards, key=partial(_length, speech))[-LONGEST:]:
        speech.draw(card)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@every_speech
async def test_every_kind_of_stored_result_can_be_read(chat: DirectDriver, clock: SetClock, speech: Speech) -> None:
    """With its line in the history, what changed since the one before, its picture and its preview."""
    chat.dispatcher.content = speech.content
    await chat.run(f"/pmpath language {speech.language}")
    ids = [await keep(chat, clock, version, sheet) for version in VERSIONS for sheet in _of_kinds(version)]
    assert len(ids) == len(VERSIONS) * (len(ALL_WORDS) + 1)

    for result_id in ids:
        for action in ("result.show", "result.changed", "result.picture", "result.share"):
            await _draw(chat, speech, Press(action, (result_id,)))
    for first in range(0, len(ids), 5):
        await _draw(chat, speech, Press("result.history", (first,)))
        assert len([line for line in chat.seen.lines if ": " in line or "：" in line]) == min(5, len(ids) - first)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", list(Language))
async def test_a_result_of_the_first_version_says_why_and_what_today_changed(
    chat: DirectDriver, clock: SetClock, content: Content, language: Language
) -> None:
    await chat.run(f"/pmpath language {language}")
    first = VERSIONS[0]
    clear = next(sheet for sheet in _of_kinds(first) if judge(content.questionnaires[first], sheet).words == "clear")
    await keep(chat, clock, first, clear)

    card = await chat.run("/pmpath result")

    changes = content.questionnaire.changes
    assert changes is not None
    assert changes.affects
    assert content.catalogue.say(changes.text, language) in card.text
    assert {"What decided it", "起决定作用的回答"} & set(card.lines)


def _length(speech: Speech, card: Card) -> int:
    """About how many characters a card has."""
    said = partial(speech.content.catalogue.say, language=speech.language)
    return sum(len(said(text)) for text in spoken.texts(card))


def _of_kinds(version: str) -> list[dict[str, Choice]]:
    return of_every_kind(OURS.questionnaires[version])


def _last(item: Item) -> Choice:
    """The item's last answer; of a list the last as many as may be ticked."""
    ids = tuple(option.id for option in item.options)
    return ids[-1] if item.kind == "one" else ids[-(item.most or len(ids)) :]


async def keep(chat: DirectDriver, clock: SetClock, version: str, answers: Mapping[str, Choice]) -> int:
    """A run of that version, answered and finished a day after the one before."""
    assert chat.reply is not None
    clock.move(days=1)
    store, me = chat.dispatcher.store, Me(chat.reply.community, chat.uid, chat.name)
    run = await store.write(runs.start, me, version)
    conclude = partial(start.conclude, chat.dispatcher.content.questionnaires, final=True)
    answered = await store.write(runs.answer, me, run.id, run.revision, answers, conclude)
    assert isinstance(answered, runs.Finished)
    return answered.result_id


async def _draw(chat: DirectDriver, speech: Speech, press: Press) -> None:
    await chat.call(Pressed(chat.wire(press)))
    assert chat.reply is not None
    assert chat.reply.view is not None
    speech.draw(chat.reply.view)
