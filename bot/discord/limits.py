"""Discord's limits by name (its reference of components and commands), held before a member meets them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

COMPONENTS_MAX = 40  # in a message, nested ones counted
TEXT_MAX = 4_000  # over all text displays of a message, markup included
CUSTOM_ID_MAX = 100
BUTTON_MAX = 80
ROW_MAX = 5  # buttons side by side
OPTIONS_MAX = 25
OPTION_MAX = 100
PLACEHOLDER_MAX = 150
ALT_MAX = 1_024
FILES_MAX = 10
FILE_BYTES_MAX = 10 * 1024 * 1024  # all files of a message together, in a server without boosts
LINK_MAX = 512  # a link button's address
FORM_TITLE_MAX = 45
FORM_LABEL_MAX = 45
HINT_MAX = 100
FIELD_MAX = 4_000
RADIOS_MIN, RADIOS_MAX = 2, 10
NONCE_MAX = 25

COMMAND_NAME_MAX = 32
DESCRIPTION_MAX = 100
CHOICE_MAX = 100
COMMAND_OPTIONS_MAX = 25  # options or subcommands at one level
COMMAND_CHARACTERS_MAX = 8_000  # names, descriptions and choices of one root, the longest language of each


class LimitError(ValueError):
    """A view or command that Discord would refuse; the build's tests meet it before a member does."""


def within(words: str, most: int, what: str) -> str:
    """The words, if Discord takes so many there. Raises LimitError."""
    if not 1 <= len(words) <= most or not words.strip():
        raise LimitError(f"{what}: {len(words)} characters, 1 to {most} fit: {words[:60]!r}")
    return words


def at_most(count: int, most: int, what: str) -> None:
    """Raises LimitError where there are too many."""
    if count > most:
        raise LimitError(f"{count} {what}, {most} fit")


def check_commands(payload: list[Json]) -> None:
    """Raises LimitError where Discord would refuse these commands."""
    for root in payload:
        _check_named(root)
        at_most(_weight(root), COMMAND_CHARACTERS_MAX, f"characters in /{root['name']}")


def _check_named(named: Json) -> None:
    for name in _said(named, "name"):
        within(name, COMMAND_NAME_MAX, "command name")
    for description in _said(named, "description"):
        within(description, DESCRIPTION_MAX, f"description of {named['name']}")
    options = named.get("options", [])
    at_most(len(options), COMMAND_OPTIONS_MAX, f"options of {named['name']}")
    at_most(len(named.get("choices", [])), COMMAND_OPTIONS_MAX, f"choices of {named['name']}")
    for choice in named.get("choices", []):
        for name in _said(choice, "name"):
            within(name, CHOICE_MAX, f"choice of {named['name']}")
    for option in options:
        _check_named(option)


def _said(named: Json, field: str) -> list[str]:
    """A text and its localizations."""
    return [named[field], *named.get(f"{field}_localizations", {}).values()]


def _weight(named: Json) -> int:
    """The characters that count towards the root's 8,000."""
    own = sum(max(map(len, _said(named, field))) for field in ("name", "description"))
    choices = sum(max(map(len, _said(choice, "name"))) + len(choice["value"]) for choice in named.get("choices", []))
    return own + choices + sum(map(_weight, named.get("options", [])))
