"""What a round must come to, by another way: the rule as matrices, and OR-tools' flow of least cost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from commands.mentor.matching.instance import Instance
from content.outcomes import Outcome
from tests.commands.mentor.matching.invented import LANGUAGES, SKILLS, Rows

POINTS_BY_STEPS = (0, 7, 10, 8, 5, 2)


@dataclass(frozen=True, slots=True)
class Best:
    """The largest count, the rounds waited by those matched, longest first, and then the largest total, in ticks."""

    matched: int
    waited: list[int]
    score: int


def matrix(rows: Rows) -> NDArray[np.int64]:
    """Ticks for each mentee (a row) and mentor, in the order of their ids; −1 where a hard rule is broken."""
    mentors, mentees = sorted(rows.mentors, key=lambda one: one.id), sorted(rows.mentees, key=lambda one: one.id)
    gaps = _each(mentees, SKILLS, lambda one: one.gaps)
    tracks, wanted = _each(mentors, tuple(Outcome), lambda one: one.tracks), [one.track for one in mentees]
    points = np.array([[_track(mine, track) for mine in tracks] for track in wanted]).reshape(len(wanted), -1)
    held = gaps @ _each(mentors, SKILLS, lambda one: one.skills).T
    points += 35 * held / np.maximum(gaps.sum(axis=1, keepdims=True), 1)
    common = np.maximum(
        _each(mentees, range(48), _weekday) @ _each(mentors, range(48), _weekday).T,
        _each(mentees, range(48), _weekend) @ _each(mentors, range(48), _weekend).T,
    )
    points += 2.5 * np.minimum(common, 6)
    steps = np.array([one.seniority for one in mentors]) - np.array([[one.seniority] for one in mentees])
    points += np.array(POINTS_BY_STEPS)[np.clip(steps, 0, 5)]
    points += 10
    speak = (
        _each(mentees, LANGUAGES, lambda one: one.languages) @ _each(mentors, LANGUAGES, lambda one: one.languages).T
    )
    ticks = np.rint(points * 72).astype(np.int64)
    for one, other in set(rows.previous):
        ticks[[each.id == one for each in mentees], np.array([each.id == other for each in mentors])] -= 720
    fits = (common >= 2) & (steps >= 1) & (speak > 0)
    for one, other in rows.excluded:
        fits[np.ix_([each.id == one for each in mentees], [each.id == other for each in mentors])] = False
    fits &= np.array([[one.id] for one in mentees]) != np.array([one.id for one in mentors])
    return np.where(fits, ticks, -1)


def by_flow(ticks: NDArray[np.int64], capacity: NDArray[Any], waiting: NDArray[Any] | None = None) -> Best:
    """OR-tools: as much flow as possible, and of that the cheapest; who waited longer outweighs all who did less."""
    mentees, mentors = ticks.shape
    first, second = np.nonzero(ticks >= 0)
    source, sink = mentees + mentors, mentees + mentors + 1
    tails = np.concatenate((np.full(mentees, source), first, mentees + np.arange(mentors)))
    heads = np.concatenate((np.arange(mentees), mentees + second, np.full(mentors, sink)))
    room = np.concatenate((np.ones(mentees + len(first), dtype=np.int64), capacity))
    rounds = np.zeros(mentees, dtype=np.int64) if waiting is None else waiting.astype(np.int64)
    weight = (mentees + 1) ** np.unique(rounds, return_inverse=True)[1] * (1 + max(ticks.max(initial=0), 0)) * mentees
    weight *= bool(np.ptp(rounds)) if mentees else 0
    value = ticks[first, second] + weight[first]
    cost = np.concatenate((np.zeros(mentees, dtype=np.int64), -value, np.zeros(mentors, dtype=np.int64)))
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tails, heads, room, cost)
    flow.set_node_supply(source, mentees)
    flow.set_node_supply(sink, -mentees)
    status = flow.solve_max_flow_with_min_cost()
    assert status == flow.OPTIMAL
    chosen = flow.flows(np.arange(mentees, mentees + len(first))) > 0
    waited = sorted(rounds[first[chosen]].tolist(), reverse=True)
    return Best(int(flow.maximum_flow()), waited, int(ticks[first[chosen], second[chosen]].sum()))


def broken(instance: Instance, ticks: NDArray[np.int64], pairs: NDArray[np.int64]) -> list[str]:
    """The hard rules that these pairs break."""
    taken = np.bincount(pairs[:, 1], minlength=len(instance.mentors))
    return [
        *(f"{pair} must not be" for pair in pairs.tolist() if ticks[pair[0], pair[1]] < 0),
        *(f"mentee {one} twice" for one in np.flatnonzero(np.bincount(pairs[:, 0], minlength=1) > 1)),
        *(f"mentor {one} beyond capacity" for one in np.flatnonzero(taken > instance.mentors.capacity)),
    ]


def _each(people: Sequence[Any], names: Sequence[Any], of: Callable[[Any], Collection[Any]]) -> NDArray[np.int64]:
    place = {name: at for at, name in enumerate(names)}
    found = np.zeros((len(people), len(names)), dtype=np.int64)
    for row, person in enumerate(people):
        found[row, [place[name] for name in of(person)]] = 1
    return found


def _weekday(person: Any) -> list[int]:
    return [bit for bit in range(48) if person.weekday >> bit & 1]


def _weekend(person: Any) -> list[int]:
    return [bit for bit in range(48) if person.weekend >> bit & 1]


def _track(offered: NDArray[np.int64], wanted: Outcome) -> float:
    mentored = [outcome for outcome, offers in zip(Outcome, offered, strict=True) if offers]
    if wanted in mentored:
        return 30.0
    if wanted is Outcome.HYBRID:
        return 20.0 if len(mentored) >= 2 else 0.0
    return 12.0 if Outcome.HYBRID in mentored else 0.0
