"""One side of a round as the loops read it: who bids, and what is bid for, in segments of one kind and one time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.instance import Instance
from commands.mentor.matching.pair import COVERAGE, NOVELTY, seniority_ticks, track_ticks

Ints = NDArray[np.int64]
FORBIDDEN = 1 << 36  # more than any price: what a pair costs that must not be


class Bidders(NamedTuple):
    """Columns of who bids. `special` are pairs with a cost of their own, as places among the objects."""

    weekday: NDArray[np.uint64]
    weekend: NDArray[np.uint64]
    languages: NDArray[np.uint16]
    bits: NDArray[np.uint64]
    factor: Ints
    kind: Ints
    demand: Ints
    table: Ints  # [kind, kind of object]: what tracks, seniority and novelty give, or less than 0
    best_kinds: Ints  # [kind]: the kinds of object, those first that give most
    special_start: Ints
    special_at: Ints
    special_cost: Ints


class Objects(NamedTuple):
    """Columns of what is bid for, sorted by time, kind and language; a segment is of one time and one kind."""

    weekday: NDArray[np.uint64]  # of the different times
    weekend: NDArray[np.uint64]
    time_start: Ints  # [time]: its first segment
    segment_kind: Ints
    segment_time: Ints
    segment_start: Ints
    segment_of: Ints
    languages: NDArray[np.uint16]
    bits: NDArray[np.uint64]
    factor: Ints
    supply_start: Ints  # [object]: its first place


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """Mentors or mentees alike; `index` are their places in the instance, `units` how many pairs each can have."""

    index: Ints
    weekday: NDArray[np.uint64]
    weekend: NDArray[np.uint64]
    languages: NDArray[np.uint16]
    bits: NDArray[np.uint64]
    factor: Ints
    kind: Ints
    kinds: tuple[tuple[int, int], ...]  # tracks (bits, or the one wanted) and seniority
    units: Ints

    def only(self, chosen: NDArray[Any]) -> Side:
        """Some of them, by a mask or their places."""
        return Side(
            self.index[chosen], self.weekday[chosen], self.weekend[chosen], self.languages[chosen], self.bits[chosen],
            self.factor[chosen], self.kind[chosen], self.kinds, self.units[chosen],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """Bidders and objects face to face; `bidder_at` and `object_at` say where they stand in the instance."""

    bidders: Bidders
    objects: Objects
    bidder_at: Ints
    object_at: Ints
    supply: Ints
    mentors_bid: bool


def mentors_of(instance: Instance) -> Side:
    columns = instance.mentors
    kind, kinds = _kinds(columns.tracks, columns.seniority)
    return Side(
        np.arange(len(columns)), columns.weekday, columns.weekend, columns.languages, columns.skills,
        np.ones(len(columns), dtype=np.int64), kind, kinds, columns.capacity.astype(np.int64),
    )  # fmt: skip


def mentees_of(instance: Instance) -> Side:
    columns = instance.mentees
    kind, kinds = _kinds(columns.track, columns.seniority)
    gaps = np.bitwise_count(columns.gaps).astype(np.int64)
    factor = np.where(gaps > 0, COVERAGE // np.maximum(gaps, 1), 0)
    each = np.ones(len(columns), dtype=np.int64)
    return Side(
        np.arange(len(columns)), columns.weekday, columns.weekend, columns.languages, columns.gaps,
        factor, kind, kinds, each,
    )  # fmt: skip


def market(instance: Instance, mentors: Side, mentees: Side, *, mentors_bid: bool, unit: int = 1) -> Market:
    """These mentors and mentees, one side bidding; a tick is `unit` steps of price."""
    table = _table(mentors.kinds, mentees.kinds)
    asking, asked = (mentors, mentees) if mentors_bid else (mentees, mentors)
    table = table if mentors_bid else np.ascontiguousarray(table.T)
    objects, order = _objects(asked)
    object_at, special = asked.index[order], _special(instance, unit, mentors_bid=mentors_bid)
    supply = asked.units[order]
    bidders = Bidders(
        asking.weekday, asking.weekend, asking.languages, asking.bits, asking.factor, asking.kind, asking.units,
        table, np.argsort(-table, axis=1, kind="stable"), *_facing(special, asking.index, object_at),
    )  # fmt: skip
    return Market(bidders, objects, asking.index, object_at, supply, mentors_bid)


def _kinds(tracks: NDArray[Any], seniority: NDArray[Any]) -> tuple[Ints, tuple[tuple[int, int], ...]]:
    """The number of each one's kind, and the kinds: those of one track set and seniority."""
    joined = tracks.astype(np.int64) << 16 | seniority
    found, kind = np.unique(joined, return_inverse=True)
    return kind.astype(np.int64), tuple((int(each) >> 16, int(each) & 0xFFFF) for each in found)


def _table(offering: tuple[tuple[int, int], ...], asking: tuple[tuple[int, int], ...]) -> Ints:
    """What tracks, seniority and novelty give for each two kinds; −1 where no step lies between them."""
    table = np.full((len(offering), len(asking)), -1, dtype=np.int64)
    for row, (tracks, above) in enumerate(offering):
        for column, (wanted, below) in enumerate(asking):
            if above > below:
                table[row, column] = track_ticks(tracks, wanted) + seniority_ticks(above - below) + NOVELTY
    return table


def _objects(side: Side) -> tuple[Objects, Ints]:
    """The side in segments, and the order in which it then stands; ties by id."""
    weekdays, weekday = np.unique(side.weekday, return_inverse=True)
    weekends, weekend = np.unique(side.weekend, return_inverse=True)
    times, time = np.unique(weekday * len(weekends) + weekend, return_inverse=True)
    order = np.lexsort((side.index, side.languages, side.kind, time))
    key = (time * len(side.kinds) + side.kind)[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    starts = np.append(first, len(order))
    segment_time = time[order][first]
    objects = Objects(
        weekdays[times // max(1, len(weekends))], weekends[times % max(1, len(weekends))],
        np.searchsorted(segment_time, np.arange(len(times) + 1)), side.kind[order][first], segment_time, starts,
        np.repeat(np.arange(len(first)), np.diff(starts)), side.languages[order], side.bits[order],
        side.factor[order], np.append(0, np.cumsum(side.units[order])),
    )  # fmt: skip
    return objects, order


def _special(instance: Instance, unit: int, *, mentors_bid: bool) -> Ints:
    """Rows of (bidder, object, cost), places in the instance; costs of one pair add up."""
    pairs = np.concatenate((instance.excluded, instance.previous))
    cost = np.repeat((FORBIDDEN, NOVELTY * unit), (len(instance.excluded), len(instance.previous)))
    return np.column_stack((pairs[:, ::-1] if mentors_bid else pairs, cost)).astype(np.int64)


def _facing(special: Ints, bidder_at: Ints, object_at: Ints) -> tuple[Ints, Ints, Ints]:
    """The special pairs of those who are here, bidder by bidder: where each one's begin, the objects, the costs."""
    bidder, thing = _where(special[:, 0], bidder_at), _where(special[:, 1], object_at)
    here = (bidder >= 0) & (thing >= 0)
    bidder, thing, cost = bidder[here], thing[here], special[here, 2]
    order = np.lexsort((thing, bidder))
    starts = np.searchsorted(bidder[order], np.arange(len(bidder_at) + 1))
    return starts, thing[order], cost[order]


def _where(wanted: Ints, index: Ints) -> Ints:
    """The place of each wanted number in an index of different numbers, or −1."""
    if len(index) == 0:
        return np.full(len(wanted), -1, dtype=np.int64)
    order = np.argsort(index, kind="stable")
    near = order[np.minimum(np.searchsorted(index, wanted, sorter=order), len(index) - 1)]
    return np.where(index[near] == wanted, near, -1)
