"""Somebody of either platform who runs, presses what they see, and sends what no card offers."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.discord import custom_id
from tests.fakes import discord_rules as rules
from tests.fakes import slack_reading as reading
from tests.fakes.discord import Answer, DiscordMember, NotPossible, Shown
from tests.fakes.discord_rest import MODAL_SUBMIT
from tests.fakes.discord_world import Message as DirectCard
from tests.fakes.slack import Message, PlatformFailed, SlackMember, View
from tests.fakes.slack_world import fresh

Values = Mapping[str, str]
NOTHING = "nothing to see"
FIELD = "a"
AT_ONCE = 0.01
HOME = 0.1
"""How often somebody in Slack opens the app's Home tab instead."""


class Hand(Protocol):
    """Each call answers with all that was sent of what is before the person then."""

    async def command(self, typed: str) -> str:
        """Types a command."""

    async def forge(self, wire: str, values: Values, *, direct: bool = False) -> str:
        """Sends a press that no card need have; from a card in the direct messages where there is one."""

    async def send(self, wire: str, values: Values) -> str:
        """Sends a form that was never opened."""

    async def wander(self, chance: random.Random, words: str) -> str:
        """Presses or chooses something on the card before them; a form is filled in with these words."""


@dataclass(slots=True)
class InDiscord:
    """`last` is the card before them, or the form."""

    member: DiscordMember
    last: Answer | None = None

    async def command(self, typed: str) -> str:
        try:
            return self._take(await self.member.command(typed))
        except NotPossible:
            return NOTHING

    async def forge(self, wire: str, values: Values, *, direct: bool = False) -> str:
        shown = self._told() if direct else await self._card()
        name = next(iter(values), None)
        if name is None:
            return self._take(await self.member.forge(shown, wire))
        data = {"component_type": rules.STRING_SELECT, "custom_id": f"{wire}#={name}", "values": [values[name]]}
        return self._take(await self.member._component(shown, data))  # noqa: SLF001 - a tampered client may

    def _told(self) -> Shown:
        """A card in their direct messages, which come from all servers alike."""
        world = self.member.fake.world
        channel = world.direct_channel(self.member.user)
        card = DirectCard(world.new_id(), channel, world.bot)
        channel.messages[card.id] = card
        return Shown(card)

    async def send(self, wire: str, values: Values) -> str:
        filled = [
            {"type": rules.LABEL, "id": 1, "component": {"type": 4, "id": 2, "custom_id": name, "value": value}}
            for name, value in values.items()
        ]
        data = {"custom_id": wire, "components": filled, "resolved": {}}
        shown = await self._card()
        return self._take(await self.member._act(MODAL_SUBMIT, data, self.member.channel, shown.message))  # noqa: SLF001 - a tampered client may

    async def wander(self, chance: random.Random, words: str) -> str:
        if self.last is not None and self.last.modal is not None:
            form, self.last = self.last, None
            typed: dict[str, str | bool | list[str]] = {
                each.custom_id: [chance.choice(list(each.options))] if each.options else words[: each.longest]
                for each in form.form.fields
            }
            return self._take(await self.member.submit(form, typed))
        shown = await self._card()
        ways = [each.custom_id for each in shown.buttons if each.custom_id and not each.disabled]
        selects = [each for each in shown.selects if each.options and not each.disabled]
        if selects and (not ways or chance.random() < 0.3):
            select = chance.choice(selects)
            values = chance.sample(sorted(select.options.values()), max(1, select.fewest))
            kept = custom_id.read(select.custom_id).keeps
            patience, self.member.patience = self.member.patience, AT_ONCE if kept else self.member.patience
            answer = await self.member.choose(shown, select.custom_id, values)
            self.member.patience = patience
            return NOTHING if kept else self._take(answer)
        return (
            self._take(await self.member.forge(shown, chance.choice(ways)))
            if ways
            else await self.command("/pmpath home")
        )

    async def _card(self) -> Shown:
        if self.last is None or self.last.shown is None or self.last.shown.gone or self.last.shown.thinking:
            await self.command("/pmpath home")
        assert self.last is not None
        return self.last.card

    def _take(self, answer: Answer) -> str:
        assert not answer.failed, "Discord: this interaction failed"
        if answer.modal is not None:
            self.last = answer
            return json.dumps([answer.modal.title, answer.modal.modal.components], ensure_ascii=False)
        if answer.shown is None:
            return NOTHING
        self.last = answer
        return json.dumps(answer.card.message.components, ensure_ascii=False)


@dataclass(slots=True)
class InSlack:
    """`last` is the message or view before them, or the form."""

    member: SlackMember
    last: Message | View | None = None

    async def command(self, typed: str) -> str:
        return self._take(await self.member.command(typed))

    async def forge(self, wire: str, values: Values, *, direct: bool = False) -> str:
        told = self.member.dms if direct else []
        self.last = None if isinstance(self.last, View) else self.last
        thing = told[-1] if told else await self._card()
        state = thing.state(self.member.uid)
        kept = dict(state)
        for number, (name, value) in enumerate(values.items()):
            kind = {"selected_option": {"value": value}} if name != "channel" else {"selected_conversation": value}
            state[f"{90 + number}|{name}"] = {FIELD: {"type": "static_select", **kind}}
        element = {"type": "button", "action_id": "0", "value": wire, "text": {"type": "plain_text", "text": "x"}}
        try:
            return self._take(await self.member.act(thing, {"block_id": "b"}, element, {}))
        finally:
            state.clear()
            state.update(kept)

    async def send(self, wire: str, values: Values) -> str:
        member = self.member
        interaction = member.begin("submission")
        url = member.response_url_for(interaction, member.fake.channel(member.team, "general").id, None)
        carried = {"press": wire, "kind": "private", "url": url, "view": None, "language": "en"}
        view = View(id=fresh("V"), team=member.team.id, person=member.uid)
        view.fill({"type": "modal", "private_metadata": json.dumps(carried), "blocks": [_input(n) for n in values]})
        member.fake.views[view.id] = view
        for name, value in values.items():
            member.write(view, name, value)
        payload = member.fake.template("view_submission") | member._who() | {  # noqa: SLF001 - a tampered client may
            "trigger_id": member.fake.trigger(interaction),
            "view": view.payload(member.fake.app_id, member.team.bot_id),
        }  # fmt: skip
        return self._take(await member._outcome(interaction, "interactive", payload, modal=view, follows=True))  # noqa: SLF001 - as above

    async def wander(self, chance: random.Random, words: str) -> str:
        if chance.random() < HOME:
            return self._take(await self.member.open_home())
        thing = await self._card()
        if isinstance(thing, View) and thing.body.get("callback_id") == "form":
            self.last = None
            typed: dict[str, str | list[str]] = {
                each.block_id: words for each in thing.inputs(self.member.uid) if not each.value
            }
            typed |= {each.block_id: chance.choice(each.options) for each in thing.selects(self.member.uid)}
            return self._take(await self.member.submit(thing, typed))
        found = [
            (block, element)
            for block, element in reading.elements(thing.blocks)
            if "url" not in element and (element["type"] == "button" or element.get("options"))
        ]
        if not found:
            return await self.command("/pmpath home")
        block, element = chance.choice(found)
        if element["type"] == "button":
            return self._take(await self.member.act(thing, block, element, {}))
        words = reading.text(chance.choice(element["options"])["text"])
        return self._take(await self.member.choose(thing, block["block_id"], words))

    async def _card(self) -> Message | View:
        if self.last is None or (isinstance(self.last, Message) and self.last.deleted):
            await self.command("/pmpath home")
        assert self.last is not None
        return self.last

    def _take(self, thing: Message | View) -> str:
        if thing.blocks:
            self.last = thing
        return json.dumps([getattr(thing, "text", ""), thing.blocks], ensure_ascii=False)


def _input(name: str) -> dict[str, object]:
    element = {"type": "plain_text_input", "action_id": FIELD}
    label = {"type": "plain_text", "text": name}
    return {"type": "input", "block_id": name, "label": label, "optional": True, "element": element}


def in_discord(member: DiscordMember) -> Hand:
    return InDiscord(member)


def in_slack(member: SlackMember) -> Hand:
    return InSlack(member)


__all__ = ["Hand", "PlatformFailed", "in_discord", "in_slack"]
