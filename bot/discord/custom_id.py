"""What stands in a component's custom id: a press's wire form, and behind a `#` what Discord needs besides.

`<wire>` is a button or form, `<wire>#2` the second button with that press on a card (Discord wants every id
once), `<wire>#=<name>` a select that presses, `<wire>#+<name>` one whose choice is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.discord.limits import CUSTOM_ID_MAX, within

MARK = "#"
PRESSES, KEEPS = "=", "+"


@dataclass(frozen=True, slots=True)
class CustomId:
    """A custom id taken apart; `name` is a select's."""

    wire: str
    name: str | None = None
    keeps: bool = False


def for_button(wire: str, nth: int) -> str:
    """The id of the nth button with this press on a card. Raises LimitError."""
    return within(wire if nth == 1 else f"{wire}{MARK}{nth}", CUSTOM_ID_MAX, "custom id")


def for_select(wire: str, name: str, *, keeps: bool) -> str:
    """The id of a select. Raises LimitError."""
    return within(f"{wire}{MARK}{KEEPS if keeps else PRESSES}{name}", CUSTOM_ID_MAX, "custom id")


def read(custom_id: str) -> CustomId:
    """What a custom id says; it comes from the client and promises nothing."""
    wire, _mark, more = custom_id.partition(MARK)
    if more[:1] in {PRESSES, KEEPS}:
        return CustomId(wire, more[1:], keeps=more[0] == KEEPS)
    return CustomId(wire)
