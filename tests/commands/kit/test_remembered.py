"""Memory by revision: one reading for all who ask at once, never an old one, never more than it may hold."""

from __future__ import annotations

import asyncio

import pytest

from commands.kit.remembered import Remembered


class Source:
    """What is read, and how often it was; with `fails` it fails once."""

    def __init__(self) -> None:
        self.readings = 0
        self.fails = False
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    async def read(self) -> int:
        self.readings += 1
        reading = self.readings
        await self.goes_on.wait()
        if self.fails:
            self.fails = False
            raise ValueError("no disk")
        return reading


async def test_it_is_read_once_for_each_revision_however_many_ask() -> None:
    memory, source = Remembered(), Source()

    assert await asyncio.gather(*(memory.get("a", 1, source.read) for _each in range(9))) == [1] * 9
    assert await memory.get("a", 2, source.read) == 2
    assert await memory.get("a", 2, source.read) == 2
    assert await memory.get("b", 2, source.read) == 3


async def test_however_often_it_changes_one_reading_is_under_way_and_the_next_is_for_all_who_came() -> None:
    memory, source = Remembered(), Source()
    source.goes_on.clear()
    asked = [asyncio.create_task(memory.get("a", revision, source.read)) for revision in range(9)]
    await asyncio.sleep(0)
    assert source.readings == 1

    source.goes_on.set()

    assert await asyncio.gather(*asked) == [1, *[2] * 8]


async def test_who_gives_up_waiting_and_what_fails_takes_it_from_nobody() -> None:
    memory, source = Remembered(), Source()
    source.goes_on.clear()
    first, second, third = (asyncio.create_task(memory.get("a", 1, source.read)) for _each in range(3))
    await asyncio.sleep(0)

    first.cancel()
    await asyncio.sleep(0)
    source.fails = True
    source.goes_on.set()
    with pytest.raises(ValueError, match="no disk"):
        await second

    assert await third == 3
    assert await memory.get("a", 1, source.read) == 3


async def test_what_was_asked_for_longest_ago_falls_out() -> None:
    memory, source = Remembered(most=2), Source()
    for key in ("a", "b", "a", "c", "a"):
        await memory.get(key, 1, source.read)
    assert source.readings == 3

    await memory.get("b", 1, source.read)

    assert source.readings == 4
