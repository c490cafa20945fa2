"""A public card inside a private one, word for word as others will read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from commands.kit.view import Bold, Card, Element, Line, Picture, Run, line, quiet
from commands.kit.wording import joined
from content.text import Catalogue, Language, Text, plural, quoted


def preview(card: Card, language: Language, catalogue: Catalogue) -> tuple[Element, ...]:
    """The card's title and body in the language of the others; its buttons named below, since they are not mine."""

    def said(text: Text) -> Text:
        return quoted(catalogue.say(text, language))

    def shown(element: Element) -> Element:
        match element:
            case Text():
                return said(element)
            case Line():
                return replace(element, runs=tuple(_fixed(run, said(_text(run))) for run in element.runs))
            case Picture():
                return replace(element, alt=said(element.alt))
        return element

    labels = [said(button.label) for button in card.buttons]
    below = () if not labels else (quiet(_named(labels)),)
    return (line(Bold(said(card.title))), *map(shown, card.body), *below)


def _named(labels: Sequence[Text]) -> Text:
    return plural("With the button: {labels}", "With the buttons: {labels}", len(labels), labels=joined(labels))


def _text(run: Run) -> Text:
    return run if isinstance(run, Text) else run.text


def _fixed(run: Run, words: Text) -> Run:
    return words if isinstance(run, Text) else replace(run, text=words)
