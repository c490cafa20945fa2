"""In which servers the bot is, as its connection says, kept with the communities that we have met."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from bot import presence
from bot.clock import Stop
from bot.discord.chat import Chat
from bot.fault import Fault
from commands.kit.request import Platform
from storage.store import Store

AGAIN_SECONDS = 5.0


class Servers:
    """Keeps one thing at a time; of what changes meanwhile only the latest is kept after it."""

    def __init__(self, store: Store, stop: Stop) -> None:
        self._store = store
        self._stop = stop
        self._asked: Chat | None = None
        self._changed: dict[str, str | None] = {}
        self._looks = False
        self._fault = Fault("discord.servers_not_kept")

    def look_around(self, client: Chat) -> Coroutine[Any, Any, None] | None:
        """What is to be run for it; None where that runs already. Of the shards it knows, `client` has every server."""
        self._asked = client
        return self._begin()

    def look_at(self, server: str, name: str | None) -> Coroutine[Any, Any, None] | None:
        """As `look_around`, for one server: it is called so now, or with None has removed the bot."""
        self._changed[server] = name
        return self._begin()

    def _begin(self) -> Coroutine[Any, Any, None] | None:
        if self._looks:
            return None
        self._looks = True
        return self._look()

    async def _look(self) -> None:
        try:
            while (self._asked or self._changed) and not self._stop.told:
                try:
                    await (self._all(client) if (client := self._take()) else self._one())
                    self._fault.over()
                except Exception as error:  # noqa: BLE001 -- it is logged, and tried again
                    self._fault.met(error)
                    await self._stop.within(AGAIN_SECONDS)
        finally:
            self._looks = False

    def _take(self) -> Chat | None:
        asked, self._asked = self._asked, None
        return asked

    async def _all(self, client: Chat) -> None:
        """Where the client does not have a server yet, it is compared again once that shard is connected."""
        self._changed.clear()
        names, known = {str(guild.id): guild.name or "" for guild in client.guilds}, client.knows()
        try:
            await presence.compare(self._store, Platform.DISCORD, names, known)
        except Exception:
            self._asked = self._asked or client
            raise

    async def _one(self) -> None:
        server = next(iter(self._changed))
        name = self._changed.pop(server)
        try:
            if name is None:
                await presence.leave(self._store, Platform.DISCORD, server)
            else:
                await presence.stay(self._store, Platform.DISCORD, server, name)
        except Exception:
            self._changed.setdefault(server, name)
            raise
