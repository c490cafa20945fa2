"""Invented people who answer a bank: blends of the four outcomes, with noise, some of them careless.

They judge the form, never a person: nobody real was asked. Everything is drawn from a seed, each person from a
number of their own, so that the same people come out however the work is divided.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from operator import mul
from types import MappingProxyType

from content.likelihood import OUTCOMES, Vector
from content.outcomes import Outcome
from content.questionnaire import Choice, Item, Questionnaire


class Noise(StrEnum):
    """How much chance there is in an answer."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


BLEND = (0.51, 0.36, 0.33, 0.30)  # Dirichlet: 1.5 × (0.34, 0.24, 0.22, 0.20)
CLEAR_CUT = 0.25  # the largest part of a blend over the second
CARELESS = 0.06
AT_RANDOM = 0.6  # of a careless person's items
TICKED_AT_RANDOM = 0.3
SLOPE: Mapping[Noise, float] = MappingProxyType({Noise.LOW: 3.6 * 1.35, Noise.MEDIUM: 3.6, Noise.HIGH: 3.6 * 0.70})
TICK_AT = -2.0
MOVED = 0.3  # of the weights, by one, where they are moved
LOADING_SPREAD = 0.10
LOADING_MOST = 1.1
BLEND_DRIFT = 0.15  # of a blend until the second sitting
KEPT = {True: 0.90, False: 0.50}  # how often a fact's noise is the same again, and another item's

Loadings = Mapping[str, tuple[Vector, ...]]  # by item, one vector an option: how much it draws each outcome


@dataclass(frozen=True, slots=True)
class Respondent:
    """One invented person: two complete sheets, and which outcome they truly are."""

    true: Outcome
    clear_cut: bool
    sheet: Mapping[str, Choice]
    second: Mapping[str, Choice]


def loadings(bank: Questionnaire, seed: int, *, moved: bool) -> Loadings:
    """What draws people to an option: the author's weights, blurred; with `moved` also wrong by one here and there."""
    rng = random.Random(f"{seed} loadings")

    def loading(weight: int) -> float:
        if moved and rng.random() < MOVED:
            weight += rng.choice((-1, 1))
        return min(LOADING_MOST, max(0.0, weight / 3 + rng.gauss(0, LOADING_SPREAD)))

    return {
        item.id: tuple(tuple(loading(option.weights[outcome]) for outcome in OUTCOMES) for option in item.options)
        for item in bank.items
    }


def respondent(bank: Questionnaire, drawn: Loadings, seed: int, number: int, noise: Noise = Noise.MEDIUM) -> Respondent:
    """Person `number` of this seed."""
    rng = random.Random(f"{seed} {number}")
    blend = _scaled([rng.gammavariate(part, 1) for part in BLEND])
    careless = rng.random() < CARELESS
    later = _scaled([part * math.exp(rng.gauss(0, BLEND_DRIFT)) for part in blend])
    first, second = {}, {}
    for item in bank.items:
        noises = _noises(item, rng)
        again = noises if rng.random() < KEPT[item.fact] else _noises(item, rng)
        at_random = careless and rng.random() < AT_RANDOM
        slope = SLOPE[noise]
        first[item.id] = _at_random(item, rng) if at_random else _answer(item, drawn[item.id], blend, slope, noises)
        at_random = careless and rng.random() < AT_RANDOM
        second[item.id] = _at_random(item, rng) if at_random else _answer(item, drawn[item.id], later, slope, again)
    best, runner_up = sorted(blend, reverse=True)[:2]
    return Respondent(OUTCOMES[blend.index(best)], best - runner_up >= CLEAR_CUT, first, second)


def _answer(item: Item, drawn: tuple[Vector, ...], blend: Vector, slope: float, noises: Vector) -> Choice:
    pulls = [slope * sum(map(mul, blend, loading)) for loading in drawn]
    if item.kind == "one":
        return item.options[max(range(len(pulls)), key=lambda place: pulls[place] + noises[place])].id
    felt = [
        (TICK_AT + pull + noise, option.id) for pull, noise, option in zip(pulls, noises, item.options, strict=True)
    ]
    ticked = sorted((each for each in felt if each[0] > 0), reverse=True)[: item.most]
    chosen = {option_id for _strength, option_id in ticked}
    return tuple(option.id for option in item.options if option.id in chosen)


def _at_random(item: Item, rng: random.Random) -> Choice:
    if item.kind == "one":
        return rng.choice(item.options).id
    return tuple(option.id for option in item.options if rng.random() < TICKED_AT_RANDOM)[: item.most]


def _noises(item: Item, rng: random.Random) -> Vector:
    """Standard Gumbel for a choice among options, standard logistic for each tick."""
    return tuple(_gumbel(rng) if item.kind == "one" else _logistic(rng) for _option in item.options)


def _gumbel(rng: random.Random) -> float:
    return -math.log(-math.log(_inside(rng)))


def _logistic(rng: random.Random) -> float:
    chance = _inside(rng)
    return math.log(chance / (1 - chance))


def _inside(rng: random.Random) -> float:
    """A chance that is neither 0 nor 1."""
    return min(max(rng.random(), 1e-12), 1 - 1e-12)


def _scaled(parts: list[float]) -> Vector:
    whole = sum(parts)
    return tuple(part / whole for part in parts)
