"""A view as Discord draws it: a Components V2 message or a modal, built fresh and never stored.

Every view is stopped before it is sent: the library then keeps nothing of it, and a press comes back through
the custom id alone, after a restart too.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import discord
from discord import ui

from bot.discord import custom_id, limits, selects
from bot.discord.spelling import DISCORD
from commands.kit.view import (
    Bold,
    Button,
    Buttons,
    Card,
    ChannelSelect,
    ChoiceField,
    Divider,
    Element,
    File,
    Form,
    FormField,
    Line,
    Link,
    LinkButton,
    PeopleSelect,
    Picture,
    Run,
    Section,
    Select,
    Style,
    TextField,
    Tone,
    lower,
)
from content.text import Catalogue, Language, Text

Item = ui.Item[Any]

NATIVE: frozenset[type] = frozenset({Picture, Section})
SECONDS = 60.0  # a modal is stopped before it is sent; the library wants a timeout nevertheless
STYLES = {
    Style.PLAIN: discord.ButtonStyle.secondary,
    Style.PRIMARY: discord.ButtonStyle.primary,
    Style.DANGER: discord.ButtonStyle.danger,
}
TONES = {Tone.PLAIN: "", Tone.HEADING: "### ", Tone.QUIET: "-# "}
TITLE = "## "
LINKS = re.compile(r"https?://", re.IGNORECASE)
UNSAFE_IN_LINK = re.compile(r"[\s<>()\\]")
UNSAFE_IN_NAME = re.compile(r"[^A-Za-z0-9._-]+")


class Drawn(NamedTuple):
    """A card ready to be sent once."""

    view: ui.LayoutView
    files: list[discord.File]


@dataclass(slots=True)
class Pen:
    """Draws one card: whose words, in which language; the presses and files drawn so far."""

    catalogue: Catalogue
    language: Language
    community: int
    pressed: Counter[str] = field(default_factory=Counter)
    files: list[discord.File] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    drawn: list[Item] = field(default_factory=list)

    def plain(self, text: Text) -> str:
        return self.catalogue.say(text, self.language)

    def label(self, text: Text, most: int, what: str) -> str:
        return limits.within(self.plain(text), most, what)

    def words(self, runs: Sequence[Run]) -> str:
        """A line's runs with Discord's markup, and none but ours. Neighbouring bold runs become one."""
        said: list[tuple[bool, str]] = []
        for run in runs:
            bold = isinstance(run, Bold)
            words = self._run(run)
            if bold and said and said[-1][0]:
                words = said.pop()[1] + words
            if words:
                said.append((bold, words))
        return "".join(f"**{words}**" if bold and words.strip() else words for bold, words in said)

    def _run(self, run: Run) -> str:
        match run:
            case Bold(text=text):
                return self.catalogue.say(text, self.language, DISCORD)
            case Link(text=text, url=url):
                words = self.catalogue.say(text, self.language, DISCORD)
                return f"[{words}](<{_address(url)}>)" if LINKS.match(url) else words
        return self.catalogue.say(run, self.language, DISCORD)

    def write(self, line: Line, sign: str | None = None) -> None:
        """A paragraph; it goes into one text display with its neighbours."""
        sign = TONES[line.tone] if sign is None else sign
        for words in self.words(line.runs).split("\n"):
            if words.strip():
                self.waiting.append(sign + words)

    def flush(self) -> None:
        """The paragraphs that wait, as one text display."""
        if self.waiting:
            self.drawn.append(ui.TextDisplay("\n".join(self.waiting)))
            self.waiting.clear()

    def button(self, button: Button | LinkButton) -> ui.Button[Any]:
        label = self.label(button.label, limits.BUTTON_MAX, "button")
        if isinstance(button, LinkButton):
            return ui.Button(label=label, url=limits.within(_address(button.url), limits.LINK_MAX, "address"))
        wire = button.press.wire(self.community)
        self.pressed[wire] += 1
        return ui.Button(
            label=label,
            custom_id=custom_id.for_button(wire, self.pressed[wire]),
            style=STYLES[button.style],
            disabled=button.disabled,
        )

    def buttons(self, row: Buttons) -> Iterable[Item]:
        drawn = [self.button(button) for button in row.buttons]
        for first in range(0, len(drawn), limits.ROW_MAX):
            yield ui.ActionRow(*drawn[first : first + limits.ROW_MAX])

    def section(self, section: Section) -> Iterable[Item]:
        words = self.words(section.text.runs)
        if not words.strip():
            return self.buttons(Buttons((section.button,)))
        return [ui.Section(TONES[section.text.tone] + words, accessory=self.button(section.button))]

    def select(self, select: Select) -> Iterable[Item]:
        most = 1 if not select.many else min(select.most or len(select.options), len(select.options))
        drawn: ui.Select[Any] = ui.Select(
            custom_id=custom_id.for_select(select.press.wire(self.community), select.name, keeps=select.kept),
            placeholder=self.label(select.label, limits.PLACEHOLDER_MAX, "select"),
            options=[
                discord.SelectOption(
                    label=self.label(option.label, limits.OPTION_MAX, "option"),
                    value=option.value,
                    default=option.value in select.chosen[:most],
                )
                for option in select.options
            ],
            min_values=0 if select.kept else 1,
            max_values=most,
        )
        return [ui.ActionRow(drawn)]

    def people(self, select: PeopleSelect) -> Iterable[Item]:
        placeholder = self.label(select.label, limits.PLACEHOLDER_MAX, "select")
        return [ui.ActionRow(selects.people(select, select.press.wire(self.community), placeholder))]

    def channel(self, select: ChannelSelect) -> Iterable[Item]:
        placeholder = self.label(select.label, limits.PLACEHOLDER_MAX, "select")
        return [ui.ActionRow(selects.channel(select, select.press.wire(self.community), placeholder))]

    def attach(self, name: str, content: bytes, words: str) -> str:
        """The address by which a component shows an attached file."""
        name = UNSAFE_IN_NAME.sub("-", name)
        if any(file.filename == name for file in self.files):
            name = f"{len(self.files) + 1}-{name}"
        described = limits.within(words, limits.ALT_MAX, "description of a file")
        self.files.append(discord.File(io.BytesIO(content), name, description=described))
        return f"attachment://{name}"

    def picture(self, picture: Picture) -> Iterable[Item]:
        alt = self.plain(picture.alt)
        address = self.attach(picture.name, picture.png, alt)
        return [ui.MediaGallery(discord.MediaGalleryItem(address, description=alt))]

    def file(self, file: File) -> Iterable[Item]:
        """The file below a line that says what it is."""
        address = self.attach(file.name, file.content, self.plain(file.description))
        words = self.catalogue.say(file.description, self.language, DISCORD)
        return [ui.TextDisplay(words), ui.File(address)]

    def element(self, element: Element) -> None:
        match element:
            case Text():
                self.write(Line((element,)))
            case Line():
                self.write(element)
            case _:
                drawers: dict[type, Callable[[Any], Iterable[Item]]] = {
                    Buttons: self.buttons,
                    Section: self.section,
                    Select: self.select,
                    PeopleSelect: self.people,
                    ChannelSelect: self.channel,
                    Divider: lambda _divider: [ui.Separator()],
                    Picture: self.picture,
                    File: self.file,
                }
                self.flush()
                self.drawn.extend(drawers[type(element)](element))

    def field(self, field: FormField) -> ui.Label[Any]:
        """A field of a form under its label; its name is the custom id inside."""
        label = self.label(field.label, limits.FORM_LABEL_MAX, "field")
        if isinstance(field, ChoiceField):
            return ui.Label(text=label, component=self.choosing(field))
        hint = self.label(field.hint, limits.HINT_MAX, "hint") if field.hint else None
        return ui.Label(text=label, description=hint, component=_writing(field))

    def choosing(self, field: ChoiceField) -> Item:
        said = [(self.label(o.label, limits.OPTION_MAX, "option"), o.value) for o in field.options]
        if limits.RADIOS_MIN <= len(said) <= limits.RADIOS_MAX:
            radios = [discord.RadioGroupOption(label=w, value=v, default=v == field.chosen) for w, v in said]
            return ui.RadioGroup(custom_id=field.name, options=radios, required=field.required)
        options = [discord.SelectOption(label=w, value=v, default=v == field.chosen) for w, v in said]
        fewest = 1 if field.required else 0
        return ui.Select(custom_id=field.name, options=options, min_values=fewest, required=field.required)


def card(catalogue: Catalogue, card: Card, language: Language, community: int) -> Drawn:
    """A card as a message. Raises LimitError."""
    pen = Pen(catalogue, language, community)
    pen.write(Line((card.title,)), TITLE)
    for element in lower(card.elements, NATIVE):
        pen.element(element)
    pen.flush()
    size = sum(file.fp.seek(0, io.SEEK_END) for file in pen.files)
    limits.at_most(len(pen.files), limits.FILES_MAX, "files")
    limits.at_most(size, limits.FILE_BYTES_MAX, "bytes of files")
    for file in pen.files:
        file.fp.seek(0)
    return Drawn(_layout(pen.drawn), pen.files)


def form(catalogue: Catalogue, form: Form, language: Language, community: int) -> ui.Modal:
    """A form as a modal, found again by its press. Raises LimitError."""
    pen = Pen(catalogue, language, community)
    wire = form.press.wire(community)
    title = pen.label(form.title, limits.FORM_TITLE_MAX, "form title")
    modal = ui.Modal(title=title, custom_id=custom_id.for_button(wire, 1), timeout=SECONDS)
    for each in form.fields:
        modal.add_item(pen.field(each))
    modal.stop()
    return modal


def _layout(items: Sequence[Item]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    count = sum(1 + _inside(item) for item in items)
    limits.at_most(count, limits.COMPONENTS_MAX, "components")
    for item in items:
        view.add_item(item)
    limits.at_most(view.content_length(), limits.TEXT_MAX, "characters of text")
    view.stop()
    return view


def _writing(field: TextField) -> ui.TextInput[Any]:
    most = min(field.most, limits.FIELD_MAX)
    return ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.paragraph if field.long else discord.TextStyle.short,
        default=field.value[:most] or None,
        required=field.required,
        max_length=most,
    )


def _inside(item: Item) -> int:
    """How many components it holds."""
    return len(list(item.walk_children())) if isinstance(item, ui.ActionRow | ui.Section) else 0


def _address(url: str) -> str:
    """An address with nothing in it that would end its markup early."""
    return UNSAFE_IN_LINK.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)
