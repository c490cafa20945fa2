"""Memory by revision: one reading for all who ask at once, never an old one, never more than it may hold."""

from __future__ import annotations

import asyncio

import pytest

from commands.kit.remembered import Remembered


class Source:
    """What is read, and how often it was."""

    def __init__(self) -> None:
        self.readings = 0
        self.fails = False

    async def read(self) -> int:
        self.readings += 1
        reading = self.readings
        await asyncio.sleep(0)
        if self.fails:
            raise ValueError("no disk")
        return reading


async def test_it_is_read_once_for_each_revision_however_many_ask() -> None:
    memory, source = Remembered(), Source()

    assert await asyncio.gather(*(memory.get("a", 1, source.read) for _each in range(9))) == [1] * 9
    assert await memory.get("a", 2, source.read) == 2
    assert await memory.get("a", 2, source.read) == 2
    assert await memory.get("b", 2, source.read) == 3


async def test_who_gives_up_waiting_takes_it_from_nobody() -> None:
    memory, source = Remembered(), Source()
    first, second = (asyncio.create_task(memory.get("a", 1, source.read)) for _each in range(2))
    await asyncio.sleep(0)

    first.cancel()

    assert await second == 1


async def test_what_failed_is_read_anew() -> None:
    memory, source = Remembered(), Source()
    source.fails = True
    with pytest.raises(ValueError, match="no disk"):
        await memory.get("a", 1, source.read)

    source.fails = False

    assert await memory.get("a", 1, source.read) == 2


async def test_what_was_asked_for_longest_ago_falls_out() -> None:
    memory, source = Remembered(most=2), Source()
    for key in ("a", "b", "a", "c", "a"):
        await memory.get(key, 1, source.read)
    assert source.readings == 3

    await memory.get("b", 1, source.read)

    assert source.readings == 4
