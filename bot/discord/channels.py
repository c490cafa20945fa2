"""Which server a channel is in: one bot may write in all of them, and a community's posts belong into its own alone."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import OrderedDict

import discord

from bot.clock import real_now
from bot.discord.refusals import known
from bot.surface import Refused, TryLater
from storage import paces
from storage.claiming import Pace
from storage.errors import StoreError
from storage.store import Busy, Store

REMEMBERED = 100_000  # channels; about 20 MB
TURN_WITHIN = dt.timedelta(seconds=15)  # of a minute's lease half may be over, and the last sixth is no time to send


class Channels:
    """Asks the connection, else Discord, once: a channel never moves to another server."""

    def __init__(self, store: Store, pace: Pace) -> None:
        """`pace` is that of the posts."""
        self._store = store
        self._pace = pace
        self._servers: OrderedDict[int, str] = OrderedDict()

    async def must_be_of(self, client: discord.Client, channel: int, server: str) -> None:
        """Raises Refused for another server's, or nobody's; TryLater where that can't be found out now."""
        if await self._server(client, channel) != server:
            raise Refused("this channel is another server's", "no-channel")

    async def _server(self, client: discord.Client, channel: int) -> str:
        here = client.get_channel(channel)
        if isinstance(here, discord.abc.GuildChannel | discord.Thread):
            return str(here.guild.id)
        found = self._servers.get(channel)
        if found is None:
            found = await self._asked(client, channel)
            self._servers[channel] = found
            if len(self._servers) > REMEMBERED:
                self._servers.popitem(last=False)
        return found

    async def _asked(self, client: discord.Client, channel: int) -> str:
        """Takes two turns in the posts' pace: for the question, and for the post, whose own is over by then."""
        name, now = self._pace.name(""), real_now()
        try:
            taken = await self._store.write(paces.take, {name: 2}, self._pace.seconds, now + TURN_WITHIN, real_now=now)
        except (StoreError, Busy) as error:
            raise TryLater(repr(error)) from error
        if len(taken[name]) < 2:
            raise TryLater("no turn to ask which server the channel is of", TURN_WITHIN.total_seconds())
        to_ask, to_post = taken[name]
        await _until(to_ask)
        with known():
            found = str((await client.http.get_channel(channel)).get("guild_id", ""))
        await _until(to_post)
        return found


async def _until(turn: dt.datetime) -> None:
    await asyncio.sleep((turn - real_now()).total_seconds())
