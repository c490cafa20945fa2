"""The smallest change of answers that gives another outcome; made to be replayed, not only told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from content.experience import fitting, ruled
from content.likelihood import OUTCOMES, SIZE, Vector, added, says_something, summed, tables, ticks
from content.outcomes import Outcome
from content.questionnaire import Answers, Choice, Questionnaire
from content.receipts import leader
from content.verdict import Answer

CLEARLY = 1e-6  # by this much log-likelihood the other outcome must stand above: a draw is no flip


@dataclass(frozen=True, slots=True)
class Change:
    """One answer changed, and what that adds to each outcome."""

    answer: Answer
    adds: Vector


def changed(bank: Questionnaire, answers: Answers, change: tuple[Answer, ...]) -> dict[str, Choice]:
    """The answers after a change: a single choice is replaced, a tick is set or taken away."""
    after = dict(answers)
    for item_id, option_id in change:
        item = tables(bank)[item_id].item
        if item.kind == "one":
            after[item_id] = option_id
        else:
            toggled = set(ticks(after.get(item_id))) ^ {option_id}
            after[item_id] = tuple(option.id for option in item.options if option.id in toggled)
    return after


def smallest_flip(bank: Questionnaire, answers: Answers) -> tuple[Answer, ...]:
    """The fewest changed answers that flip: choices first, else with one fact, and only else with two."""
    facts, rest = summed(bank, answers)
    fits = fitting(bank, answers)
    won = OUTCOMES.index(leader(added(ruled(facts, fits), rest)))
    about_facts: list[Change] = []
    about_choices: list[Change] = []
    for change in _changes(bank, answers):
        side = about_facts if tables(bank)[change.answer[0]].item.fact else about_choices
        side.append(change)
    by_rival = _best_choices(about_choices, won)
    best: tuple[Answer, ...] | None = None
    for size in range(3):
        if best is not None and (size == 2 or len(best) <= size):
            break
        for some in combinations(about_facts, size):
            given = tuple(change.answer for change in some)
            if not _together(bank, given):
                continue
            base = tuple(map(sum, zip(facts, *(change.adds for change in some), strict=True)))
            fits_then = _fits_after(bank, answers, given, fits)
            most = len(best) - 1 - size if best is not None else len(answers)
            more = _fewest_choices(added(ruled(base, fits_then), rest), won, by_rival, most)
            if more is not None:
                best = (*given, *more)
    return best or ()


def _together(bank: Questionnaire, given: tuple[Answer, ...]) -> bool:
    """Whether these changes can be made at once: a single choice changes only once."""
    single = [item_id for item_id, _option in given if tables(bank)[item_id].item.kind == "one"]
    return len(single) == len(set(single))


def _fits_after(
    bank: Questionnaire, answers: Answers, given: tuple[Answer, ...], fits: tuple[Outcome, ...]
) -> tuple[Outcome, ...]:
    """The rules that fit once the changes are made; most changes touch none."""
    where = bank.experience
    if {item_id for item_id, _option in given}.isdisjoint((where.background, where.industry, where.years)):
        return fits
    return fitting(bank, changed(bank, answers, given))


def _changes(bank: Questionnaire, answers: Answers) -> Iterator[Change]:
    """Every single change of an answer that says something; a full multi-select only loses ticks."""
    for item_id, table in tables(bank).items():
        choice = answers.get(item_id)
        if not says_something(choice):
            continue
        had = ticks(choice)
        full = table.item.most is not None and len(had) >= table.item.most
        before = table.evidence(choice)
        for option_id, vector in table.options.items():
            if table.item.kind == "one" and option_id not in had:
                yield Change((item_id, option_id), _less(vector, before))
            elif table.item.kind == "many" and option_id in had:
                yield Change((item_id, option_id), _less(table.blank[option_id], vector))
            elif table.item.kind == "many" and not full:
                yield Change((item_id, option_id), _less(vector, table.blank[option_id]))


def _best_choices(changes: list[Change], won: int) -> Mapping[int, tuple[tuple[float, Answer], ...]]:
    """For each rival the changes that gain it most on the winner, at most one for an item, best first."""
    by_rival = {}
    for rival in range(SIZE):
        best: dict[str, tuple[float, Answer]] = {}
        for change in changes:
            gain = round(change.adds[rival] - change.adds[won], 9)
            if gain > max(0.0, best.get(change.answer[0], (0.0,))[0]):
                best[change.answer[0]] = (gain, change.answer)
        by_rival[rival] = tuple(sorted(best.values(), key=lambda pair: -pair[0]))
    return by_rival


def _fewest_choices(
    logs: Vector, won: int, by_rival: Mapping[int, tuple[tuple[float, Answer], ...]], most: int
) -> tuple[Answer, ...] | None:
    """The fewest changed choices that put some rival over the winner, or None if more than `most`."""
    found: tuple[Answer, ...] | None = None
    for rival in range(SIZE):
        if rival == won:
            continue
        missing = logs[won] - logs[rival] + CLEARLY
        taken: list[Answer] = []
        for gain, answer in by_rival[rival]:
            if missing <= 0 or len(taken) > most:
                break
            taken.append(answer)
            missing -= gain
        if missing <= 0 and len(taken) <= most and (found is None or len(taken) < len(found)):
            found = tuple(taken)
    return found


def _less(vector: Vector, other: Vector) -> Vector:
    return tuple(a - b for a, b in zip(vector, other, strict=True))
