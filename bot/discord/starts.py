"""Beginning sessions with Discord's gateway: where it is, how many shards, and no faster than Discord allows."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.discord.closed import TOKEN_REFUSED
from bot.settings import DISCORD_API, DiscordAccess
from bot.surface import CannotStart

LOG = structlog.get_logger()
PATIENCE = aiohttp.ClientTimeout(10)
BACK_OFF = (1, 2, 4, 8, 15, 30, 60)
EVERY_SECONDS = 5.0  # Discord's: so many sessions at once as it says, and none more for so long
OLD_SECONDS = 60.0  # what it said before that is asked again
WAIT_MOST = 600.0


@dataclass(frozen=True, slots=True)
class Said:
    """What Discord says about beginning sessions. Whoever begins more than are `left` loses the token."""

    url: str
    shards: int
    left: int
    reset_after: float
    at_once: int

    @classmethod
    def read(cls, answer: dict[str, Any]) -> Said:
        limit = answer["session_start_limit"]
        return cls(
            answer["url"], answer["shards"], limit["remaining"], limit["reset_after"] / 1000, limit["max_concurrency"]
        )


async def ask(access: DiscordAccess) -> Said:
    """Raises CannotStart (a wrong token), aiohttp's errors or TimeoutError."""
    headers = {"Authorization": f"Bot {access.token.get_secret_value()}"}
    async with (
        aiohttp.ClientSession(headers=headers, timeout=PATIENCE) as session,
        session.get(f"{access.api_url or DISCORD_API}/gateway/bot") as answer,
    ):
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise CannotStart(TOKEN_REFUSED)
        answer.raise_for_status()
        return Said.read(await answer.json())


class Starts:
    """Sessions of one process begin in their turn; with several processes Discord refuses who comes too early."""

    def __init__(
        self, access: DiscordAccess, *, every: float = EVERY_SECONDS, back_off: Sequence[float] = BACK_OFF
    ) -> None:
        self._access = access
        self._every = every
        self._back_off = back_off
        self._said: Said | None = None
        self._asked_at = 0.0
        self._left = 0
        self._doors: dict[int, asyncio.Lock] = {}
        self._ready: dict[int, float] = {}
        self.waits = False
        """No session is left to begin until Discord says so."""

    async def ask(self) -> Said:
        """Asks, and sends the library there, REST and gateway both; it knows no setting for either. As `ask`."""
        if self._access.api_url is not None:
            Route.BASE = self._access.api_url
        said = self._said = await ask(self._access)
        self._asked_at, self._left = _now(), said.left
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(said.url)
        return said

    @property
    def recommended(self) -> int:
        return self._said.shards if self._said else 1

    def back_off(self, failures: int) -> float:
        """How long to wait after so many in a row."""
        return self._back_off[min(failures, len(self._back_off)) - 1] if failures else 0.0

    @asynccontextmanager
    async def turn(self, shard: int) -> AsyncIterator[None]:
        """Within it one session is begun."""
        at_once = max(1, self._said.at_once if self._said else 1)
        door = shard % at_once  # Discord counts them so
        async with self._doors.setdefault(door, asyncio.Lock()):
            await asyncio.sleep(self._ready.get(door, 0.0) - _now())
            await self._allowed()
            self._left -= 1
            try:
                yield
            finally:
                self._ready[door] = _now() + self._every

    async def rest(self) -> None:
        """After a session that Discord declared void: one to five seconds."""
        await asyncio.sleep(self._every * random.uniform(0.2, 1))

    async def _allowed(self) -> None:
        """Waits until a session may be begun."""
        if self._said is None or _now() - self._asked_at > OLD_SECONDS:
            await self.ask()
        try:
            while self._left <= 0 and self._said:
                wait = min(max(self._said.reset_after, self._every), WAIT_MOST)
                if not self.waits:
                    LOG.error("discord.no_session_left", says=NONE_LEFT, seconds=round(self._said.reset_after))
                self.waits = True
                await asyncio.sleep(wait)
                await self.ask()
        finally:
            self.waits = False


NONE_LEFT = (
    "Discord lets this bot begin no more sessions for now, and resets the token of one that does. "
    "pmpath waits; see what has connected it so often (1,000 sessions a day are usual)."
)


def _now() -> float:
    return asyncio.get_running_loop().time()
