"""A long list a page at a time: where a page begins, and the ways to the ones before and after it."""

from __future__ import annotations

from collections.abc import Callable

from commands.kit.press import Press
from commands.kit.view import Pages


def page_start(first: int, size: int, total: int) -> int:
    """Where the page with this place begins; the nearest page for a place that is not there."""
    return min(max(first - first % size, 0), max(total - 1, 0) // size * size)


def pages(move: Callable[[int], Press], first: int, size: int, total: int) -> tuple[Pages, ...]:
    """Where the page that begins at `first` stands; nothing for a list that has only one."""
    if total <= size:
        return ()
    after = first + size
    back = move(first - size) if first else None
    return (Pages(first + 1, min(after, total), total, back, move(after) if after < total else None),)
