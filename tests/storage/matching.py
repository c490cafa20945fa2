"""A small community before its matching day, and a worker's part of it played by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from content.left_over import LeftOver
from storage import asks, round_pairs, rounds
from storage.members import Me
from storage.offers import Offer
from storage.round_figures import Figures
from storage.rounds import Claimed
from storage.store import Store
from tests.storage.mentoring import TERMS, mentee, mentor, person

OWNER = "keeper"
REAL = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
LEASE = dt.timedelta(minutes=1)
PARTS = (2160, 1260, 1080, 360, 720)


async def waits(store: Store, me: Me, name: str) -> int:
    """Somebody who asked, and waits for the next matching day."""
    row = await mentee(store, person(me, name))
    assert await store.write(asks.wait, person(me, name))
    return row


async def offers(store: Store, me: Me, name: str, capacity: int = 1) -> Offer:
    """Their offer, which has their name in its words."""
    return await mentor(store, person(me, name), replace(TERMS, capacity=capacity, words=name))


async def claimed(store: Store, now: dt.datetime = REAL, owner: str = OWNER) -> Claimed | None:
    return await store.write(rounds.claim, owner, now, LEASE)


async def ready(
    store: Store, me: Me, pairs: list[tuple[int, int]], left: list[int] | None = None, *, scheduled: bool = False
) -> int:
    """A round that was worked out so: its id."""
    await store.write(rounds.order, me.community, scheduled=scheduled)
    found = await claimed(store)
    assert found is not None
    rows = [(one, other, sum(PARTS) - place, PARTS) for place, (one, other) in enumerate(pairs)]
    over = [(each, LeftOver.PLACES.value) for each in left or ()]
    assert await store.write(round_pairs.keep, found.id, OWNER, rows, over)
    figures = Figures(matched=len(pairs), waiting=len(pairs) + len(over), mentors=2, places=2, pace=5.0)
    assert await store.write(rounds.solved, found.id, OWNER, figures, "digest", [])
    return found.id
