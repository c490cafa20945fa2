"""A press: a call that has not happened yet, and the wire form in which it waits in a sent message.

Wire form: `1|<community>|<action>|<argument>|…`, at most 100 characters (Discord's custom id). It holds ids
and revisions only; who pressed is known from the platform, never from the wire.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

VERSION = "1"
WIRE_MAX = 100
SEPARATOR = "|"
DIGITS_MAX = 18  # what has more may not fit into a database's 64 bits
SAFE = re.compile(r"[A-Za-z0-9_.-]*")

Argument = str | int | bool | Enum | None


class WireError(ValueError):
    """What arrived is no press of ours: forged, cut, or of a version that we no longer read."""


class PressError(ValueError):
    """A press that cannot be sent: too long, or an argument that is more than an id."""


@dataclass(frozen=True, slots=True)
class Press:
    """An action by its released name, with its arguments as Python values."""

    action: str
    arguments: tuple[Argument, ...] = ()

    def wire(self, community: int) -> str:
        """The press as it is sent, bound to our id of the community. Raises PressError."""
        parts = (VERSION, str(community), self.action, *map(_encode, self.arguments))
        wire = SEPARATOR.join(parts)
        if len(wire) > WIRE_MAX:
            raise PressError(f"{wire!r} has {len(wire)} characters; {WIRE_MAX} fit")
        return wire

    def can_be_sent(self, community: int) -> bool:
        """Whether it fits on a button; what somebody typed in their own words does not."""
        try:
            return bool(self.wire(community))
        except PressError:
            return False


@dataclass(frozen=True, slots=True)
class Wire:
    """A press as it came in: its arguments are still words, typed only by the action's signature."""

    community: int
    action: str
    arguments: tuple[str, ...]


def read_wire(wire: str) -> Wire:
    """What a wire says, unchecked against any action. Raises WireError."""
    version, *parts = wire.split(SEPARATOR)
    if len(wire) > WIRE_MAX or version != VERSION or len(parts) < 2 or not parts[0].isascii():
        raise WireError(wire)
    if not parts[0].isdigit() or not all(SAFE.fullmatch(part) for part in parts):
        raise WireError(wire)
    if len(parts[0]) > DIGITS_MAX:
        raise WireError(wire)
    return Wire(int(parts[0]), parts[1], tuple(parts[2:]))


def _encode(argument: Argument) -> str:
    match argument:
        case None:
            return ""
        case bool():
            return "1" if argument else "0"
        case Enum():
            return _encode(argument.value)
        case int():
            if abs(argument) >= 10**DIGITS_MAX:
                raise PressError(f"{argument} has more than {DIGITS_MAX} digits")
            return str(argument)
    if not argument or not SAFE.fullmatch(argument):
        raise PressError(f"{argument!r} is no id: letters, digits, '-', '_' and '.' only")
    return argument


def decode(words: str, kind: type, *, optional: bool) -> Argument:
    """One argument of a wire as the type that the action's signature gives. Raises WireError."""
    if words == "" and optional:
        return None
    if kind is bool and words in {"0", "1"}:
        return words == "1"
    if kind is int and re.fullmatch(r"-?[0-9]+", words) and len(words.lstrip("-")) <= DIGITS_MAX:
        return int(words)
    if issubclass(kind, Enum):
        try:
            return kind(words)
        except ValueError as error:
            raise WireError(words) from error
    if kind is str and words:
        return words
    raise WireError(words)
