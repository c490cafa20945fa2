"""What another version of the questionnaire says of answers that were given to an older one."""

from __future__ import annotations

from content.likelihood import says_something, ticks
from content.questionnaire import Answers, Choice, Item, Questionnaire
from content.scoring import judge
from content.verdict import Verdict

KEPT_LEAST = 0.5  # of the answers that said something; with fewer left it would be another person's sheet


def retold(bank: Questionnaire, answers: Answers) -> Verdict | None:
    """The verdict of this version on what it still understands of the answers; None where that is too little."""
    said = [(item, _said(item, answers)) for item in bank.items if answers.keys() & {item.id, *item.was}]
    understood = {item.id: _understood(item, choice) for item, choice in said}
    before = sum(map(says_something, answers.values()))
    if sum(map(says_something, understood.values())) < before * KEPT_LEAST:
        return None
    verdict = judge(bank, understood)
    return None if verdict.words == "not-enough" else verdict


def _said(item: Item, answers: Answers) -> Choice:
    """What was answered to this item, or to those of an earlier version that it is now."""
    if item.id in answers or item.kind == "one":
        return answers.get(item.id)
    parts = [answers[name] for name in item.was if answers.get(name) is not None]
    return tuple(each for part in parts for each in ticks(part)) if parts else None


def _understood(item: Item, choice: Choice) -> Choice:
    """The part of an answer that this item has options for; skipped where none of it is left."""
    if item.takes(choice):
        return choice
    known = {option.id for option in item.options}
    kept = tuple(each for each in ticks(choice) if each in known)[: item.most]
    if not kept:
        return None
    return kept if item.kind == "many" else kept[0]
