"""Discord as a surface: one connection, one dispatcher for every interaction, and what is sent unasked."""

from __future__ import annotations

import asyncio
import hashlib
from http import HTTPStatus
from typing import Any, Protocol

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.clock import Stop
from bot.discord import declare, receive, render, rights, suggest
from bot.discord.answer import DiscordAnswer
from bot.discord.limits import NONCE_MAX
from bot.discord.refusals import GONE, UNREACHABLE, known, verdict
from bot.discord.servers import Servers
from bot.named import Named
from bot.settings import DiscordAccess
from bot.surface import CannotStart, Interactions, Message, TryLater, Uncertain
from commands.kit.request import Platform

LOG = structlog.get_logger()
RATE_LIMIT_SECONDS = 30.0  # longer than this is left to the outbox
BACK_OFF = (1, 2, 4, 8, 15, 30, 60)
PATIENCE = aiohttp.ClientTimeout(10)


TOKEN_REFUSED = (
    "Discord does not know DISCORD_TOKEN. On the application's Bot page press Reset Token, "
    "and put the new one into DISCORD_TOKEN."
)
FINAL = {
    4004: TOKEN_REFUSED,
    4010: "Discord refuses the shard that pmpath names (4010), although it names none: "
    "look for something between pmpath and Discord that changes what is sent, such as a proxy in DISCORD_API_URL.",
    4011: "Discord asks for sharding (4011): this bot is in more servers than one connection may serve (2,500). "
    "pmpath has one connection; run a second bot, with a token and a database of its own, for a part of the servers.",
    4012: "Discord no longer speaks the version of its gateway that pmpath asks for (4012). "
    "Install the newest pmpath, with the newest discord.py.",
    4013: "Discord does not know the intents that pmpath asks for (4013). "
    "Install the newest pmpath, with the newest discord.py.",
    4014: "Discord forbids an intent that pmpath asks for (4014), although it asks for no privileged one. "
    "See on the application's Bot page whether Discord has limited the application.",
}
"""How Discord closes a connection for good, and what the operator can do."""


class CommandMemory(Protocol):
    """Where it is remembered, across restarts, which commands Discord was told last."""

    async def recall(self, application: int) -> str | None:
        """The digest of what was told last; None if nothing was."""

    async def remember(self, application: int, digest: str) -> None:
        """This is what was told now."""


class DiscordSurface:
    """The bot on Discord. It holds no view and no form: all that is pressed comes back by its custom id."""

    platform = Platform.DISCORD
    post_pace = 0.025  # of the 50 requests a second that Discord allows the whole bot
    look_pace = 2.0
    remembers = 120.0  # the length of its nonce's window is not published; two minutes are safe
    native = render.NATIVE

    def __init__(
        self,
        access: DiscordAccess,
        interactions: Interactions,
        memory: CommandMemory,
        *,
        pace: float = 5.0,
    ) -> None:
        self.pace = pace
        self._access = access
        self._interactions = interactions
        self._dispatcher = interactions.dispatcher
        self._catalogue = interactions.dispatcher.content.catalogue
        self._memory = memory
        self._closing = Stop()
        self._client = Chat(self)
        self._servers = Servers(interactions.dispatcher.store, self._closing)
        self.connected = False

    async def run(self) -> None:
        """Connects, and again whenever the connection is lost, until `close`. Raises CannotStart."""
        failures = 0
        while not self._closing.told:
            try:
                await self._connect(self._access.token.get_secret_value())
            except discord.LoginFailure as error:
                raise CannotStart(TOKEN_REFUSED) from error
            except discord.ConnectionClosed as error:
                if error.code in FINAL:
                    raise CannotStart(FINAL[error.code]) from error
                raise
            except (discord.HTTPException, discord.RateLimited, *UNREACHABLE) as error:
                LOG.warning("discord.unreachable", error=repr(error))
            finally:
                self.connected = False
                await self._client.close()
            failures = 0 if self._client.has_been_connected else failures
            await self._closing.within(BACK_OFF[min(failures, len(BACK_OFF) - 1)])
            failures += 1
            self._client = Chat(self)

    async def _connect(self, token: str) -> None:
        """Connects and stays; after `close` not any more, since a client that was closed closes no second time.

        The library resumes what was merely interrupted. Where it can't connect at all it would wait up to 17
        minutes, at the same address; `run` waits less, can be stopped, and begins anew.
        """
        if self._access.api_url is not None:
            await _point_at(self._access.api_url, token)
        if not self._closing.told:
            await self._client.start(token, reconnect=False)

    async def close(self) -> None:
        """Takes no more, lets what is under way end and be answered, then disconnects."""
        self._closing.tell()
        await self._interactions.drain()
        await self._client.close()

    def missing(self) -> str | None:
        return None if self.connected else "the connection to Discord's gateway"

    async def take(self, interaction: discord.Interaction[Any]) -> None:
        """Answers one interaction, of whichever kind."""
        received = asyncio.get_running_loop().time()
        if interaction.type is discord.InteractionType.autocomplete:
            await suggest.answer(interaction, self._dispatcher)
        elif interaction.type is not discord.InteractionType.ping and not self._closing.told:
            decision = self._dispatcher.decide(receive.request(interaction, received))
            answer = DiscordAnswer(interaction, decision, self._dispatcher)
            await self._interactions.hold(self._interactions.answer(decision, answer))

    async def declare(self) -> None:
        """Tells Discord the commands, only where they have changed. A failure leaves those of before."""
        application = self._client.application_id
        assert application is not None
        commands = declare.payload(self._dispatcher.registry, self._catalogue)
        digest = declare.digest(commands)
        try:
            if await self._memory.recall(application) != digest:
                await self._client.http.bulk_upsert_global_commands(application, payload=commands)
                await self._memory.remember(application, digest)
        except Exception:
            LOG.exception("discord.commands_not_told")

    def look_around(self, client: discord.Client) -> None:
        """Keeps in which servers we are, as this connection has it now."""
        if looking := self._servers.look_around(client):
            self._interactions.hold(looking)

    async def tell(self, message: Message) -> str:
        with known():
            channel = await self._client.create_dm(discord.Object(int(message.place)))
            return await self._send(channel, message)

    async def post(self, message: Message) -> str:
        channel = self._client.get_partial_messageable(int(message.place))
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

    async def take_back(self, channel: str, remote: str) -> None:
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


class Chat(discord.Client):
    """The library's client, with no more intents than it needs and nothing in its caches."""

    def __init__(self, surface: DiscordSurface) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak; nothing is missing
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=RATE_LIMIT_SECONDS,
        )
        self._surface = surface
        self.has_been_connected = False

    async def setup_hook(self) -> None:
        await self._surface.declare()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await self._surface.take(interaction)

    async def on_connect(self) -> None:
        self._surface.connected = self.has_been_connected = True
        self._surface.look_around(self)

    async def on_ready(self) -> None:
        self._surface.look_around(self)  # at `on_connect` the servers have no names yet

    async def on_guild_join(self, _guild: discord.Guild) -> None:
        self._changed()

    async def on_guild_available(self, _guild: discord.Guild) -> None:
        self._changed()

    async def on_guild_update(self, _before: discord.Guild, _after: discord.Guild) -> None:
        self._changed()

    async def on_guild_remove(self, _guild: discord.Guild) -> None:
        self._surface.look_around(self)  # an outage of Discord's has an event of its own

    def _changed(self) -> None:
        """A server came or changed; all those that come at the connection are looked at together."""
        if self.is_ready():
            self._surface.look_around(self)

    async def on_resumed(self) -> None:
        self._surface.connected = True

    async def on_disconnect(self) -> None:
        self._surface.connected = False

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        LOG.exception("discord.event_failed", during=event_method)


def nonce_of(key: str) -> str:
    """A nonce that is the same for the same message, after a restart too."""
    return hashlib.blake2b(key.encode(), digest_size=NONCE_MAX // 2).hexdigest()


async def _point_at(api_url: str, token: str) -> None:
    """Sends the library to another address, REST and gateway both; it knows no setting for either."""
    Route.BASE = api_url
    headers = {"Authorization": f"Bot {token}"}
    async with (
        aiohttp.ClientSession(headers=headers, timeout=PATIENCE) as session,
        session.get(f"{api_url}/gateway/bot") as answer,
    ):
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise CannotStart(TOKEN_REFUSED)
        answer.raise_for_status()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL((await answer.json())["url"])
