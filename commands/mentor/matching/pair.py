"""The rule of a pair in whole ticks, 72 a point: what is impossible, what each part gives, and the best for one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.instance import (
    HYBRID,
    TRACKS,
    Id,
    Instance,
    MenteeRow,
    MentorRow,
    Mentors,
    bits,
    place_of,
    track_bits,
)

TICKS = 72  # a point; 35 points of them are divided by every number of gaps up to ten without a rest
WANTED, SEVERAL, OFFERS_HYBRID = 30 * TICKS, 20 * TICKS, 12 * TICKS
COVERAGE = 35 * TICKS
HALF_HOUR = 5 * TICKS // 2
HALF_HOURS_LEAST, HALF_HOURS_MOST = 2, 6
STEPS = tuple(points * TICKS for points in (0, 7, 10, 8, 5, 2))  # by steps apart; five and more give the last
NOVELTY = 10 * TICKS
LARGEST = WANTED + COVERAGE + HALF_HOURS_MOST * HALF_HOUR + max(STEPS) + NOVELTY


@dataclass(frozen=True, slots=True)
class Parts:
    """What a pair's score is made of, in ticks."""

    track: int
    gaps: int
    hours: int
    seniority: int
    novelty: int

    @property
    def score(self) -> int:
        return self.track + self.gaps + self.hours + self.seniority + self.novelty


@dataclass(frozen=True, slots=True)
class Found:
    """A mentor, by the place in the columns, and what the pair's score is made of."""

    mentor: int
    parts: Parts


def parts(mentor: MentorRow, mentee: MenteeRow, *, previous: bool = False) -> Parts | None:
    """What this pair's score is made of, or None where a hard rule forbids it. Who is blocked the caller knows."""
    common = common_half_hours(mentor.weekday, mentor.weekend, mentee.weekday, mentee.weekend)
    steps = mentor.seniority - mentee.seniority
    speak = not set(mentor.languages).isdisjoint(mentee.languages)
    if not speak or common < HALF_HOURS_LEAST or steps < 1 or mentor.id == mentee.id:
        return None
    gaps = set(mentee.gaps)
    return Parts(
        track_ticks(track_bits(mentor.tracks), TRACKS.index(mentee.track)),
        coverage(len(gaps & set(mentor.skills)), len(gaps)),
        hours_ticks(common),
        seniority_ticks(steps),
        0 if previous else NOVELTY,
    )


def parts_at(instance: Instance, mentee: int, mentor: int) -> Parts | None:
    """The same for a pair by its places in the columns, with the pairs that the instance excludes."""
    offering, asking = instance.mentors, instance.mentees
    common = common_half_hours(
        int(offering.weekday[mentor]), int(offering.weekend[mentor]),
        int(asking.weekday[mentee]), int(asking.weekend[mentee]),
    )  # fmt: skip
    steps = int(offering.seniority[mentor]) - int(asking.seniority[mentee])
    speak = int(offering.languages[mentor]) & int(asking.languages[mentee])
    if not speak or common < HALF_HOURS_LEAST or steps < 1 or holds(instance.excluded, mentee, mentor):
        return None
    gaps = int(asking.gaps[mentee])
    return Parts(
        track_ticks(int(offering.tracks[mentor]), int(asking.track[mentee])),
        coverage((gaps & int(offering.skills[mentor])).bit_count(), gaps.bit_count()),
        hours_ticks(common),
        seniority_ticks(steps),
        0 if holds(instance.previous, mentee, mentor) else NOVELTY,
    )


def holds(pairs: NDArray[np.int64], mentee: int, mentor: int) -> bool:
    """Whether this pair stands in a sorted array of pairs."""
    first, last = np.searchsorted(pairs[:, 0], (mentee, mentee + 1))
    place = int(np.searchsorted(pairs[first:last, 1], mentor))
    return place < last - first and bool(pairs[first + place, 1] == mentor)


def common_half_hours(weekday: int, weekend: int, other_weekday: int, other_weekend: int) -> int:
    """The better of weekday and weekend."""
    return max((weekday & other_weekday).bit_count(), (weekend & other_weekend).bit_count())


def track_ticks(offered: int, wanted: int) -> int:
    """For the bits of the tracks that are mentored and the number of the one that is wanted."""
    if offered >> wanted & 1:
        return WANTED
    if wanted == HYBRID:
        return SEVERAL if offered.bit_count() > 1 else 0
    return OFFERS_HYBRID if offered >> HYBRID & 1 else 0


def coverage(held: int, gaps: int) -> int:
    """Whole for up to ten gaps; rounded down a little with more."""
    return held * gap_ticks(gaps)


def gap_ticks(gaps: int) -> int:
    """What one gap of so many gives."""
    return COVERAGE // gaps if gaps else 0


def hours_ticks(common: int) -> int:
    return HALF_HOUR * min(common, HALF_HOURS_MOST)


def seniority_ticks(steps: int) -> int:
    return STEPS[min(steps, len(STEPS) - 1)]


def best(
    instance: Instance,
    mentee: MenteeRow,
    *,
    excluded: Collection[Id] = (),
    previous: Collection[Id] = (),
    count: int = 5,
) -> list[Found]:
    """The mentors with a free place who suit this mentee best, the best first; ties by id."""
    mentors, wanted, gaps = instance.mentors, TRACKS.index(mentee.track), bits(mentee.gaps, instance.skills)
    near, hours = _near(mentors, mentee, bits(mentee.languages, instance.languages))
    again = _among(near, mentors, previous)
    each = (
        np.array([track_ticks(offered, wanted) for offered in range(1 << len(TRACKS))])[mentors.tracks[near]],
        np.bitwise_count(mentors.skills[near] & np.uint64(gaps)).astype(np.int64) * gap_ticks(len(set(mentee.gaps))),
        hours,
        np.array(STEPS)[np.minimum(mentors.seniority[near] - mentee.seniority, len(STEPS) - 1)],
        np.where(again, 0, NOVELTY),
    )
    score = np.where(_among(near, mentors, (*excluded, mentee.id)), -1, sum(each))
    first = np.argsort(-score, kind="stable")[:count]
    return [Found(int(near[at]), Parts(*(int(part[at]) for part in each))) for at in first if score[at] >= 0]


def _near(mentors: Mentors, mentee: MenteeRow, languages: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of the mentors whom only a special pair could still forbid, and what their hours give."""
    common = np.maximum(
        np.bitwise_count(mentors.weekday & np.uint64(mentee.weekday)),
        np.bitwise_count(mentors.weekend & np.uint64(mentee.weekend)),
    )
    fits = (common >= HALF_HOURS_LEAST) & (mentors.languages & np.uint16(languages) != 0)
    fits &= (mentors.seniority > mentee.seniority) & (mentors.capacity > 0)
    near = np.flatnonzero(fits)
    return near, HALF_HOUR * np.minimum(common[near], HALF_HOURS_MOST).astype(np.int64)


def _among(near: NDArray[np.int64], mentors: Mentors, ids: Collection[Id]) -> NDArray[np.bool_]:
    places = [place for one in ids if (place := place_of(mentors.ids, one)) is not None]
    return np.isin(near, np.array(places, dtype=np.int64))
