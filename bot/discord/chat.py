"""The library's client, with its connections to Discord's gateway: one for each shard, each living by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.discord.refusals import UNREACHABLE
from bot.discord.restraint import Restraint
from bot.discord.starts import Starts

LOG = structlog.get_logger()
RATE_LIMIT_SECONDS = 30.0  # longer than this is left to the outbox
CONNECT_SECONDS = 20.0
ENDED = 1000
"""Closed so, a session is over; closed otherwise it can be resumed."""
INTERRUPTED = 4000


class Host(Protocol):
    """Whom the client tells what it hears."""

    async def take(self, interaction: discord.Interaction[Any]) -> None:
        """A member did something."""

    async def declare(self) -> None:
        """Discord may be told the commands."""

    def look_around(self, client: Chat) -> None:
        """All the servers that it is in may be others now."""

    def look_at(self, server: int, name: str | None) -> None:
        """This one is called so now; with None it has removed the bot."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A session that can be resumed, where Discord said or else at the first address."""

    session: str
    sequence: int | None
    gateway: yarl.URL | None


@dataclass(slots=True)
class Shard:
    """One connection. `known`: all its servers are listed; `settled`: they have their names."""

    socket: DiscordWebSocket | None = None
    connected: bool = False
    known: bool = False
    settled: bool = False


class Chat(discord.AutoShardedClient):
    """No more intents than it needs, nothing in its caches; its shards are connected by `_live`.

    The library would connect lost shards one after another, each waiting up to 17 minutes while the others stand
    still, and at its start knock for ever at the same address, after `close` too.
    """

    def __init__(self, host: Host, starts: Starts, restraint: Restraint) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak; nothing is missing
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=RATE_LIMIT_SECONDS,
            http_trace=restraint.trace(),
        )
        self._host = host
        self._starts = starts
        self._mine: dict[int, Shard] = {}
        self._lives: list[asyncio.Task[None]] = []
        self.has_been_connected = False

    def share(self, shards: Sequence[int], count: int) -> None:
        """It is to serve these shards of so many."""
        self._mine = {shard: Shard() for shard in shards}
        self.shard_ids, self.shard_count = list(shards), count

    async def setup_hook(self) -> None:
        await self._host.declare()

    async def connect(self, *, reconnect: bool = True) -> None:
        """Serves all its shards until `close`. Raises discord.ConnectionClosed where Discord ends one for good."""
        if self.is_closed():
            return
        self._connection.shard_count, self._connection.shard_ids = self.shard_count, list(self._mine)
        loop = asyncio.get_running_loop()
        self._lives = [loop.create_task(self._live(shard)) for shard in self._mine]
        done, _pending = await asyncio.wait(self._lives, return_when=asyncio.FIRST_EXCEPTION)
        for life in done:
            if not life.cancelled():
                life.result()

    async def close(self) -> None:
        """Ends every connection; the library's own way knows none of them, and fails before a start."""
        for life in self._lives:
            life.cancel()
        if self._lives:
            await asyncio.wait(self._lives)
        for shard in self._mine.values():
            shard.connected = False
        await discord.Client.close(self)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Nothing is told after `close`: the library goes on waiting for servers for a while."""
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Nothing: its turn has come already."""

    # what stands

    @property
    def connected(self) -> list[int]:
        return [number for number, shard in self._mine.items() if shard.connected]

    @property
    def away(self) -> list[int]:
        return [number for number, shard in self._mine.items() if not shard.connected]

    def knows(self) -> Callable[[str], bool]:
        """Which servers would be listed now if the bot were in them: those of the shards that were ready."""
        known, count = frozenset(number for number, shard in self._mine.items() if shard.known), self.shard_count or 1
        return lambda server: server.isdigit() and shard_of(int(server), count) in known

    # one shard's life

    async def _live(self, number: int) -> None:
        """Connects it, and again whenever it is lost; another one's trouble is none of its."""
        kept: Kept | None = None
        failures = 0
        while True:
            shard = self._mine[number]
            void = False
            try:
                kept = await self._serve(number, kept)
                void = kept is None
            except ReconnectWebSocket as refused:  # closed before it began
                kept = kept if refused.resume else None
            except UNREACHABLE as error:
                LOG.warning("discord.unreachable", shard=number, error=repr(error))
                kept = kept and replace(kept, gateway=None)
            failures = 0 if shard.connected else failures + 1
            shard.connected = False
            await asyncio.sleep(self._starts.back_off(failures))
            if void:
                await self._starts.rest()

    async def _serve(self, number: int, kept: Kept | None) -> Kept | None:
        """One connection until it is lost; answers what can be resumed."""
        shard = self._mine[number]
        socket = shard.socket = await self._resume(number, kept) if kept else await self._begin(number)
        try:
            while True:
                await socket.poll_event()
        except ReconnectWebSocket as lost:
            return _kept(socket) if lost.resume else None
        except UNREACHABLE as error:
            LOG.warning("discord.unreachable", shard=number, error=repr(error))
            await socket.close(code=INTERRUPTED)
            return _kept(socket)
        except asyncio.CancelledError:
            await socket.close(code=ENDED)
            raise
        finally:
            shard.socket = None

    async def _begin(self, number: int) -> DiscordWebSocket:
        async with self._starts.turn(number), asyncio.timeout(CONNECT_SECONDS):
            self._forget(number)
            return await DiscordWebSocket.from_client(self, shard_id=number)

    async def _resume(self, number: int, kept: Kept) -> DiscordWebSocket:
        if kept.gateway is None:
            await self._starts.ask()
        async with asyncio.timeout(CONNECT_SECONDS):
            return await DiscordWebSocket.from_client(
                self,
                shard_id=number,
                resume=True,
                gateway=kept.gateway,
                session=kept.session,
                sequence=kept.sequence,
            )

    def _forget(self, number: int) -> None:
        """A new session lists the shard's servers anew; the library would keep those that left meanwhile."""
        shard = self._mine[number]
        shard.known = shard.settled = False
        for guild in self.guilds:
            if guild.shard_id == number:
                self._connection._remove_guild(guild)  # noqa: SLF001 - the library has no public way

    # what it hears

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await self._host.take(interaction)

    async def on_shard_connect(self, number: int) -> None:
        self._arrived(number)
        self._mine[number].known = True
        self._host.look_around(self)

    async def on_shard_resumed(self, number: int) -> None:
        self._arrived(number)

    async def on_shard_ready(self, number: int) -> None:
        self._mine[number].settled = True
        self._host.look_around(self)  # at `on_shard_connect` the servers have no names yet

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self._changed(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        self._changed(guild)

    async def on_guild_update(self, before: discord.Guild, guild: discord.Guild) -> None:
        if guild.name != before.name:
            self._changed(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self._host.look_at(guild.id, None)  # an outage of Discord's has an event of its own

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        LOG.exception("discord.event_failed", during=event_method)

    def _arrived(self, number: int) -> None:
        shard = self._mine[number]
        shard.connected = shard.socket is not None
        self.has_been_connected = True

    def _changed(self, guild: discord.Guild) -> None:
        """A server came or changed; all those that come at the connection are looked at together."""
        shard = self._mine.get(guild.shard_id)
        if shard and shard.settled:
            self._host.look_at(guild.id, guild.name or "")


def shard_of(server: int, count: int) -> int:
    """Which shard a server is on, as Discord has it."""
    return (server >> 22) % count


def _kept(socket: DiscordWebSocket) -> Kept | None:
    return Kept(socket.session_id, socket.sequence, socket.gateway) if socket.session_id else None
