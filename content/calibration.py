"""Weights estimated anew from members' own words on their results: a proposal for the next version of the bank.

The author's weights are the starting point and count like a number of answers; the more members have said what they
are, the more their answers weigh. Below a hundred nothing is done.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import yaml

from content.likelihood import CHOICE_SLOPE, FACT_SLOPE, OUTCOMES, TICK_THRESHOLD, ticks
from content.outcomes import Outcome
from content.questionnaire import WEIGHT_MAX, Answers, Item, Questionnaire
from content.source import LOADER

LEAST = 100  # members who said what they are, before anything is estimated
AUTHOR = 30  # as many answers of each outcome the author's weights count for

Weights = Mapping[Outcome, int]


@dataclass(frozen=True, slots=True)
class Known:
    """The answers of a member who says which outcome is theirs."""

    outcome: Outcome
    answers: Answers


@dataclass(frozen=True, slots=True)
class Moved:
    """A weight that the answers would move, and on how many of them that rests."""

    item: str
    option: str
    before: Weights
    after: Weights
    answers: int


def estimate(bank: Questionnaire, known: Sequence[Known]) -> list[Moved]:
    """The weights that move; those that the answers confirm are left out."""
    found: list[Moved] = []
    for item in bank.items:
        given = [each for each in known if each.answers.get(item.id) is not None]
        after = _of_ticks(item, given) if item.kind == "many" else _of_choice(item, given)
        found += [
            Moved(item.id, option.id, option.weights, after[option.id], len(given))
            for option in item.options
            if any(after[option.id][outcome] != option.weights[outcome] for outcome in OUTCOMES)
        ]
    return found


def _of_choice(item: Item, given: Sequence[Known]) -> dict[str, dict[Outcome, int]]:
    """For each outcome the options' shares as weights: the rarest one is worth 0, as far as 0 to 3 reach."""
    slope = FACT_SLOPE if item.fact else CHOICE_SLOPE
    weights: dict[str, dict[Outcome, int]] = {option.id: {} for option in item.options}
    for outcome in OUTCOMES:
        chosen = [str(each.answers[item.id]) for each in given if each.outcome is outcome]
        powers = {option.id: math.exp(slope * option.weights[outcome]) for option in item.options}
        whole = sum(powers.values())
        logs = {name: math.log(AUTHOR * power / whole + chosen.count(name)) / slope for name, power in powers.items()}
        start = min(logs.values()) - min(option.weights[outcome] for option in item.options)
        for name, log in logs.items():
            weights[name][outcome] = _whole(log - start)
    return weights


def _of_ticks(item: Item, given: Sequence[Known]) -> dict[str, dict[Outcome, int]]:
    weights: dict[str, dict[Outcome, int]] = {option.id: {} for option in item.options}
    for outcome in OUTCOMES:
        of_outcome = [ticks(each.answers[item.id]) for each in given if each.outcome is outcome]
        for option in item.options:
            chance = 1 / (1 + math.exp(TICK_THRESHOLD - option.weights[outcome]))
            ticked = AUTHOR * chance + sum(option.id in chosen for chosen in of_outcome)
            share = ticked / (AUTHOR + len(of_outcome))
            weights[option.id][outcome] = _whole(math.log(share / (1 - share)) + TICK_THRESHOLD)
    return weights


def _whole(weight: float) -> int:
    return min(WEIGHT_MAX, max(0, round(weight)))


def next_version(english: str, chinese: str, version: str, moved: Iterable[Moved], members: int) -> tuple[str, str]:
    """Both files of the bank with the moved weights, as a version of its own that says what it changed."""
    said = f"Weights estimated anew from {members} members who said what they are; the words are the same."
    said_zh = f"根据 {members} 位说明了自己情况的成员重新估计了权重，文字没有变。"
    root = yaml.compose(english, Loader=LOADER)
    keys = _entries(root)
    changes = f"affects: true\n  text: {said}\n\n"
    edits = [(_span(keys["version"]), f'"{version}"')]
    if "changes" in keys:
        edits.append((_span(keys["changes"]), changes))
    edits += _weights(keys["items"], {(each.item, each.option): each for each in moved})
    words = _entries(yaml.compose(chinese, Loader=LOADER))
    chinese_edits = [(_span(words["changes"]), f"{said_zh}")] if "changes" in words else []
    if "changes" not in keys:
        start = _span(keys["version"])[1]
        edits.append(((start, start), f"\n\nchanges:\n  {changes.rstrip()}"))
        chinese_edits.append(((0, 0), f"changes: {said_zh}\n"))
    return _edited(english, edits), _edited(chinese, chinese_edits)


def _weights(items: yaml.Node, moved: Mapping[tuple[str, str], Moved]) -> list[tuple[tuple[int, int], str]]:
    edits = []
    for item in items.value:
        keys = _entries(item)
        for option in keys["options"].value:
            fields = _entries(option)
            change = moved.get((keys["id"].value, fields["id"].value))
            if change is not None:
                pairs = ", ".join(f"{outcome}: {weight}" for outcome, weight in change.after.items() if weight)
                edits.append((_span(fields["weights"]), f"{{{pairs}}}"))
    return edits


def _entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _span(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index


def _edited(text: str, edits: Iterable[tuple[tuple[int, int], str]]) -> str:
    """The text with the spans replaced, the last one first so that the others stay where they are."""
    for (start, end), words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    return text
