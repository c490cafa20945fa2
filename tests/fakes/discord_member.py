"""A member of the fake Discord: commands, presses, choices, forms, and what is on the screen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.fakes import discord_rules as rules
from tests.fakes.discord_rest import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT
from tests.fakes.discord_shown import NotPossible, Shown, ShownField, ShownModal, field_of
from tests.fakes.discord_world import (
    EVERYDAY_RIGHTS,
    Channel,
    Guild,
    Interaction,
    Json,
    Member,
    Message,
    User,
)

if TYPE_CHECKING:
    from tests.fakes.discord import FakeDiscord

FAILED = "This interaction failed"
BOT_RIGHTS = (1 << 10) | (1 << 11) | (1 << 14) | (1 << 15)


class Answer:
    """What came of one thing that the member did."""

    def __init__(self, interaction: Interaction) -> None:
        self.interaction = interaction

    def __repr__(self) -> str:
        shown = self.modal.title if self.modal else self.shown
        return f"Answer(failed={self.failed}, {shown!r})"

    @property
    def failed(self) -> bool:
        """The member reads *This interaction failed* (or "did not respond")."""
        return self.interaction.callback is None

    @property
    def deferred(self) -> bool:
        return self.interaction.callback in {5, 6}

    @property
    def stuck(self) -> bool:
        """A card was promised and has not come."""
        return self.interaction.awaits_card

    @property
    def replaced(self) -> bool:
        """The card that was pressed is the one that changed."""
        return self.interaction.callback in {6, 7}

    @property
    def answered_after(self) -> float:
        """Seconds from Discord's send to the first answer."""
        return self.interaction.answered_after or float("inf")

    @property
    def card_after(self) -> float:
        """Seconds from Discord's send to the card."""
        return self.interaction.card_after or float("inf")

    @property
    def modal(self) -> ShownModal | None:
        return ShownModal(self.interaction.modal) if self.interaction.modal else None

    @property
    def form(self) -> ShownModal:
        if self.modal is None:
            raise NotPossible(f"no form opened: {self!r}")
        return self.modal

    @property
    def shown(self) -> Shown | None:
        return Shown(self.interaction.original) if self.interaction.original else None

    @property
    def card(self) -> Shown:
        """The message that answers, new or changed."""
        if self.shown is None or self.failed:
            raise NotPossible(f"there is no card: {FAILED if self.failed else 'a form or nothing came'}")
        return self.shown

    @property
    def followups(self) -> list[Shown]:
        return [Shown(message) for message in self.interaction.followups]

    @property
    def choices(self) -> list[str]:
        return [choice["name"] for choice in self.interaction.choices or []]

    @property
    def lines(self) -> list[str]:
        if self.failed:
            return [FAILED]
        return self.modal.lines if self.modal else self.card.lines

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def labels(self) -> list[str]:
        return self.card.labels


Pressable = Shown | Answer


class DiscordMember:
    """A person in one server of the fake, acting through their Discord."""

    def __init__(
        self,
        fake: FakeDiscord,
        guild: Guild,
        uid: int | None = None,
        name: str = "Ada",
        locale: str = "en-US",
        permissions: int = 0,
        roles: tuple[int, ...] = (),
    ) -> None:
        world = fake.world
        self.fake = fake
        self.guild = guild
        self.locale = locale
        self.patience = 30.0
        self.user = world.users.setdefault(uid or world.new_id(), User(uid or world.new_id(), name))
        self.user.name = name
        if uid is None:
            del world.users[next(key for key, user in world.users.items() if user is self.user)]
            world.users[self.user.id] = self.user
        self.member = Member(self.user, permissions | EVERYDAY_RIGHTS, roles)
        guild.members[self.user.id] = self.member
        self.channel = next(iter(guild.channels.values()))

    @property
    def uid(self) -> int:
        return self.user.id

    def leave(self) -> None:
        """Leave the server; without a privileged intent no bot hears of it."""
        del self.guild.members[self.uid]

    def come_back(self) -> None:
        self.guild.members[self.uid] = self.member

    # what is on the screen

    def messages(self, channel: Channel | None = None) -> list[Shown]:
        """What this member sees in a channel (the usual one), oldest first."""
        seen = (channel or self.channel).messages.values()
        return [Shown(m) for m in seen if not m.deleted and m.seen_by in {None, self.uid}]

    @property
    def direct_messages(self) -> list[Shown]:
        return self.messages(self.fake.world.direct_channel(self.user))

    def close_direct_messages(self) -> None:
        """The bot's DMs are refused from now on (50007)."""
        self.fake.world.direct_channel(self.user).refuses = 50007

    async def until_told(self, count: int = 1, within: float = 30.0) -> list[Shown]:
        """Wait until so many DMs have come."""
        if not await self.fake.world.until(lambda: len(self.direct_messages) >= count, within):
            raise AssertionError(f"{len(self.direct_messages)} direct messages came, not {count}")
        return self.direct_messages

    def offered(self) -> list[str]:
        """The names of the commands that this member's Discord lists, in the member's language."""
        commands = [*self._commands(None), *self._commands(self.guild.id)]
        return [_localized(c, "name", self.locale) for c in commands if self._may_use(c)]

    def _commands(self, guild: int | None) -> list[Json]:
        return self.fake.world.commands.get(guild, [])

    def _may_use(self, command: Json) -> bool:
        wanted = command.get("default_member_permissions")
        return wanted is None or bool(int(wanted) & self.member.permissions)

    # what they do

    async def command(self, text: str, *, channel: Channel | None = None) -> Answer:
        """Type a slash command: `/pmpath track outcome:business` (or just the values, in order)."""
        data = self._command_data(text)
        return await self._act(COMMAND, data, channel or self.channel, None)

    async def suggestions(self, text: str) -> list[str]:
        """The choices that pop up for the last option of a half-typed command."""
        data = self._command_data(text, complete=False)
        options = data["options"]
        while options and "options" in options[-1]:
            options = options[-1]["options"]
        options[-1]["focused"] = True
        return (await self._act(AUTOCOMPLETE, data, self.channel, None)).choices

    async def press(self, where: Pressable, label: str, place: int = 0) -> Answer:
        """Press the button with this label on a message as it stands now (of several, the one at that place)."""
        shown = _shown(where)
        button = shown.button(label, place)
        if button.disabled or button.custom_id is None:
            raise NotPossible(f"the button {label!r} is disabled or only opens a page")
        return await self.forge(shown, button.custom_id)

    async def forge(self, where: Pressable, custom_id: str) -> Answer:
        """Send a press with any custom id, as a tampered client can."""
        return await self._component(_shown(where), {"component_type": rules.BUTTON, "custom_id": custom_id})

    async def tamper(self, kind: int, data: Json, where: Shown | None = None) -> Answer:
        """An interaction of any kind with any data, in the usual channel or from a message that is there."""
        source = None if where is None else where.message
        return await self._act(kind, data, self.channel if source is None else source.channel, source)

    async def choose(self, where: Pressable, which: str | None, values: str | list[str]) -> Answer:
        """Choose in a select, by labels (names) or values; `which` is its placeholder or custom id."""
        shown = _shown(where)
        select = shown.select(which)
        chosen = _chosen(select.options, [values] if isinstance(values, str) else values)
        if select.disabled or not select.fewest <= len(chosen) <= select.most:
            raise NotPossible(f"{len(chosen)} choices are not possible in {select.placeholder!r}")
        data = {"component_type": select.kind, "custom_id": select.custom_id, "values": chosen}
        if select.kind != rules.STRING_SELECT:
            data["resolved"] = self._resolved(chosen)
        return await self._component(shown, data)

    def _resolved(self, chosen: list[str]) -> Json:
        """The people, roles and channels behind chosen ids."""
        members = {one: self.guild.members[int(one)] for one in chosen if int(one) in self.guild.members}
        roles = {one: self.guild.roles[int(one)].payload() for one in chosen if int(one) in self.guild.roles}
        partial = {
            one: {key: value for key, value in member.payload().items() if key not in {"user", "deaf", "mute"}}
            | {"permissions": str(member.permissions)}
            for one, member in members.items()
        }
        users = {one: member.user.payload() for one, member in members.items()}
        channels = {one: self.guild.channels[int(one)].payload() for one in chosen if int(one) in self.guild.channels}
        return {"users": users, "members": partial, "roles": roles, "channels": channels}

    async def _component(self, shown: Shown, data: Json) -> Answer:
        message = shown.message
        if message.deleted or message.loading:
            raise NotPossible("the message is gone or still loading")
        if message.seen_by not in {None, self.uid}:
            raise NotPossible("the message is another member's private one")
        return await self._act(COMPONENT, data, message.channel, message)

    async def submit(self, form: Answer | ShownModal, values: Mapping[str, str | bool | list[str]]) -> Answer:
        """Send an open form; fields by label or custom id, the others as they stand."""
        modal = form if isinstance(form, ShownModal) else form.form
        given = {modal.field(name).custom_id: value for name, value in values.items()}
        components = [_submitted(part, given) for part in modal.modal.components]
        data = {"custom_id": modal.modal.custom_id, "components": components, "resolved": {}}
        return await self._act(MODAL_SUBMIT, data, modal.modal.channel, modal.modal.source)

    def _command_data(self, text: str, *, complete: bool = True) -> Json:
        words = text.strip().removeprefix("/").split()
        command = self.fake.world.find_command(words[0], self.guild) if words else None
        if command is None or not self._may_use(command):
            raise NotPossible(f"Discord offers no command {text!r} to {self.user.name}")
        data: Json = {
            "id": command["id"],
            "name": command["name"],
            "type": 1,
            "options": [],
            "guild_id": str(self.guild.id),
        }
        place, level, rest = data, command, words[1:]
        while any(option["type"] in {1, 2} for option in level.get("options", [])):
            deeper = next((o for o in level["options"] if rest and o["name"] == rest[0]), None)
            if deeper is None:
                raise NotPossible(f"{text!r} stops short: {[o['name'] for o in level['options']]}")
            inner: Json = {"name": deeper["name"], "type": deeper["type"], "options": []}
            place["options"] = [inner]
            place, level, rest = inner, deeper, rest[1:]
        place["options"] = _options(level.get("options", []), " ".join(rest), complete=complete)
        return data

    async def _act(self, kind: int, data: Json, channel: Channel, source: Message | None) -> Answer:
        world = self.fake.world
        number = world.new_id()
        interaction = Interaction(number, f"token{number}", kind, self.user, channel, source, world.now())
        world.interactions[interaction.token] = interaction
        payload = self._payload(interaction, data)
        if await self.fake.gateway.dispatch("INTERACTION_CREATE", payload):
            await world.until(lambda: interaction.callback is not None, self.fake.rest.answer_within)
            if interaction.callback is not None:
                await world.until(lambda: interaction.settled, self.patience)
        interaction.ended = interaction.callback is None
        if not self.fake.rest.keep_calls:
            self.fake.forget_old_interactions()
        return Answer(interaction)

    def _payload(self, interaction: Interaction, data: Json) -> Json:
        channel, guild = interaction.channel, interaction.channel.guild
        payload: Json = {
            "id": str(interaction.id),
            "application_id": str(self.fake.world.application_id),
            "type": interaction.kind,
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "channel": channel.payload() | {"permissions": str(self.member.permissions)},
            "locale": self.locale,
            "app_permissions": str(BOT_RIGHTS),
            "attachment_size_limit": 10_485_760,
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(guild.id if guild else 0)},
            "context": 0 if guild else 1,
        }
        if interaction.source:
            payload["message"] = interaction.source.payload()
        if guild is None:
            return payload | {"user": self.user.payload()}
        about = {"id": str(guild.id), "locale": guild.locale, "features": []}
        member = self.member.payload() | {"permissions": str(self.member.permissions)}
        more: Json = {
            "guild_id": str(guild.id),
            "guild": about,
            "guild_locale": guild.locale,
            "member": member,
        }
        return payload | more


def _localized(named: Json, field: str, locale: str) -> str:
    return str((named.get(f"{field}_localizations") or {}).get(locale, named[field]))


def _shown(where: Pressable) -> Shown:
    return where.card if isinstance(where, Answer) else where


def _chosen(options: Mapping[str, str], wanted: list[str]) -> list[str]:
    unknown = [one for one in wanted if one not in options and one not in options.values()]
    if unknown:
        raise NotPossible(f"there are no choices {unknown}; there are {list(options)}")
    return [options.get(one, one) for one in wanted]


def _options(declared: list[Json], text: str, *, complete: bool) -> list[Json]:
    """The typed options of a command, as `name:value` or by their order."""
    names = "|".join(re.escape(option["name"]) for option in declared)
    pieces = re.split(rf"(?:^|\s)({names}):", text) if names else [text]
    given = dict(zip(pieces[1::2], (piece.strip() for piece in pieces[2::2]), strict=True))
    loose = pieces[0].split()
    for option in declared:
        if loose and option["name"] not in given:
            last = option is declared[-1]
            given[option["name"]] = " ".join(loose) if last else loose[0]
            loose = [] if last else loose[1:]
    if loose:
        raise NotPossible(f"nothing takes {loose!r}")
    missing = [o["name"] for o in declared if o.get("required") and o["name"] not in given]
    if missing and complete:
        raise NotPossible(f"Discord asks for {missing} first")
    return [_option(option, given[option["name"]]) for option in declared if option["name"] in given]


def _option(declared: Json, text: str) -> Json:
    choices = declared.get("choices") or []
    value: Any = text
    if choices:
        fitting = [c["value"] for c in choices if text in {str(c["value"]), c["name"]}]
        if not fitting:
            raise NotPossible(f"{text!r} is no choice of {declared['name']!r}")
        value = fitting[0]
    elif declared["type"] == 4:
        value = int(text)
    elif declared["type"] == 5:
        value = text.lower() in {"true", "yes"}
    elif declared["type"] == 10:
        value = float(text)
    if isinstance(value, str) and len(value) > (declared.get("max_length") or 6000):
        raise NotPossible(f"{declared['name']!r} takes at most {declared['max_length']} characters")
    return {"name": declared["name"], "type": declared["type"], "value": value}


def _submitted(part: Json, given: Mapping[str, str | bool | list[str]]) -> Json:
    """One top-level component of a form as Discord sends it back, filled in."""
    sent: Json = {"type": part["type"], "id": part.get("id", 1)}
    if part["type"] == rules.TEXT:
        return sent
    shown = field_of(part)
    answer = given.get(shown.custom_id, shown.value if not shown.options else list(shown.chosen))
    filled = {"type": shown.kind, "id": 1, "custom_id": shown.custom_id} | _filled(shown, answer)
    if part["type"] == rules.LABEL:
        return sent | {"component": filled}
    return sent | {"components": [filled]}


def _filled(shown: ShownField, answer: str | bool | list[str]) -> Json:
    if shown.kind == rules.CHECKBOX:
        return {"value": bool(answer)}
    if shown.kind == rules.TEXT_INPUT:
        text = str(answer)
        if (shown.required and not text) or not shown.shortest <= len(text or "x" * shown.shortest) <= shown.longest:
            raise NotPossible(f"{shown.label!r} does not take {text!r}")
        return {"value": text}
    chosen = _chosen(shown.options, [answer] if isinstance(answer, str) else list(answer or []))  # type: ignore[arg-type]  # a bool is a checkbox's only
    if shown.required and not chosen:
        raise NotPossible(f"{shown.label!r} asks for a choice")
    if shown.kind == rules.RADIOS:
        return {"value": chosen[0] if chosen else None}
    return {"values": chosen}
