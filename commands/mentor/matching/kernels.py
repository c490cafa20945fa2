"""The round's inner loops, in the part of Python that numba compiles too; they change the arrays they are given.

Without numba `scan` and `reach` are replaced by those of `in_numpy`, which give the same; the rest runs as it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from commands.mentor.matching.pair import COVERAGE, HALF_HOUR, HALF_HOURS_LEAST, HALF_HOURS_MOST
from commands.mentor.matching.sides import FORBIDDEN, Bidders, Ints, Objects
from commands.mentor.matching.states import Growth, Sale

PLACE_BITS = 22  # of a key: the object; the rest is its value, so that ties go to the one that stands first
PLACE_MASK = (1 << PLACE_BITS) - 1
NOTHING = -(1 << 34)  # below every value that a pair can have, above that of one that must not be
UNBOUNDED = -(1 << 60)


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


def scan(bidders: Bidders, x: int, objects: Objects, price: Ints, unit: int, buffer: Ints, keys: Ints) -> int:
    """The objects that are worth most to `x` now, as keys, the best first; how many there are."""
    hours = hours_of(bidders, x, objects)
    table, kinds, spoken, wanted = (
        bidders.table[bidders.kind[x]], bidders.best_kinds[bidders.kind[x]], bidders.languages[x], bidders.bits[x],
    )  # fmt: skip
    count, least = 0, np.int64(NOTHING << PLACE_BITS)
    for kind in kinds:
        if table[kind] < 0:
            break
        for segment in range(objects.kind_start[kind], objects.kind_start[kind + 1]):
            sure = table[kind] + hours[objects.segment_time[segment]]
            if sure == table[kind] or (sure + COVERAGE) * unit < least >> PLACE_BITS:
                continue
            for at in range(objects.segment_start[segment], objects.segment_start[segment + 1]):
                if spoken & objects.languages[at]:
                    held = popcount(wanted & objects.bits[at]) * bidders.factor[x] * objects.factor[at]
                    key = (((sure + held) * unit - price[at]) << PLACE_BITS) | (PLACE_MASK - at)
                    if key > least:
                        buffer[count] = key
                        count += 1
                        if count == len(buffer):
                            count = len(keys)
                            buffer[:count] = np.partition(buffer, len(buffer) - count)[len(buffer) - count :]
                            least = buffer[:count].min()
    kept = min(count, len(keys))
    keys[:kept] = np.sort(buffer[:count])[::-1][:kept]
    return int(kept)


def look(bidders: Bidders, x: int, objects: Objects, price: Ints, unit: int, buffer: Ints, keys: Ints) -> int:
    """`scan` with what is special between `x` and some objects."""
    first, last = bidders.special_start[x], bidders.special_start[x + 1]
    for special in range(first, last):
        price[bidders.special_at[special]] += bidders.special_cost[special]
    count = scan(bidders, x, objects, price, unit, buffer, keys)
    for special in range(first, last):
        price[bidders.special_at[special]] -= bidders.special_cost[special]
    return count


def list_anew(bidders: Bidders, x: int, objects: Objects, sale: Sale, unit: int) -> None:
    count = look(bidders, x, objects, sale.price, unit, sale.buffer, sale.keys)
    at = PLACE_MASK - (sale.keys[:count] & PLACE_MASK)
    sale.lists[x, :count] = at
    sale.worth[x, :count] = (sale.keys[:count] >> PLACE_BITS) + sale.price[at]
    sale.listed[x] = count
    sale.bound[x] = sale.keys[count - 1] >> PLACE_BITS if count == len(sale.keys) else UNBOUNDED


def holds(objects: Objects, filled: Ints, holder: Ints, x: int, at: int) -> bool:
    places = 0
    for place in range(objects.supply_start[at], objects.supply_start[at] + filled[at]):
        places += holder[place] == x
    return places > 0


def choose(bidders: Bidders, x: int, objects: Objects, sale: Sale, wanted: int) -> int:
    """The best of the list that `x` does not hold, best first, at most `wanted`; how many there are."""
    found = 0
    for entry in range(sale.listed[x]):
        at = sale.lists[x, entry]
        value = sale.worth[x, entry] - sale.price[at]
        if found == wanted and value <= sale.best_value[found - 1]:
            continue
        if sale.held[x] > 0 and holds(objects, sale.filled, sale.holder, x, at):
            continue
        place = min(found, wanted - 1)
        found = min(found + 1, wanted)
        while place > 0 and sale.best_value[place - 1] < value:
            sale.best_value[place], sale.best_at[place] = sale.best_value[place - 1], sale.best_at[place - 1]
            place -= 1
        sale.best_value[place], sale.best_at[place] = value, at
    return found


def enqueue(sale: Sale, x: int) -> None:
    sale.queue[sale.ends[1]] = x
    sale.ends[1] = (sale.ends[1] + 1) % len(sale.queue)


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
            enqueue(sale, loser)
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


def reach(bidders: Bidders, x: int, objects: Objects, live_end: Ints) -> Ints:
    """The segments that suit `x` but for the language and hold somebody who has not been come by."""
    hours = hours_of(bidders, x, objects)
    table = bidders.table[bidders.kind[x]]
    found, count = np.empty(len(live_end), np.int64), 0
    for kind in range(len(table)):
        if table[kind] < 0:
            continue
        for segment in range(objects.kind_start[kind], objects.kind_start[kind + 1]):
            if live_end[segment] > objects.segment_start[segment] and hours[objects.segment_time[segment]] > 0:
                found[count] = segment
                count += 1
    return found[:count]


def bar(bidders: Bidders, x: int, growth: Growth) -> None:
    for special in range(bidders.special_start[x], bidders.special_start[x + 1]):
        if bidders.special_cost[special] >= FORBIDDEN:
            growth.barred[bidders.special_at[special]] = x


def come_by(growth: Growth, segment: int, place: int) -> None:
    """Whoever stands at this place of the segment is live no longer; the last one takes the place."""
    last = growth.live_end[segment] - 1
    growth.live[place], growth.live[last] = growth.live[last], growth.live[place]
    growth.live_end[segment] = last


def settle(bidders: Bidders, objects: Objects, growth: Growth, order: Ints) -> None:
    """Each bidder in turn takes what is free, the first that may be."""
    for x in order:
        bar(bidders, x, growth)
        for segment in reach(bidders, x, objects, growth.live_end):
            place = objects.segment_start[segment]
            while place < growth.live_end[segment] and growth.held[x] < bidders.demand[x]:
                at = growth.live[place]
                place += 1
                if not bidders.languages[x] & objects.languages[at] or growth.barred[at] == x:
                    continue
                growth.holder[objects.supply_start[at] + growth.filled[at]] = x
                growth.filled[at] += 1
                growth.held[x] += 1
                if objects.supply_start[at] + growth.filled[at] == objects.supply_start[at + 1]:
                    place -= 1
                    come_by(growth, segment, place)
            if growth.held[x] == bidders.demand[x]:
                break


def grow(bidders: Bidders, objects: Objects, growth: Growth) -> int:
    """One search from each bidder who lacks something; by how many pairs there are more now.

    After a turn without any, `seen` and those who are not live are all that can be reached.
    """
    more = 0
    for x in range(len(bidders.demand)):
        if growth.held[x] < bidders.demand[x] and not growth.seen[x] and search(bidders, x, objects, growth):
            more += 1
    return more


def search(bidders: Bidders, root: int, objects: Objects, growth: Growth) -> bool:
    """Whether exchanges along a path from this bidder lead to somebody free; then they are done."""
    growth.queue[0], growth.seen[root], growth.from_object[root] = root, True, -1
    head, tail = 0, 1
    while head < tail:
        x = growth.queue[head]
        head += 1
        bar(bidders, x, growth)
        for segment in reach(bidders, x, objects, growth.live_end):
            place = objects.segment_start[segment]
            while place < growth.live_end[segment]:
                at = growth.live[place]
                if (
                    not bidders.languages[x] & objects.languages[at]
                    or growth.barred[at] == x
                    or (growth.held[x] > 0 and holds(objects, growth.filled, growth.holder, x, at))
                ):
                    place += 1
                    continue
                come_by(growth, segment, place)
                growth.from_bidder[at] = x
                first, free = objects.supply_start[at], objects.supply_start[at] + growth.filled[at]
                if free < objects.supply_start[at + 1]:
                    exchange(objects, growth, at)
                    return True
                for other in growth.holder[first:free]:
                    if not growth.seen[other]:
                        growth.seen[other], growth.from_object[other] = True, at
                        growth.queue[tail] = other
                        tail += 1
    return False


def exchange(objects: Objects, growth: Growth, at: int) -> None:
    """Everyone on the path to this free object takes what the path leads to, and leaves what it came from."""
    x = growth.from_bidder[at]
    growth.holder[objects.supply_start[at] + growth.filled[at]] = x
    growth.filled[at] += 1
    while growth.from_object[x] >= 0:
        left = growth.from_object[x]
        place = objects.supply_start[left]
        while growth.holder[place] != x:
            place += 1
        x = growth.from_bidder[left]
        growth.holder[place] = x
    growth.held[x] += 1


def values(bidders: Bidders, objects: Objects, price: Ints, unit: int, value: Ints) -> None:
    """What the best objects at these prices come to for each bidder, the last one, and how many.

    As many as it wants, where there are so many.
    """
    most = max(1, bidders.demand.max()) if len(bidders.demand) else 1
    buffer, keys = np.empty(4 * most + 64, np.int64), np.empty(most, np.int64)
    for x in range(len(bidders.demand)):
        count = min(look(bidders, x, objects, price, unit, buffer, keys), bidders.demand[x])
        value[x, 0] = (keys[:count] >> PLACE_BITS).sum()
        value[x, 1] = keys[count - 1] >> PLACE_BITS if count > 0 else 0
        value[x, 2] = count
