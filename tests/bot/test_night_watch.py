"""The check of every night: once, while most communities sleep, and what it finds reaches the operator."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3

import pytest

from bot.cli.doctor import _night
from bot.clock import Stop
from bot.night_watch import NightWatch
from bot.night_worker import wrong
from content.text import Language
from storage import communities, nights
from storage.store import Store, Unit
from storage.tables import histogram, standing
from tests.conftest import Faults, SetClock

NIGHT = dt.datetime(2026, 11, 23, 19, 30, tzinfo=dt.UTC)  # half past three in Shanghai


def two_zones(unit: Unit) -> None:
    for number, zone in enumerate(("Asia/Shanghai", "UTC", "Asia/Shanghai"), 1):
        here = communities.seen(unit, "discord", f"guild-{number}", "Makers", Language.EN)
        communities.set_zone(unit, here.id, zone)


def damage(unit: Unit) -> None:
    """A line of a board that the ledger knows nothing of."""
    row = {"community_id": 1, "board": "all", "season": "ever", "level": 0, "points": 3, "members": 1}
    unit.execute(histogram.insert().values(row))
    assert unit.execute(standing.select()).first() is None


async def test_it_is_looked_at_once_a_night_in_the_zone_of_most_and_an_error_says_what_is_wrong(
    store: Store, clock: SetClock, database_url: str, faults: Faults
) -> None:
    watches = [NightWatch(store, database_url) for _ in range(2)]
    await store.write(two_zones)
    clock.moment = NIGHT - dt.timedelta(hours=3)
    assert not await watches[0].once(Stop())
    clock.moment = NIGHT

    assert sorted(await asyncio.gather(*(each.once(Stop()) for each in watches))) == [False, True]

    night = await store.read(nights.last)
    assert night == nights.Night(NIGHT, ())
    finding = await _night(database_url)
    assert finding is not None
    assert finding.line.endswith("The check of the night of 2026-11-23 found nothing wrong.")
    assert not faults.entries

    clock.moment = NIGHT + dt.timedelta(days=1)
    await store.write(damage)
    assert await watches[0].once(Stop())
    finding = await _night(database_url)
    assert finding is not None
    assert not finding.ok
    assert "1 lines of the boards are not as the ledger of points says" in finding.line
    assert [each["event"] for each in faults.entries] == ["night.wrong"]
    faults.entries.clear()


async def test_a_check_begun_by_a_clock_that_was_ahead_holds_up_none(store: Store, clock: SetClock) -> None:
    clock.moment = NIGHT + dt.timedelta(days=40)
    assert await store.write(nights.claim)
    clock.moment = NIGHT
    assert await store.write(nights.claim)
    clock.moment = NIGHT - dt.timedelta(minutes=5)  # another process's

    assert not await store.write(nights.claim)


async def test_a_stop_does_not_wait_for_it(store: Store, clock: SetClock, database_url: str) -> None:
    clock.moment = NIGHT.replace(hour=4)
    stop = Stop()
    watching = asyncio.create_task(NightWatch(store, database_url).once(stop))
    await asyncio.sleep(0.05)
    stop.tell()

    async with asyncio.timeout(30):
        done = await watching
    assert done == (await store.read(nights.last) is not None)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("INSERT INTO answer VALUES (77, 'q', 'a', 0, 0)", "has rows in answer that belong to nothing"),
        ("PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = 3 WHERE name = 'note'", "is damaged"),
    ],
)
def test_a_damaged_file_is_named_with_the_way_back(sqlite_url: str, statement: str, says: str) -> None:
    driver = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    driver.executescript(statement)
    driver.close()

    (sentence,) = wrong(sqlite_url)

    assert says in sentence
    assert sentence.endswith("pmpath db restore FILE then puts your latest backup in its place.")


def test_a_file_that_another_program_holds_is_not_called_damaged(sqlite_url: str) -> None:
    driver = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    driver.executescript("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;")

    (sentence,) = wrong(sqlite_url)
    driver.close()

    assert sentence.endswith("open for writing. Close it and try again.")
