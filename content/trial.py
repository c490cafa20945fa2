"""How the form does on invented people: the figures that `pmpath assess simulate` prints, each with its bar.

They judge the form and compare forms with each other; they say nothing about real people (docs/assessment.md).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from content.asking import Ask, cards_asked, next_step
from content.export import shown
from content.likelihood import (
    CHOICE_SLOPE,
    FACT_SLOPE,
    OUTCOMES,
    TEMPER,
    TICK_THRESHOLD,
    normalised,
    ticks,
)
from content.outcomes import Outcome
from content.questionnaire import Answers, Choice, Item, Questionnaire
from content.receipts import HALF, decided_logs, deciding, leader
from content.respondents import Respondent
from content.scoring import changed, judge, posterior

STRONGEST = 3


@dataclass(frozen=True, slots=True)
class Sitting:
    """What came of one invented person.

    `full` is the outcome of the whole bank; `flips` whether the change shown gives another outcome (None: none is
    shown); `strayed` the largest difference of the posterior from direct enumeration.
    """

    true: Outcome
    clear_cut: bool
    outcome: Outcome
    second: Outcome
    full: Outcome
    shown: tuple[Outcome, ...]
    cards: int
    undecided: bool
    undecided_by_three: bool
    flips: bool | None
    strayed: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure. `least` and `most` are its bar, where it has one."""

    name: str
    value: float
    least: float | None = None
    most: float | None = None

    @property
    def met(self) -> bool:
        above = self.least is None or self.value >= self.least
        return above and (self.most is None or self.value <= self.most)


def sit(bank: Questionnaire, person: Respondent) -> Sitting:
    """Puts the questions to one invented person, twice, and the whole bank once."""
    given = asked_of(bank, person.sheet)
    verdict = judge(bank, given)
    flip = verdict.flip
    left_out = deciding(bank, given)
    return Sitting(
        true=person.true,
        clear_cut=person.clear_cut,
        outcome=verdict.outcome,
        second=leader(decided_logs(bank, asked_of(bank, person.second))),
        full=leader(decided_logs(bank, person.sheet)),
        shown=tuple(map(Outcome, shown(verdict))),
        cards=cards_asked(bank, given),
        undecided=_undecided(bank, given, left_out, verdict.outcome),
        undecided_by_three=_undecided(bank, given, left_out[:STRONGEST], verdict.outcome),
        flips=leader(decided_logs(bank, changed(bank, given, flip))) is not verdict.outcome if flip else None,
        strayed=max(abs(posterior(bank, given)[each] - enumerated(bank, given)[each]) for each in Outcome),
    )


def asked_of(bank: Questionnaire, sheet: Answers) -> dict[str, Choice]:
    """The answers that somebody with this sheet would be asked for."""
    given: dict[str, Choice] = {}
    while isinstance(step := next_step(bank, given), Ask):
        given |= {item.id: sheet.get(item.id) for item in step.items}
    return given


def enumerated(bank: Questionnaire, answers: Answers) -> dict[Outcome, float]:
    """The posterior from the model's definition: products of probabilities, no logarithm, no table."""
    parts = {
        outcome: math.prod(
            _probability(item, answers[item.id], outcome) ** TEMPER
            for item in bank.items
            if answers.get(item.id) is not None
        )
        for outcome in OUTCOMES
    }
    whole = sum(parts.values())
    return {outcome: part / whole for outcome, part in parts.items()}


def figures(bank: Questionnaire, sittings: Sequence[Sitting]) -> list[Figure]:
    """The table of docs/assessment.md, in its order; the shares are of all people or of those who are clear-cut."""
    clear_cut = [each for each in sittings if each.clear_cut]
    flips = [each for each in sittings if each.flips is not None]
    cards = [each.cards for each in sittings]
    return [
        Figure(
            "agreement with the full bank, clear-cut people", _share(clear_cut, lambda s: s.outcome is s.full), 0.96
        ),
        Figure("agreement with the full bank, all", _share(sittings, lambda s: s.outcome is s.full), 0.91),
        Figure("full-bank outcome within what is shown", _share(sittings, lambda s: s.full in s.shown), 0.935),
        Figure("outcomes shown, mean", statistics.fmean(len(each.shown) for each in sittings), most=1.15),
        Figure("true outcome, clear-cut people", _share(clear_cut, lambda s: s.outcome is s.true), 0.95),
        Figure("same outcome on a second sitting", _share(sittings, lambda s: s.outcome is s.second), 0.86),
        Figure("cards asked, median", statistics.median(cards), most=7),
        Figure("cards asked, mean", statistics.fmean(cards), most=8),
        Figure("cards asked, maximum", max(cards), most=14),
        Figure("weight an outcome can collect, largest / smallest", weight_ratio(bank), most=1.15),
        Figure("deciding answers removed: changes or under 0.5", _share(sittings, lambda s: s.undecided), 0.90),
        Figure("only three of them removed", _share(sittings, lambda s: s.undecided_by_three), 0.90),
        Figure("a change of answers is shown", len(flips) / len(sittings)),
        Figure("the change shown gives another outcome", _share(flips, lambda s: bool(s.flips)), 1.0),
        Figure("posterior against direct enumeration, most", max(each.strayed for each in sittings), most=1e-9),
    ]


def weight_ratio(bank: Questionnaire) -> float:
    """The weight an outcome can collect: of a single choice the heaviest option, of a list all ticks."""
    sums = []
    for outcome in OUTCOMES:
        collect: Callable[[list[int]], int]
        total = 0
        for item in bank.items:
            collect = max if item.kind == "one" else sum
            total += collect([option.weights[outcome] for option in item.options])
        sums.append(total)
    return max(sums) / min(sums)


def _undecided(bank: Questionnaire, answers: Answers, left_out: Collection[str], outcome: Outcome) -> bool:
    logs = decided_logs(bank, {key: value for key, value in answers.items() if key not in left_out})
    return leader(logs) is not outcome or normalised(logs)[OUTCOMES.index(outcome)] < HALF


def _probability(item: Item, choice: Choice, outcome: Outcome) -> float:
    """How likely this answer is for somebody of one outcome; an answer that names no single option says nothing."""
    if item.kind == "many":
        odds = {option.id: 1 / (1 + math.exp(TICK_THRESHOLD - option.weights[outcome])) for option in item.options}
        return math.prod(odds[each] if each in ticks(choice) else 1 - odds[each] for each in odds)
    slope = FACT_SLOPE if item.fact else CHOICE_SLOPE
    powers = {option.id: math.exp(slope * option.weights[outcome]) for option in item.options}
    return powers[str(choice)] / sum(powers.values()) if choice in powers else 1.0


def _share(sittings: Sequence[Sitting], holds: Callable[[Sitting], bool]) -> float:
    return sum(map(holds, sittings)) / len(sittings) if sittings else 0.0
