"""Why this outcome: the answers that spoke for it, the one against, and those that decided."""

from __future__ import annotations

from itertools import chain, combinations

from content.experience import fitting, ruled
from content.likelihood import OUTCOMES, SIZE, ItemTable, Vector, added, answered, normalised, summed, ticks
from content.outcomes import Outcome
from content.questionnaire import Answers, Choice, Questionnaire
from content.verdict import Answer

RECEIPTS = 3
TELLING = 0.05  # log-odds below this are no reason worth naming
HALF = 0.5
SEARCHED = 9  # of the strongest answers, for three that decide; weaker ones are never among them


def decided_logs(bank: Questionnaire, answers: Answers) -> Vector:
    """The log-likelihoods that decide: the facts under the experience rule, and the rest."""
    evidence = summed(bank, answers)
    return added(ruled(evidence, fitting(bank, answers)), evidence.choices)


def leader(logs: Vector) -> Outcome:
    """The outcome that leads; between equals the first in the order of Outcome."""
    return OUTCOMES[max(range(SIZE), key=lambda place: round(logs[place], 9))]


def second(logs: Vector) -> Outcome:
    """The outcome behind the leader."""
    first = OUTCOMES.index(leader(logs))
    rest = [place for place in range(SIZE) if place != first]
    return OUTCOMES[max(rest, key=lambda place: round(logs[place], 9))]


def reasons(bank: Questionnaire, answers: Answers, logs: Vector) -> tuple[tuple[Answer, ...], Answer | None]:
    """Up to three answers that spoke most for the leader over the second, and the strongest against.

    An answer is all that was said to one item; of a list it is told by the ticks that spoke so.
    """
    winner, other = OUTCOMES.index(leader(logs)), OUTCOMES.index(second(logs))
    weighed = [
        (_odds_of(table.evidence(choice), winner, other), table, choice) for table, choice in answered(bank, answers)
    ]
    strongest = sorted(weighed, key=lambda each: -round(each[0], 9))
    told = [_told(table, choice, winner, other) for odds, table, choice in strongest if odds > TELLING]
    against = [_told(table, choice, other, winner) for odds, table, choice in reversed(strongest) if odds < -TELLING]
    return (
        tuple(chain.from_iterable([said for said in told if said][:RECEIPTS])),
        next((said[0] for said in against if said), None),
    )


def _told(table: ItemTable, choice: Choice, for_: int, over: int) -> list[Answer]:
    """The chosen options that speak for one outcome over another, the strongest first."""
    odds = {option_id: _odds_of(table.options[option_id], for_, over) for option_id in table.options}
    chosen = [option_id for option_id in table.options if option_id in ticks(choice) and odds[option_id] > 0]
    return [(table.item.id, option_id) for option_id in sorted(chosen, key=lambda each: -round(odds[each], 9))]


def _odds_of(vector: Vector, for_: int, over: int) -> float:
    return vector[for_] - vector[over]


def deciding(bank: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """The items, strongest first, without whose answers the outcome changes or falls under one half.

    One after the other, and where that takes more than three, three together if any three will do.
    """
    given: dict[str, Choice] = {item_id: choice for item_id, choice in answers.items() if choice is not None}
    won = leader(decided_logs(bank, given))
    removed: list[str] = []
    left = given
    while left and _stands(decided_logs(bank, left), won):
        strongest = _strongest_first(bank, left, won)[0]
        removed.append(strongest)
        left = _without(left, strongest)
    if len(removed) > RECEIPTS:
        among = _strongest_first(bank, given, won)[:SEARCHED]
        for some in combinations(among, RECEIPTS):
            if not _stands(decided_logs(bank, _without(given, *some)), won):
                return some
    return tuple(removed)


def _stands(logs: Vector, won: Outcome) -> bool:
    """Whether this outcome leads with one half at least."""
    return leader(logs) is won and normalised(logs)[OUTCOMES.index(won)] >= HALF


def _strongest_first(bank: Questionnaire, answers: Answers, won: Outcome) -> list[str]:
    """The answered items by what the outcome's lead loses without each."""
    leads = {item_id: round(_lead(decided_logs(bank, _without(answers, item_id)), won), 9) for item_id in answers}
    return sorted(answers, key=lambda item_id: (leads[item_id], item_id))


def _without(answers: Answers, *item_ids: str) -> dict[str, Choice]:
    return {key: value for key, value in answers.items() if key not in item_ids}


def _lead(logs: Vector, won: Outcome) -> float:
    """By how much an outcome stands above the best of the others."""
    place = OUTCOMES.index(won)
    return logs[place] - max(value for other, value in enumerate(logs) if other != place)
