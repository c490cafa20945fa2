"""Texts made of texts: several side by side, and one that is cut to fit."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from commands.kit.view import Run
from content.text import Catalogue, Language, Text, _, quoted, verbatim

NAME_MAX = 60  # of a person, in a line with others
TYPED_MAX = 80  # of what somebody typed, said back to them
RIGHT_TO_LEFT = frozenset({"R", "AL"})
REACHES_OUT = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
ISOLATE, END = "\u2068", "\u2069"


def joined(texts: Sequence[Text], most: int | None = None) -> Text:
    """Texts side by side with a dot between; of very many the first ones, and how many more there are."""
    whole = texts[0]
    for text in texts[1:most]:
        whole = _("{first} · {second}", first=whole, second=text)
    more = len(texts) - len(texts[:most])
    return _("{first} and {more} more", first=whole, more=more) if more else whole


def dotted(texts: Iterable[Text]) -> tuple[Run, ...]:
    """What goes on in a line after something else, each with a dot before it."""
    return tuple(run for text in texts for run in (verbatim(" · "), text))


def short(text: Text, language: Language, catalogue: Catalogue, most: int) -> Text:
    """The text where it fits, else its beginning."""
    words = catalogue.say(text, language)
    return quoted(words if len(words) <= most else f"{words[: most - 1].rstrip()}…")


def person(name: str) -> Text:
    """A person's name inside a line: on one line, with an end, and turning nothing around it to its own direction."""
    kinds = {char: unicodedata.bidirectional(char) for char in set(name)}
    words = " ".join("".join(char for char in name if kinds[char] not in REACHES_OUT).split())
    if not words:
        return _("(no name)")
    words = words if len(words) <= NAME_MAX else f"{words[: NAME_MAX - 1].rstrip()}…"
    return quoted(words if RIGHT_TO_LEFT.isdisjoint(kinds.values()) else f"{ISOLATE}{words}{END}")


def said_back(words: str) -> str:
    """What somebody typed, to be said back to them: all of it, unless a card would be full of it."""
    return words if len(words) <= TYPED_MAX else f"{words[: TYPED_MAX - 1].rstrip()}…"
