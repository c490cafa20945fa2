"""What numpy finds in a few passes is what the loops find one by one."""

from __future__ import annotations

import random

import numpy as np
import pytest

from commands.mentor.matching import growing, in_numpy, kernels, states
from commands.mentor.matching.auction import ALONE
from commands.mentor.matching.engine import engine
from commands.mentor.matching.sides import market, mentees_of, mentors_of
from commands.mentor.matching.states import growth_of, near_of, sale_of
from tests.commands.mentor.matching import invented


@pytest.mark.parametrize("mentors_bid", [True, False])
def test_the_best_for_a_bidder_are_the_same_whatever_the_prices(
    mentors_bid: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # few enough that more must be looked at than at first
    monkeypatch.setattr(in_numpy, "AT_FIRST", 20)
    # and that the loop too knows early whom it may leave out
    monkeypatch.setattr(kernels, "OFTEN", 3)
    instance, chance = invented.rows(11, 150, 400).instance, np.random.default_rng(1)
    facing = market(instance, mentors_of(instance), mentees_of(instance), mentors_bid=mentors_bid)
    bidders, objects, sale = facing.bidders, facing.objects, sale_of(facing)
    for x in range(0, len(facing.bidder_at), 5):
        price = chance.integers(0, 1 + x * 20, len(facing.object_at))
        for room in (1, 12):
            found = [np.zeros(room, dtype=np.int64) for _ in range(2)]
            with np.errstate(over="ignore"):  # counting bits multiplies beyond 64 of them
                count = kernels.scan(bidders, x, objects, price, 1, sale.near, found[0])
                live = growing.reach(bidders, x, objects, growth_of(facing).live_end)
            assert in_numpy.scan(bidders, x, objects, price, 1, sale.near, found[1]) == count
            assert found[0][:count].tolist() == found[1][:count].tolist()
        assert live.tolist() == in_numpy.reach(bidders, x, objects, growth_of(facing).live_end).tolist()


def test_the_best_of_a_list_are_the_same_with_places_held_and_prices_risen(monkeypatch: pytest.MonkeyPatch) -> None:
    # a list of two hundred is looked at beyond its head more often
    monkeypatch.setattr(in_numpy, "HEAD", 12)
    instance, chance = invented.rows(12, 6, 300, capacity=5, special=0).instance, random.Random(2)
    facing = market(instance, mentors_of(instance), mentees_of(instance), mentors_bid=True)
    bidders, objects, sale = facing.bidders, facing.objects, sale_of(facing)
    tried = 0
    for x in range(len(facing.bidder_at)):
        with np.errstate(over="ignore"):  # counting bits multiplies beyond 64 of them
            kernels.list_anew(bidders, x, objects, sale, 1)
        for _turn in range(40 if bidders.demand[x] else 0):
            sale.price[chance.sample(range(len(sale.price)), 40)] += chance.randrange(600)
            wanted = int(bidders.demand[x] - sale.held[x]) + 1
            best = []
            for choose in (kernels.choose, in_numpy.choose):
                count = choose(bidders, x, objects, sale, wanted)
                best.append((sale.best_at[:count].tolist(), sale.best_value[:count].tolist()))
            assert best[0] == best[1]
            tried += len(best[0][0]) > 1
            if best[0][0] and wanted > 1 and chance.random() < 0.2:
                kernels.take(bidders, objects, sale, x, best[0][0][0], 1)
    assert tried > 50


@pytest.mark.parametrize("mentors_bid", [True, False])
def test_the_lists_tell_in_the_end_what_a_look_at_everybody_does(
    mentors_bid: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # so short that not every list holds the best when prices have risen
    monkeypatch.setattr(states, "LISTED", 3)
    instance, loops, chance = invented.rows(4, 60, 800).instance, engine(compiled=False), np.random.default_rng(3)
    facing = market(instance, mentors_of(instance), mentees_of(instance), mentors_bid=mentors_bid)
    bidders, objects, sale = facing.bidders, facing.objects, sale_of(facing)
    loops.sell(bidders, objects, sale, 1, 4, ALONE, len(facing.bidder_at))
    sale.price[:] += chance.integers(0, 900, len(sale.price))
    bound = sale.bound.copy()
    told, seen = (np.zeros((len(facing.bidder_at), 3), dtype=np.int64) for _ in range(2))

    loops.listed_values(bidders, objects, sale, 1, told)

    loops.values(bidders, objects, sale.price, 1, near_of(facing), seen)
    assert told.tolist() == seen.tolist()
    assert 0 < np.count_nonzero(bound != sale.bound) < len(bound)
