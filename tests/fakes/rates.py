"""How fast a fake was asked: the busiest stretch of time, to prove that a limit was kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable


def busiest(moments: Iterable[float], seconds: float) -> int:
    """The most of these moments that lie within any stretch of so many seconds."""
    most, window = 0, deque[float]()
    for moment in sorted(moments):
        window.append(moment)
        while moment - window[0] >= seconds:
            window.popleft()
        most = max(most, len(window))
    return most
