"""Every card, on every surface: within its limits, and no English in Chinese, no Chinese in English."""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Iterable, Iterator, Mapping

import icalendar
import pytest

from bot.discord import declare
from commands.kit.discover import Registry
from commands.kit.drawing import Drawing, Sketch
from commands.kit.view import Card, File, View
from content.load import Content
from content.text import Language, Text
from tests import spoken
from tests.bot.discord.test_declare import everything
from tests.content.test_words import texts as pack_texts
from tests.crawl import every_view
from tests.drivers.direct import DirectDriver
from tests.test_every_view import DRAWS

TAG = re.compile(r"<[^>]*>")
PRESENTATION = re.compile(r"(?s)<style.*?</style>")
POSTED = re.compile(r"^(Weekly tip|每周一招) · ")  # the heading of a post, in the language of the post
NAMES = re.compile(r"Ada|Sandbox|general|\bu1\b")  # of the member, the community and the channel that the walk goes by


@pytest.mark.timeout(300)  # about a thousand cards
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", list(Language))
async def test_every_card_fits_every_surface_and_has_no_words_of_the_other_language(
    chat: DirectDriver, content: Content, language: Language
) -> None:
    """One walk for all that is looked at on every card: a moderator's cards are a member's and more."""
    left: dict[str, str] = {}
    titles, written = set(), set()
    drawn = _noted_drawings(chat)
    async for reply in every_view(chat.other(moderator=True), language):
        assert reply.view is not None
        titles.add(content.catalogue.say(reply.view.title, language))
        for draw in DRAWS.values():
            assert draw(content.catalogue, reply.view, language)
        for text in spoken.texts(reply.view):
            left |= left_in(content, text, language)
        for name, words in written_in(reply.view):
            written.add(name)
            left |= left_of(content, words, language)
    said = list(_words_in(drawn))
    left |= left_of(content, "\n".join(said), language)

    assert left == {}
    assert len(titles) > 60
    assert written == {"pmpath-export.html", "plan.md", "plan.ics"}
    assert len(set(said)) >= 5


def _noted_drawings(chat: DirectDriver) -> list[Drawing]:
    """What is drawn from now on."""
    drawn: list[Drawing] = []
    draw = chat.dispatcher.draw

    def noted(drawing: Sketch) -> Awaitable[bytes]:
        if isinstance(drawing, Drawing):
            drawn.append(drawing)
        return draw(drawing)

    chat.dispatcher.draw = noted
    return drawn


def _words_in(drawn: Iterable[Drawing]) -> Iterator[str]:
    for drawing in drawn:
        yield from (drawing.says, *drawing.lines, drawing.note)
        for outcome in drawing.outcomes:
            yield from (outcome.name, outcome.about)


@pytest.mark.parametrize("language", list(Language))
def test_what_discord_is_told_of_the_commands_has_no_words_of_the_other_language(
    content: Content, registry: Registry, language: Language
) -> None:
    told = list(everything(declare.payload(registry, content.catalogue)))
    key = "description" if language is Language.EN else "description_localizations"
    words = [each[key] if language is Language.EN else each[key][declare.LOCALE] for each in told]

    assert left_of(content, "\n".join(words), language) == {}


@pytest.mark.parametrize(
    ("text", "language", "left"),
    [
        (Text("Take it 再"), Language.EN, ["再"]),
        (Text("Skip", zh="Skip 这一题"), Language.ZH, ["Skip"]),
        (Text("{done}", (("done", Text("Done", zh="Done")),), zh="完成：{done}"), Language.ZH, ["Done"]),
        (Text("Run /pmpath start", zh="输入 /pmpath start，用 Python 或 SQL"), Language.ZH, []),
    ],
)
def test_a_leftover_is_seen(content: Content, text: Text, language: Language, left: list[str]) -> None:
    assert list(left_in(content, text, language)) == left


def written_in(view: View) -> Iterator[tuple[str, str]]:
    """What stands in a view's files for people to read."""
    for element in view.elements if isinstance(view, Card) else ():
        if not isinstance(element, File):
            continue
        words = element.content.decode()
        if element.mime == "text/html":
            yield element.name, html.unescape(TAG.sub("\n", PRESENTATION.sub("", words)))
        elif element.mime == "text/calendar":
            events = icalendar.Calendar.from_ical(words).walk("VEVENT")
            yield element.name, "\n".join(f"{each['SUMMARY']}\n{each['DESCRIPTION']}" for each in events)
        elif element.mime == "text/markdown":
            yield element.name, words


def test_no_text_of_the_pack_or_the_program_has_words_of_the_other_language(content: Content) -> None:
    """Also of those texts that no walk comes by: all questions, every error, the page's own labels."""
    program = [Text(english) for english in content.catalogue.zh]
    every = [*program, *(text for _where, text in pack_texts(content))]
    left: dict[str, str] = {}
    for language in Language:
        for text in every:
            left |= left_in(content, text, language)

    assert left == {}


def left_of(content: Content, words: str, language: Language) -> Mapping[str, str]:
    """What is left of the other language in running words, in which titles and makers stand as they are."""
    words = spoken.ADDRESS.sub(" ", words)
    for known in sorted(spoken.verbatim_words(content), key=len, reverse=True):
        words = words.replace(known, " ")
    ours = NAMES.sub(" ", words)
    return {each: line for line in ours.splitlines() for each in spoken.leftovers(line, language)}


def left_in(content: Content, text: Text, language: Language) -> Mapping[str, str]:
    """What is left of the other language in a text, each with the words around it."""
    found: dict[str, str] = {}
    verbatim = spoken.verbatim_words(content)
    for words in spoken.said(content, text, language):
        if words in verbatim or POSTED.match(words):
            continue
        ours = NAMES.sub(" ", words)
        found |= dict.fromkeys(spoken.leftovers(ours, language), words)
    return found
