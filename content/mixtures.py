"""Who may be answering: not four kinds of people but blends of them; only to foresee what the questions left would do.

Nobody is of one kind alone. If members were taken to be, two good signs for an outcome would seem to settle it too
soon; `tests/content/test_trial.py` compares what is foreseen with what comes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import product
from operator import add, mul

from content.likelihood import CHOICE_SLOPE, FACT_SLOPE, OUTCOMES, SIZE, TICK_THRESHOLD, Vector, answered, ticks
from content.questionnaire import Answers, Item, Option, Questionnaire

STEPS = 4  # a blend gives each outcome a whole number of quarters: 35 blends in all
CONCENTRATION = 0.375  # of a symmetric Dirichlet prior: people near one outcome, or between two, are usual

Weights = tuple[float, ...]  # one number for each blend, in the order of BLENDS

BLENDS: tuple[Vector, ...] = tuple(
    tuple(part / STEPS for part in parts) for parts in product(range(STEPS + 1), repeat=SIZE) if sum(parts) == STEPS
)
_PRIOR: Weights = tuple(
    sum((CONCENTRATION - 1) * math.log(max(part, 0.5 / STEPS)) for part in blend) for blend in BLENDS
)


def who(bank: Questionnaire, answers: Answers) -> Weights:
    """How likely each blend is after these answers."""
    logs = list(_PRIOR)
    for table, choice in answered(bank, answers):
        chosen = ticks(choice)
        for_option, for_blank = leanings(bank)[table.item.id]
        for option_id, weights in for_option.items():
            if option_id in chosen:
                logs = list(map(add, logs, weights))
            elif option_id in for_blank:
                logs = list(map(add, logs, for_blank[option_id]))
    top = max(logs)
    chances = [math.exp(log - top) for log in logs]
    whole = sum(chances)
    return tuple(chance / whole for chance in chances)


@lru_cache(maxsize=16)
def leanings(bank: Questionnaire) -> Mapping[str, tuple[Mapping[str, Weights], Mapping[str, Weights]]]:
    """By item: the logarithm of each option's chance for every blend, and in a multi-select of its blank."""
    return {item.id: _single(item) if item.kind == "one" else _multiple(item) for item in bank.items}


def _single(item: Item) -> tuple[Mapping[str, Weights], Mapping[str, Weights]]:
    slope = FACT_SLOPE if item.fact else CHOICE_SLOPE
    powers = {option.id: [slope * pull for pull in _pulls(option)] for option in item.options}
    wholes = [math.log(sum(map(math.exp, column))) for column in zip(*powers.values(), strict=True)]
    return {name: tuple(p - whole for p, whole in zip(row, wholes, strict=True)) for name, row in powers.items()}, {}


def _multiple(item: Item) -> tuple[Mapping[str, Weights], Mapping[str, Weights]]:
    powers = {option.id: [pull - TICK_THRESHOLD for pull in _pulls(option)] for option in item.options}
    return (
        {name: tuple(-math.log1p(math.exp(-power)) for power in row) for name, row in powers.items()},
        {name: tuple(-math.log1p(math.exp(power)) for power in row) for name, row in powers.items()},
    )


def _pulls(option: Option) -> Iterable[float]:
    """What draws each blend to an option: the outcomes' weights in the blend's own parts."""
    weights = [option.weights[outcome] for outcome in OUTCOMES]
    return [sum(map(mul, blend, weights)) for blend in BLENDS]
