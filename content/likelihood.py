"""What an answer says for each outcome: tempered log-likelihoods, computed once for a bank."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from content.outcomes import Outcome
from content.questionnaire import Answers, Choice, Item, Questionnaire
from content.source import NONE_OF_THESE

Side = Literal["proofs", "facts", "choices"]
SIDES: tuple[Side, ...] = ("proofs", "facts", "choices")
Vector = tuple[float, ...]  # one number for each outcome, in the order of Outcome

OUTCOMES = tuple(Outcome)
SIZE = len(OUTCOMES)
FLAT: Vector = (0.0,) * SIZE

FACT_SLOPE = 1.15
CHOICE_SLOPE = 0.85
TICK_THRESHOLD = 2
TEMPER = 0.6  # answers hang together more than the model believes


@dataclass(frozen=True, slots=True)
class ItemTable:
    """One item's numbers. `options` are tempered: of a single choice, or of a tick; `blank` is no tick there.

    `lifts` are the options as factors, not logarithms.
    """

    item: Item
    options: Mapping[str, Vector]
    blank: Mapping[str, Vector]
    chances: Mapping[str, Vector]
    lifts: Mapping[str, Vector]

    def evidence(self, choice: Choice) -> Vector:
        """What this answer adds to the log-likelihood of each outcome."""
        if choice is None:
            return FLAT
        if self.item.kind == "one":
            return FLAT if choice == NONE_OF_THESE else self.options[str(choice)]
        ticked = ticks(choice)
        parts = [(self.options if each in ticked else self.blank)[each] for each in self.options]
        return tuple(map(sum, zip(*parts, strict=True)))


@lru_cache(maxsize=16)
def tables(bank: Questionnaire) -> Mapping[str, ItemTable]:
    """All items' numbers by item id, in the bank's order."""
    return {item.id: _single(item) if item.kind == "one" else _multiple(item) for item in bank.items}


def ticks(choice: Choice) -> tuple[str, ...]:
    """The ticked options of a multi-select's answer; none for skipped and “none of these”."""
    if choice is None or choice == NONE_OF_THESE:
        return ()
    chosen = (choice,) if isinstance(choice, str) else choice
    return tuple(each for each in chosen if each != NONE_OF_THESE)


def says_something(choice: Choice) -> bool:
    """Whether the answer names an option at all."""
    return bool(ticks(choice))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the answers add up to, by their kind: what the experience rule reads, the other facts, the choices."""

    proofs: Vector
    facts: Vector
    choices: Vector

    @property
    def past(self) -> Vector:
        """All facts together."""
        return added(self.proofs, self.facts)


def summed(bank: Questionnaire, answers: Answers) -> Evidence:
    """The evidence of all answers, added in the bank's order so that bytes never differ."""
    sums = {side: [0.0] * SIZE for side in SIDES}
    for table, choice in answered(bank, answers):
        side = sums[side_of(bank, table.item)]
        for place, value in enumerate(table.evidence(choice)):
            side[place] += value
    return Evidence(*(tuple(sums[side]) for side in SIDES))


def side_of(bank: Questionnaire, item: Item) -> Side:
    """Which part of the evidence an item belongs to."""
    if item.id in {bank.experience.background, bank.experience.industry, bank.experience.years}:
        return "proofs"
    return "facts" if item.fact else "choices"


def answered(bank: Questionnaire, answers: Answers) -> Iterator[tuple[ItemTable, Choice]]:
    """The items that have an answer, in the bank's order."""
    for item_id, table in tables(bank).items():
        choice = answers.get(item_id)
        if choice is not None:
            yield table, choice


def added(one: Vector, other: Vector) -> Vector:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def normalised(logs: Vector) -> Vector:
    """Log-likelihoods as probabilities that add up to one."""
    top = max(logs)
    parts = [math.exp(value - top) for value in logs]
    total = sum(parts)
    return tuple(part / total for part in parts)


def _single(item: Item) -> ItemTable:
    slope = FACT_SLOPE if item.fact else CHOICE_SLOPE
    logs: dict[str, list[float]] = {option.id: [] for option in item.options}
    for outcome in OUTCOMES:
        powers = {option.id: slope * option.weights[outcome] for option in item.options}
        whole = math.log(sum(math.exp(power) for power in powers.values()))
        for option_id, power in powers.items():
            logs[option_id].append(power - whole)
    return _table(item, _tempered(logs), {}, _chances(logs))


def _multiple(item: Item) -> ItemTable:
    ticked: dict[str, list[float]] = {}
    blank: dict[str, list[float]] = {}
    for option in item.options:
        powers = [option.weights[outcome] - TICK_THRESHOLD for outcome in OUTCOMES]
        ticked[option.id] = [-math.log1p(math.exp(-power)) for power in powers]
        blank[option.id] = [-math.log1p(math.exp(power)) for power in powers]
    return _table(item, _tempered(ticked), _tempered(blank), _chances(ticked))


def _table(
    item: Item, options: Mapping[str, Vector], blank: Mapping[str, Vector], chances: Mapping[str, Vector]
) -> ItemTable:
    lifts = {name: tuple(math.exp(value) for value in values) for name, values in options.items()}
    return ItemTable(item, options, blank, chances, lifts)


def _tempered(logs: Mapping[str, list[float]]) -> dict[str, Vector]:
    return {name: tuple(TEMPER * value for value in values) for name, values in logs.items()}


def _chances(logs: Mapping[str, list[float]]) -> dict[str, Vector]:
    return {name: tuple(math.exp(value) for value in values) for name, values in logs.items()}
