"""In which servers the bot is, as its connection says, kept with the communities that we have met."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import structlog

from bot import presence
from bot.clock import Stop
from bot.discord.chat import Chat
from commands.kit.request import Platform
from storage.store import Store

LOG = structlog.get_logger()
AGAIN_SECONDS = 5.0


class Servers:
    """Compares one at a time; what changes meanwhile is compared once after it."""

    def __init__(self, store: Store, stop: Stop) -> None:
        self._store = store
        self._stop = stop
        self._asked: Chat | None = None
        self._looks = False

    def look_around(self, client: Chat) -> Coroutine[Any, Any, None] | None:
        """What is to be run for it; None where that runs already. Of the shards it knows, `client` has every server."""
        self._asked = client
        if self._looks:
            return None
        self._looks = True
        return self._look()

    async def _look(self) -> None:
        try:
            while (client := self._take()) is not None and not self._stop.told:
                names, known = {str(guild.id): guild.name or "" for guild in client.guilds}, client.knows()
                try:
                    await presence.compare(self._store, Platform.DISCORD, names, known)
                except Exception:
                    LOG.exception("discord.servers_not_kept")
                    self._asked = self._asked or client
                    await self._stop.within(AGAIN_SECONDS)
        finally:
            self._looks = False

    def _take(self) -> Chat | None:
        asked, self._asked = self._asked, None
        return asked
