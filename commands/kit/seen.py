"""Who was here and is to be noted as seen, in a short line beside the answers: no member waits for it."""

from __future__ import annotations

import asyncio

from storage.members import Me

MOST = 10_000  # more are noted when they come again
AT_ONCE = 100  # in one unit


class Seen:
    """People, each once."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[int, str], Me] = {}
        self._some = asyncio.Event()

    @property
    def waits(self) -> int:
        """How many of them are not noted yet."""
        return len(self._waiting)

    def add(self, me: Me) -> None:
        """They were here; never waits."""
        if len(self._waiting) < MOST:
            self._waiting[me.community, me.uid] = me
            self._some.set()

    async def take(self) -> list[Me]:
        """Some of those who were; waits until there is one."""
        await self._some.wait()
        some = [self._waiting.pop(key) for key in list(self._waiting)[:AT_ONCE]]
        if not self._waiting:
            self._some.clear()
        return some
