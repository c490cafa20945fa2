"""Whether another process has a session for the same shards: Discord then sends each interaction to both.

So it is while one takes over from the other. As long as it lasts each interaction is claimed first, and one answers.
"""

from __future__ import annotations

import asyncio
import secrets

import structlog

from bot.clock import Stop, real_now
from bot.fault import Fault
from commands.kit.request import Platform
from storage import seen_events, signs
from storage.store import Store

LOG = structlog.get_logger()
SIGN_SECONDS = 2.0
CLAIM_SECONDS = 1.0  # of the three in which Discord wants an answer; a database that is away is waited for much longer


class Overlap:
    """One process's part; `shards` says in words which are its own. With a file no other process is possible."""

    def __init__(self, store: Store, shards: str) -> None:
        self._store = store
        self._work = f"discord:{shards}"
        self._owner = secrets.token_hex(8)
        self._others = False
        self._fault = Fault("discord.sign_not_given")
        self._signing: asyncio.Task[None] | None = None

    async def begin(self, stop: Stop) -> None:
        """To be done before a session is begun: others that there are have heard of it then."""
        if self._store.shared:
            await self._sign()
            self._signing = asyncio.create_task(self._keep_on())
            if self._others:
                await stop.within(SIGN_SECONDS + 1)

    async def end(self) -> None:
        """No session of this process is left."""
        if self._signing is not None:
            self._signing.cancel()
            try:
                await self._store.write(signs.withdraw, self._work, self._owner)
            except Exception:
                LOG.exception("discord.sign_not_withdrawn")

    async def is_ours(self, interaction: int) -> bool:
        """Whether this process answers it; found out within a second, although the claim may go on after that."""
        if not self._others:
            return True
        try:
            async with asyncio.timeout(CLAIM_SECONDS):
                return await self._store.write(seen_events.first_time, Platform.DISCORD.value, str(interaction))
        except Exception:
            LOG.exception("discord.interaction_not_claimed")
            return True  # two answers are better than none: nothing that a member does is done twice

    async def _keep_on(self) -> None:
        while True:
            await asyncio.sleep(SIGN_SECONDS)
            await self._sign()

    async def _sign(self) -> None:
        try:
            others = await self._store.write(signs.give, self._work, self._owner, real_now=real_now())
            self._fault.over()
        except Exception as error:  # noqa: BLE001 -- it is logged, and tried again
            self._fault.met(error)
            return
        if others != self._others:
            LOG.info("discord.shared" if others else "discord.alone")
        self._others = others
