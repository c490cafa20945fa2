"""How boards are read on SQLite: a handful of rows however many stand there, and reading that outlives faults."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from content.boards import Board, Season
from storage import boards
from storage.members import Me
from storage.store import Store, StoreError, Unit
from storage.unit import at_once, in_one_hop
from tests.bench import board_seed

NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
Way = Callable[[Callable[[Unit], Any]], Callable[[Unit], Any]]
MEMBERS = 5_000
STEPS_MOST = 6_000  # of SQLite's machine for one page; to walk the board once takes ten times that


async def test_a_page_reads_a_handful_of_rows_however_many_stand_there(tmp_path: Path) -> None:
    path = tmp_path / "many.sqlite3"
    store = await Store.open(f"sqlite:///{path}", now=lambda: NOW)
    community = await store.write(board_seed.fill, MEMBERS, "discord", "1")
    await store.close()  # leaves the statistics behind that SQLite then plans by
    driver = sqlite3.connect(path)
    steps: list[None] = []
    driver.set_progress_handler(lambda: steps.append(None), 100)

    for number in range(1, MEMBERS, 97):
        steps.clear()
        nothing: Any = None  # every statement of a page goes by the driver
        me = Me(community, board_seed.uid(number), "Me")
        page = boards.page(Unit(nothing, NOW, driver=driver), me, "UTC", Board.ALL, Season.EVER)

        assert page.around
        assert page.total == MEMBERS
        assert len(steps) * 100 <= STEPS_MOST, number

    driver.close()


def fail(_unit: Unit) -> None:
    raise StopIteration("of a unit")


def change(unit: Unit) -> None:
    unit.execute(text("DELETE FROM member"))


def count(unit: Unit) -> int:
    return int(unit.execute(text("SELECT COUNT(*) FROM member")).scalar_one())


def where(_unit: Unit) -> int:
    return threading.get_ident()


def marked(way: Way, work: Callable[[Unit], Any]) -> Callable[[Unit], Any]:
    """A read of its own that is done this way."""
    return way(lambda unit: work(unit))


async def test_a_short_read_is_done_in_the_loop_and_a_long_one_beside_it(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path / 'one.sqlite3'}", now=lambda: NOW)

    assert await store.read(marked(at_once, where)) == threading.get_ident()
    assert await store.read(marked(in_one_hop, where)) != threading.get_ident()
    await store.close()


@pytest.mark.parametrize("way", [in_one_hop, at_once])
async def test_a_read_that_fails_or_is_given_up_disturbs_no_other(tmp_path: Path, way: Way) -> None:
    store = await Store.open(f"sqlite:///{tmp_path / 'one.sqlite3'}", now=lambda: NOW)
    await store.write(board_seed.fill, 10, "discord", "1")

    with pytest.raises(RuntimeError, match="StopIteration"):
        await store.read(marked(way, fail))
    with pytest.raises(StoreError, match="may not be written"):
        await store.read(marked(way, change))
    given_up = asyncio.create_task(store.read(marked(way, count)))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)

    assert await store.read(marked(way, count)) == 10
    ending = [asyncio.create_task(store.read(marked(way, count))) for _one in range(64)]
    await asyncio.sleep(0)
    await store.close()
    assert await asyncio.gather(*ending) == [10] * 64
    with pytest.raises(StoreError):
        await store.read(marked(way, count))
