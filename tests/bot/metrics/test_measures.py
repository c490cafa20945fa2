"""What is counted of databases and deliveries, on each kind of database."""

from __future__ import annotations

import datetime as dt

import pytest
import structlog
from prometheus_client import generate_latest

from bot.metrics.measures import Measures
from bot.metrics.scrape import Scrape
from commands.kit.discover import Registry
from content.text import Language
from storage import communities, departures, members, outbox, outbox_figures
from storage.members import Me
from storage.outbox import Lane
from storage.store import Store, StoreError
from storage.unit import Unit
from tests.bot.metrics.test_scrape import one, read
from tests.conftest import SetClock

LEASE = dt.timedelta(seconds=60)


def tell(unit: Unit, me: Me) -> None:
    """Two messages to one person, one post."""
    member = members.ensure(unit, me)
    unit.tell(member, "mentor.asked", request=1)
    unit.tell(member, "mentor.asked", request=2)
    unit.post(me.community, "C1", "tips.week", key="2026-W48", tip=7)


async def test_the_outbox_is_seen_as_it_stands_and_its_ends_are_counted_once(
    database_url: str, clock: SetClock, registry: Registry
) -> None:
    measures = Measures(registry)
    store = await Store.open(database_url, now=clock.now, observer=measures.of_store("main"))
    places = [("discord", "here"), ("discord", "left"), ("slack", "not ours")]
    found = [await store.write(communities.seen, *each, "", Language.EN) for each in places]
    for each in found:
        await store.write(tell, Me(each.id, "u1", "Ada"))
    await store.write(departures.left, "discord", "left")
    await store.write(tell, Me(found[1].id, "u1", "Ada"))  # what nobody sends there is not late
    clock.move(seconds=90)
    before = await store.read(outbox_figures.waiting, ["discord"])
    due = await store.write(outbox.claim, "loop", 1, LEASE, real_now=clock.now(), platforms=["discord"])
    claimed = await store.read(outbox_figures.waiting, ["discord"])
    ends = [await store.write(outbox.sent, due[0], "m1") for _ in range(2)]
    await store.close()
    with pytest.raises(StoreError):
        await store.read(outbox_figures.waiting, ["discord"])
    samples = read(generate_latest(measures.registry).decode())

    assert {lane: (each.rows["waiting"], each.oldest_due) for lane, each in before.items()} == {
        Lane.POSTS: (1, 90.0),
        Lane.MESSAGES: (2, 90.0),
    }
    assert sum(each.rows["claimed"] for each in claimed.values()) == 1
    assert ends == [True, False]
    assert one(samples, "pmpath_deliveries_total", surface="discord", end="sent") == 1
    assert one(samples, "pmpath_database_seconds_count", store="main", kind="write") >= 9
    assert one(samples, "pmpath_database_seconds_count", store="main", kind="read") == 2


async def test_a_database_that_fails_is_told_and_its_outbox_left_out(
    store: Store, clock: SetClock, registry: Registry
) -> None:
    scrape = Scrape.over(Measures(registry))
    scrape.watch("main", store, [])
    await scrape.watched[0].look()
    there = read(generate_latest(scrape.measures.registry).decode())
    await store.close()
    async with scrape.counting_log():
        structlog.get_logger("bot.test").warning("metrics.test")
        await scrape.watched[0].look()
    gone = read(generate_latest(scrape.measures.registry).decode())

    assert one(there, "pmpath_database_reachable", store="main") == 1
    assert ("pmpath_outbox_oldest_due_seconds", frozenset({("store", "main"), ("lane", "posts")})) in there
    assert one(gone, "pmpath_database_reachable", store="main") == 0
    assert not [name for name, _labels in gone if name.startswith("pmpath_outbox")]
