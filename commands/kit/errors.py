"""Saying no, once, in words for the member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commands.kit.press import Press
from commands.kit.view import Button
from content.text import Text, _


class Refusal(Exception):
    """A plain "no": one sentence, and the buttons that lead on. Never our fault, never logged as an error."""

    def __init__(self, text: Text, buttons: Sequence[Button] = ()) -> None:
        super().__init__(text.en)
        self.text = text
        self.buttons = tuple(buttons)


class Invalid(Refusal):
    """A form that can't be taken: a sentence for each wrong field. What was written is kept.

    `again` opens the form: a surface that can't show errors inside it offers *Correct it*, filled in.
    """

    def __init__(self, fields: Mapping[str, Text], again: Press) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = dict(fields)
        self.again = again


def out_of_date() -> Refusal:
    """The answer to a button that this version no longer knows."""
    return Refusal(_("This card is out of date. Open a new one with /pmpath."), (Button(_("Home"), Press("home")),))


def not_yours() -> Refusal:
    """The answer to a press on somebody else's card; whose it is is never said."""
    return Refusal(_("This card isn't yours. Open your own with /pmpath start."), (Button(_("Home"), Press("home")),))
