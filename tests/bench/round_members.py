"""Large invented communities for rounds: 834 masks of hours, 73 sets of languages, 23 % of the pairs possible."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from commands.mentor.matching.instance import TRACKS, Instance, MenteeRow, Mentees, Mentors

MASKS, LANGUAGE_SETS, LANGUAGES, SKILLS = 834, 73, 10, 51
ZONES = (-16, -14, -12, -10, -10, -8, -6, 0, 0, 2, 2, 4, 4, 6, 7, 9, 11, 11, 11, 14, 16, 16, 18, 20)  # half-hours
STARTS = (14, 16, 24, 36, 38, 40, 42)  # of a stretch, local
SPOKEN = (0.5, 0.2, 0.08, 0.06, 0.05, 0.04, 0.03, 0.02, 0.01, 0.01)


def community(seed: int, mentors: int, mentees: int) -> Instance:
    """So many of each; weekday hours alone, nobody has waited, no pair is special."""
    chance, places = np.random.default_rng(seed), np.random.default_rng(MASKS)
    masks, sets = _masks(places), _language_sets(places)
    offering, asking = _people(chance, mentors, masks, sets), _people(chance, mentees, masks, sets)
    first, second = chance.integers(0, len(TRACKS), mentors), chance.integers(0, len(TRACKS), mentors)
    tracks = 1 << first | np.where(chance.random(mentors) < 0.4, 1 << second, 0)
    none = np.empty((0, 2), dtype=np.int64)
    return Instance(
        Mentors(
            tuple(range(mentors)), tracks.astype(np.uint8), _skills(chance, mentors, 6, 20), *offering,
            chance.choice((1, 2, 3, 4), mentors, p=(0.2, 0.35, 0.3, 0.15)).astype(np.int16),
            np.minimum(10, 1 + chance.poisson(2, mentors)).astype(np.int32),
        ),
        Mentees(
            tuple(range(mentors, mentors + mentees)), chance.integers(0, len(TRACKS), mentees).astype(np.uint8),
            _skills(chance, mentees, 1, 10), *asking,
            chance.choice((0, 1, 2, 3), mentees, p=(0.5, 0.3, 0.15, 0.05)).astype(np.int16),
            np.zeros(mentees, dtype=np.int32),
        ),
        none, none,
        tuple(f"skill {number:02}" for number in range(SKILLS)),
        tuple(f"language {number}" for number in range(LANGUAGES)),
    )  # fmt: skip


def row(instance: Instance, mentee: int) -> MenteeRow:
    """One mentee as `find` has them."""
    columns = instance.mentees
    return MenteeRow(
        columns.ids[mentee], TRACKS[columns.track[mentee]], _named(instance.skills, int(columns.gaps[mentee])),
        int(columns.weekday[mentee]), int(columns.weekend[mentee]),
        _named(instance.languages, int(columns.languages[mentee])), int(columns.seniority[mentee]),
    )  # fmt: skip


def _named(names: Sequence[str], bits: int) -> tuple[str, ...]:
    return tuple(name for place, name in enumerate(names) if bits >> place & 1)


def _people(
    chance: np.random.Generator, count: int, masks: NDArray[np.uint64], sets: NDArray[np.uint16]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint16]]:
    """Weekday, weekend and languages; some masks and sets are much commoner than others."""
    common, spoken = 1 / np.sqrt(np.arange(1, len(masks) + 1)), 1 / np.arange(1, len(sets) + 1)
    return (
        chance.choice(masks, count, p=common / common.sum()),
        np.zeros(count, dtype=np.uint64),
        chance.choice(sets, count, p=spoken / spoken.sum()),
    )


def _masks(chance: np.random.Generator) -> NDArray[np.uint64]:
    """One or two stretches of two hours and more of somebody's day, in UTC."""
    found: dict[int, None] = {}
    while len(found) < MASKS:
        zone, mask = int(chance.choice(ZONES)), 0
        for _stretch in range(int(chance.choice((1, 1, 2)))):
            first, length = int(chance.choice(STARTS)), int(chance.integers(3, 10))
            mask |= sum(1 << (first - zone + step) % 48 for step in range(length))
        found[mask] = None
    return np.array(list(found), dtype=np.uint64)


def _language_sets(chance: np.random.Generator) -> NDArray[np.uint16]:
    weights, found = np.array(SPOKEN) / sum(SPOKEN), dict[int, None]()
    while len(found) < LANGUAGE_SETS:
        spoken = chance.choice(LANGUAGES, size=int(chance.choice((1, 2, 2, 3))), replace=False, p=weights)
        found[sum(1 << int(each) for each in spoken)] = None
    return np.array(list(found), dtype=np.uint16)


def _skills(chance: np.random.Generator, count: int, least: int, most: int) -> NDArray[np.uint64]:
    """Between `least` and `most` bits each; the first skills are the commoner ones."""
    many = chance.integers(least, most + 1, count)
    drawn = chance.random((count, SKILLS)) ** (np.arange(1, SKILLS + 1) ** 0.3)
    order, found = np.argsort(-drawn, axis=1)[:, :most].astype(np.uint64), np.zeros(count, dtype=np.uint64)
    for place in range(most):
        taken = place < many
        found[taken] |= np.uint64(1) << order[taken, place]
    return found
