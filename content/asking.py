"""What to ask next, and when to stop: the opening cards, then single items by what they tell."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from content.certainty import lean, named_beside, words_for
from content.curtailment import CHANGE_CHANCE, CHANGE_CHANCE_OF_BOTH, chance_of_change, foreseen, information
from content.experience import fitting
from content.likelihood import Vector, normalised, says_something, summed, tables
from content.questionnaire import Answers, Choice, Item, Questionnaire
from content.receipts import decided_logs, leader, reasons

CARDS_LEAST = 6
CARDS_MOST = 14
CARDS_BEFORE_RESULT = 3  # from the fourth card on a button shows the result now
SCENARIOS_LEAST = 2
USUAL_AFTER_OPENING = 4  # cards, in simulated runs
USUAL_FROM = (0.04, 0.1, 0.2, 0.3)  # chances of a change, and how many cards simulated runs then still took
USUAL_MORE = (0, 1, 2, 3, 4)

Shown = tuple[object, ...]
Reason = Literal["settled", "enough", "nothing-said", "nothing-left"]


@dataclass(frozen=True, slots=True)
class Ask:
    """The next card: its items, how many cards were answered, about how many come after this one."""

    items: tuple[Item, ...]
    about_more: int
    may_finish: bool
    asked: int


@dataclass(frozen=True, slots=True)
class Done:
    """No more cards: settled means that more questions would hardly change the outcome."""

    reason: Reason


def next_step(bank: Questionnaire, answers: Answers) -> Ask | Done:
    """The next card for these answers, in whatever order they were given; a skipped item is answered `None`.

    Asked twice for each answer: in the unit that stores it, and by whoever draws the card.
    """
    return _next_step(bank, frozenset(answers.items()))


@lru_cache(maxsize=1024)
def _next_step(bank: Questionnaire, given: frozenset[tuple[str, Choice]]) -> Ask | Done:
    answers = dict(given)
    asked = cards_asked(bank, answers)
    for place, card in enumerate(bank.opening):
        if any(item_id not in answers for item_id in card):
            left = len(bank.opening) - 1 - place
            items = tuple(tables(bank)[item_id].item for item_id in card)
            return Ask(items, left + USUAL_AFTER_OPENING, asked >= CARDS_BEFORE_RESULT, asked)
    logs = decided_logs(bank, answers)
    best_first = _best_first(bank, logs, [item_id for item_id in foreseen(bank) if item_id not in answers])
    chance = chance_of_change(bank, answers, logs, best_first[: CARDS_MOST - asked])
    over = _over(bank, answers, logs, len(best_first), chance, asked)
    if over:
        return Done(over)
    allowed = _allowed(bank, answers, best_first, asked)
    if asked < CARDS_LEAST and chance < CHANGE_CHANCE and _names_one(bank, answers, logs):
        allowed = sorted(allowed, key=list(foreseen(bank)).index)  # hardly any would tell; the light ones stand first
    pick = next((each for each in allowed if _matters(bank, answers, each)), None)
    if pick is None:
        return Done("nothing-left")
    about_more = _about_more(chance, len(best_first), asked)
    return Ask((tables(bank)[pick].item,), about_more, asked >= CARDS_BEFORE_RESULT, asked)


def _about_more(chance: float, unasked: int, asked: int) -> int:
    """About how many cards follow the one being shown, from the chance that they would still change the leader."""
    usual = min(USUAL_MORE[bisect(USUAL_FROM, chance)], (CARDS_MOST - asked) // 2)
    return min(unasked - 1, CARDS_MOST - asked - 1, max(usual, CARDS_LEAST - asked - 1))


def cards_asked(bank: Questionnaire, answers: Answers) -> int:
    """How many cards were answered or skipped as a whole."""
    opening = sum(all(item_id in answers for item_id in card) for card in bank.opening)
    return opening + sum(item_id in answers for item_id in foreseen(bank))


def _over(
    bank: Questionnaire, answers: Answers, logs: Vector, unasked: int, chance: float, asked: int
) -> Reason | None:
    if unasked == 0:
        return "nothing-left"
    if asked >= CARDS_MOST:
        return "enough"
    if asked < CARDS_LEAST:
        return None
    if not any(says_something(choice) for choice in answers.values()):
        return "nothing-said"
    if _scenarios_missing(bank, answers) > 0:
        return None
    return "settled" if chance < (CHANGE_CHANCE if _names_one(bank, answers, logs) else CHANGE_CHANCE_OF_BOTH) else None


def _names_one(bank: Questionnaire, answers: Answers, logs: Vector) -> bool:
    """Whether the outcome would be named alone, without the runner-up."""
    return named_beside(logs, words_for(answers, logs, fitting(bank, answers))) is None


def _best_first(bank: Questionnaire, logs: Vector, unasked: Sequence[str]) -> list[str]:
    """The unasked items by expected information; the sort is stable, so ties keep the bank's order."""
    chances = normalised(logs)
    return sorted(unasked, key=lambda item_id: -round(information(tables(bank)[item_id], chances), 9))


def _allowed(bank: Questionnaire, answers: Answers, best_first: Sequence[str], asked: int) -> list[str]:
    """All items, or only scenarios where the cards left before a stop are needed for them."""
    missing = _scenarios_missing(bank, answers)
    limit = CARDS_LEAST if asked < CARDS_LEAST else asked + 1
    if missing < limit - asked:
        return list(best_first)
    scenarios = [item_id for item_id in best_first if tables(bank)[item_id].item.scenario]
    return scenarios or list(best_first)


def _scenarios_missing(bank: Questionnaire, answers: Answers) -> int:
    there = sum(table.item.scenario for table in tables(bank).values())
    asked = sum(table.item.scenario for item_id, table in tables(bank).items() if item_id in answers)
    return min(SCENARIOS_LEAST, there) - asked


def _shown(bank: Questionnaire, answers: Answers) -> Shown:
    """What a member would read of these answers: how sure, which outcomes, where each side points, the reasons."""
    logs, fits, evidence = decided_logs(bank, answers), fitting(bank, answers), summed(bank, answers)
    words = words_for(answers, logs, fits)
    sides = fits or lean(evidence.past), lean(evidence.choices)
    return words, leader(logs), named_beside(logs, words), sides, reasons(bank, answers, logs)


def _matters(bank: Questionnaire, answers: Answers, item_id: str) -> bool:
    """Whether some answer to this item would change what is shown."""
    before = _shown(bank, answers)
    return any(_shown(bank, {**answers, item_id: option}) != before for option in tables(bank)[item_id].options)
