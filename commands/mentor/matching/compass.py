"""The recruitment compass: which mentors, if a community found them, would match how many more.

What one more place is worth in matches is a price of the round: one where an exchange leads from it to somebody left
over, else nothing. How many places keep that price no price tells, so every promise here is counted: the mentors are
added, and the largest matching with them is what is promised.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.fits import Fits
from commands.mentor.matching.instance import TRACKS, Instance, bits, track_bits, with_more
from commands.mentor.matching.matching import Matching
from commands.mentor.matching.pair import HALF_HOURS_LEAST, HALF_HOURS_MOST
from content.outcomes import Outcome

KINDS_MOST = 5
MENTORS_MOST = 10  # of one kind: more is no post but a campaign
SKILLS_MOST = 5
CAPACITY = 3
HALF_HOURS = 48
NEARLY_ALL = 0.75  # of the mentees that the most senior could have: the least seniority that reaches so many


@dataclass(frozen=True, slots=True)
class Kind:
    """So many mentors alike, by bits and names as in `MentorRow`, and how many more they would match."""

    tracks: tuple[Outcome, ...]
    skills: tuple[str, ...]
    weekday: int
    weekend: int
    languages: tuple[str, ...]
    seniority: int
    capacity: int
    mentors: int
    matches: int


@dataclass(frozen=True, slots=True)
class Compass:
    """The kinds, the most useful first; each promises what it adds to those before it."""

    kinds: tuple[Kind, ...]

    @property
    def mentors(self) -> int:
        return sum(kind.mentors for kind in self.kinds)

    @property
    def matches(self) -> int:
        return sum(kind.matches for kind in self.kinds)


def compass(
    instance: Instance, mentor_of: NDArray[np.int64], *, kinds: int = KINDS_MOST, capacity: int = CAPACITY
) -> Compass:
    """For a round at its highest count: a mentor's place for each mentee, or -1."""
    found: list[Kind] = []
    unheard = np.ones(len(mentor_of), np.bool_)  # no kind has been named for them yet: the next is another one
    while len(found) < kinds and np.any(left := unheard & (mentor_of < 0)):
        wanted, those = _wanted(instance, np.flatnonzero(left), capacity)
        if wanted is None:
            break
        unheard[those] = False
        before, first = int(np.count_nonzero(mentor_of >= 0)), len(instance.mentors)
        grown = _with(instance, wanted)
        mentor_of = _grown(grown, mentor_of)
        taken = int(np.count_nonzero(mentor_of >= first))
        needed = replace(wanted, mentors=-(-taken // capacity), matches=int(np.count_nonzero(mentor_of >= 0)) - before)
        instance = _with(instance, needed)
        mentor_of[np.flatnonzero(mentor_of >= first)] = first + np.arange(taken) // capacity
        found.append(needed)
    return Compass(tuple(found))


def _grown(instance: Instance, mentor_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """The largest matching, from one that may be too small."""
    matching = Matching(Fits(instance), instance.mentors.capacity)
    matching.start(mentor_of)
    for mentee in np.flatnonzero(mentor_of < 0).tolist():
        closed = matching.admit(mentee)
        if closed:
            matching.open ^= closed
    return matching.mentor_of(len(mentor_of))


def _wanted(instance: Instance, left: NDArray[np.int64], capacity: int) -> tuple[Kind | None, NDArray[np.int64]]:
    """The kind that fits most of those left over, by one track, one language and three hours on end; and those."""
    asks, tracks, languages = instance.mentees, len(TRACKS), len(instance.languages)
    windows = [_window(start) for start in range(HALF_HOURS)]
    spoken = asks.languages[left, None] >> np.arange(languages, dtype=np.uint16) & 1
    asked = (spoken[:, None, :] * (asks.track[left, None, None] == np.arange(tracks)[:, None])).reshape(len(left), -1)
    times = [_free(column[left], window) for column in (asks.weekday, asks.weekend) for window in windows]
    demand = np.array(times, np.float32) @ asked.astype(np.float32)  # whole numbers far below 2 ** 24: exact
    if demand.size == 0 or demand.max() < 1:
        return None, left[:0]
    time, about = divmod(int(np.argmax(demand)), tracks * languages)
    track, language = divmod(about, languages)
    those = left[times[time] & (asked[:, about] > 0)]
    day, start = divmod(time, HALF_HOURS)
    seniority, count = _seniority(asks.seniority[those])
    kind = Kind(
        (TRACKS[track],), _skills(instance, those), windows[start] if day == 0 else 0, windows[start] if day else 0,
        (instance.languages[language],), seniority, capacity, min(MENTORS_MOST, -(-count // capacity)), 0,
    )  # fmt: skip
    return kind, those


def _window(start: int) -> int:
    return sum(1 << (start + step) % HALF_HOURS for step in range(HALF_HOURS_MOST))


def _free(column: NDArray[np.uint64], window: int) -> NDArray[np.bool_]:
    common: NDArray[np.uint8] = np.bitwise_count(column & np.uint64(window))
    return common >= HALF_HOURS_LEAST


def _seniority(of_mentees: NDArray[np.int16]) -> tuple[int, int]:
    """The least that is above nearly all of them, and how many that is."""
    highest = np.sort(of_mentees)
    seniority = int(highest[int(np.ceil(NEARLY_ALL * len(highest))) - 1]) + 1
    return seniority, int(np.count_nonzero(of_mentees < seniority))


def _skills(instance: Instance, those: NDArray[np.int64]) -> tuple[str, ...]:
    """The gaps that most of them have."""
    gaps = instance.mentees.gaps[those]
    having = np.array([np.count_nonzero(gaps >> np.uint64(bit) & np.uint64(1)) for bit in range(len(instance.skills))])
    return tuple(instance.skills[bit] for bit in np.argsort(-having, kind="stable")[:SKILLS_MOST] if having[bit])


def _with(instance: Instance, kind: Kind) -> Instance:
    """The instance with these mentors behind its own; they have no pair that is special."""
    tracks = track_bits(kind.tracks)
    skills, languages = bits(kind.skills, instance.skills), bits(kind.languages, instance.languages)
    more = with_more(
        instance.mentors, ("new",) * kind.mentors, tracks, skills, kind.weekday, kind.weekend, languages,
        kind.seniority, kind.capacity,
    )  # fmt: skip
    return replace(instance, mentors=more)
