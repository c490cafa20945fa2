"""The loops that would take too long without numba, each as a few passes of numpy over whole columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from commands.mentor.matching.kernels import holds
from commands.mentor.matching.pair import COVERAGE, HALF_HOUR, HALF_HOURS_LEAST, HALF_HOURS_MOST
from commands.mentor.matching.sides import Bidders, Ints, Objects
from commands.mentor.matching.states import NOTHING, PLACE_BITS, PLACE_MASK, Near, Sale

HEAD = 32  # of a list
AT_FIRST = 4096  # objects looked at before the others are left out that cannot be among the best


def hours_of(bidders: Bidders, x: int, objects: Objects) -> Ints:
    common = np.maximum(
        np.bitwise_count(bidders.weekday[x] & objects.weekday), np.bitwise_count(bidders.weekend[x] & objects.weekend)
    )
    ticks = HALF_HOUR * np.minimum(common, HALF_HOURS_MOST).astype(np.int64)
    return np.where(common < HALF_HOURS_LEAST, 0, ticks)


def scan(bidders: Bidders, x: int, objects: Objects, price: Ints, unit: int, near: Near, keys: Ints) -> int:
    hours = hours_of(bidders, x, objects)[objects.segment_time]
    table = bidders.table[bidders.kind[x]][objects.segment_kind]
    segments = np.flatnonzero((hours > 0) & (table >= 0))
    sure = table[segments] + hours[segments]
    order = np.argsort(-sure, kind="stable")
    segments, sure = segments[order], sure[order]
    sizes = objects.segment_start[segments + 1] - objects.segment_start[segments]
    some = int(np.searchsorted(np.cumsum(sizes), AT_FIRST)) + 1
    found = _keys(bidders, x, objects, price, unit, segments[:some], sure[:some])
    found = _largest(found, len(keys))
    least = found.min() >> PLACE_BITS if len(found) == len(keys) else NOTHING
    more = some + np.flatnonzero((sure[some:] + COVERAGE) * unit >= least)
    if len(more):
        others = _keys(bidders, x, objects, price, unit, segments[more], sure[more])
        found = _largest(np.concatenate((found, others)), len(keys))
    keys[: len(found)] = np.sort(found)[::-1]
    return len(found)


def _keys(bidders: Bidders, x: int, objects: Objects, price: Ints, unit: int, segments: Ints, sure: Ints) -> Ints:
    """The keys of all in these segments who share a language with `x` and may be paired."""
    first = objects.segment_start[segments]
    sizes = objects.segment_start[segments + 1] - first
    ends = np.cumsum(sizes)
    at = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + sizes, sizes)
    spoken = np.flatnonzero(objects.languages[at] & bidders.languages[x])
    at = at[spoken]
    held = np.bitwise_count(objects.bits[at] & bidders.bits[x]).astype(np.int64) * objects.factor[at]
    value = (np.repeat(sure, sizes)[spoken] + held * bidders.factor[x]) * unit - price[at]
    keys: Ints = (value << PLACE_BITS) | (PLACE_MASK - at)
    allowed: Ints = keys[value > NOTHING]
    return allowed


def _largest(keys: Ints, count: int) -> Ints:
    if len(keys) <= count:
        return keys
    keys.partition(len(keys) - count)
    return keys[len(keys) - count :]


def choose(bidders: Bidders, x: int, objects: Objects, sale: Sale, wanted: int) -> int:
    """Looks at the head of the list first: what stands behind was no better when the list was made, nor is it now."""
    held = sale.held[x]
    for size in (HEAD, sale.listed[x]):
        size = min(size, sale.listed[x])
        at = sale.lists[x, :size]
        value = sale.worth[x, :size] - sale.price[at]
        found = 0
        for entry in np.argsort(-value, kind="stable")[: wanted + held].tolist():
            if held and holds(objects, sale.filled, sale.holder, x, at[entry]):
                continue
            sale.best_at[found], sale.best_value[found] = int(at[entry]), int(value[entry])
            found += 1
            if found == wanted:
                break
        if size == sale.listed[x] or (found == wanted and sale.best_value[found - 1] >= sale.at_first[x, size]):
            break
    return found


def quick(state: Any, names: Sequence[str]) -> Any:
    """The state with these columns as lists, which plain Python reads and writes in a third of the time."""
    return state._replace(**{name: getattr(state, name).tolist() for name in names})


def put_back(state: Any, names: Sequence[str], changed: Any) -> None:
    for name in names:
        getattr(state, name)[:] = getattr(changed, name)


def reach(bidders: Bidders, x: int, objects: Objects, live_end: Ints) -> Ints:
    suits = bidders.table[bidders.kind[x]][objects.segment_kind] >= 0
    suits &= hours_of(bidders, x, objects)[objects.segment_time] > 0
    return np.flatnonzero(suits & (live_end > objects.segment_start[:-1]))
