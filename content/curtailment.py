"""Whether more questions could still change the outcome, and which question tells most."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from operator import mul

from content.likelihood import SIZE, ItemTable, Vector, tables
from content.mixtures import BLENDS, leanings, who
from content.questionnaire import Answers, Questionnaire

# Forecasts for pure kinds would need 3 in 100 and foresee too little; docs/assessment.md compares these.
CHANGE_CHANCE = 0.067
CHANGE_CHANCE_OF_BOTH = 0.19  # where the runner-up is named too, a change between the two misleads nobody
FAINT = 1e-4  # a blend less likely than this changes nothing that could be said

Steps = tuple[float, ...]  # for each rival and blend: the mean, then the variance, of the leader's step over it


@lru_cache(maxsize=16)
def foreseen(bank: Questionnaire) -> Mapping[str, tuple[Steps, ...]]:
    """For each item outside the opening and each leader, how an answer would move its log-odds."""
    opening = {item_id for card in bank.opening for item_id in card}
    return {
        name: tuple(_steps(bank, table, leader) for leader in range(SIZE))
        for name, table in tables(bank).items()
        if name not in opening
    }


def chance_of_change(bank: Questionnaire, answers: Answers, logs: Vector, unasked: Iterable[str]) -> float:
    """The chance that the unasked items would give another leader; remaining log-odds taken as normal.

    Foreseen for every blend that may be answering, by how likely it is (`content/mixtures.py`).
    """
    leader = max(range(SIZE), key=lambda place: logs[place])
    rows = [foreseen(bank)[item_id][leader] for item_id in unasked]
    if not rows:
        return 0.0
    steps = list(map(sum, zip(*rows, strict=True)))
    leads = [logs[leader] - logs[rival] for rival in range(SIZE) if rival != leader]
    count = len(BLENDS)
    total = 0.0
    for place, weight in enumerate(who(bank, answers)):
        if weight > FAINT:
            at = [2 * (number * count + place) for number in range(len(leads))]
            total += weight * max(
                _below_zero(lead + steps[first], steps[first + 1]) for lead, first in zip(leads, at, strict=True)
            )
    return total


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


def _steps(bank: Questionnaire, table: ItemTable, leader: int) -> Steps:
    rivals = [rival for rival in range(SIZE) if rival != leader]
    return tuple(
        chain.from_iterable(
            _moments(bank, table, place, leader, rival) for rival in rivals for place in range(len(BLENDS))
        )
    )


def _moments(bank: Questionnaire, table: ItemTable, place: int, leader: int, rival: int) -> tuple[float, float]:
    logs, _blank = leanings(bank)[table.item.id]
    steps = [
        (math.exp(logs[each][place]), table.options[each][leader] - table.options[each][rival])
        for each in table.options
    ]
    mean = sum(chance * step for chance, step in steps)
    return mean, sum(chance * (step - mean) ** 2 for chance, step in steps)
