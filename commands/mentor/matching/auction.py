"""An auction over everybody who fits: bidders keep their best in mind, and look again only when that no longer does.

Bertsekas' auction with one bid step and prices from 0: each pair is within a step of the best for its bidder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from commands.mentor.matching.count import Part, pairs_of
from commands.mentor.matching.engine import Engine
from commands.mentor.matching.instance import Instance
from commands.mentor.matching.pair import LARGEST
from commands.mentor.matching.sides import Ints, market
from commands.mentor.matching.states import sale_of

STEP = 4  # of price: what a bid is more than it need be
ALONE = 20 * LARGEST  # how much more is bid by whom nothing else fits
TURNS = 50_000  # between two words of progress
TURNS_MOST = 10_000_000  # and as many as raise each place by the largest score: no part that can be matched needs them

Tell = Callable[[float], None]


@dataclass(frozen=True, slots=True, eq=False)
class Sold:
    """A part's pairs (mentee, mentor), and its dual: `bound` and the values count in steps of price."""

    pairs: Ints
    bound: int
    bidder_at: Ints
    bidder_values: Ints
    object_at: Ints
    prices: Ints
    mentors_bid: bool


class Unsold(Exception):
    """A part whose bidders cannot all be matched was put up for auction: a fault of ours."""


def auction(
    instance: Instance, part: Part, unit: int, engine: Engine, tell: Tell, *, start: Ints | None = None
) -> Sold:
    """The part's pairs. `unit`: steps of price to a tick; more of them are nearer to the best, and take longer.

    `start`: prices to begin with, by the objects' places in the instance; only where all objects are sold in the end.
    """
    facing = market(instance, part.mentors, part.mentees, mentors_bid=part.mentors_bid, unit=unit)
    bidders, objects, sale = facing.bidders, facing.objects, sale_of(facing)
    if start is not None:
        sale.price[:] = start[facing.object_at]
    wanted = max(1, int(bidders.demand.sum()))
    left = TURNS_MOST + wanted * LARGEST * unit // STEP
    while engine.sell(bidders, objects, sale, unit, STEP, ALONE * unit, TURNS) and left > 0:
        tell(float(sale.held.sum()) / wanted)
        left -= TURNS
    if (sale.held < bidders.demand).any():
        raise Unsold(f"{wanted - int(sale.held.sum())} of {wanted} places")
    value = np.zeros((len(facing.bidder_at), 3), dtype=np.int64)
    engine.listed_values(bidders, objects, sale, unit, value)
    bound = int(value[:, 0].sum() + (sale.price * facing.supply).sum())
    return Sold(
        pairs_of(facing, sale.holder), bound, facing.bidder_at, value[:, 1], facing.object_at, sale.price,
        facing.mentors_bid,
    )  # fmt: skip
