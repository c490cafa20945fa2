"""Whose names stood on answers, in a short line before it is looked whether they are still there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import structlog

LOG = structlog.get_logger()
MOST = 1000
MOST_OF_ONE = 50  # of one community: what two cards name


class Named:
    """Names by community, each community in its turn. What is too much is left out: the next view names it again."""

    def __init__(self) -> None:
        self._waiting: dict[int, dict[str, None]] = {}
        self._count = 0
        self._some = asyncio.Event()

    def add(self, community: int, uids: Iterable[str]) -> None:
        """They were named; never waits."""
        waiting = self._waiting.get(community, {})
        new = [uid for uid in dict.fromkeys(uids) if uid not in waiting]
        taken = new[: max(0, min(MOST_OF_ONE - len(waiting), MOST - self._count))]
        if taken:
            self._waiting[community] = waiting | dict.fromkeys(taken)
            self._count += len(taken)
            self._some.set()
        if len(taken) < len(new):
            LOG.debug("named.left_out", count=len(new) - len(taken))

    async def take(self) -> tuple[int, list[str]]:
        """All who were named in the community whose turn it is; waits until there is one."""
        await self._some.wait()
        community = next(iter(self._waiting))
        uids = list(self._waiting.pop(community))
        self._count -= len(uids)
        if not self._waiting:
            self._some.clear()
        return community, uids
