"""An instance as `pmpath round solve` reads it, and a solution as it writes it: plain JSON values, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from commands.mentor.matching.instance import (
    LANGUAGES_MOST,
    SKILLS_MOST,
    TRACKS,
    Id,
    Instance,
    InstanceError,
    MenteeRow,
    MentorRow,
    instance_of,
)
from commands.mentor.matching.pair import TICKS
from commands.mentor.matching.solve import Solution
from content.outcomes import Outcome

HALF_HOURS = 48
NUMBER_MOST = 10_000
SENIORITY_MOST = 20
PAIRS = ("blocked", "declined", "previous")


class Entry:
    """A value and where it stands, so that whoever wrote it finds it."""

    def __init__(self, where: str, value: Any) -> None:
        self.where, self.value = where, value

    def expected(self, what: str) -> InstanceError:
        said = repr(self.value)
        return InstanceError(f"{self.where}: expected {what}, found {said if len(said) < 60 else said[:57] + '…'}")

    def entries(self, what: str) -> Iterator[Entry]:
        if not isinstance(self.value, list):
            raise self.expected(f"a list of {what}")
        return (Entry(f"{self.where}[{place}]", one) for place, one in enumerate(self.value))

    def field(self, name: str, *, default: Any = ...) -> Entry:
        if not isinstance(self.value, dict):
            raise self.expected("an object with names and values")
        if name not in self.value and default is ...:
            raise InstanceError(f"{self.where or 'the file'}: “{name}” is missing")
        return Entry(f"{self.where}.{name}".lstrip("."), self.value.get(name, default))

    def number(self, least: int, most: int) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not least <= self.value <= most:
            raise self.expected(f"a whole number from {least} to {most}")
        return self.value

    def name(self) -> str:
        if not isinstance(self.value, str):
            raise self.expected("a name")
        return self.value

    def id(self) -> Id:
        if isinstance(self.value, bool) or not isinstance(self.value, str | int | float) or self.value != self.value:
            raise self.expected("an id, a number or a string")
        return self.value

    def track(self) -> Outcome:
        if self.value not in TRACKS:
            raise self.expected(f"one of {', '.join(TRACKS)}")
        return Outcome(self.value)

    def half_hours(self) -> int:
        return sum({1 << each.number(0, HALF_HOURS - 1) for each in self.entries("half-hours")})


def read(data: Any) -> Instance:
    """The instance. Raises InstanceError naming the entry and what was expected there."""
    whole = Entry("", data)
    if not isinstance(data, dict):
        raise InstanceError("expected an object with “mentors” and “mentees”")
    known = Names("skills", SKILLS_MOST), Names("languages", LANGUAGES_MOST)
    mentors = [_mentor(each, *known) for each in whole.field("mentors").entries("mentors")]
    mentees = [_mentee(each, *known) for each in whole.field("mentees").entries("mentees")]
    pairs = {name: [_pair(each) for each in whole.field(name, default=[]).entries("pairs")] for name in PAIRS}
    return instance_of(mentors, mentees, excluded=[*pairs["blocked"], *pairs["declined"]], previous=pairs["previous"])


def written(instance: Instance, solution: Solution) -> Mapping[str, Any]:
    """The solution as `pmpath round solve` writes it."""
    mentees, mentors = instance.mentees.ids, instance.mentors.ids
    return {
        "assignment": [[mentees[mentee], mentors[mentor]] for mentee, mentor in solution.pairs.tolist()],
        "matched": solution.matched,
        "score": solution.score / TICKS,
        "bound": solution.bound / TICKS,
        "gap": solution.gap,
        "proven": solution.proven,
        "seed": solution.seed,
        "digest": solution.digest,
    }


class Names:
    """The different names so far; one too many is told where it stands."""

    def __init__(self, what: str, most: int) -> None:
        self.what, self.most, self.seen = what, most, set[str]()

    def __call__(self, entry: Entry) -> tuple[str, ...]:
        found = []
        for each in entry.entries("names"):
            self.seen.add(each.name())
            found.append(each.name())
            if len(self.seen) > self.most:
                raise InstanceError(
                    f"{each.where}: “{each.value}” is one too many of {self.most} different {self.what}"
                )
        return tuple(found)


def _mentor(entry: Entry, skills: Names, languages: Names) -> MentorRow:
    return MentorRow(
        entry.field("id").id(),
        tuple(each.track() for each in entry.field("tracks").entries("tracks")),
        skills(entry.field("skills")),
        *_hours(entry),
        languages(entry.field("languages")),
        entry.field("seniority").number(0, SENIORITY_MOST),
        entry.field("capacity").number(0, NUMBER_MOST),
    )


def _mentee(entry: Entry, skills: Names, languages: Names) -> MenteeRow:
    return MenteeRow(
        entry.field("id").id(),
        entry.field("track").track(),
        skills(entry.field("gaps")),
        *_hours(entry),
        languages(entry.field("languages")),
        entry.field("seniority").number(0, SENIORITY_MOST),
        entry.field("waiting", default=0).number(0, NUMBER_MOST),
    )


def _hours(entry: Entry) -> tuple[int, int]:
    return entry.field("hours_utc").half_hours(), entry.field("weekend_utc", default=[]).half_hours()


def _pair(entry: Entry) -> tuple[Id, Id]:
    found = [each.id() for each in entry.entries("two ids, mentee and mentor")]
    if len(found) != 2:
        raise entry.expected("two ids, mentee and mentor")
    return found[0], found[1]
