"""What a command answers with: a card or a form. The elements are those of `commands/kit/element.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from commands.kit.element import (
    BASIC,
    RICH,
    Basic,
    Bold,
    Button,
    Buttons,
    ChannelSelect,
    Divider,
    Element,
    FallsBack,
    Fields,
    File,
    Line,
    Link,
    LinkButton,
    Option,
    Pages,
    PeopleSelect,
    Picture,
    Progress,
    Run,
    Section,
    Select,
    Style,
    Tab,
    Tabs,
    Tone,
    ViewError,
    heading,
    line,
    lower,
    quiet,
)
from commands.kit.press import Press
from content.text import Text, _

__all__ = [
    "BASIC",
    "RICH",
    "Basic",
    "Bold",
    "Button",
    "Buttons",
    "Card",
    "ChannelSelect",
    "ChoiceField",
    "Divider",
    "Element",
    "FallsBack",
    "Fields",
    "File",
    "Form",
    "FormField",
    "Line",
    "Link",
    "LinkButton",
    "Option",
    "Pages",
    "PeopleSelect",
    "Picture",
    "Progress",
    "Run",
    "Section",
    "Select",
    "Style",
    "Tab",
    "Tabs",
    "TextField",
    "Tone",
    "View",
    "ViewError",
    "heading",
    "line",
    "lower",
    "quiet",
]

FIELDS_MAX = 5  # Discord's modal
FORM_TITLE_MAX = 17  # in English, so that Slack's 24 hold in any language
BUTTONS_MAX = 20  # four rows of Discord's five: a card has 40 components in all


@dataclass(frozen=True, slots=True)
class Card:
    """One answer as a member sees it: a title, elements in order, and buttons at the foot.

    `named` are the platform's ids of members whose names stand on it: once it was answered, it is looked whether
    they are still there, for the next view.
    """

    title: Text
    body: Sequence[Element] = ()
    buttons: Sequence[Button | LinkButton] = ()
    named: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.buttons) > BUTTONS_MAX:
            raise ViewError(f"{self.title.en}: {len(self.buttons)} buttons, {BUTTONS_MAX} fit")

    @property
    def elements(self) -> tuple[Element, ...]:
        """The body with the foot's buttons as its last element."""
        foot = (Buttons(tuple(self.buttons)),) if self.buttons else ()
        return (*self.body, *foot)


@dataclass(frozen=True, slots=True)
class TextField:
    """A line (or with `long` a paragraph) to write. `value` fills it in."""

    name: str
    label: Text
    hint: Text | None = None
    value: str = ""
    required: bool = True
    long: bool = False
    most: int = 200


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of `options` in a form."""

    name: str
    label: Text
    options: tuple[Option, ...]
    chosen: str | None = None
    required: bool = True


FormField = TextField | ChoiceField


@dataclass(frozen=True, slots=True)
class Form:
    """At most five fields that are sent together; `press` takes them as `ctx.values`."""

    title: Text
    fields: tuple[FormField, ...]
    press: Press
    submit: Text = field(default_factory=lambda: _("Save"))

    def __post_init__(self) -> None:
        if not 1 <= len(self.fields) <= FIELDS_MAX:
            raise ViewError(f"form {self.title.en}: {len(self.fields)} fields, 1 to {FIELDS_MAX} fit")
        if len(self.title.en) > FORM_TITLE_MAX:
            raise ViewError(f"form {self.title.en}: a title has at most {FORM_TITLE_MAX} characters")


View = Card | Form
