"""Slack's limits by name (its Block Kit and API reference), held before a member meets them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

BLOCKS_MAX = 50  # in a message
VIEW_BLOCKS_MAX = 100  # in a modal or on Home
WORDS_MAX = 13_200  # of a message's blocks together
HEADER_MAX = 150
PARAGRAPH_MAX = 3_000  # a section or a context; kept for rich text too, whose own limit is not published
ACTIONS_MAX = 25  # elements in one row
BUTTON_MAX = 75
OPTION_MAX = 75
CHECKBOXES_MAX = 10
PLACEHOLDER_MAX = 150
LABEL_MAX = 2_000
ALT_MAX = 2_000  # the words of a picture
TITLE_MAX = 24  # a modal's title, and its buttons
METADATA_MAX = 3_000
ID_MAX = 255
TEXT_MAX = 3_000  # top-level text; chat.update takes 4,000
FIELD_MAX = 3_000  # what can be written into a field


class LimitError(ValueError):
    """A drawn view that Slack would refuse; the build's conventions test meets it before a member does."""


def within(words: str, most: int, what: str) -> str:
    """The words, if Slack takes so many there. Raises LimitError."""
    if not 1 <= len(words) <= most:
        raise LimitError(f"{what}: {len(words)} characters, 1 to {most} fit: {words[:60]!r}")
    return words


def check(blocks: list[Json], most: int, characters: int) -> None:
    """Raises LimitError where there are too many blocks, or too many words in a message's together."""
    if not 1 <= len(blocks) <= most:
        raise LimitError(f"{len(blocks)} blocks, 1 to {most} fit")
    if most == BLOCKS_MAX and characters > WORDS_MAX:
        raise LimitError(f"{characters} characters in the blocks, {WORDS_MAX} fit")
