"""Discord as a surface: its connections, one dispatcher for every interaction, and what is sent unasked."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Sequence
from typing import Any

import aiohttp
import discord
import structlog

from bot.clock import Stop
from bot.discord import declare, receive, render, rights, suggest
from bot.discord.answer import DiscordAnswer
from bot.discord.channels import Channels
from bot.discord.chat import Chat
from bot.discord.closed import MORE_SHARDS, TOKEN_REFUSED, sentence
from bot.discord.limits import NONCE_MAX
from bot.discord.overlap import Overlap
from bot.discord.refusals import GONE, UNREACHABLE, known, verdict
from bot.discord.restraint import Restraint
from bot.discord.servers import Servers
from bot.discord.starts import Starts
from bot.discord.telling import CommandNotes, Telling
from bot.named import Named
from bot.settings import DiscordAccess
from bot.surface import CannotStart, Interactions, Message, TryLater, Uncertain
from commands.kit.dispatch import Decision
from commands.kit.request import Platform
from storage.claiming import Pace
from storage.outbox import Lane

LOG = structlog.get_logger()


class DiscordSurface:
    """The bot on Discord. It holds no view and no form: all that is pressed comes back by its custom id."""

    platform = Platform.DISCORD
    post_pace = 0.025  # of the 50 requests a second that Discord allows the whole bot
    look_pace = 2.0
    paced_apart = False
    remembers = 120.0  # the length of its nonce's window is not published; two minutes are safe
    native = render.NATIVE

    def __init__(
        self,
        access: DiscordAccess,
        interactions: Interactions,
        memory: CommandNotes,
        *,
        pace: float = 5.0,
        starts: Starts | None = None,
        restraint: Restraint | None = None,
    ) -> None:
        self.pace = pace
        self._access = access
        self._interactions = interactions
        self._dispatcher = interactions.dispatcher
        self._catalogue = interactions.dispatcher.content.catalogue
        self._telling = Telling(memory)
        posts = Pace(self.platform.value, Lane.POSTS, self.post_pace, self.paced_apart)
        self._channels = Channels(interactions.dispatcher.store, posts)
        self._closing = Stop()
        self._starts = starts or Starts(access)
        self._restraint = restraint or Restraint()
        self._client = Chat(self, self._starts, self._restraint)
        self._servers = Servers(interactions.dispatcher.store, self._closing)
        self._overlap = Overlap(interactions.dispatcher.store, str(access.shards or "all"))

    async def run(self) -> None:
        """Connects, and again wherever that could not be done, until `close`. Raises CannotStart."""
        failures = 0
        await self._overlap.begin(self._closing)
        while not self._closing.told:
            try:
                await self._connect(self._access.token.get_secret_value())
            except discord.LoginFailure as error:
                raise CannotStart(TOKEN_REFUSED) from error
            except discord.ConnectionClosed as error:
                await self._closed(error)
            except (discord.HTTPException, discord.RateLimited, *UNREACHABLE) as error:
                LOG.warning("discord.unreachable", error=repr(error))
            except AttributeError:
                if not self._closing.told:  # the library has no loop any more for what comes while it closes
                    raise
            finally:
                await self._disconnect()
            failures = 0 if self._client.has_been_connected else failures
            failures += 1
            await self._closing.within(self._starts.back_off(failures))
            self._client = Chat(self, self._starts, self._restraint)

    async def _connect(self, token: str) -> None:
        """Connects and stays; after `close` not any more, since a client that was closed closes no second time."""
        said, shards = await self._starts.ask(), self._access.shards
        if shards is None:
            self._client.share(range(said.shards), said.shards)
        else:
            self._client.share(shards.ids, shards.count)
            if shards.count < said.shards:
                LOG.warning("discord.few_shards", set=shards.count, recommended=said.shards)
        if not self._closing.told:
            await self._client.start(token)

    async def _closed(self, error: discord.ConnectionClosed) -> None:
        """Returns where Discord merely asks for more shards than it did at the start, and nobody has set how many."""
        if error.code == MORE_SHARDS and self._access.shards is None:
            before = self._client.shard_count or 1
            with contextlib.suppress(*UNREACHABLE):
                await self._starts.ask()
            if self._starts.recommended > before:
                LOG.warning("discord.more_shards", recommended=self._starts.recommended)
                return
        if says := sentence(error.code, self._access.shards, self._starts.recommended):
            raise CannotStart(says) from error
        raise error

    async def close(self) -> None:
        """Takes no more, lets what is under way end and be answered, then disconnects."""
        await self._interactions.rest()
        self._closing.tell()
        await self._interactions.drain()
        await self._disconnect()
        await self._overlap.end()

    async def _disconnect(self) -> None:
        await self._telling.end()
        await self._client.close()

    def missing(self) -> str | None:
        """Also where Discord lets no session begin for a while; the log says that at length."""
        away, connected = self._client.away, self._client.connected
        if connected and not away:
            return None
        count = self._client.shard_count or 1
        of = f" for shards {spans(away)} of {count}" if away and count > 1 else ""
        why = " (no session left to begin)" if self._starts.waits else ""
        return f"the connection to Discord's gateway{of}{why}"

    @property
    def shards(self) -> dict[int, bool]:
        return {**dict.fromkeys(self._client.connected, True), **dict.fromkeys(self._client.away, False)}

    @property
    def sends(self) -> bool:
        """One shard is enough: what is sent goes another way, from any process to any server."""
        return bool(self._client.connected) and not self._restraint.holds

    async def take(self, interaction: discord.Interaction[Any]) -> None:
        """Answers one interaction, of whichever kind."""
        received = asyncio.get_running_loop().time()
        if interaction.type is discord.InteractionType.autocomplete:
            await suggest.answer(interaction, self._dispatcher)
        elif interaction.type is not discord.InteractionType.ping and not self._closing.told:
            decision = self._dispatcher.decide(receive.request(interaction, received))
            answer = DiscordAnswer(interaction, decision, self._dispatcher)
            await self._interactions.hold(self._answer(interaction.id, decision, answer))

    async def _answer(self, interaction: int, decision: Decision, answer: DiscordAnswer) -> None:
        if await self._overlap.is_ours(interaction):
            await self._interactions.answer(decision, answer)

    async def declare(self) -> None:
        """Tells Discord the commands, only where they have changed, and again until it takes them."""
        await self._telling.begin(self._client, declare.payload(self._dispatcher.registry, self._catalogue))

    def look_around(self, client: Chat) -> None:
        """Keeps in which servers we are, as this connection has it now."""
        if looking := self._servers.look_around(client):
            self._interactions.hold(looking)

    def look_at(self, server: int, name: str | None) -> None:
        """Keeps that we are in this server, by its name; with None, that we are there no more."""
        if looking := self._servers.look_at(str(server), name):
            self._interactions.hold(looking)

    async def tell(self, message: Message) -> str:
        with known():
            channel = await self._client.create_dm(discord.Object(int(message.place)))
            return await self._send(channel, message)

    async def post(self, message: Message) -> str:
        channel = self._client.get_partial_messageable(int(message.place))
        await self._channels.must_be_of(self._client, channel.id, message.community_ext)
        try:
            return await self._send(channel, message, silent=True)
        except discord.HTTPException as error:
            raise verdict(error) from error
        except discord.RateLimited as error:
            raise TryLater(str(error), error.retry_after) from error
        except aiohttp.ClientConnectorError as error:
            raise TryLater(repr(error)) from error
        except UNREACHABLE as error:
            raise Uncertain(repr(error)) from error

    @property
    def named(self) -> Named:
        return self._interactions.named

    async def has(self, community_ext: str, uid: str) -> bool:
        with known():
            return await rights.is_member(self._client, int(uid), int(community_ext))

    async def take_back(self, community_ext: str, channel: str, remote: str) -> None:
        post = self._client.get_partial_messageable(int(channel)).get_partial_message(int(remote))
        with known():
            try:
                await post.delete()
            except discord.HTTPException as error:
                if error.code not in GONE:
                    raise

    async def _send(self, channel: discord.abc.Messageable, message: Message, *, silent: bool = False) -> str:
        """Sends with a nonce of the message's own: the same one again is not posted twice by Discord."""
        drawn = render.card(self._catalogue, message.card, message.language, message.community)
        sent = await channel.send(view=drawn.view, files=drawn.files, nonce=nonce_of(message.key), silent=silent)
        return str(sent.id)


def nonce_of(key: str) -> str:
    """A nonce that is the same for the same message, after a restart too."""
    return hashlib.blake2b(key.encode(), digest_size=NONCE_MAX // 2).hexdigest()


def spans(numbers: Sequence[int]) -> str:
    """`0-3, 7` for 0, 1, 2, 3, 7."""
    starts = [number for number in numbers if number - 1 not in numbers]
    ends = [number for number in numbers if number + 1 not in numbers]
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True))
