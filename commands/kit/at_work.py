"""How many interactions are worked on at once; the others wait in line, and their members are told so in time.

All at once would share the processor, where more come than it can do, until each was too late for its platform.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from commands.kit.request import Profile, Request

AT_WORK = 32


class Places:
    """So many at work, in the order in which they came."""

    def __init__(self, count: int = AT_WORK) -> None:
        self._free = count
        self._line: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def turn(self, request: Request) -> AsyncIterator[Request]:
        """A place, once there is one; the request whose look-up gives it to somebody else meanwhile."""
        await self._enter()
        try:
            look_up = request.look_up
            yield request if look_up is None else replace(request, look_up=self._aside(look_up))
        finally:
            self._leave()

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """The place is somebody else's meanwhile. Who comes back to it does not wait again."""
        self._leave()
        try:
            yield
        finally:
            self._free -= 1

    async def _enter(self) -> None:
        if self._free > 0:
            self._free -= 1
            return
        waits = asyncio.get_running_loop().create_future()
        self._line.append(waits)
        try:
            await waits
        except asyncio.CancelledError:
            if waits.done() and not waits.cancelled():
                self._leave()
            raise

    def _leave(self) -> None:
        self._free += 1
        while self._free > 0 and self._line:
            waits = self._line.popleft()
            if not waits.done():
                self._free -= 1
                waits.set_result(None)

    def _aside(self, look_up: Callable[[str], Awaitable[Profile]]) -> Callable[[str], Awaitable[Profile]]:
        """A platform that is slow to answer holds up nobody else."""

        async def asked(community: str) -> Profile:
            async with self.away():
                return await look_up(community)

        return asked
