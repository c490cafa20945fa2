"""Telling Discord the commands: only where they have changed, and again until it takes them."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import structlog

from bot.discord import declare
from storage import notes
from storage.store import Store

LOG = structlog.get_logger()
AGAIN_SECONDS = 10.0
AGAIN_MOST = 600.0
Json = dict[str, Any]


def note_of(application: int | str) -> str:
    """The note that has the digest of what was told last for this application."""
    return f"discord.commands:{application}"


class CommandNotes:
    """Remembers in the database, across restarts, which commands Discord was told last."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def recall(self, application: int) -> str | None:
        """The digest of what was told last; None if nothing was."""
        return await self._store.read(notes.find, note_of(application))

    async def remember(self, application: int, digest: str) -> None:
        """This is what was told now."""
        await self._store.write(notes.keep, note_of(application), digest)


class Telling:
    """One process's. A failure leaves the commands of before."""

    def __init__(self, memory: CommandNotes) -> None:
        self._memory = memory
        self._again: asyncio.Task[None] | None = None

    async def begin(self, client: discord.Client, commands: list[Json]) -> None:
        """Tells them now; where that fails, again by itself until it is done or `end`."""
        await self.end()
        if not await self._tell(client, commands):
            self._again = asyncio.create_task(self._tell_again(client, commands))

    async def end(self) -> None:
        """The client is about to be closed."""
        if self._again is not None:
            self._again.cancel()
            await asyncio.wait({self._again})

    async def _tell_again(self, client: discord.Client, commands: list[Json]) -> None:
        wait = AGAIN_SECONDS
        await asyncio.sleep(wait)
        while not await self._tell(client, commands):
            wait = min(2 * wait, AGAIN_MOST)
            await asyncio.sleep(wait)
        LOG.info("discord.commands_told")

    async def _tell(self, client: discord.Client, commands: list[Json]) -> bool:
        """Whether Discord knows them now."""
        application, digest = client.application_id, declare.digest(commands)
        assert application is not None
        try:
            if await self._memory.recall(application) != digest:
                await client.http.bulk_upsert_global_commands(application, payload=commands)
                await self._memory.remember(application, digest)
        except Exception:
            LOG.exception("discord.commands_not_told")
            return False
        return True
