"""How often something may be done: at once, and then by the second, by whoever does it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Buckets(Generic[K]):
    """`at_once` for each key, refilled by `a_second`; of keys the `most` that came last are remembered.

    A forgotten one begins anew, so `most` has to be more than can come while one refills.
    """

    def __init__(self, at_once: float, a_second: float, most: int) -> None:
        self._at_once = at_once
        self._a_second = a_second
        self._most = most
        self._left: OrderedDict[K, tuple[float, float]] = OrderedDict()

    def has(self, key: K, now: float) -> bool:
        """Whether there is one left; takes none."""
        return self._now_left(key, now) >= 1

    def take(self, key: K, now: float) -> bool:
        """Whether there was one left, which is taken."""
        left = self._now_left(key, now)
        self._left[key] = (left - 1 if left >= 1 else left, now)
        self._left.move_to_end(key)
        if len(self._left) > self._most:
            self._left.popitem(last=False)
        return left >= 1

    def _now_left(self, key: K, now: float) -> float:
        left, then = self._left.get(key, (self._at_once, now))
        return min(self._at_once, left + max(0.0, now - then) * self._a_second)
