"""What Discord brings: commands, keys typed, presses, selects and forms, as a tampered client can send them."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from pydantic import SecretStr

from bot.discord.client import DiscordSurface
from bot.discord.telling import CommandNotes
from bot.settings import DiscordAccess
from bot.surface import Interactions
from commands.kit.command import Command
from tests.fakes.discord import DiscordMember, FakeDiscord
from tests.fakes.discord_rest import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT
from tests.fakes.discord_rules import BUTTON, SELECTS
from tests.fakes.discord_shown import Shown
from tests.fuzz import odd, talk
from tests.fuzz.ground import KEPT_AT_A_REFUSAL, REFUSALS, Crash, Ground, Ours, changed
from tests.fuzz.page import SECONDS, shows_no_trace

Json = dict[str, Any]
KEEPS = "#+"
ANSWERS = {COMMAND: "a command", AUTOCOMPLETE: "a key", COMPONENT: "a press", MODAL_SUBMIT: "a form"}


@dataclass(frozen=True, slots=True)
class Sent:
    """One interaction as a client sends it."""

    kind: int
    data: Json


@st.composite
def sent(draw: st.DrawFn, ours: Ours) -> Sent:
    """An interaction with anything in it that a member can write, choose or forge."""
    kind = draw(st.sampled_from((COMMAND, AUTOCOMPLETE, COMPONENT, COMPONENT, COMPONENT, MODAL_SUBMIT, MODAL_SUBMIT)))
    if kind in {COMMAND, AUTOCOMPLETE}:
        return Sent(kind, draw(_typed(ours, focused=kind == AUTOCOMPLETE)))
    wire = draw(talk.wire(ours, talk.HOME))[:80]
    if kind == MODAL_SUBMIT:
        fields = [_field(name, value) for name, value in draw(talk.filled(ours)).items()]
        return Sent(kind, {"custom_id": wire, "components": fields, "resolved": {}})
    if draw(st.booleans()):
        return Sent(kind, {"component_type": BUTTON, "custom_id": draw(st.sampled_from((wire, f"{wire}#2")))})
    name = draw(st.sampled_from(talk.FIELDS))
    values = draw(st.lists(st.one_of(odd.words, st.sampled_from(("1", "2", "platform"))), max_size=3))
    known = {"roles": {one: {"id": one} for one in values[:1]}, "users": {}, "members": {}, "channels": {}}
    return Sent(
        kind,
        {
            "component_type": draw(st.sampled_from(sorted(SELECTS))),
            "custom_id": f"{wire}#{draw(st.sampled_from('=+'))}{name}",
            "values": values,
            **draw(st.sampled_from(({}, {"resolved": {}}, {"resolved": known}))),
        },
    )


@st.composite
def _typed(draw: st.DrawFn, ours: Ours, *, focused: bool) -> Json:
    """A command's options: of its own names or others, with any words."""
    command: Command[...] = draw(st.sampled_from(list(ours.registry.commands.values())))
    names = [*(each.name for each in command.action.parameters), "x"]
    given = draw(st.dictionaries(st.sampled_from(names), st.one_of(odd.words, odd.numbers), max_size=3))
    options: list[Json] = [{"type": 3, "name": name, "value": value} for name, value in given.items()]
    if focused and options:
        options[-1]["focused"] = True
    for number, name in enumerate(reversed(draw(odd.mostly(st.just(command.path), st.just(("no", "such")), 20)))):
        options = [{"type": 1 if number == 0 else 2, "name": name, "options": options}]
    return {"id": "1", "name": command.root, "type": 1, "options": options}


def _field(name: str, values: tuple[str, ...]) -> Json:
    """A form's field: of words, or one in which was chosen."""
    inner = {"type": 4, "value": values[0]} if len(values) == 1 else {"type": 3, "values": list(values)}
    return {"type": 18, "id": 1, "component": {**inner, "id": 2, "custom_id": name}}


@dataclass(slots=True)
class Connection:
    """The bot connected to a Discord, and a moderator there with a card to press."""

    ground: Ground
    fake: FakeDiscord = field(default_factory=FakeDiscord)
    member: DiscordMember = field(init=False)
    card: Shown = field(init=False)
    home: str = ""
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def open(self) -> None:
        await self._open.enter_async_context(self.fake)
        self.fake.rest.answer_within = SECONDS
        self.member = self.fake.member("Ada", permissions=1 << 5)
        store = self.ground.store
        access = DiscordAccess(SecretStr(self.fake.token), self.fake.api_url, None)
        surface = DiscordSurface(access, Interactions(self.ground.dispatcher, patience=SECONDS), CommandNotes(store))
        running = asyncio.get_running_loop().create_task(surface.run())
        self._open.push_async_callback(_ended, running)
        self._open.push_async_callback(surface.close)
        await self.fake.gateway.until_connected()
        self.card = (await self.member.command("/pmpath start")).card
        self.home = await self.ground.id_of("discord", str(self.fake.guild.id))

    async def close(self) -> None:
        await self._open.aclose()

    async def answers(self, one: Sent) -> None:
        """An answer that Discord takes, without a trace, and nothing changed where it says no. Raises Crash."""
        if talk.ERASES in str(one.data.get("custom_id")):
            return
        before = await self.ground.rows()
        where = self.card if one.kind in {COMPONENT, MODAL_SUBMIT} else None
        data = {**one.data, "custom_id": str(one.data.get("custom_id")).replace(talk.HOME, self.home)}
        self.member.patience = 0.0 if KEEPS in data["custom_id"] else SECONDS  # no card follows what is only kept
        answer = await self.member.tamper(one.kind, data, where)
        self.ground.raise_faults()
        self.ground.done += 1
        if answer.failed or self.fake.breaches:
            raise Crash(f"{ANSWERS[one.kind]} has no answer that Discord takes, {self.fake.breaches}: {one}")
        if one.kind == AUTOCOMPLETE:
            return
        words = answer.text if answer.shown or answer.modal else ""
        shows_no_trace(words)
        if words.startswith(tuple(REFUSALS)):
            self.ground.refused += 1
            if touched := changed(before, await self.ground.rows()) - KEPT_AT_A_REFUSAL:
                raise Crash(f"refused, and {touched} changed: {one}")


async def _ended(running: asyncio.Task[None]) -> None:
    await running
