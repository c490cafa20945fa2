"""The library: its order, its year, and what is left of it."""

from __future__ import annotations

import datetime as dt

from storage import library
from storage.communities import Community
from storage.members import Me
from storage.store import Store
from tests.storage import weekly
from tests.storage.conftest import Clock

IDS = ["a", "b", "c"]
WEEKS_50 = dt.timedelta(weeks=50)
MOMENT = dt.timedelta(microseconds=1)


async def next_of(store: Store, here: Community) -> str | None:
    return await store.read(library.next_of, here.id, IDS)


async def test_tips_come_in_the_librarys_order_each_once(store: Store, here: Community, clock: Clock) -> None:
    seen = []
    while (tip := await next_of(store, here)) is not None:
        seen.append(tip)
        await store.write(library.use, here.id, tip)
        clock.move(dt.timedelta(weeks=1))

    assert seen == IDS


async def test_used_up_the_oldest_return_and_never_within_50_weeks(store: Store, here: Community, clock: Clock) -> None:
    for tip in ("b", "a", "c"):
        await store.write(library.use, here.id, tip)
        clock.move(dt.timedelta(weeks=1))
    clock.move(WEEKS_50 - dt.timedelta(weeks=3) - MOMENT)
    assert await next_of(store, here) is None
    assert await store.read(library.rests, here.id, "b")

    clock.move(MOMENT)
    assert not await store.read(library.rests, here.id, "b")
    assert await next_of(store, here) == "b"
    await store.write(library.use, here.id, "b")
    assert await next_of(store, here) is None
    clock.move(dt.timedelta(weeks=1))
    assert await next_of(store, here) == "a"


async def test_a_tip_added_to_the_library_goes_before_those_that_return(
    store: Store, here: Community, clock: Clock
) -> None:
    for tip in IDS:
        await store.write(library.use, here.id, tip)
    clock.move(2 * WEEKS_50)

    assert await store.read(library.next_of, here.id, [*IDS, "d"]) == "d"


async def test_a_tip_that_did_not_go_out_is_next_again(store: Store, here: Community) -> None:
    await store.write(library.use, here.id, "a")
    await store.write(library.give_back, here.id, "a")

    assert await next_of(store, here) == "a"
    assert await store.read(library.unused, here.id, IDS) == 3


async def test_what_was_never_used_is_counted_and_an_empty_library_has_no_next(store: Store, here: Community) -> None:
    await store.write(library.use, here.id, "b")
    await store.write(library.use, here.id, "b")

    assert await store.read(library.unused, here.id, IDS) == 2
    assert await store.read(library.next_of, here.id, []) is None


async def test_each_community_has_its_own_year(store: Store, here: Community, me: Me) -> None:
    una = await weekly.elsewhere(store)
    await store.write(library.use, here.id, "a")
    await store.write(library.give_back, una.community, "a")

    assert await store.read(library.next_of, una.community, IDS) == "a"
    assert await next_of(store, here) == "b"
