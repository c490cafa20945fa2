"""A member without a platform: requests straight to the dispatcher, in process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from commands.kit.dispatch import Dispatcher, Reply
from commands.kit.element import (
    Bold,
    Button,
    Buttons,
    ChannelSelect,
    Element,
    File,
    Line,
    Link,
    PeopleSelect,
    Run,
    Select,
    lower,
)
from commands.kit.press import Press
from commands.kit.request import Call, CommunityKey, Place, Platform, Pressed, Request, Words
from commands.kit.view import Card, Form, TextField
from content.text import Text
from storage.members import Me
from tests.drivers.seen import Seen

SANDBOX = CommunityKey(Platform.WEB, "sandbox", "Sandbox")


class NotThere(AssertionError):
    """The member looked for something that the card does not have."""


@dataclass(slots=True)
class DirectDriver:
    """One member's hands and eyes. `reply` is the last answer, `waiting` what a waiting select holds."""

    dispatcher: Dispatcher
    community: CommunityKey | None = SANDBOX
    uid: str = "u1"
    name: str = "Ada"
    locale: str | None = None
    moderator: bool = False
    channel: str | None = "general"
    may_post: bool = True
    place: Place = Place.CHANNEL
    zone: str | None = None
    platform: Platform = Platform.WEB
    reply: Reply | None = None
    held: dict[str, tuple[str, ...]] = field(default_factory=dict)

    async def run(self, typed: str) -> Seen:
        root, _, text = typed.removeprefix("/").partition(" ")
        return await self.call(Words(root, text))

    async def press(self, label: str, place: int = 0) -> Seen:
        button = self.button(label, place)
        values = dict(self.held) if button.takes_values else {}
        return await self.call(Pressed(self.wire(button.press)), values)

    async def choose(self, select: str, *labels: str) -> Seen:
        found = self.select(select)
        if isinstance(found, ChannelSelect):
            return await self.call(Pressed(self.wire(found.press)), {select: labels})
        if isinstance(found, PeopleSelect):
            self.held[select] = labels
            return self.seen
        values = tuple(option.value for option in found.options if self.say(option.label) in labels)
        if len(values) != len(labels):
            raise NotThere(f"{labels} among {[self.say(option.label) for option in found.options]}")
        if found.kept:
            self.held[select] = values
            return self.seen
        return await self.call(Pressed(self.wire(found.press)), {select: values})

    async def fill(self, **values: str) -> Seen:
        form = self.reply.view if self.reply else None
        if not isinstance(form, Form):
            raise NotThere("no form is open")
        sent = {name: (value,) for name, value in values.items()}
        return await self.call(Pressed(self.wire(form.press), form=True), sent)

    async def call(self, call: Call, values: Mapping[str, tuple[str, ...]] | None = None) -> Seen:
        """Any call, also one that no card offers."""
        request = Request(
            community=self.community,
            uid=self.uid,
            name=self.name,
            call=call,
            received=time.monotonic(),
            platform=self.platform,
            values=values or {},
            locale=self.locale,
            zone=self.zone,
            channel=self.channel,
            may_post=self.may_post,
            place=self.place,
            moderator=self.moderator,
        )
        self.reply = await self.dispatcher.perform(self.dispatcher.decide(request))
        self.held = self._chosen()
        return self.seen

    def other(self, **changes: object) -> DirectDriver:
        """Another member of the same dispatcher."""
        return replace(self, **{"reply": None, "held": {}, **changes})  # type: ignore[arg-type]  # names of fields

    async def me(self) -> Me:
        """Who this member is to the storage; in a direct message, of the sandbox."""
        community = await self.dispatcher.known.community(self.community or SANDBOX, None)
        return Me(community.id, self.uid, self.name)

    def wire(self, press: Press) -> str:
        """A press as the last card would send it."""
        assert self.reply is not None
        return press.wire(self.reply.community)

    def button(self, label: str, place: int = 0) -> Button:
        """The button of that label on the last card; of several, the one at that place."""
        shown = [each for element in self.elements if isinstance(element, Buttons) for each in element.buttons]
        found = [each for each in shown if isinstance(each, Button) and self.say(each.label) == label]
        if place >= len(found):
            raise NotThere(f"{label!r} among {[self.say(each.label) for each in shown]}")
        return found[place]

    def select(self, name: str) -> Select | PeopleSelect | ChannelSelect:
        """The select of that name on the last card."""
        for element in self.elements:
            if isinstance(element, Select | PeopleSelect | ChannelSelect) and element.name == name:
                return element
        raise NotThere(name)

    def say(self, text: Text) -> str:
        """A text in the language of the last reply."""
        assert self.reply is not None
        return self.dispatcher.content.catalogue.say(text, self.reply.language)

    @property
    def elements(self) -> tuple[Element, ...]:
        """The last card in basic elements."""
        view = self.reply.view if self.reply else None
        return lower(view.elements, frozenset()) if isinstance(view, Card) else ()

    @property
    def seen(self) -> Seen:
        """The last answer as a member sees it."""
        assert self.reply is not None
        assert self.reply.view is not None
        view = self.reply.view
        if isinstance(view, Form):
            return Seen(
                self.say(view.title),
                fields={
                    each.name: (each.value if isinstance(each, TextField) else each.chosen) or ""
                    for each in view.fields
                },
            )
        lines = [self._line(element) for element in self.elements if isinstance(element, Text | Line | File)]
        buttons = [
            self.say(each.label)
            for element in self.elements
            if isinstance(element, Buttons)
            for each in element.buttons
        ]
        selects = {
            element.name: [self.say(option.label) for option in element.options] if isinstance(element, Select) else []
            for element in self.elements
            if isinstance(element, Select | PeopleSelect | ChannelSelect)
        }
        return Seen(self.say(view.title), lines, buttons, selects)

    def _line(self, element: Text | Line | File) -> str:
        match element:
            case Text():
                return self.say(element)
            case Line(runs):
                return "".join(self._run(run) for run in runs)
            case File():
                return f"{element.name}: {self.say(element.description)}"

    def _run(self, run: Run) -> str:
        return self.say(run.text if isinstance(run, Bold | Link) else run)

    def _chosen(self) -> dict[str, tuple[str, ...]]:
        return {
            element.name: element.chosen
            for element in self.elements
            if isinstance(element, Select | PeopleSelect) and element.chosen
        }
