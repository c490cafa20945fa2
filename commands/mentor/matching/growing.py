"""The search for the largest count, compiled like the loops in `kernels`, and with the same warning."""

from __future__ import annotations

import numpy as np

from commands.mentor.matching.kernels import holds, hours_of
from commands.mentor.matching.sides import FORBIDDEN, Bidders, Ints, Objects
from commands.mentor.matching.states import Growth


def reach(bidders: Bidders, x: int, objects: Objects, live_end: Ints) -> Ints:
    """The segments that suit `x` but for the language and hold somebody who has not been come by."""
    hours = hours_of(bidders, x, objects)
    table = bidders.table[bidders.kind[x]]
    found, count = np.empty(len(live_end), np.int64), 0
    for time in range(len(hours)):
        if hours[time] == 0:
            continue
        for segment in range(objects.time_start[time], objects.time_start[time + 1]):
            if live_end[segment] > objects.segment_start[segment] and table[objects.segment_kind[segment]] >= 0:
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
    """One search from each bidder who lacks something; how many pairs more. After none, all that was reached shows."""
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
