"""The smallest change of answers that gives another outcome; made to be replayed, not only told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from content.experience import fitting, ruled
from content.likelihood import (
    OUTCOMES,
    SIZE,
    Evidence,
    Vector,
    added,
    says_something,
    side_of,
    summed,
    tables,
    ticks,
)
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
    evidence = summed(bank, answers)
    fits = fitting(bank, answers)
    won = OUTCOMES.index(leader(added(ruled(evidence, fits), evidence.choices)))
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
            if not _together(bank, answers, given):
                continue
            fits_then = _fits_after(bank, answers, given, fits)
            most = len(best) - 1 - size if best is not None else len(answers)
            past = ruled(_with(bank, evidence, some), fits_then)
            more = _fewest_choices(added(past, evidence.choices), won, by_rival, most)
            if more is not None:
                best = (*given, *more)
    return best or _with_many_facts(bank, answers, evidence, about_facts, by_rival, won)


def _with_many_facts(
    bank: Questionnaire,
    answers: Answers,
    evidence: Evidence,
    about_facts: list[Change],
    by_rival: Mapping[int, tuple[tuple[float, Answer], ...]],
    won: int,
) -> tuple[Answer, ...]:
    """A flip for whom two facts are not enough: for each rival its best facts, as few as will do with the choices."""
    found: list[tuple[Answer, ...]] = []
    for rival in range(SIZE):
        changes = {change.answer: change for change in about_facts}
        best = [answer for _gain, answer in _best_choices(about_facts, won, several_ticks=bank)[rival]]
        for size in range(3, len(best) + 1):
            given = tuple(best[:size])
            if not _together(bank, answers, given):
                break
            fits = fitting(bank, changed(bank, answers, given))
            past = ruled(_with(bank, evidence, tuple(changes[each] for each in given)), fits)
            more = _fewest_choices(added(past, evidence.choices), won, by_rival, len(answers))
            if more is not None:
                found.append((*given, *more))
                break
    return min(found, key=len, default=())


def _with(bank: Questionnaire, evidence: Evidence, some: tuple[Change, ...]) -> Evidence:
    """The evidence once these facts are changed."""
    for change in some:
        if side_of(bank, tables(bank)[change.answer[0]].item) == "proofs":
            evidence = replace(evidence, proofs=added(evidence.proofs, change.adds))
        else:
            evidence = replace(evidence, facts=added(evidence.facts, change.adds))
    return evidence


def _together(bank: Questionnaire, answers: Answers, given: tuple[Answer, ...]) -> bool:
    """Whether these changes can be made at once: one for a single choice, no more ticks than a list takes."""
    items = [item_id for item_id, _option in given]
    if len(set(items)) == len(items):
        return True
    after = changed(bank, answers, given)
    single = [item_id for item_id in items if tables(bank)[item_id].item.kind == "one"]
    return len(single) == len(set(single)) and all(tables(bank)[each].item.takes(after[each]) for each in items)


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


def _best_choices(
    changes: list[Change], won: int, *, several_ticks: Questionnaire | None = None
) -> Mapping[int, tuple[tuple[float, Answer], ...]]:
    """For each rival the changes that gain it most on the winner, best first.

    At most one for an item; with `several_ticks`, of a list of that bank every tick.
    """
    by_rival = {}
    for rival in range(SIZE):
        best: dict[str | Answer, tuple[float, Answer]] = {}
        for change in changes:
            gain = round(change.adds[rival] - change.adds[won], 9)
            many = several_ticks is not None and tables(several_ticks)[change.answer[0]].item.kind == "many"
            place = change.answer if many else change.answer[0]
            if gain > max(0.0, best.get(place, (0.0,))[0]):
                best[place] = (gain, change.answer)
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
