"""Texts made of texts: several side by side, and one that is cut to fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from commands.kit.view import Run
from content.text import Catalogue, Language, Text, _, quoted, verbatim


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
