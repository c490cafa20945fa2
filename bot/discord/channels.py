"""Which server a channel is in: one bot may write in all of them, and a community's posts belong into its own alone."""

from __future__ import annotations

from collections import OrderedDict

import discord

from bot.discord.refusals import known
from bot.surface import Refused

REMEMBERED = 100_000  # channels; about 20 MB


class Channels:
    """Asks the connection, else Discord, once: a channel never moves to another server."""

    def __init__(self) -> None:
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
            with known():
                found = str((await client.http.get_channel(channel)).get("guild_id", ""))
            self._servers[channel] = found
            if len(self._servers) > REMEMBERED:
                self._servers.popitem(last=False)
        return found
