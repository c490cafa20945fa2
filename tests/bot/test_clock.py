"""What the program does by its own clock."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from bot.clock import Stop, keep_up
from content.text import Language
from storage import communities, departures, fading, members
from storage.members import Me
from storage.store import Changed, Store
from tests.conftest import Faults, SetClock


async def gone(store: Store, community: int) -> bool:
    return await store.read(communities.by_id, community) is None


async def left_long_ago(store: Store, clock: SetClock) -> int:
    """A community that removed the bot 31 days ago."""
    community = await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)
    await store.write(departures.left, "discord", "guild-1")
    clock.moment += dt.timedelta(days=31)
    return community.id


async def test_a_community_that_left_long_ago_is_erased_a_while_after_the_start(
    store: Store, clock: SetClock, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    # ten minutes otherwise
    monkeypatch.setattr("bot.clock.SETTLED_SECONDS", 0.3)
    community, stop = await left_long_ago(store, clock), Stop()
    loop = asyncio.get_running_loop()
    began, erased = loop.time(), loop.create_future()

    def note(_change: Changed) -> None:
        if not erased.done():
            erased.set_result(loop.time())

    store.listen(note)
    keeping = asyncio.create_task(keep_up(store, stop))

    assert await asyncio.wait_for(erased, 30) - began >= 0.3
    async with asyncio.timeout(30):
        while not await gone(store, community):  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0.01)
    stop.tell()
    await keeping


async def test_one_that_came_back_while_the_program_was_stopped_is_heard_of_first(
    store: Store, clock: SetClock, faults: Faults
) -> None:
    community, stop = await left_long_ago(store, clock), Stop()
    keeping = asyncio.create_task(keep_up(store, stop))
    await asyncio.sleep(0.1)
    await store.write(departures.arrived, "discord", "guild-1", "")
    stop.tell()
    await keeping
    while await store.write(departures.erase):
        pass

    assert not await gone(store, community)


async def test_who_was_away_for_24_months_begins_to_fade(
    store: Store, clock: SetClock, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    # ten minutes otherwise
    monkeypatch.setattr("bot.clock.SETTLED_SECONDS", 0.0)
    here = await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)
    me, heard, stop = Me(here.id, "u1", "Ada"), asyncio.Event(), Stop()
    await store.write(members.ensure, me)
    clock.moment += fading.KEPT_UNSEEN
    store.listen(lambda change: heard.set() if change == Changed(here.id, me.uid) else None)
    keeping = asyncio.create_task(keep_up(store, stop))
    await asyncio.wait_for(heard.wait(), 20)
    stop.tell()
    await keeping

    found = await store.read(members.find, me)
    assert found is not None
    assert found.fading_at is not None
