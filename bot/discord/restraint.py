"""Holds back what nobody waits for where Discord refuses much: for 10,000 refusals in ten minutes it bans."""

from __future__ import annotations

import asyncio
from collections import deque
from http import HTTPStatus
from types import SimpleNamespace

import aiohttp
import structlog

from bot import fence

LOG = structlog.get_logger()
COUNTED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
MOST = 2_000  # several processes may share an address
WINDOW_SECONDS = 600.0
BANNED_SECONDS = 60.0  # where the ban does not say
BANNED_MOST = 3600.0


class Restraint:
    """Counts the refusals that Discord counts. What a member waits for is answered all the same."""

    def __init__(self, most: int = MOST) -> None:
        self._refused: deque[float] = deque(maxlen=most)
        self._until = 0.0

    def trace(self) -> aiohttp.TraceConfig:
        """For the library's session, which takes one: to hear of every answer, and to send nothing too late."""
        config = fence.trace()
        config.on_request_end.append(self._ended)
        return config

    @property
    def holds(self) -> bool:
        return _now() < self._until

    async def _ended(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        if params.response.status not in COUNTED:
            return
        now = _now()
        self._refused.append(now)
        if params.response.status == HTTPStatus.TOO_MANY_REQUESTS and "Via" not in params.response.headers:
            self._hold(min(retry_after(params.response) or BANNED_SECONDS, BANNED_MOST), "discord.banned")
        elif len(self._refused) == self._refused.maxlen and now - self._refused[0] < WINDOW_SECONDS:
            self._hold(self._refused[0] + WINDOW_SECONDS - now, "discord.refuses_much")

    def _hold(self, seconds: float, event: str) -> None:
        if not self.holds:
            LOG.error(event, seconds=round(seconds))
        self._until = max(self._until, _now() + seconds)


def retry_after(answer: aiohttp.ClientResponse) -> float | None:
    """How many seconds it asks to wait, without a body to say so."""
    said = answer.headers.get("Retry-After", "")
    return float(said) if said.isdecimal() else None


def _now() -> float:
    return asyncio.get_running_loop().time()
