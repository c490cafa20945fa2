"""What is costly to read and the same for many: kept in memory for as long as its revision says that it is so."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, TypeVar, cast

MOST = 32  # the largest, a community's 20,000 mentors, has about 2 MB

T = TypeVar("T")


class Remembered:
    """Values by key, of a key one: that of the latest revision. Which was asked for longest ago falls out."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[Hashable, asyncio.Task[Any]]] = OrderedDict()

    async def get(self, key: Hashable, revision: Hashable, read: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The value of this revision. Who asks while it is being read waits for that; what failed is read anew."""
        known = self._kept.get(key)
        if known is None or known[0] != revision:
            known = (revision, asyncio.create_task(read()))
            self._kept[key] = known
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        try:
            return cast("T", await asyncio.shield(known[1]))
        except Exception:
            if self._kept.get(key) is known:
                del self._kept[key]
            raise
