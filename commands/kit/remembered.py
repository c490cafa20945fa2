"""What is costly to read and the same for many: kept in memory for as long as its revision says that it is so."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

MOST = 32  # the largest, a community's 20,000 mentors, has about 2 MB

T = TypeVar("T")


@dataclass(slots=True)
class Kept:
    """A value, its revision, and which of the readings that have begun it came from."""

    value: Any = None
    revision: Hashable = None
    begun: int = 0
    given: int = 0
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)


class Remembered:
    """Values by key, of a key one. Which was asked for longest ago falls out."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()

    async def get(self, key: Hashable, revision: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """The value of this revision, or a later one. What failed is read anew.

        One reading of a key is under way at a time, however often it changes meanwhile: whoever comes takes the next.
        """
        kept = self._kept.setdefault(key, Kept())
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        if kept.revision != revision:
            begun = kept.begun
            async with kept.reading:
                if kept.revision != revision and kept.given <= begun:
                    kept.begun += 1
                    kept.value, kept.revision, kept.given = await read(), revision, kept.begun
        return cast("T", kept.value)
