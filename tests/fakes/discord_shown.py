"""What of the fake Discord's messages and forms stands on a member's screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.fakes import discord_rules as rules
from tests.fakes.discord_reading import Mark, Reading, read
from tests.fakes.discord_world import Json, Message, Modal

STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "premium"}
THINKING = "pmpath is thinking…"


class NotPossible(AssertionError):
    """The member's Discord would not let them do this: there is no such command, button or choice."""


@dataclass(frozen=True, slots=True)
class ShownButton:
    label: str
    custom_id: str | None
    style: str
    disabled: bool
    url: str | None


@dataclass(frozen=True, slots=True)
class ShownSelect:
    placeholder: str
    custom_id: str
    kind: int
    options: dict[str, str]
    """Label → value."""
    chosen: tuple[str, ...]
    fewest: int
    most: int
    disabled: bool


@dataclass(frozen=True, slots=True)
class ShownPicture:
    description: str | None
    content: bytes


class Shown:
    """A message as its readers see it at this moment; it changes when the message does."""

    def __init__(self, message: Message) -> None:
        self.message = message

    def __repr__(self) -> str:
        return f"Shown({self.text!r}, buttons={self.labels})"

    @property
    def gone(self) -> bool:
        return self.message.deleted

    @property
    def thinking(self) -> bool:
        return self.message.loading

    @property
    def private(self) -> bool:
        """Only one member sees it."""
        return self.message.seen_by is not None or self.message.channel.recipient is not None

    @property
    def source(self) -> str:
        """Its text with the markup that was sent."""
        return "\n".join(self._sources())

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """Every line of text that is not empty, without markup."""
        if self.thinking:
            return [THINKING]
        return [line for reading in self._readings() for line in reading.text.split("\n") if line.strip()]

    @property
    def heard(self) -> list[str]:
        """Every line as a screen reader says it: text, and pictures by their descriptions."""
        said: list[str] = []
        for part in self._parts():
            if part["type"] == rules.TEXT:
                said += [line for line in read(part["content"]).text.split("\n") if line.strip()]
            elif part["type"] == rules.GALLERY:
                said += [item.get("description") or "" for item in part["items"]]
        return said

    @property
    def marks(self) -> list[Mark]:
        """All markup that came alive: bold, link, user, everyone, time, …"""
        return [mark for reading in self._readings() for mark in reading.marks]

    @property
    def links(self) -> list[str]:
        return [mark.target for mark in self.marks if mark.kind == "link"] + [
            button.url for button in self.buttons if button.url
        ]

    @property
    def buttons(self) -> list[ShownButton]:
        found = (part for part in self._parts() if part["type"] == rules.BUTTON)
        return [
            ShownButton(
                part.get("label") or "",
                part.get("custom_id"),
                STYLES[part["style"]],
                bool(part.get("disabled")),
                part.get("url"),
            )
            for part in found
        ]

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    def button(self, label: str, place: int = 0) -> ShownButton:
        found = [button for button in self.buttons if button.label == label]
        if place < len(found):
            return found[place]
        raise NotPossible(f"there is no button {label!r}; there are {self.labels}")

    @property
    def selects(self) -> list[ShownSelect]:
        return [self._select(part) for part in self._parts() if part["type"] in rules.SELECTS]

    def select(self, which: str | None = None) -> ShownSelect:
        """The select with that placeholder or custom id, or the only one."""
        named = [s for s in self.selects if which in {None, s.placeholder, s.custom_id}]
        if len(named) != 1:
            raise NotPossible(f"no single select {which!r}; there are {[s.placeholder for s in self.selects]}")
        return named[0]

    @property
    def pictures(self) -> list[ShownPicture]:
        """Pictures that are shown; a file that no component refers to is not."""
        shown = []
        for part in self._parts():
            if part["type"] == rules.GALLERY:
                shown += [(item.get("description"), item["media"]) for item in part["items"]]
            if part["type"] == rules.THUMBNAIL:
                shown.append((part.get("description"), part["media"]))
        return [ShownPicture(words, self._content(media)) for words, media in shown]

    @property
    def files(self) -> dict[str, bytes]:
        """Files offered for download, by name."""
        medias = [part["file"] for part in self._parts() if part["type"] == rules.FILE]
        return {media["url"].rsplit("/", 1)[-1]: self._content(media) for media in medias}

    def _select(self, part: Json) -> ShownSelect:
        options = {option["label"]: option["value"] for option in part.get("options") or []}
        chosen = {option["value"] for option in part.get("options") or [] if option.get("default")}
        if part["type"] != rules.STRING_SELECT:
            options = self._people(part["type"])
            chosen = {str(one["id"]) for one in part.get("default_values") or []}
        return ShownSelect(
            part.get("placeholder") or "",
            part["custom_id"],
            part["type"],
            options,
            tuple(label for label, value in options.items() if value in chosen),
            part.get("min_values", 1),
            part.get("max_values", 1),
            bool(part.get("disabled")),
        )

    def _people(self, kind: int) -> dict[str, str]:
        """The members and roles, or the channels, of the server that a select offers."""
        guild = self.message.channel.guild
        if guild is None:
            return {}
        members = {m.user.name: str(m.user.id) for m in guild.members.values()} if kind in {5, 7} else {}
        if kind == 8:
            return {channel.name: str(channel.id) for channel in guild.channels.values()}
        return members | ({r.name: str(r.id) for r in guild.roles.values()} if kind in {6, 7} else {})

    def _content(self, media: Json) -> bytes:
        return self.message.files.get(media["url"].rsplit("/", 1)[-1], b"")

    def _parts(self) -> Iterable[Json]:
        return rules.nested(self.message.components)

    def _sources(self) -> list[str]:
        texts = [self.message.content] if self.message.content else []
        return texts + [part["content"] for part in self._parts() if part["type"] == rules.TEXT]

    def _readings(self) -> list[Reading]:
        return [read(source) for source in self._sources()]


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field of a form; `options` is empty where one types."""

    label: str
    description: str
    custom_id: str
    kind: int
    value: str
    options: dict[str, str]
    chosen: tuple[str, ...]
    required: bool
    placeholder: str
    longest: int
    shortest: int
    paragraph: bool


class ShownModal:
    """A form that stands open."""

    def __init__(self, modal: Modal) -> None:
        self.modal = modal

    @property
    def title(self) -> str:
        return self.modal.title

    @property
    def lines(self) -> list[str]:
        texts = [part["content"] for part in self.modal.components if part["type"] == rules.TEXT]
        return [line for text in texts for line in read(text).text.split("\n") if line.strip()]

    @property
    def fields(self) -> list[ShownField]:
        return [field_of(part) for part in self.modal.components if part["type"] != rules.TEXT]

    def field(self, name: str) -> ShownField:
        for one in self.fields:
            if name in {one.label, one.custom_id}:
                return one
        raise NotPossible(f"there is no field {name!r}; there are {[one.label for one in self.fields]}")


def field_of(part: Json) -> ShownField:
    inner = part["component"] if part["type"] == rules.LABEL else part["components"][0]
    options = inner.get("options") or []
    return ShownField(
        part.get("label") or inner.get("label") or "",
        part.get("description") or "",
        inner["custom_id"],
        inner["type"],
        inner.get("value") or "",
        {option["label"]: option["value"] for option in options},
        tuple(option["label"] for option in options if option.get("default")),
        bool(inner.get("required", True)),
        inner.get("placeholder") or "",
        inner.get("max_length") or 4000,
        inner.get("min_length") or 0,
        inner.get("style") == 2,
    )
