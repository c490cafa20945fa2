"""The last stage of a round: its worst match is raised as far as the certified gap allows."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.instance import Instance
from commands.mentor.matching.pair import HALF_HOURS_LEAST
from commands.mentor.matching.scores import scores
from commands.mentor.matching.sides import Ints

LOOKS = 1 << 20  # members looked at for one exchange: all there is in a round of hundreds, a few steps in the largest
LOOKS_LEAST = 32  # mentees whose partners are looked at, however many members there are
OUT = -1

Floats = NDArray[np.float64]


@dataclass(slots=True, eq=False)
class Places:
    """Who has whom, with the prices of the round: `slack` of a pair is how far it is from being the best for both."""

    instance: Instance
    mentor_of: Ints
    ticks: Ints  # of each mentee's match, 0 without
    prices: Floats
    values: Floats

    def row(self, mentee: int, floor: int) -> tuple[Ints, Ints]:
        """The mentors who make a pair with this mentee of so many ticks or more, and the ticks."""
        mentors, asks = self.instance.mentors, self.instance.mentees
        near = np.flatnonzero(
            (mentors.languages & asks.languages[mentee] != 0)
            & (mentors.seniority > asks.seniority[mentee])
            & (mentors.capacity > 0)
            & (
                (np.bitwise_count(mentors.weekday & asks.weekday[mentee]) >= HALF_HOURS_LEAST)
                | (np.bitwise_count(mentors.weekend & asks.weekend[mentee]) >= HALF_HOURS_LEAST)
            )
        )
        ticks = scores(self.instance, np.column_stack((np.full(len(near), mentee), near)))
        enough = ticks >= floor
        return near[enough], ticks[enough]

    def column(self, mentor: int, mentees: Ints, floor: int) -> Ints:
        """The ticks of these mentees with this mentor; less than 0 where they are too few."""
        ticks = scores(self.instance, np.column_stack((mentees, np.full(len(mentees), mentor))))
        return np.where(ticks >= floor, ticks, -1)


@dataclass(slots=True, eq=False)
class Search:
    """The ways that lead from a mentee who gives up a place, the cheapest first, by what is lost."""

    lost: Floats  # [mentee]: to set this one free
    after: Ints  # [mentee]: who takes the place of this one, or who goes out for this one to come in
    done: NDArray[np.bool_]
    matched: Ints  # mentees, with whom, and how many each mentor has: the same throughout one search
    theirs: Ints
    taken: Ints
    end: tuple[float, int, int] = (np.inf, OUT, OUT)  # what is lost, the last mentee, and the mentor that one takes


def raised(instance: Instance, pairs: Ints, prices: Floats, values: Floats, least: int) -> Ints:
    """Other pairs, as many and of the same waiting, with the worst as high as goes while they total `least` ticks.

    Level by level: every match at the lowest score is exchanged along the way that loses least; if for one of them
    there is no way, or too much is lost, that level stays. In the largest rounds only the nearest ways are looked at.
    """
    mentor_of = np.full(len(instance.mentees), OUT, np.int64)
    mentor_of[pairs[:, 0]] = pairs[:, 1]
    ticks = np.zeros(len(mentor_of), np.int64)
    ticks[pairs[:, 0]] = scores(instance, pairs)
    held = Places(instance, mentor_of, ticks, prices.copy(), values.copy())
    while len(pairs):
        before = held.mentor_of.copy()
        floor = int(held.ticks[before >= 0].min()) + 1
        if not _reaches(held, floor, least):
            held.mentor_of = before
            break
    matched = np.flatnonzero(held.mentor_of >= 0)
    return np.column_stack((matched, held.mentor_of[matched]))


def _reaches(held: Places, floor: int, least: int) -> bool:
    """Whether every match was brought to the floor."""
    low = np.flatnonzero((held.mentor_of >= 0) & (held.ticks < floor))
    for mentee in low[np.argsort(held.ticks[low], kind="stable")].tolist():
        if held.mentor_of[mentee] < 0 or held.ticks[mentee] >= floor:
            continue
        found = _search(held, mentee, floor)
        if found.end[1] == OUT:
            return False
        _exchange(held, mentee, found)
        if held.ticks.sum() < least:
            return False
    return True


def _search(held: Places, first: int, floor: int) -> Search:
    """Dijkstra's, over what pairs lose against the prices."""
    count, hole = len(held.mentor_of), int(held.mentor_of[first])
    matched = np.flatnonzero(held.mentor_of >= 0)
    theirs = held.mentor_of[matched]
    found = Search(
        np.full(count, np.inf), np.full(count, OUT), np.zeros(count, np.bool_),
        matched, theirs, np.bincount(theirs, minlength=len(held.prices)),
    )  # fmt: skip
    found.lost[first] = 0.0
    queue = [(0.0, first)]
    looks = max(LOOKS_LEAST, LOOKS // (count + len(held.instance.mentors)))
    while queue and looks:
        lost, mentee = heapq.heappop(queue)
        if lost >= found.end[0]:
            break
        if found.done[mentee]:
            continue
        found.done[mentee], looks = True, looks - 1
        nearer = np.concatenate((_by_place(held, found, mentee, hole, floor), _by_leaving(held, found, mentee)))
        if mentee == first:
            nearer = np.append(nearer, first)
        _close(held, found, nearer, hole, floor)
        for one in nearer[found.lost[nearer] < found.end[0]].tolist():
            heapq.heappush(queue, (float(found.lost[one]), one))
    return found


def _by_place(held: Places, found: Search, mentee: int, hole: int, floor: int) -> Ints:
    """Those whom this mentee could push out of a place, where that is the cheapest way to them so far."""
    near, ticks = held.row(mentee, floor)
    slack = np.full(len(held.prices), np.inf)
    slack[near] = np.maximum(held.prices[near] + held.values[mentee] - ticks, 0.0)
    slack[hole] = np.inf
    free = np.flatnonzero((found.taken < held.instance.mentors.capacity) & np.isfinite(slack))
    if len(free):
        cost = found.lost[mentee] + slack[free] + held.prices[hole] - held.prices[free]
        found.end = min(found.end, (float(cost.min()), mentee, int(free[np.argmin(cost)])))
    return _nearer(found, mentee, found.matched, found.lost[mentee] + slack[found.theirs])


def _by_leaving(held: Places, found: Search, mentee: int) -> Ints:
    """Those left over who have waited just as long, and may come in for this one."""
    if held.mentor_of[mentee] < 0:
        return np.empty(0, np.int64)
    waiting = held.instance.mentees.waiting
    left = np.flatnonzero((held.mentor_of < 0) & (waiting == waiting[mentee]))
    lost = np.maximum(held.values[mentee] - held.values[left], 0.0)
    return _nearer(found, mentee, left, found.lost[mentee] + lost)


def _nearer(found: Search, mentee: int, others: Ints, lost: Floats) -> Ints:
    better = (lost < found.lost[others]) & (lost < found.end[0])
    nearer = others[better]
    found.lost[nearer], found.after[nearer] = lost[better], mentee
    return nearer


def _close(held: Places, found: Search, mentees: Ints, hole: int, floor: int) -> None:
    """Whether one of these can take the place that the first one leaves, more cheaply than what is known."""
    ticks = held.column(hole, mentees, floor)
    lost = found.lost[mentees] + np.maximum(held.prices[hole] + held.values[mentees] - ticks, 0.0)
    lost[(ticks < 0) | (held.mentor_of[mentees] == hole)] = np.inf
    if len(lost) and lost.min() < found.end[0]:
        found.end = (float(lost.min()), int(mentees[np.argmin(lost)]), hole)


def _exchange(held: Places, first: int, found: Search) -> None:
    """Do it, and price it: whoever was nearer than the end is worth that much less, and the places as much more."""
    lost, mentee, mentor = found.end
    near = np.flatnonzero(found.lost < lost)
    held.values[near] -= lost - found.lost[near]
    matched = near[held.mentor_of[near] >= 0]
    rise = np.zeros(len(held.prices))
    np.maximum.at(rise, held.mentor_of[matched], np.where(matched == first, 0.0, lost - found.lost[matched]))
    held.prices += rise
    while mentee != OUT:
        left, held.mentor_of[mentee] = int(held.mentor_of[mentee]), mentor
        held.ticks[mentee] = scores(held.instance, np.array([[mentee, mentor]]))[0] if mentor != OUT else 0
        mentee, mentor = int(found.after[mentee]), left
