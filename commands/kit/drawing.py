"""A picture before it is drawn: the words that stand on it, already spoken, and the marks beside them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from content.outcomes import Outcome
from content.text import Language


@dataclass(frozen=True, slots=True)
class DrawnOutcome:
    """An outcome as it is drawn: its mark, which is a shape and a colour of its own, and always its name."""

    mark: Outcome
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that decides how a picture looks; equal drawings give the same bytes.

    `person` may be empty and in any script. `outcomes` are one or two, `lines` at most two.
    """

    language: Language
    person: str
    says: str
    outcomes: tuple[DrawnOutcome, ...]
    lines: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: its name and its number as they are said, and how long it is beside the others."""

    name: str
    said: str
    length: int
    mark: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in two parts, one above the other: at most four and three. `note` says how to read them."""

    language: Language
    says: str
    upper: tuple[Bar, ...]
    lower: tuple[Bar, ...]
    note: str


Sketch = Drawing | Chart
Draw = Callable[[Sketch], Awaitable[bytes]]
"""Gives a sketch's PNG. What it needs is built in `bot/`; the event loop is not held."""
