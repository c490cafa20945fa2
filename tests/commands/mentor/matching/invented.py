"""Invented members for rounds: drawn from a seed, as rows; small and odd on purpose, or like a large community."""

from __future__ import annotations

import random
from dataclasses import dataclass

from commands.mentor.matching.instance import Id, Instance, MenteeRow, MentorRow, instance_of
from content.outcomes import Outcome

SKILLS = tuple(f"skill {number}" for number in range(51))
LANGUAGES = ("de", "en", "es", "fr", "hi", "ja", "pt", "zh")


@dataclass(frozen=True, slots=True)
class Rows:
    """What an instance is made of, and what the rule of a pair may be read from."""

    mentors: list[MentorRow]
    mentees: list[MenteeRow]
    excluded: list[tuple[Id, Id]]
    previous: list[tuple[Id, Id]]

    @property
    def instance(self) -> Instance:
        return instance_of(self.mentors, self.mentees, excluded=self.excluded, previous=self.previous)


def rows(seed: int, mentors: int, mentees: int, *, capacity: int = 3, special: int = 10) -> Rows:
    """So many of each; some are both, some pairs are excluded, some were matched before."""
    chance = random.Random(seed)
    numbers = chance.sample(range(3 * (mentors + mentees)), mentors + mentees)
    offering, asking = numbers[:mentors], numbers[mentors:]
    asking[: len(asking) // 20] = offering[: len(asking) // 20]
    pairs: list[tuple[Id, Id]] = [
        (chance.choice(asking), chance.choice(offering)) for _ in range(2 * special if offering and asking else 0)
    ]
    return Rows(
        [_mentor(chance, number, capacity) for number in offering],
        [_mentee(chance, number) for number in dict.fromkeys(asking)],
        pairs[: len(pairs) // 2],
        pairs[len(pairs) // 2 :],
    )


def _mentor(chance: random.Random, number: int, capacity: int) -> MentorRow:
    tracks = chance.sample(tuple(Outcome), chance.choice((1, 1, 2, 3)))
    return MentorRow(
        number, tracks, chance.sample(SKILLS, chance.randint(0, 20)), hours(chance), _weekend(chance),
        languages(chance), chance.choice((1, 2, 2, 3, 3, 4)), chance.randint(0, 2 * capacity),
    )  # fmt: skip


def _mentee(chance: random.Random, number: int) -> MenteeRow:
    return MenteeRow(
        number, chance.choice(tuple(Outcome)), chance.sample(SKILLS, chance.randint(0, 10)), hours(chance),
        _weekend(chance), languages(chance), chance.choice((0, 0, 0, 1, 1, 2, 3, 4)), chance.choice((0, 0, 0, 1, 2)),
    )  # fmt: skip


def hours(chance: random.Random) -> int:
    """One or two stretches of a day somewhere on earth."""
    mask = 0
    for _stretch in range(chance.choice((1, 1, 2))):
        first, length = chance.randrange(48), chance.randint(1, 8)
        mask |= sum(1 << (first + step) % 48 for step in range(length))
    return mask


def _weekend(chance: random.Random) -> int:
    return hours(chance) if chance.random() < 0.3 else 0


def languages(chance: random.Random) -> tuple[str, ...]:
    spoken = {"en"} if chance.random() < 0.7 else set()
    spoken |= set(chance.sample(LANGUAGES, chance.choice((0, 1, 1, 2)) if spoken else 1))
    return tuple(sorted(spoken))
