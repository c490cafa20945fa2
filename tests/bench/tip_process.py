"""Row 9's own process: ten thousand communities due in the same minute, fired and claimed, said as one line of JSON."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Insert, insert, select

from bot.clock import real_now
from bot.delivery import CLAIMED_MOST, LEASE
from bot.timekeeper import Timekeeper
from content.load import read_content
from content.outcomes import Outcome
from storage import outbox, pragmas
from storage.firing import AT_ONCE
from storage.moments import micros
from storage.outbox import Lane
from storage.schedules import ON, TURNS
from storage.store import Store
from storage.tables import community, schedule
from storage.unit import Unit
from tests.bench.watch import Watch, say

SLOT = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
TOGETHER = 1000  # communities in one unit of the seed
CLAIM = "UPDATE outbox"


def seed(unit: Unit, numbers: Sequence[int], platform: str, at: dt.datetime) -> None:
    """Communities whose weekly tip is due at this moment."""
    places = [
        {"platform": platform, "ext_id": f"{number}", "name": f"Makers {number}", "language": "en", "zone": "UTC"}
        for number in numbers
    ]
    unit.execute(insert(community), [{**place, "settings": "{}"} for place in places])
    ids = select(community.c.id).where(community.c.ext_id.in_([place["ext_id"] for place in places]))
    rows = [scheduled(each, at) for each in unit.execute(ids).scalars()]
    unit.execute(_schedules(), rows)


def _schedules() -> Insert:
    return insert(schedule)


def scheduled(community_id: int, at: dt.datetime) -> dict[str, Any]:
    """The row of a weekly tip that is due then."""
    return {
        "community_id": community_id,
        "outcome": TURNS,
        "channel": f"{community_id}",
        "weekday": at.weekday(),
        "minute": at.hour * 60 + at.minute,
        "zone": "UTC",
        "weeks": 1,
        "state": ON,
        "asks": 0,
        "next_at": micros(at),
        "fire_at": micros(at),
        "rev": 0,
        "at": micros(at),
    }


class Timed:
    """A unit whose claims are timed: the statement alone, with its rows changed and locked."""

    def __init__(self, unit: Unit, took: list[float]) -> None:
        self._unit, self._took = unit, took
        self.now_us = unit.now_us

    def execute(self, statement: Any, values: Any = None) -> Any:
        began = time.perf_counter()
        result = self._unit.execute(statement, values)
        if str(statement).startswith(CLAIM):
            self._took[-1] += time.perf_counter() - began
        return result


def claim(unit: Unit, took: list[float]) -> int:
    """One claim of as many posts as the program takes at once."""
    took.append(0.0)
    timed: Any = Timed(unit, took)
    lanes, platforms = (Lane.POSTS,), ("discord", "slack")
    dues = outbox.claim(timed, "bench", CLAIMED_MOST, LEASE, real_now=real_now(), lanes=lanes, platforms=platforms)
    return len(dues)


async def measure(store: Store, count: int) -> dict[str, Any]:
    """Fires all of them as the program does, then claims them all."""
    library = read_content(None).tips_by_outcome
    for first in range(0, count, TOGETHER):
        await store.write(seed, range(first, min(count, first + TOGETHER)), "discord", SLOT)
    gc.collect()
    gc.freeze()  # as the program does once it is up
    watch = Watch()
    watching = asyncio.get_running_loop().create_task(watch.look())
    await asyncio.sleep(0.05)
    watch.take()
    began = time.perf_counter()
    fired = await Timekeeper(store, library).once()
    fire_seconds = time.perf_counter() - began
    fire_hold = await _taken(watch)
    took: list[float] = []
    began = time.perf_counter()
    claimed = await store.write(claim, took)
    while (more := await store.write(claim, took)) > 0:
        claimed += more
    claims_seconds = time.perf_counter() - began
    watching.cancel()
    assert fired == claimed == count, (fired, claimed)
    told = {"fire": fire_seconds, "hold": fire_hold, "claims": took[:-1], "claim_hold": await _taken(watch)}
    return {**told, "claim_units": claims_seconds / len(took)}


async def _taken(watch: Watch) -> dict[str, float]:
    await asyncio.sleep(0.02)
    return watch.take()


def floor(path: Path, count: int) -> float:
    """The same rows with bare inserts in units of the same size, through sqlite3 alone."""
    driver = pragmas.connect(str(path), pragmas.WRITER)
    began = time.perf_counter()
    for numbers in _parts(range(count)):
        driver.execute("BEGIN IMMEDIATE")
        for number in numbers:
            _bare(driver.execute, number)
        driver.execute("COMMIT")
    seconds = time.perf_counter() - began
    driver.close()
    return seconds


def _parts(numbers: range) -> Iterator[range]:
    for first in range(0, len(numbers), AT_ONCE):
        yield numbers[first : first + AT_ONCE]


def _bare(execute: Callable[..., Any], number: int) -> None:
    at = micros(SLOT)
    post = execute(
        "INSERT INTO outbox (key, community_id, channel, notice, ids, due_at, post_at, state, attempt, at) "
        "VALUES (?, ?, ?, 'tips.weekly', ?, ?, ?, 'waiting', 0, ?)",
        (f"post:tips.weekly:{number}", number + 1, f"{number}", f'{{"posting":{number}}}', at, at, at),
    ).lastrowid
    execute(
        "INSERT INTO posting (community_id, slot, outcome, tip, channel, post_at, state, outbox_id, at) "
        "VALUES (?, ?, ?, 'a-tip', ?, ?, 'due', ?, ?)",
        (number + 1, f"{number}:2026-11-30T09:00", Outcome.BUSINESS.value, f"{number}", at, post, at),
    )


async def run(folder: Path, server: str | None, count: int) -> None:
    told: dict[str, Any] = {}
    urls = {"sqlite": f"sqlite:///{folder / 'ours.sqlite3'}"} | ({"postgres": server} if server else {})
    for name, url in urls.items():
        store = await Store.open(url, now=lambda: SLOT)
        told[name] = await measure(store, count)
        await store.close()
        gc.unfreeze()
    empty = await Store.open(f"sqlite:///{folder / 'floor.sqlite3'}", now=lambda: SLOT)
    for first in range(0, count, TOGETHER):
        await empty.write(seed, range(first, min(count, first + TOGETHER)), "discord", SLOT)
    await empty.close()
    told["floor"] = await asyncio.to_thread(floor, folder / "floor.sqlite3", count)
    say(told)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--server", help="the address of an empty PostgreSQL database")
    parser.add_argument("--count", type=int, default=10_000)
    chosen = parser.parse_args()
    asyncio.run(run(chosen.folder, chosen.server, chosen.count))


if __name__ == "__main__":
    main()
