"""What the fake Discord remembers: servers, channels, people, messages, interactions."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

EPOCH_MILLISECONDS = 1_420_070_400_000  # Discord counts its ids from 2015
EPHEMERAL = 1 << 6
LOADING = 1 << 7
SILENT = 1 << 12
COMPONENTS_V2 = 1 << 15
MANAGE_GUILD = 1 << 5
EVERYDAY_RIGHTS = (1 << 10) | (1 << 11) | (1 << 31)  # view, send, use application commands

TEXT_CHANNEL = 0
DIRECT_CHANNEL = 1


@dataclass(slots=True)
class User:
    """A person, or the bot itself."""

    id: int
    name: str
    bot: bool = False

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "username": f"user{self.id}"[:32],
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
            "flags": 0,
            "primary_guild": None,
        }


@dataclass(slots=True)
class Role:
    id: int
    name: str
    permissions: int = 0

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(self.permissions),
            "position": 1,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }


@dataclass(slots=True)
class Member:
    """A person in one server."""

    user: User
    permissions: int
    roles: tuple[int, ...] = ()
    nick: str | None = None

    def payload(self) -> Json:
        return {
            "user": self.user.payload(),
            "nick": self.nick,
            "roles": [str(role) for role in self.roles],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
            "avatar": None,
            "banner": None,
            "communication_disabled_until": None,
        }


@dataclass(slots=True)
class Guild:
    id: int
    name: str
    locale: str = "en-US"
    owner: int = 1
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)

    def payload(self) -> Json:
        """As GUILD_CREATE and GET /guilds show it."""
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner),
            "preferred_locale": self.locale,
            "roles": [role.payload() for role in self.roles.values()],
            "channels": [channel.payload() for channel in self.channels.values()],
            "members": [],
            "threads": [],
            "emojis": [],
            "stickers": [],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "features": [],
            "member_count": max(len(self.members), 1),
            "large": False,
            "unavailable": False,
            "joined_at": "2026-01-01T00:00:00+00:00",
            "afk_channel_id": None,
            "afk_timeout": 300,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "verification_level": 0,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "premium_progress_bar_enabled": False,
            "description": None,
            "icon": None,
            "splash": None,
            "banner": None,
            "discovery_splash": None,
            "vanity_url_code": None,
            "application_id": None,
        }


@dataclass(slots=True)
class Channel:
    id: int
    name: str
    guild: Guild | None = None
    recipient: User | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    refuses: int | None = None
    """The error code that every send here meets: 50001, 50013, 10003, or 50007 for a closed DM."""

    @property
    def kind(self) -> int:
        return TEXT_CHANNEL if self.guild else DIRECT_CHANNEL

    def payload(self) -> Json:
        payload: Json = {"id": str(self.id), "type": self.kind, "last_message_id": None, "flags": 0}
        if self.recipient:
            return payload | {"recipients": [self.recipient.payload()]}
        assert self.guild
        return payload | {
            "guild_id": str(self.guild.id),
            "name": self.name,
            "position": 0,
            "permission_overwrites": [],
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "rate_limit_per_user": 0,
        }


@dataclass(slots=True)
class Message:
    """A message as Discord holds it; `seen_by` is set where only one person sees it."""

    id: int
    channel: Channel
    author: User
    flags: int = 0
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    seen_by: int | None = None
    interaction: int | None = None
    nonce: str | None = None
    sent_at: float = 0.0
    edits: int = 0
    deleted: bool = False

    @property
    def loading(self) -> bool:
        return bool(self.flags & LOADING)

    def payload(self) -> Json:
        payload: Json = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.payload(),
            "content": self.content,
            "timestamp": "2026-11-22T10:00:00.000000+00:00",
            "edited_timestamp": "2026-11-22T10:00:01.000000+00:00" if self.edits else None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": self.attachments,
            "embeds": self.embeds,
            "components": self.components,
            "flags": self.flags,
            "pinned": False,
            "type": 20 if self.interaction else 0,
            "nonce": self.nonce,
        }
        return payload


@dataclass(slots=True)
class Modal:
    """A form as it stands open before one member."""

    custom_id: str
    title: str
    components: list[Json]
    source: Message | None
    channel: Channel


@dataclass(slots=True)
class Interaction:
    """One thing that a member did, and what became of it."""

    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    source: Message | None
    began: float
    ended: bool = False
    callback: int | None = None
    answered_after: float | None = None
    card_after: float | None = None
    original: Message | None = None
    modal: Modal | None = None
    choices: list[Json] | None = None
    followups: list[Message] = field(default_factory=list)
    awaits_card: bool = False

    @property
    def settled(self) -> bool:
        """The member has before them all that the first answer promised."""
        return self.callback is not None and not self.awaits_card


class World:
    """Everything that is, and a way to wait for it to change."""

    def __init__(self) -> None:
        self._serial = itertools.count(1)
        self._waiting: dict[Callable[[], bool], asyncio.Future[None]] = {}
        self._shift = 0.0
        self.bot = User(self.new_id(), "pmpath", bot=True)
        self.application_id = self.new_id()
        self.application: Json = {}  # what its owner set up besides
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.interactions: dict[str, Interaction] = {}
        self.commands: dict[int | None, list[Json]] = {}

    def new_id(self) -> int:
        milliseconds = int(time.time() * 1000) - EPOCH_MILLISECONDS
        return (milliseconds << 22) | next(self._serial) % (1 << 22)

    def now(self) -> float:
        return time.monotonic() + self._shift

    def pass_time(self, seconds: float) -> None:
        """Let `seconds` go by for tokens, callbacks and nonces, without waiting for them."""
        self._shift += seconds
        self.change()

    def change(self) -> None:
        """Let those go on for whom it came true. Asked here, so that a crowd that waits costs little."""
        for is_true, waiter in list(self._waiting.items()):
            if is_true() and not waiter.done():
                waiter.set_result(None)

    async def until(self, is_true: Callable[[], bool], within: float) -> bool:
        """Whether it came true within so many real seconds."""
        if is_true():
            return True
        waiter = self._waiting[is_true] = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait((waiter,), timeout=max(0.0, within))
        finally:
            del self._waiting[is_true]
        return is_true()

    def add_guild(self, name: str = "PM Talk", *, guild_id: int | None = None, locale: str = "en-US") -> Guild:
        guild = Guild(guild_id or self.new_id(), name, locale)
        guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYDAY_RIGHTS)
        self.guilds[guild.id] = guild
        self.add_channel(guild, "general")
        return guild

    def add_channel(self, guild: Guild, name: str, *, channel_id: int | None = None) -> Channel:
        channel = Channel(channel_id or self.new_id(), name, guild)
        guild.channels[channel.id] = self.channels[channel.id] = channel
        return channel

    def add_role(self, guild: Guild, name: str, permissions: int = 0) -> Role:
        role = Role(self.new_id(), name, permissions)
        guild.roles[role.id] = role
        return role

    def direct_channel(self, user: User) -> Channel:
        """The channel between the bot and one person, made at first use."""
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        channel = Channel(self.new_id(), user.name, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def find_command(self, name: str, guild: Guild | None) -> Json | None:
        known = [*self.commands.get(guild.id if guild else None, []), *self.commands.get(None, [])]
        return next((command for command in known if command["name"] == name), None)
