"""A view as Slack takes it: a message with its top-level text, a modal, or the Home tab."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack import limits
from bot.slack.blocks import NOT_YET, Pen, Shown
from bot.slack.spelling import mrkdwn, plain_text
from commands.kit.view import Card, File, Form, Line, Picture, Section, Tone, lower
from content.text import Catalogue, Language, Text, _

Json = dict[str, Any]

NATIVE: frozenset[type] = frozenset({Picture, Section})
FORM = "form"  # the callback_id of every form


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card ready to send, with the files that must go another way."""

    text: str
    blocks: list[Json]
    files: tuple[File, ...]


def message(catalogue: Catalogue, card: Card, language: Language, community: int, shown: Shown = NOT_YET) -> Drawn:
    """A card as a message; of its pictures those that Slack can show already (`shown`). Raises LimitError."""
    pen = Pen(catalogue, language, community, shown)
    blocks = drawn(pen, (card,), limits.BLOCKS_MAX)
    return Drawn(spoken(pen.said), blocks, files_of((card,)))


def home(
    catalogue: Catalogue, cards: Sequence[Card], language: Language, community: int, shown: Shown = NOT_YET
) -> Json:
    """The Home tab: one card, after those that wait to be seen. Raises LimitError."""
    blocks = drawn(Pen(catalogue, language, community, shown), cards, limits.VIEW_BLOCKS_MAX)
    return {"type": "home", "blocks": blocks}


def modal_card(
    catalogue: Catalogue, cards: Sequence[Card], language: Language, community: int, shown: Shown = NOT_YET
) -> Json:
    """Cards in a modal that is only read and pressed. Raises LimitError."""
    blocks = drawn(Pen(catalogue, language, community, shown), cards, limits.VIEW_BLOCKS_MAX)
    view = {**shell(catalogue, _("Close"), language), "blocks": blocks}
    if any(block["type"] == "input" for block in blocks):  # Slack wants a submit where something is entered
        view["submit"] = plain_text(catalogue.say(_("Close"), language))
    return view


def saving(catalogue: Catalogue, language: Language) -> Json:
    """What a form turns into while what it sent is still being stored."""
    words = catalogue.say(_("Saving…"), language)
    blocks = [{"type": "section", "text": plain_text(words)}]
    return {**shell(catalogue, _("Close"), language), "blocks": blocks}


def sentence(catalogue: Catalogue, words: str) -> Json:
    """A modal that says one thing, to somebody whose language is not known."""
    blocks = [{"type": "section", "text": plain_text(words)}]
    return {**shell(catalogue, _("Close"), Language.EN), "blocks": blocks}


def shell(catalogue: Catalogue, close: Text, language: Language) -> Json:
    """A modal's frame."""
    return {"type": "modal", "title": plain_text("pmpath"), "close": plain_text(catalogue.say(close, language))}


def form(catalogue: Catalogue, view: Form, language: Language, community: int, metadata: Json) -> Json:
    """A form as a modal, which carries its press and where its answer goes. Raises LimitError."""
    pen = Pen(catalogue, language, community)
    carried = json.dumps({"press": view.press.wire(community), **metadata}, separators=(",", ":"))
    return {
        **shell(catalogue, _("Cancel"), language),
        "callback_id": FORM,
        "title": pen.label(view.title, limits.TITLE_MAX, "form title"),
        "submit": pen.label(view.submit, limits.TITLE_MAX, "submit"),
        "private_metadata": limits.within(carried, limits.METADATA_MAX, "metadata"),
        "blocks": [pen.entry(entry) for entry in view.fields],
    }


def drawn(pen: Pen, cards: Sequence[Card], most: int) -> list[Json]:
    """The cards' blocks, one card after the other. Raises LimitError."""
    blocks: list[Json] = []
    for card in cards:
        blocks += [{"type": "divider"}] if blocks else []
        blocks += pen.line(Line((card.title,), Tone.HEADING))
        for element in lower(card.elements, NATIVE):
            blocks += pen.element(element)
    blocks = blocks if len(blocks) <= most else joined(blocks)
    limits.check(blocks, most, pen.characters)
    return blocks


def files_of(cards: Iterable[Card]) -> tuple[File, ...]:
    """The files in the cards."""
    return tuple(element for card in cards for element in card.body if isinstance(element, File))


def pictures_of(card: Card) -> tuple[Picture, ...]:
    """The pictures in a card."""
    return tuple(element for element in card.body if isinstance(element, Picture) and not element.said_beside)


def joined(blocks: list[Json]) -> list[Json]:
    """The blocks, with paragraphs that follow one another put into one."""
    fewer: list[Json] = []
    for block in blocks:
        if fewer and block["type"] == fewer[-1]["type"] == "rich_text":
            fewer[-1] = {"type": "rich_text", "elements": fewer[-1]["elements"] + block["elements"]}
        else:
            fewer.append(block)
    return fewer


def spoken(paragraphs: Iterable[str]) -> str:
    """The top-level text: what a notification shows and a screen reader says, whole lines as far as they fit."""
    text = ""
    for words in map(mrkdwn, filter(None, paragraphs)):
        if len(text) + len(words) + 2 > limits.TEXT_MAX:
            return f"{text}…"
        text = f"{text}{words}\n"
    return text.rstrip("\n")
