"""A pair's points as they are shown, to a tenth: the parts that are shown add up to the score that is shown."""

from __future__ import annotations

from collections.abc import Sequence

from commands.mentor.matching.pair import TICKS

NAMES = ("track", "gaps", "hours", "experience", "new")


def tenths(ticks: int) -> int:
    return (ticks * 10 + TICKS // 2) // TICKS


def points(parts: Sequence[int]) -> str:
    """The score of a pair by its parts."""
    return shown(sum(map(tenths, parts)))


def shown(of: int) -> str:
    return f"{of / 10:g}"
