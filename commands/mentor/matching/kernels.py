"""The round's inner loops, in the part of Python that numba compiles too; they change the arrays they are given.

Without numba some are replaced by those of `in_numpy`, which give the same; the rest runs as it is. What numba compiled
it keeps until the file changes: touch this one and `growing` when a number or a function that they import does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from commands.mentor.matching.pair import COVERAGE, HALF_HOUR, HALF_HOURS_LEAST, HALF_HOURS_MOST, LARGEST
from commands.mentor.matching.sides import Bidders, Ints, Objects
from commands.mentor.matching.states import LEVELS, NOTHING, PLACE_BITS, PLACE_MASK, UNBOUNDED, Near, Sale

BINS, OFTEN = 512, 64  # of values, to know early what cannot be among the best


def popcount(x: Any) -> Any:
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


def hours_of(bidders: Bidders, x: int, objects: Objects) -> Ints:
    """What the common hours with each time give, 0 where they are too few."""
    ticks = np.zeros(len(objects.weekday), np.int64)
    for time in range(len(ticks)):
        common = popcount(bidders.weekday[x] & objects.weekday[time])
        common = max(common, popcount(bidders.weekend[x] & objects.weekend[time]))
        if common >= HALF_HOURS_LEAST:
            ticks[time] = HALF_HOUR * min(common, HALF_HOURS_MOST)
    return ticks


def bin_width(unit: int) -> int:
    """By how many bits a value is shifted to find its bin."""
    width = 0
    while LARGEST * unit >> width >= BINS:
        width += 1
    return width


def floor_of(counts: Ints, kept: int, width: int) -> int:
    """A value below the bin in which the last of the `kept` best so far lies."""
    found, place = 0, BINS
    while found < kept and place > 0:
        place -= 1
        found += counts[place]
    return (place << width) - 1 if found >= kept and place > 0 else NOTHING


def above(keys: Ints, count: int, least: int) -> int:
    """Those worth more than `least` come to stand first; how many there are."""
    found = 0
    for entry in range(count):
        if keys[entry] >> PLACE_BITS > least:
            keys[found] = keys[entry]
            found += 1
    return found


def best_first(keys: Ints, count: int, kept: int) -> None:
    """The `kept` largest of the first `count` come to stand first, the least of them last (Hoare's selection)."""
    low, high = 0, count - 1
    while low < high:
        pivot, left, right = keys[(low + high) // 2], low, high
        while left <= right:
            while keys[left] > pivot:
                left += 1
            while keys[right] < pivot:
                right -= 1
            if left <= right:
                keys[left], keys[right] = keys[right], keys[left]
                left, right = left + 1, right - 1
        if kept - 1 <= right:
            high = right
        elif kept - 1 >= left:
            low = left
        else:
            return


def gather(bidders: Bidders, x: int, objects: Objects, near: Near) -> None:
    """Everybody who has hours enough in common with `x`, by kind, then by what the hours give, the most first."""
    hours, start = hours_of(bidders, x, objects), near.start
    start[:] = 0
    for time in range(len(hours)):
        if hours[time] > 0:
            for segment in range(objects.time_start[time], objects.time_start[time + 1]):
                group = objects.segment_kind[segment] * LEVELS + HALF_HOURS_MOST - hours[time] // HALF_HOUR
                start[group + 2] += objects.segment_start[segment + 1] - objects.segment_start[segment]
    for group in range(2, len(start)):
        start[group] += start[group - 1]
    for time in range(len(hours)):
        if hours[time] > 0:
            for segment in range(objects.time_start[time], objects.time_start[time + 1]):
                group = objects.segment_kind[segment] * LEVELS + HALF_HOURS_MOST - hours[time] // HALF_HOUR
                for at in range(objects.segment_start[segment], objects.segment_start[segment + 1]):
                    place = start[group + 1]
                    near.at[place], near.languages[place], near.bits[place] = (
                        at,
                        objects.languages[at],
                        objects.bits[at],
                    )
                    start[group + 1] += 1
    near.whose[0] = x


def gathered(bidders: Bidders, x: int, near: Near) -> bool:
    """Whether that was done for somebody with the same hours."""
    other = near.whose[0]
    if other < 0:
        return False
    return bool(bidders.weekday[other] == bidders.weekday[x] and bidders.weekend[other] == bidders.weekend[x])


def scan(bidders: Bidders, x: int, objects: Objects, price: Ints, unit: int, near: Near, keys: Ints) -> int:
    """The objects that are worth most to `x` now, as keys, the best first; how many there are."""
    if not gathered(bidders, x, near):
        gather(bidders, x, objects, near)
    table, buffer = bidders.table[bidders.kind[x]], near.buffer
    spoken, wanted, factor = bidders.languages[x], bidders.bits[x], bidders.factor[x]
    count, least, counts, width = 0, NOTHING, np.zeros(BINS, np.int64), bin_width(unit)
    for kind in bidders.best_kinds[bidders.kind[x]]:
        for level in range(LEVELS):
            sure = table[kind] + (HALF_HOURS_MOST - level) * HALF_HOUR
            if table[kind] < 0 or (sure + COVERAGE) * unit < least:
                break
            for place in range(near.start[kind * LEVELS + level], near.start[kind * LEVELS + level + 1]):
                if spoken & near.languages[place]:
                    at = near.at[place]
                    held = popcount(wanted & near.bits[place]) * factor * objects.factor[at]
                    value = (sure + held) * unit - price[at]
                    if value > least:
                        buffer[count] = (value << PLACE_BITS) | (PLACE_MASK - at)
                        count += 1
                        counts[max(value >> width, 0)] += 1
                        if count % OFTEN == 0:
                            least = max(least, floor_of(counts, len(keys), width))
    least = max(least, floor_of(counts, len(keys), width))
    count = above(buffer, count, least)
    kept = min(count, len(keys))
    best_first(buffer, count, kept)
    keys[:kept] = np.sort(buffer[:kept])[::-1]
    return int(kept)


def look(bidders: Bidders, x: int, objects: Objects, price: Ints, unit: int, near: Near, keys: Ints) -> int:
    """`scan` with what is special between `x` and some objects."""
    first, last = bidders.special_start[x], bidders.special_start[x + 1]
    for special in range(first, last):
        price[bidders.special_at[special]] += bidders.special_cost[special]
    count = scan(bidders, x, objects, price, unit, near, keys)
    for special in range(first, last):
        price[bidders.special_at[special]] -= bidders.special_cost[special]
    return count


def list_anew(bidders: Bidders, x: int, objects: Objects, sale: Sale, unit: int) -> None:
    count = look(bidders, x, objects, sale.price, unit, sale.near, sale.keys)
    for entry in range(count):
        at, value = PLACE_MASK - (sale.keys[entry] & PLACE_MASK), sale.keys[entry] >> PLACE_BITS
        sale.lists[x, entry], sale.at_first[x, entry], sale.worth[x, entry] = at, value, value + sale.price[at]
    sale.listed[x] = count
    sale.bound[x] = sale.keys[count - 1] >> PLACE_BITS if count == len(sale.keys) else UNBOUNDED


def holds(objects: Objects, filled: Ints, holder: Ints, x: int, at: int) -> bool:
    places = 0
    for place in range(objects.supply_start[at], objects.supply_start[at] + filled[at]):
        places += holder[place] == x
    return places > 0


def choose(bidders: Bidders, x: int, objects: Objects, sale: Sale, wanted: int) -> int:
    """The best of the list that `x` does not hold, best first, at most `wanted`; how many there are."""
    at_first, worth, lists = sale.at_first[x], sale.worth[x], sale.lists[x]
    found, least = 0, UNBOUNDED
    for entry in range(sale.listed[x]):
        if at_first[entry] <= least:
            break
        at = lists[entry]
        value = worth[entry] - sale.price[at]
        if value <= least or (sale.held[x] > 0 and holds(objects, sale.filled, sale.holder, x, at)):
            continue
        place = min(found, wanted - 1)
        found = min(found + 1, wanted)
        while place > 0 and sale.best_value[place - 1] < value:
            sale.best_value[place], sale.best_at[place] = sale.best_value[place - 1], sale.best_at[place - 1]
            place -= 1
        sale.best_value[place], sale.best_at[place] = value, at
        if found == wanted:
            least = sale.best_value[found - 1]
    return found


def take(bidders: Bidders, objects: Objects, sale: Sale, x: int, at: int, bid: int) -> None:
    """The object goes to `x`; where all its places are taken, the one who bid least for it loses one."""
    first, last = objects.supply_start[at], objects.supply_start[at + 1]
    if sale.filled[at] < last - first:
        place = first + sale.filled[at]
        sale.filled[at] += 1
    else:
        place = first
        for other in range(first + 1, last):
            if sale.bid[other] < sale.bid[place]:
                place = other
        loser = sale.holder[place]
        if sale.held[loser] == bidders.demand[loser]:
            sale.queue[sale.ends[1]] = loser
            sale.ends[1] = (sale.ends[1] + 1) % len(sale.queue)
        sale.held[loser] -= 1
    sale.holder[place], sale.bid[place] = x, bid
    sale.held[x] += 1
    if sale.filled[at] == last - first:
        lowest = sale.bid[first]
        for other in range(first + 1, last):
            lowest = min(lowest, sale.bid[other])
        sale.price[at] = lowest


def sell(bidders: Bidders, objects: Objects, sale: Sale, unit: int, step: int, alone: int, turns: int) -> int:
    """Up to so many bidders bid in turn; how many still wait. `alone`: how much more is bid where nothing else fits."""
    while turns > 0 and sale.ends[0] != sale.ends[1]:
        turns -= 1
        x = sale.queue[sale.ends[0]]
        sale.ends[0] = (sale.ends[0] + 1) % len(sale.queue)
        lacking = bidders.demand[x] - sale.held[x]
        found = choose(bidders, x, objects, sale, lacking + 1)
        while sale.bound[x] > UNBOUNDED and (found <= lacking or sale.best_value[lacking] < sale.bound[x]):
            list_anew(bidders, x, objects, sale, unit)
            found = choose(bidders, x, objects, sale, lacking + 1)
        next_best = sale.best_value[lacking] if found > lacking else sale.best_value[found - 1] - alone
        for number in range(min(lacking, found)):
            at = sale.best_at[number]
            take(bidders, objects, sale, x, at, sale.price[at] + sale.best_value[number] - next_best + step)
    return int((sale.ends[1] - sale.ends[0]) % len(sale.queue))


def listed_values(bidders: Bidders, objects: Objects, sale: Sale, unit: int, value: Ints) -> None:
    """What `values` finds at the prices in the end, from the lists; who has a better one outside of it looks again."""
    for x in range(len(bidders.demand)):
        sale.held[x], wanted = 0, bidders.demand[x]  # what one holds is among the best too
        if wanted == 0:
            continue
        count = choose(bidders, x, objects, sale, wanted)
        if sale.bound[x] > UNBOUNDED and (count < wanted or sale.best_value[wanted - 1] < sale.bound[x]):
            list_anew(bidders, x, objects, sale, unit)
            count = choose(bidders, x, objects, sale, wanted)
        for entry in range(count):
            value[x, 0] += sale.best_value[entry]
            value[x, 1] = sale.best_value[entry]
        value[x, 2] = count


def values(bidders: Bidders, objects: Objects, price: Ints, unit: int, near: Near, value: Ints) -> None:
    """What the best objects at these prices come to for each bidder, the last one, and how many.

    As many as it wants, where there are so many.
    """
    most = max(1, bidders.demand.max()) if len(bidders.demand) else 1
    keys = np.empty(most, np.int64)
    for x in range(len(bidders.demand)):
        count = min(look(bidders, x, objects, price, unit, near, keys), bidders.demand[x])
        value[x, 0] = (keys[:count] >> PLACE_BITS).sum()
        value[x, 1] = keys[count - 1] >> PLACE_BITS if count > 0 else 0
        value[x, 2] = count
