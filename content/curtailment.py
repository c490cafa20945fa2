"""Whether more questions could still change the outcome, and which question tells most."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

from content.likelihood import SIZE, ItemTable, Vector, normalised, tables
from content.questionnaire import Questionnaire

CHANGE_CHANCE = 0.03


@dataclass(frozen=True, slots=True)
class Spread:
    """How an unasked single-choice item moves log-odds.

    `drift` is the mean of the leader's step over each rival, if the leader is true. `of_leader` has the mean and
    the variance for each true outcome and rival, one after the other, so that items are added in one go.
    """

    drift: tuple[Vector, ...]
    of_leader: tuple[Vector, ...]


@lru_cache(maxsize=16)
def spreads(bank: Questionnaire) -> Mapping[str, Spread]:
    """The spread of each single-choice item outside the opening."""
    opening = {item_id for card in bank.opening for item_id in card}
    return {name: _spread(table) for name, table in tables(bank).items() if name not in opening}


def chance_of_change(bank: Questionnaire, logs: Vector, unasked: Iterable[str]) -> float:
    """The chance that the unasked items would give another leader; remaining log-odds taken as normal."""
    chances = normalised(logs)
    leader = max(range(SIZE), key=lambda place: logs[place])
    rows = [spreads(bank)[item_id].of_leader[leader] for item_id in unasked]
    sums = list(map(sum, zip(*rows, strict=True))) if rows else [0.0] * (2 * SIZE * SIZE)
    total = 0.0
    for true in range(SIZE):
        lost = 0.0
        for rival in range(SIZE):
            if rival != leader:
                place = 2 * (true * SIZE + rival)
                lost += _below_zero(logs[leader] - logs[rival] + sums[place], sums[place + 1])
        total += chances[true] * min(1.0, lost)
    return total


def cards_to_settle(bank: Questionnaire, logs: Vector, best_first: Sequence[str]) -> int:
    """About how many more items it takes to stop, if the leader is true and answers come as expected."""
    leader = max(range(SIZE), key=lambda place: logs[place])
    fewest, most = 1, len(best_first)
    while fewest < most:
        count = (fewest + most) // 2
        drift = [spreads(bank)[item_id].drift[leader] for item_id in best_first[:count]]
        then = tuple(value - sum(step[place] for step in drift) for place, value in enumerate(logs))
        if chance_of_change(bank, then, best_first[count:]) < CHANGE_CHANCE:
            most = count
        else:
            fewest = count + 1
    return fewest


def information(table: ItemTable, chances: Vector) -> float:
    """By how much this single-choice item is expected to lessen the doubt about the outcome."""
    after = 0.0
    for option_id, given in table.chances.items():
        tempered = list(map(mul, chances, table.lifts[option_id]))
        whole = sum(tempered)
        after += sum(map(mul, chances, given)) * _doubt([part / whole for part in tempered])
    return _doubt(chances) - after


def _doubt(chances: Iterable[float]) -> float:
    return -sum([chance * math.log(chance) for chance in chances if chance > 0])


def _below_zero(mean: float, variance: float) -> float:
    if variance <= 0:
        return 0.0 if mean > 0 else 1.0
    return 0.5 * math.erfc(mean / math.sqrt(2 * variance))


def _spread(table: ItemTable) -> Spread:
    places = range(SIZE)
    return Spread(
        tuple(tuple(_moments(table, each, each, rival)[0] for rival in places) for each in places),
        tuple(
            tuple(moment for true in places for rival in places for moment in _moments(table, true, leader, rival))
            for leader in places
        ),
    )


def _moments(table: ItemTable, true: int, leader: int, rival: int) -> tuple[float, float]:
    steps = [
        (table.chances[each][true], table.options[each][leader] - table.options[each][rival]) for each in table.options
    ]
    mean = sum(chance * step for chance, step in steps)
    return mean, sum(chance * (step - mean) ** 2 for chance, step in steps)
