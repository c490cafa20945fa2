"""A result as a picture, and the same in words."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from bot.discord import render as discord
from bot.slack import render as slack
from commands import picture
from commands.kit.drawing import Draw, Drawing, Sketch
from commands.kit.press import Press
from commands.kit.request import Context, Pressed
from commands.kit.view import Card, Picture
from content.load import Content
from content.outcomes import Outcome
from content.text import Language
from content.verdict import Verdict, Words
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import latest_result

CLOSE = (None, Outcome.BUSINESS)


def shown(chat: DirectDriver) -> Picture:
    """The picture on the last card."""
    assert chat.reply is not None
    assert isinstance(chat.reply.view, Card)
    return next(each for each in chat.reply.view.body if isinstance(each, Picture))


def watched() -> tuple[list[Drawing], Draw]:
    """A studio that draws nothing, and what it was asked for."""
    asked: list[Drawing] = []

    async def draw(drawing: Sketch) -> bytes:
        assert isinstance(drawing, Drawing)
        asked.append(drawing)
        return b"png"

    return asked, draw


def words_of(drawing: Drawing) -> list[str]:
    """Everything that stands on a picture but its marks and our own name."""
    outcomes = [words for each in drawing.outcomes for words in (each.name, each.about)]
    return [drawing.person, drawing.says, *outcomes, *drawing.lines, drawing.note]


async def test_a_result_leads_to_its_picture_and_back(chat: DirectDriver) -> None:
    result = await answer_all(chat, {"background": [3]}, letter="A")

    card = await chat.press("As a picture")

    assert card.title == "Your result as a picture"
    assert shown(chat).png.startswith(b"\x89PNG")
    assert card.buttons == ["My result", "Home"]
    once = "+20 points · for finishing your first assessment"
    assert (await chat.press("My result")).lines == [line for line in result.lines if line != once]


@pytest.mark.parametrize("language", list(Language))
async def test_the_words_beside_a_picture_say_all_that_stands_on_it(
    chat: DirectDriver, content: Content, language: Language
) -> None:
    await answer_all(chat, {"background": [3]}, letter="A")
    stored = await latest_result(chat)
    asked, draw = watched()
    context = replace(await context_of(chat), draw=draw, language=language)
    for verdict in verdicts(Verdict.from_json(stored.summary)):
        drawn = await picture.picture_of(context, replace(stored, summary=verdict.to_json().decode()), "Ada")
        said = content.catalogue.say(drawn.alt, language)
        person, says, *others = words_of(asked[-1])
        assert said.startswith(person)
        assert all(words in said for words in (says.removesuffix("两者之间"), *others))
        assert len(asked[-1].outcomes) == (2 if verdict.words == "between" else 1)
        assert len(asked[-1].lines) <= 2


async def test_where_too_little_was_said_there_is_no_picture(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath start")
    while "Skip" in card.buttons:
        card = await chat.press("Skip")
    if "Show my result" in card.buttons:
        card = await chat.press("Show my result")
    assert card.title == "Not enough answers to say"
    assert "As a picture" not in card.buttons

    forged = await chat.call(Pressed(chat.wire(Press("result.picture", ((await latest_result(chat)).id,)))))

    assert forged.title == "Not this time"


async def test_nobody_elses_result_becomes_a_picture(chat: DirectDriver) -> None:
    await answer_all(chat, {}, letter="A")
    wire = chat.wire(Press("result.picture", ((await latest_result(chat)).id,)))
    other = chat.other(uid="u2")
    await other.run("/pmpath start")

    assert (await other.call(Pressed(wire))).lines[0].startswith("This card isn't yours.")


@pytest.mark.parametrize("name", ["王小明", "نور حداد", "👩\u200d🚀", " ", "W" * 100, "\ud83d\x00"])
async def test_whoever_it_is_gets_their_picture(chat: DirectDriver, name: str) -> None:
    await answer_all(chat, {"background": [3]}, letter="A")
    member = chat.other(name=name)
    await member.run("/pmpath result")

    await member.press("As a picture")

    said = chat.say(shown(member).alt)
    legible = name.strip("\ud83d\x00 ")
    assert said.startswith(f"{legible}. " if legible else ("Track", "Leans", "Between"))


def verdicts(verdict: Verdict) -> list[Verdict]:
    """Everything that a picture may have to say."""
    kinds: tuple[Words, ...] = ("clear", "leaning", "between")
    return [
        replace(verdict, words=words, outcome=outcome, experience=experience, choices=choices, runner_up=runner_up)
        for words, outcome, experience, choices, runner_up in product(
            kinds, Outcome, (None, *Outcome), (None, *Outcome), CLOSE
        )
        if not (words == "between" and runner_up is None) and runner_up is not outcome
    ]


@pytest.mark.parametrize("language", list(Language))
async def test_the_longest_words_fit_every_surface(chat: DirectDriver, content: Content, language: Language) -> None:
    await answer_all(chat, {"background": [3]}, letter="A")
    stored = await latest_result(chat)
    alts = set()
    for verdict in verdicts(Verdict.from_json(stored.summary)):
        alt = picture._in_words(verdict, "W" * 100, picture._lines(verdict))  # noqa: SLF001 - the words alone, for some hundred verdicts
        card = Card(alt, (Picture("a.png", b"png", alt),))
        drawn = discord.card(content.catalogue, card, language, 1)
        assert drawn.files[0].description == content.catalogue.say(alt, language)
        slack.message(content.catalogue, card, language, 1)
        alts.add(drawn.files[0].description)

    assert len(alts) > 200


async def test_a_shared_picture_may_speak_another_language_and_name_nobody(chat: DirectDriver) -> None:
    await answer_all(chat, {"background": [3]}, letter="A")
    stored = await latest_result(chat)
    asked, draw = watched()
    await picture.picture_of(replace(await context_of(chat), draw=draw), stored, "", Language.ZH)

    assert (asked[0].language, asked[0].person, asked[0].note) == (Language.ZH, "", "不可用于招聘")


async def context_of(chat: DirectDriver) -> Context:
    """A handler's context, as this member gets it."""
    seen: list[Context] = []
    home = chat.dispatcher.registry.actions["home"]

    async def look(ctx: Context) -> Card:
        seen.append(ctx)
        return Card(picture.NOTE)

    watched = replace(home, handler=look)
    chat.dispatcher.registry = replace(
        chat.dispatcher.registry, actions={**chat.dispatcher.registry.actions, "home": watched}
    )
    await chat.call(Pressed(chat.wire(Press("home"))))
    return seen[0]
