"""What a round is about: mentors and mentees as columns, in the order of their ids, and the pairs that are special."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from content.outcomes import Outcome

Id = int | float | str
SKILLS_MOST = 64  # a bit each
LANGUAGES_MOST = 16
TRACKS = tuple(Outcome)  # bit and number of a track: its place here
HYBRID = TRACKS.index(Outcome.HYBRID)


Row = TypeVar("Row")


class InstanceError(Exception):
    """Rows of which no instance can be made; the message is for who wrote them."""


@dataclass(frozen=True, slots=True)
class MentorRow:
    """One mentor of a round. Hours are bits of 48 half-hours in UTC; `capacity` is the number of free places."""

    id: Id
    tracks: Collection[Outcome]
    skills: Collection[str]
    weekday: int
    weekend: int
    languages: Collection[str]
    seniority: int
    capacity: int


@dataclass(frozen=True, slots=True)
class MenteeRow:
    """One mentee of a round; `waiting` counts the rounds without a mentor."""

    id: Id
    track: Outcome
    gaps: Collection[str]
    weekday: int
    weekend: int
    languages: Collection[str]
    seniority: int
    waiting: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Mentors:
    """The mentors' columns, in the order of `ids`."""

    ids: tuple[Id, ...]
    tracks: NDArray[np.uint8]
    skills: NDArray[np.uint64]
    weekday: NDArray[np.uint64]
    weekend: NDArray[np.uint64]
    languages: NDArray[np.uint16]
    seniority: NDArray[np.int16]
    capacity: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Mentees:
    """The mentees' columns, in the order of `ids`; `track` is the number of a track."""

    ids: tuple[Id, ...]
    track: NDArray[np.uint8]
    gaps: NDArray[np.uint64]
    weekday: NDArray[np.uint64]
    weekend: NDArray[np.uint64]
    languages: NDArray[np.uint16]
    seniority: NDArray[np.int16]
    waiting: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A round's input. `excluded` and `previous` are pairs (mentee, mentor) as places in the columns, sorted.

    `excluded` holds who is blocked, was declined, or is the same person: no pair, whatever else fits.
    """

    mentors: Mentors
    mentees: Mentees
    excluded: NDArray[np.int64]
    previous: NDArray[np.int64]
    skills: tuple[str, ...]
    languages: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Of everything that a round's outcome depends on, whatever the order in which it was written."""
        made = hashlib.sha256()
        for part in (self.mentors.ids, self.mentees.ids, self.skills, self.languages):
            made.update(repr(part).encode())
        for columns in (self.mentors, self.mentees):
            for name in columns.__slots__[1:]:
                column = getattr(columns, name)
                made.update(column.astype(column.dtype.newbyteorder("<")).tobytes())
        for pairs in (self.excluded, self.previous):
            made.update(b"|" + pairs.astype("<i8").tobytes())
        return made.hexdigest()


def instance_of(
    mentors: Iterable[MentorRow],
    mentees: Iterable[MenteeRow],
    *,
    excluded: Iterable[tuple[Id, Id]] = (),
    previous: Iterable[tuple[Id, Id]] = (),
) -> Instance:
    """The columns of these rows; pairs are (mentee, mentor), and those who are not there are left out of them."""
    offering, asking = sorted(mentors, key=_by_id), sorted(mentees, key=_by_id)
    skills = vocabulary((each.skills for each in offering), (each.gaps for each in asking))
    languages = vocabulary((each.languages for each in offering), (each.languages for each in asking))
    _few_enough("skills", skills, SKILLS_MOST)
    _few_enough("languages", languages, LANGUAGES_MOST)
    mentor_ids, mentee_ids = tuple(row.id for row in offering), tuple(row.id for row in asking)
    _each_once("mentors", mentor_ids)
    _each_once("mentees", mentee_ids)
    both = set(mentor_ids) & set(mentee_ids)
    return Instance(
        _mentors(offering, skills, languages),
        _mentees(asking, skills, languages),
        _places((*excluded, *((one, one) for one in both)), mentee_ids, mentor_ids),
        _places(previous, mentee_ids, mentor_ids),
        skills,
        languages,
    )


def vocabulary(*rows: Iterable[Collection[str]]) -> tuple[str, ...]:
    """All names that occur, sorted: the place of a name is its bit."""
    return tuple(sorted({name for side in rows for names in side for name in names}))


def bits(names: Collection[str], known: Sequence[str]) -> int:
    """A bit for each of these names that is known."""
    found = 0
    for name in names:
        place = bisect_left(known, name)
        if place < len(known) and known[place] == name:
            found |= 1 << place
    return found


def track_bits(tracks: Collection[Outcome]) -> int:
    return sum(1 << TRACKS.index(track) for track in set(tracks))


def place_of(ids: Sequence[Id], one: Id) -> int | None:
    """Where this id stands in a column of ids, or None."""
    place = bisect_left(ids, id_order(one), key=id_order)
    return place if place < len(ids) and ids[place] == one else None


def id_order(one: Id) -> tuple[bool, Any]:
    """Numbers by size, then strings by letter: what "ties by id" means."""
    return isinstance(one, str), one


def _by_id(row: MentorRow | MenteeRow) -> tuple[bool, Any]:
    return id_order(row.id)


def _few_enough(what: str, names: tuple[str, ...], most: int) -> None:
    if len(names) > most:
        raise InstanceError(f"{len(names)} different {what}; a round takes {most} at most")


def _each_once(side: str, ids: tuple[Id, ...]) -> None:
    for one, following in pairwise(ids):
        if one == following:
            raise InstanceError(f"two of the {side} have the id {one!r}")


def _mentors(rows: Sequence[MentorRow], skills: Sequence[str], languages: Sequence[str]) -> Mentors:
    return Mentors(
        tuple(row.id for row in rows),
        _column(rows, lambda row: track_bits(row.tracks), np.uint8),
        _column(rows, lambda row: bits(row.skills, skills), np.uint64),
        _column(rows, lambda row: row.weekday, np.uint64),
        _column(rows, lambda row: row.weekend, np.uint64),
        _column(rows, lambda row: bits(row.languages, languages), np.uint16),
        _column(rows, lambda row: row.seniority, np.int16),
        _column(rows, lambda row: row.capacity, np.int32),
    )


def _mentees(rows: Sequence[MenteeRow], skills: Sequence[str], languages: Sequence[str]) -> Mentees:
    return Mentees(
        tuple(row.id for row in rows),
        _column(rows, lambda row: TRACKS.index(row.track), np.uint8),
        _column(rows, lambda row: bits(row.gaps, skills), np.uint64),
        _column(rows, lambda row: row.weekday, np.uint64),
        _column(rows, lambda row: row.weekend, np.uint64),
        _column(rows, lambda row: bits(row.languages, languages), np.uint16),
        _column(rows, lambda row: row.seniority, np.int16),
        _column(rows, lambda row: row.waiting, np.int32),
    )


def _column(rows: Sequence[Row], value: Callable[[Row], int], kind: type[np.generic]) -> NDArray[Any]:
    return np.fromiter((value(row) for row in rows), dtype=kind, count=len(rows))


def _places(pairs: Iterable[tuple[Id, Id]], mentees: tuple[Id, ...], mentors: tuple[Id, ...]) -> NDArray[np.int64]:
    """The pairs as places in the columns, each once, sorted."""
    mentee_at = {one: place for place, one in enumerate(mentees)}
    mentor_at = {one: place for place, one in enumerate(mentors)}
    found = {(mentee_at[a], mentor_at[b]) for a, b in pairs if a in mentee_at and b in mentor_at}
    return np.array(sorted(found), dtype=np.int64).reshape(-1, 2)


def with_more(mentors: Mentors, ids: Sequence[Id], *values: int | NDArray[Any]) -> Mentors:
    """The columns with these behind them: a value for all, or one for each, in the order of the columns."""
    columns: list[NDArray[Any]] = [getattr(mentors, name) for name in Mentors.__slots__[1:]]
    longer: list[NDArray[Any]] = []
    for column, value in zip(columns, values, strict=True):
        more = np.empty(len(ids), column.dtype)
        more[:] = value
        longer.append(np.concatenate((column, more)))
    return Mentors((*mentors.ids, *ids), *longer)
