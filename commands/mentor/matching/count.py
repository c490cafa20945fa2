"""How many can be matched at all, proven, and into which parts that divides a round.

Where a side cannot all be matched, those it lacks for are in short supply: no largest matching pairs these with anyone
but those who compete for them (Dulmage and Mendelsohn's parts). In each part one side is matched in full; that side
bids, so that no bid has to weigh a pair against a match less.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.engine import Engine
from commands.mentor.matching.instance import Instance
from commands.mentor.matching.sides import Ints, Market, Side, market
from commands.mentor.matching.states import Growth, growth_of, near_of


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some of both sides; the bidding one can be matched in full."""

    mentors: Side
    mentees: Side
    mentors_bid: bool


@dataclass(frozen=True, slots=True, eq=False)
class Count:
    """The largest number of pairs, one matching of so many, and what the round divides into.

    `forced` pairs (mentee, mentor) are in every such matching; the others are found within the parts.
    """

    matched: int
    pairs: Ints
    forced: Ints
    parts: tuple[Part, ...]
    proven: bool


@dataclass(frozen=True, slots=True, eq=False)
class Ended:
    """How the search ended: `seen` bidders and `reached` objects are what paths from somebody lacking lead to."""

    facing: Market
    mentors: Side
    mentees: Side
    growth: Growth
    reached: NDArray[np.bool_]

    @property
    def bidding(self) -> Side:
        return self.mentors if self.facing.mentors_bid else self.mentees

    @property
    def asked(self) -> Side:
        """The objects, in their order on the market."""
        side = self.mentees if self.facing.mentors_bid else self.mentors
        order = np.argsort(side.index, kind="stable")
        return side.only(order[np.searchsorted(side.index[order], self.facing.object_at)])

    def as_pair(self, bidding: Side, asked: Side) -> tuple[Side, Side]:
        return (bidding, asked) if self.facing.mentors_bid else (asked, bidding)


def most(instance: Instance, mentors: Side, mentees: Side, engine: Engine) -> Count:
    """The largest count, with König's cover as its proof."""
    mentors_bid = int(mentors.units.sum()) < int(mentees.units.sum())
    facing = market(instance, mentors, mentees, mentors_bid=mentors_bid)
    growth = growth_of(facing)
    if len(facing.bidder_at) and len(facing.object_at):
        engine.settle(facing.bidders, facing.objects, growth, _scarce_first(facing))
        _begin_anew(facing, growth)
        while engine.grow(facing.bidders, facing.objects, growth):
            _begin_anew(facing, growth)
    ended = Ended(facing, mentors, mentees, growth, _reached(facing, growth))
    pairs = pairs_of(facing, growth.holder)
    if (growth.held == facing.bidders.demand).all():
        return Count(len(pairs), pairs, pairs[:0], (Part(mentors, mentees, mentors_bid),), proven=True)
    forced = _forced(ended)
    return Count(
        len(pairs),
        pairs,
        pairs_of(facing, np.where(forced, growth.holder, -1)),
        _parts(ended, forced),
        _covered(instance, ended, forced, engine),
    )


def pairs_of(facing: Market, holder: Ints) -> Ints:
    """Who holds whom, as sorted pairs (mentee, mentor) of the instance."""
    places = np.flatnonzero(holder >= 0)
    bidders, objects = facing.bidder_at[holder[places]], facing.object_at[_object_of(facing)[places]]
    pairs = np.column_stack((objects, bidders) if facing.mentors_bid else (bidders, objects)).astype(np.int64)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _object_of(facing: Market) -> Ints:
    """Of each place."""
    return np.repeat(np.arange(len(facing.object_at)), facing.supply)


def _scarce_first(facing: Market) -> Ints:
    """The bidders with few to choose from first; only the time that the search takes depends on it."""
    bidders = facing.bidders
    each_kind = np.diff(facing.objects.segment_start)
    kinds = np.bincount(facing.objects.segment_kind, weights=each_kind, minlength=bidders.table.shape[1])
    choice = (kinds * (bidders.table >= 0)).sum(axis=1)[bidders.kind]
    choice *= np.bitwise_count(bidders.weekday) + np.bitwise_count(bidders.weekend).astype(np.int64)
    return np.argsort(choice * np.bitwise_count(bidders.languages), kind="stable")


def _begin_anew(facing: Market, growth: Growth) -> None:
    growth.live_end[:] = facing.objects.segment_start[1:]
    growth.seen[:] = False


def _reached(facing: Market, growth: Growth) -> NDArray[np.bool_]:
    place, reached = np.arange(len(facing.object_at)), np.zeros(len(facing.object_at), dtype=np.bool_)
    reached[growth.live[place >= growth.live_end[facing.objects.segment_of]]] = True
    return reached


def _forced(ended: Ended) -> NDArray[np.bool_]:
    """The places held by a bidder who was seen, of objects that were not reached: nobody else comes into question."""
    holder = ended.growth.holder
    return (holder >= 0) & ended.growth.seen[holder] & ~ended.reached[_object_of(ended.facing)]


def _parts(ended: Ended, forced: NDArray[np.bool_]) -> tuple[Part, ...]:
    """Those who compete with what they compete for, which bids; and the others as before."""
    seen, reached, holder = ended.growth.seen, ended.reached, ended.growth.holder
    taken = np.bincount(holder[forced], minlength=len(seen))
    given = np.bincount(_object_of(ended.facing)[forced], minlength=len(reached))
    bidding = replace(ended.bidding, units=ended.bidding.units - taken)
    asked = replace(ended.asked, units=ended.asked.units - given)
    swapped = ended.as_pair(bidding.only(seen & (bidding.units > 0)), asked.only(reached))
    others = ended.as_pair(bidding.only(~seen), asked.only(~reached & (asked.units > 0)))
    mentors_bid = ended.facing.mentors_bid
    return Part(*swapped, mentors_bid=not mentors_bid), Part(*others, mentors_bid=mentors_bid)


def _covered(instance: Instance, ended: Ended, forced: NDArray[np.bool_], engine: Engine) -> bool:
    """König: the bidders not seen, the objects reached and the forced pairs have a hand in every pair there can be."""
    facing, growth, seen = ended.facing, ended.growth, ended.growth.seen
    left = market(
        instance,
        *ended.as_pair(ended.bidding.only(seen), ended.asked.only(~ended.reached)),
        mentors_bid=facing.mentors_bid,
    )
    found = np.zeros((len(left.bidder_at), 3), dtype=np.int64)
    nothing = np.zeros(len(left.object_at), dtype=np.int64)
    engine.values(left.bidders, left.objects, nothing, 1, near_of(left), found)
    held = np.bincount(growth.holder[forced], minlength=len(seen))[seen]
    cover = int(facing.bidders.demand[~seen].sum() + facing.supply[ended.reached].sum() + forced.sum())
    return cover == int(growth.held.sum()) and bool((found[:, 2] == held).all())
