"""A round by waiting, as the auction takes it: who may be left over gets Nobody for a mentor, so that all are matched.

In a group of `ageing` every place is taken and only those who have waited least may be left over. Nobody is a mentor
whom these alone fit, all with the same score, and who has as many places as are left over. Then everybody is matched in
every solution, the auction never weighs one mentee against another, and its certificate is for the round's score among
all matchings that are best by count and by waiting: no set of mentees is fixed beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.ageing import NONE, SPARE, Ages
from commands.mentor.matching.auction import auction
from commands.mentor.matching.count import Count, Part
from commands.mentor.matching.engine import Engine
from commands.mentor.matching.instance import Instance, with_more
from commands.mentor.matching.pair import HALF_HOUR, HALF_HOURS_LEAST, NOVELTY, STEPS, TICKS
from commands.mentor.matching.sides import Ints, mentees_of, mentors_of

Floats = NDArray[np.float64]
OUTSIDE_HOURS = 0b11 << 60  # half-hours that no day has: those are free whom Nobody fits
ABOVE_ALL = 1 << 14  # a seniority
ALIKE = HALF_HOURS_LEAST * HALF_HOUR + STEPS[-1] + NOVELTY  # what a pair with Nobody scores
BELOW = TICKS


@dataclass(frozen=True, slots=True, eq=False)
class Arranged:
    """The instance with Nobody once a group behind its mentors, and its parts."""

    instance: Instance
    count: Count
    groups: Ints  # [Nobody]
    ages: Ages


def arranged(instance: Instance, ages: Ages, largest: Count) -> Arranged:
    """The round's parts by waiting; `proven` where both ways to count agree."""
    mentors, groups = instance.mentors, np.unique(ages.mentors[ages.mentors > SPARE]).astype(np.int64)
    of_mentees, of_mentors = _sizes(ages.mentees, groups), _sizes(ages.mentors, groups, mentors.capacity)
    with_nobody = replace(
        instance,
        mentors=with_more(
            mentors,
            tuple(f"nobody {group}" for group in groups),
            0,
            0,
            0,
            OUTSIDE_HOURS,
            np.iinfo(np.uint16).max,
            ABOVE_ALL,
            of_mentees - of_mentors,
        ),
        mentees=replace(instance.mentees, weekend=instance.mentees.weekend | _outside(ages)),
    )
    offering, asking = mentors_of(with_nobody), mentees_of(with_nobody)
    of_all, parts = np.concatenate((ages.mentors, groups)), []
    for group in (SPARE, *groups.tolist()):
        takes = (of_all == group) & (offering.units > 0)
        part = Part(offering.only(takes), asking.only(ages.mentees == group), mentors_bid=False)
        parts += [part] if len(part.mentees.index) else []
    aside = int((of_mentees - of_mentors).sum())
    proven = largest.proven and largest.matched == ages.count
    none = np.empty((0, 2), np.int64)
    return Arranged(with_nobody, Count(ages.count + aside, none, none, tuple(parts), proven), groups, ages)


def begun(one: Arranged, part: Part, unit: int, engine: Engine) -> Ints | None:
    """Prices for a part with Nobody to begin with, a little below those of an auction in which nobody comes first.

    There all places are taken in the end, so that any prices will do; near the last ones they rise much less.
    """
    nobody = len(one.instance.mentors) - len(one.groups)
    if not (part.mentors.index >= nobody).any():
        return None
    others = Part(part.mentors.only(part.mentors.index < nobody), part.mentees, mentors_bid=True)
    sold = auction(one.instance, others, unit, engine, lambda _done: None)
    prices = np.zeros(len(one.instance.mentors), np.int64)
    prices[sold.bidder_at] = np.maximum(sold.bidder_values - (ALIKE + BELOW) * unit, 0)
    return prices


def settled(one: Arranged, pairs: Ints, prices: Floats, values: Floats) -> tuple[Ints, int, Floats, Floats]:
    """Without Nobody: the pairs, the ticks that fall away, and prices by which being left over is worth nothing."""
    mentors = len(prices) - len(one.groups)
    real = pairs[:, 1] < mentors
    prices, values = prices.copy(), values.copy()
    for number, group in enumerate(one.groups):
        worth = ALIKE - prices[mentors + number]
        prices[:mentors][one.ages.mentors == group] += worth
        values[one.ages.mentees == group] -= worth
    return pairs[real], ALIKE * int(np.count_nonzero(~real)), prices[:mentors], values


def _sizes(of_each: NDArray[np.int32], groups: Ints, weights: NDArray[np.int32] | None = None) -> Ints:
    found = np.bincount(of_each - NONE, weights, minlength=int(groups.max(initial=0)) - NONE + 1)
    return found[groups - NONE].astype(np.int64)


def _outside(ages: Ages) -> NDArray[np.uint64]:
    return np.where(ages.must, 0, OUTSIDE_HOURS).astype(np.uint64)
