"""What the round's loops change while they run: an auction's state, and that of the search for the largest count."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.pair import HALF_HOURS_LEAST, HALF_HOURS_MOST
from commands.mentor.matching.sides import Ints, Market

PLACE_BITS = 22  # of a key: the object; the rest is its value, so that ties go to the one that stands first
PLACE_MASK = (1 << PLACE_BITS) - 1
NOTHING = -(1 << 34)  # below every value that a pair can have, above that of one that must not be
UNBOUNDED = -(1 << 60)
FIRST_LOOK = 1 << 60  # the bound of an empty list: anything may be better
LEVELS = HALF_HOURS_MOST - HALF_HOURS_LEAST + 1  # of what hours give
LISTED, FOR_EACH = 256, 64  # partners that a bidder keeps in mind at most, and for each of the places it wants


class Near(NamedTuple):
    """Those who have hours enough in common with a bidder, and room for what is seen in them."""

    whose: Ints  # that bidder, -1 at first
    at: NDArray[np.int32]
    languages: NDArray[np.uint16]
    bits: NDArray[np.uint64]
    start: Ints  # by kind and what the hours give, and one more that only gathering needs
    buffer: Ints


class Sale(NamedTuple):
    """An auction's state. `lists` are objects by bidder, the best at the time of the last look first."""

    lists: NDArray[np.int32]
    worth: NDArray[np.int32]  # before its price
    at_first: NDArray[np.int32]  # what was left of that at the time; it never becomes more
    listed: Ints
    bound: Ints  # [bidder]: no object outside its list is worth more to it, whatever the prices do
    held: Ints
    price: Ints
    filled: Ints
    holder: Ints  # [place]
    bid: Ints  # [place]
    queue: Ints  # a ring of bidders who lack something; `ends` are its first and its next place
    ends: Ints
    near: Near
    keys: Ints
    best_at: Ints
    best_value: Ints


class Growth(NamedTuple):
    """The search for the largest count. Of each segment those before `live_end` have not been come by."""

    held: Ints
    filled: Ints
    holder: Ints  # [place]
    live: Ints
    live_end: Ints
    seen: NDArray[np.bool_]  # bidders
    from_bidder: Ints  # [object]
    from_object: Ints  # [bidder], -1 where the search began
    barred: Ints  # [object]: the bidder who must not have it
    queue: Ints


def sale_of(market: Market) -> Sale:
    """Nothing is sold, all prices are 0, and everyone waits in turn."""
    bidders, count = market.bidders, len(market.bidder_at)
    most = int(bidders.demand.max(initial=0))
    listed = min(max(min(LISTED, FOR_EACH * most), most + 1), len(market.object_at) + 1)
    places = int(market.objects.supply_start[-1])
    waiting = np.flatnonzero(bidders.demand > 0)
    waiting = waiting[np.lexsort((bidders.weekend[waiting], bidders.weekday[waiting]))]  # what is near is shared
    queue = np.zeros(count + 1, dtype=np.int64)
    queue[: len(waiting)] = waiting
    return Sale(
        _rows(count, listed), _rows(count, listed), _rows(count, listed), _zeros(count),
        np.full(count, FIRST_LOOK), _zeros(count), _zeros(len(market.object_at)), _zeros(len(market.object_at)),
        np.full(places, -1), _zeros(places), queue, np.array((0, len(waiting))), near_of(market),
        _zeros(listed), _zeros(most + 1), _zeros(most + 1),
    )  # fmt: skip


def near_of(market: Market) -> Near:
    """Nobody has looked yet."""
    objects, groups = len(market.object_at), market.bidders.table.shape[1] * LEVELS
    return Near(
        np.full(1, -1), np.zeros(objects, np.int32), np.zeros(objects, np.uint16), np.zeros(objects, np.uint64),
        _zeros(groups + 2), _zeros(objects),
    )  # fmt: skip


def growth_of(market: Market) -> Growth:
    """Nobody has anything yet."""
    bidders, objects = len(market.bidder_at), len(market.object_at)
    return Growth(
        _zeros(bidders), _zeros(objects), np.full(int(market.objects.supply_start[-1]), -1), np.arange(objects),
        market.objects.segment_start[1:].copy(), np.zeros(bidders, dtype=np.bool_), np.full(objects, -1),
        np.full(bidders, -1), np.full(objects, -1), _zeros(bidders),
    )  # fmt: skip


def _zeros(count: int) -> Ints:
    return np.zeros(count, dtype=np.int64)


def _rows(count: int, listed: int) -> NDArray[np.int32]:
    return np.zeros((count, listed), dtype=np.int32)
