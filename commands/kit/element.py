"""The elements of a card, in which no platform is named.

Every surface draws the elements of `BASIC`; any other it may draw natively or leave to the element's own
`fall_back`, which is made of simpler ones. Limits that hold everywhere are checked where an element is built.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from commands.kit.press import Press
from content.text import Text, _

OPTIONS_MAX = 25  # Discord's select


class ViewError(ValueError):
    """A view that some surface could not show; raised where it is built, never in front of a member."""


class Style(StrEnum):
    """What a button means. Danger always follows a sentence that says what it does."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


class Tone(StrEnum):
    """How a line is set."""

    PLAIN = "plain"
    HEADING = "heading"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Bold:
    """A run of a line that stands out."""

    text: Text


@dataclass(frozen=True, slots=True)
class Link:
    """A run of a line that opens an address."""

    text: Text
    url: str


Run = Text | Bold | Link


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of runs, set side by side without a space of their own."""

    runs: tuple[Run, ...]
    tone: Tone = Tone.PLAIN


def heading(text: Text) -> Line:
    """A line that names what follows."""
    return Line((text,), Tone.HEADING)


def quiet(*runs: Run) -> Line:
    """A line for what need not be read."""
    return Line(runs, Tone.QUIET)


def line(*runs: Run) -> Line:
    """A paragraph of several runs."""
    return Line(runs)


@dataclass(frozen=True, slots=True)
class Button:
    """A press with its label. With `takes_values`, what the card's waiting selects hold comes along."""

    label: Text
    press: Press
    style: Style = Style.PLAIN
    takes_values: bool = False
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class LinkButton:
    """Opens an address; nothing comes back to us."""

    label: Text
    url: str


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons side by side; a surface breaks the row where it must."""

    buttons: tuple[Button | LinkButton, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select. `value` is an id, never words."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Select:
    """A choice of `options`, named `name` in the values that arrive.

    By default choosing presses at once. With `waits` (and always with `many`) what is chosen is kept until a
    button with `takes_values` and the same press is pressed; the handler then sees it in `ctx.values[name]`.
    """

    name: str
    label: Text
    options: tuple[Option, ...]
    press: Press
    many: bool = False
    waits: bool = False
    most: int | None = None
    chosen: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.options) <= OPTIONS_MAX:
            raise ViewError(f"select {self.name}: {len(self.options)} options, 1 to {OPTIONS_MAX} fit")
        values = [option.value for option in self.options]
        if len(set(values)) < len(values) or not set(self.chosen) <= set(values):
            raise ViewError(f"select {self.name}: values repeated, or chosen ones missing from its options")

    @property
    def kept(self) -> bool:
        """Whether what is chosen waits for a button."""
        return self.many or self.waits


@dataclass(frozen=True, slots=True)
class PeopleSelect:
    """A choice of members of this community, kept until a button with `takes_values` and the same press.

    The values are the platform's ids; where a platform has roles (Discord) these can be chosen too and come
    as `role:<id>`. `chosen` has the same form.
    """

    name: str
    label: Text
    press: Press
    chosen: tuple[str, ...] = ()
    most: int = OPTIONS_MAX


@dataclass(frozen=True, slots=True)
class ChannelSelect:
    """A choice of one channel of this community; choosing presses at once. Value and `chosen` are the platform's id."""

    name: str
    label: Text
    press: Press
    chosen: str | None = None


@dataclass(frozen=True, slots=True)
class Divider:
    """A thin line between parts."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG. `alt` says the same in words and stands wherever the picture can't be shown.

    With `said_beside` the card has those words already: where the picture can't be shown, nothing stands for it.
    """

    name: str
    png: bytes = field(repr=False)
    alt: Text
    said_beside: bool = False

    def fall_back(self) -> tuple[Element, ...]:
        return () if self.said_beside else (self.alt,)


@dataclass(frozen=True, slots=True)
class File:
    """Something to take away: Markdown, .ics, JSON, CSV. Where it can't be private it goes to the DM."""

    name: str
    mime: str
    content: bytes = field(repr=False)
    description: Text


@dataclass(frozen=True, slots=True)
class Section:
    """A paragraph with one button at its side."""

    text: Line
    button: Button | LinkButton

    def fall_back(self) -> tuple[Element, ...]:
        return (self.text, Buttons((self.button,)))


@dataclass(frozen=True, slots=True)
class Fields:
    """Short facts, each with its name."""

    fields: tuple[tuple[Text, Text], ...]

    def fall_back(self) -> tuple[Element, ...]:
        return tuple(Line((Bold(name), _(": {value}", value=value))) for name, value in self.fields)


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several faces of a card."""

    label: Text
    press: Press


@dataclass(frozen=True, slots=True)
class Tabs:
    """Faces of one card; `current` is the index of the one that shows."""

    tabs: tuple[Tab, ...]
    current: int

    def fall_back(self) -> tuple[Element, ...]:
        return (Buttons(tuple(self._button(place, tab) for place, tab in enumerate(self.tabs))),)

    def _button(self, place: int, tab: Tab) -> Button:
        current = place == self.current
        return Button(tab.label, tab.press, Style.PRIMARY if current else Style.PLAIN, disabled=current)


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a long list stands: "11-20 of 312", and the presses to move; None at an end."""

    first: int
    last: int
    total: int
    back: Press | None
    on: Press | None

    def fall_back(self) -> tuple[Element, ...]:
        where = quiet(_("{first}-{last} of {total}", first=self.first, last=self.last, total=self.total))
        moves = [Button(_("Back"), self.back)] if self.back else []
        if self.on:
            moves.append(Button(_("More"), self.on))
        return (where, Buttons(tuple(moves))) if moves else (where,)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something is; `text` says it in words ("about 2 more")."""

    done: int
    more: int
    text: Text

    def fall_back(self) -> tuple[Element, ...]:
        return (quiet(self.text),)


Basic = Text | Line | Buttons | Select | PeopleSelect | ChannelSelect | Divider | File
Element = Basic | Picture | Section | Fields | Tabs | Pages | Progress
BASIC: frozenset[type] = frozenset({Text, Line, Buttons, Select, PeopleSelect, ChannelSelect, Divider, File})
RICH: frozenset[type] = frozenset({Picture, Section, Fields, Tabs, Pages, Progress})


@runtime_checkable
class FallsBack(Protocol):
    """An element that can be said in simpler ones."""

    def fall_back(self) -> tuple[Element, ...]: ...


def lower(elements: Sequence[Element], native: frozenset[type]) -> tuple[Element, ...]:
    """The elements with each one that is neither basic nor `native` said in simpler ones."""
    lowered: list[Element] = []
    for element in elements:
        if type(element) in BASIC or type(element) in native or not isinstance(element, FallsBack):
            lowered.append(element)
        else:
            lowered.extend(lower(element.fall_back(), native))
    return tuple(lowered)
