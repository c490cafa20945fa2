"""Why this outcome: the answers that spoke for it, the one against, and those that decided."""

from __future__ import annotations

from content.experience import fitting, ruled
from content.likelihood import OUTCOMES, SIZE, Vector, added, answered, normalised, summed, ticks
from content.outcomes import Outcome
from content.questionnaire import Answers, Questionnaire
from content.verdict import Answer

RECEIPTS = 3
TELLING = 0.05  # log-odds below this are no reason worth naming


def decided_logs(bank: Questionnaire, answers: Answers) -> Vector:
    """The log-likelihoods that decide: the facts under the experience rule, and the rest."""
    facts, rest = summed(bank, answers)
    return added(ruled(facts, fitting(bank, answers)), rest)


def leader(logs: Vector) -> Outcome:
    """The outcome that leads; between equals the first in the order of Outcome."""
    return OUTCOMES[max(range(SIZE), key=lambda place: round(logs[place], 9))]


def second(logs: Vector) -> Outcome:
    """The outcome behind the leader."""
    first = OUTCOMES.index(leader(logs))
    rest = [place for place in range(SIZE) if place != first]
    return OUTCOMES[max(rest, key=lambda place: round(logs[place], 9))]


def reasons(bank: Questionnaire, answers: Answers, logs: Vector) -> tuple[tuple[Answer, ...], Answer | None]:
    """Up to three answers that spoke most for the leader over the second, and the strongest against."""
    winner, other = OUTCOMES.index(leader(logs)), OUTCOMES.index(second(logs))
    weighed = []
    for table, choice in answered(bank, answers):
        chosen = ticks(choice)
        for option_id in table.options:
            if option_id in chosen:
                vector = table.options[option_id]
                weighed.append((vector[winner] - vector[other], (table.item.id, option_id)))
    strongest = sorted(weighed, key=lambda pair: -round(pair[0], 9))
    receipts = tuple(answer for odds, answer in strongest[:RECEIPTS] if odds > TELLING)
    against = strongest[-1][1] if strongest and strongest[-1][0] < -TELLING else None
    return receipts, against


def deciding(bank: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """The items, strongest first, without whose answers the outcome changes or falls under one half."""
    left = {item_id: choice for item_id, choice in answers.items() if choice is not None}
    logs = decided_logs(bank, left)
    won, other = leader(logs), second(logs)
    removed: list[str] = []
    while left and leader(logs) is won and normalised(logs)[OUTCOMES.index(won)] >= 0.5:
        strongest = max(sorted(left), key=lambda item_id: _odds(bank, left, item_id, won, other))
        removed.append(strongest)
        del left[strongest]
        logs = decided_logs(bank, left)
    return tuple(removed)


def _odds(bank: Questionnaire, answers: Answers, item_id: str, won: Outcome, other: Outcome) -> float:
    """What the outcome loses against the other without this answer, the experience rule included."""
    before = decided_logs(bank, answers)
    after = decided_logs(bank, {key: value for key, value in answers.items() if key != item_id})
    first, rival = OUTCOMES.index(won), OUTCOMES.index(other)
    return round((before[first] - before[rival]) - (after[first] - after[rival]), 9)
