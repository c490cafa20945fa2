"""How Slack draws each element of a view, as blocks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.slack import limits
from bot.slack.spelling import RICH, has_moment, plain_text, rich_runs, without_moments
from commands.kit.view import (
    Bold,
    Button,
    Buttons,
    ChannelSelect,
    ChoiceField,
    Divider,
    Element,
    File,
    FormField,
    Line,
    Link,
    LinkButton,
    Option,
    PeopleSelect,
    Picture,
    Section,
    Select,
    Style,
    TextField,
    Tone,
)
from content.text import PLAIN, Catalogue, Language, Text, _

Json = dict[str, Any]
Shown = Mapping[str, str]
"""Slack's files of the pictures that it can show already, by `key_of`."""
NOT_YET: Shown = {}


@dataclass(slots=True)
class Pen:
    """Draws one card: whose words, in which language, and the number of each thing drawn so far."""

    catalogue: Catalogue
    language: Language
    community: int
    shown: Shown = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)
    said: list[str] = field(default_factory=list)
    """The card's paragraphs as they were spelled for rich text, for the top-level text."""
    labelled: int = 0
    """Characters of labels so far."""

    def plain(self, text: Text) -> str:
        return self.catalogue.say(text, self.language, PLAIN)

    def label(self, text: Text, most: int, what: str) -> Json:
        words = limits.within(self.plain(text), most, what)
        self.labelled += len(words)
        return plain_text(words)

    @property
    def characters(self) -> int:
        """All that was written so far."""
        return self.labelled + sum(map(len, self.said))

    def number(self) -> int:
        return next(self.numbers)

    def line(self, line: Line) -> list[Json]:
        """A paragraph. What is only words gets Slack's own heading or small print; the rest is rich text."""
        spoken = [(run, self.say(run if isinstance(run, Text) else run.text)) for run in line.runs]
        words = "".join(said for _run, said in spoken)
        self.said.append(words)
        if not words:
            return []
        if line.tone is not Tone.PLAIN and is_only_words(line, words):
            if line.tone is Tone.QUIET and len(words) <= limits.PARAGRAPH_MAX:
                return [{"type": "context", "elements": [plain_text(words)]}]
            if line.tone is Tone.HEADING and len(words) <= limits.HEADER_MAX:
                return [{"type": "header", "text": plain_text(words)}]
        elements: list[Json] = []
        for run, said in spoken:
            if isinstance(run, Link):
                elements.append({"type": "link", "url": run.url, "text": without_moments(said)})
            else:
                elements += rich_runs(said, bold=isinstance(run, Bold) or line.tone is Tone.HEADING)
        return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}]

    def say(self, text: Text) -> str:
        return self.catalogue.say(text, self.language, RICH)

    def button(self, button: Button | LinkButton) -> Json:
        label = self.label(button.label, limits.BUTTON_MAX, "button")
        if isinstance(button, LinkButton):
            return {"type": "button", "text": label, "url": button.url, "action_id": f"link{self.number()}"}
        drawn: Json = {
            "type": "button",
            "text": label,
            "action_id": f"press{self.number()}",
            "value": button.press.wire(self.community),
        }
        return drawn if button.style is Style.PLAIN else drawn | {"style": button.style.value}

    def buttons(self, row: Buttons) -> list[Json]:
        drawn = [self.button(button) for button in row.buttons]
        rows = [drawn[at : at + limits.ACTIONS_MAX] for at in range(0, len(drawn), limits.ACTIONS_MAX)]
        return [{"type": "actions", "elements": row} for row in rows]

    def section(self, section: Section) -> list[Json]:
        """A paragraph with its button beside it; below it where the paragraph is more than plain words."""
        words = "".join(self.say(run) for run in section.text.runs if isinstance(run, Text))
        if not is_only_words(section.text, words) or not 1 <= len(words) <= limits.PARAGRAPH_MAX:
            return [block for element in section.fall_back() for block in self.element(element)]
        self.said.append(words)
        return [{"type": "section", "text": plain_text(words), "accessory": self.button(section.button)}]

    def picture(self, picture: Picture) -> list[Json]:
        """A picture that Slack has looked at; before that its words."""
        words = limits.within(self.plain(picture.alt), limits.ALT_MAX, "words of a picture")
        file_id = self.shown.get(key_of(picture))
        if file_id is None:
            return [] if picture.said_beside else self.line(Line((picture.alt,)))
        self.said.append(self.say(picture.alt))
        return [{"type": "image", "slack_file": {"id": file_id}, "alt_text": words}]

    def options(self, options: Sequence[Option]) -> list[Json]:
        return [
            {"text": self.label(option.label, limits.OPTION_MAX, "option"), "value": option.value} for option in options
        ]

    def select(self, select: Select) -> list[Json]:
        """A choice: pressed at once, or kept in an input until a button takes it."""
        number, options = self.number(), self.options(select.options)
        chosen = [option for option in options if option["value"] in select.chosen]
        wire = select.press.wire(self.community)
        boxes = select.many and select.most is None and len(options) <= limits.CHECKBOXES_MAX
        kind = "checkboxes" if boxes else "multi_static_select" if select.many else "static_select"
        element: Json = {"type": kind, "action_id": f"{number}|{wire}", "options": options}
        if chosen:
            element |= {"initial_options": chosen} if select.many else {"initial_option": chosen[0]}
        if select.many and not boxes and select.most is not None:
            element["max_selected_items"] = select.most
        block: Json = {"block_id": limits.within(f"{number}|{select.name}", limits.ID_MAX, "block_id")}
        if not select.kept:
            element["placeholder"] = self.label(select.label, limits.PLACEHOLDER_MAX, "placeholder")
            return [block | {"type": "actions", "elements": [element]}]
        return [self.waiting(block, select.label, element)]

    def people(self, select: PeopleSelect) -> list[Json]:
        number = self.number()
        element: Json = {
            "type": "multi_users_select",
            "action_id": f"{number}|{select.press.wire(self.community)}",
            "max_selected_items": select.most,
        }
        known = [person for person in select.chosen if not person.startswith("role:")]
        if known:
            element["initial_users"] = known
        return [self.waiting({"block_id": f"{number}|{select.name}"}, select.label, element)]

    def channel(self, select: ChannelSelect) -> list[Json]:
        number = self.number()
        element: Json = {
            "type": "conversations_select",
            "action_id": f"{number}|{select.press.wire(self.community)}",
            "placeholder": self.label(select.label, limits.PLACEHOLDER_MAX, "placeholder"),
            "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        }
        if select.chosen is not None:
            element["initial_conversation"] = select.chosen
        return [{"type": "actions", "block_id": f"{number}|{select.name}", "elements": [element]}]

    def waiting(self, block: Json, label: Text, element: Json) -> Json:
        words = self.label(label, limits.LABEL_MAX, "label")
        return block | {"type": "input", "label": words, "element": element, "optional": True}

    def element(self, element: Element) -> list[Json]:
        match element:
            case Text():
                return self.line(Line((element,)))
            case Line():
                return self.line(element)
            case Buttons():
                return self.buttons(element)
            case Section():
                return self.section(element)
            case Select():
                return self.select(element)
            case PeopleSelect():
                return self.people(element)
            case ChannelSelect():
                return self.channel(element)
            case File():
                return self.line(Line((on_its_way(element),), Tone.QUIET))
            case Picture():
                return self.picture(element)
            case Divider():
                return [{"type": "divider"}]
        raise TypeError(f"{type(element).__name__} has not been said in simpler elements")

    def entry(self, entry: FormField) -> Json:
        """A field of a form; its name is the block's id, so that errors find it."""
        block: Json = {
            "type": "input",
            "block_id": entry.name,
            "label": self.label(entry.label, limits.LABEL_MAX, "label"),
            "optional": not entry.required,
        }
        if isinstance(entry, ChoiceField):
            options = self.options(entry.options)
            chosen = [option for option in options if option["value"] == entry.chosen]
            element: Json = {"type": "static_select", "action_id": entry.name, "options": options}
            return block | {"element": element | ({"initial_option": chosen[0]} if chosen else {})}
        return block | self.writing(entry)

    def writing(self, entry: TextField) -> Json:
        element: Json = {
            "type": "plain_text_input",
            "action_id": entry.name,
            "multiline": entry.long,
            "max_length": min(entry.most, limits.FIELD_MAX),
        }
        if entry.value:
            element["initial_value"] = entry.value
        hint = {"hint": self.label(entry.hint, limits.LABEL_MAX, "hint")} if entry.hint else {}
        return {"element": element} | hint


def key_of(picture: Picture) -> str:
    """By which a picture's file is found again."""
    return hashlib.blake2b(picture.png, digest_size=16).hexdigest()


def is_only_words(line: Line, words: str) -> bool:
    """Whether a line, as spelled for rich text, is words and nothing else: no link, bold words or moment."""
    return not has_moment(words) and all(isinstance(run, Text) for run in line.runs)


def on_its_way(file: File) -> Text:
    """What stands in a card for a file that goes to the direct messages."""
    return _("{what}: on its way to your direct messages.", what=file.description)
