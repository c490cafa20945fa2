"""What a run of load saw: when each interaction was due, sent, acknowledged and answered; what went wrong."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from content.load import read_content
from tests.bench.figures import percentile

TROUBLE = frozenset(
    {
        "Something went wrong on our side",
        "This can't be saved at the moment",
        "Very many people are here at this moment. Please try again in a few seconds.",
    }
)
"""On cards that no load may bring up."""
REFUSED = "Not this time"


Figure = Callable[[float, float, float, float], float]
"""Of an interaction's moments: due, sent, acknowledged, answered."""


@dataclass(frozen=True, slots=True)
class Step:
    """One interaction by the clock, and what its member has before them then."""

    sent: float
    acknowledged: float
    answered: float
    words: str
    """The card's, its title first; enough of them to know trouble by."""


@dataclass(slots=True)
class Records:
    """Of one bot. Times are seconds of one clock; `wrong` are interactions without the answer they should have."""

    kinds: list[str] = field(default_factory=list)
    kind: array[int] = field(default_factory=lambda: array("H"))
    due: array[float] = field(default_factory=lambda: array("d"))
    sent: array[float] = field(default_factory=lambda: array("d"))
    acknowledged: array[float] = field(default_factory=lambda: array("d"))
    answered: array[float] = field(default_factory=lambda: array("d"))
    wrong: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    begun: int = 0
    _said: dict[str, str] = field(default_factory=lambda: dict(read_content().catalogue.zh))
    nobody_free: int = 0

    def keep(self, kind: str, due: float, step: Step) -> None:
        """An interaction that was answered."""
        if kind not in self.kinds:
            self.kinds.append(kind)
        self.kind.append(self.kinds.index(kind))
        for column, value in zip(self._times, (due, step.sent, step.acknowledged, step.answered), strict=True):
            column.append(value)
        if any(self._says(step, words) for words in TROUBLE):
            self.wrong[f"{kind}: {step.words[:160]}"] += 1
        elif self._says(step, REFUSED):
            self.refused[kind] += 1

    def _says(self, step: Step, english: str) -> bool:
        return english in step.words or self._said[english] in step.words

    @property
    def _times(self) -> tuple[array[float], ...]:
        return self.due, self.sent, self.acknowledged, self.answered

    def __len__(self) -> int:
        return len(self.due)

    def waits(self, of: Figure, *, kind: str = "", since: float = 0.0, until: float = 9e9) -> list[float]:
        """That figure of every interaction whose kind begins so and that was due within that time."""
        wanted = {number for number, name in enumerate(self.kinds) if name.startswith(kind)}
        rows = zip(self.kind, *self._times, strict=True)
        return [of(*times) for number, *times in rows if number in wanted and since <= times[0] < until]

    def by_minute(self, of: Figure) -> Iterator[float]:
        """The p99 of each minute."""
        minutes: dict[int, list[float]] = {}
        for times in zip(*self._times, strict=True):
            minutes.setdefault(int((times[0] - self.due[0]) / 60), []).append(of(*times))
        return (percentile(minute, 0.99) for minute in minutes.values())


def from_due(due: float, _sent: float, acknowledged: float, _answered: float) -> float:
    """The acknowledgement, from when the interaction was due: what a late generator, too, makes a member wait."""
    return acknowledged - due


def from_sent(_due: float, sent: float, acknowledged: float, _answered: float) -> float:
    """The acknowledgement, from when the platform sent the interaction."""
    return acknowledged - sent


def card_from_due(due: float, _sent: float, _acknowledged: float, answered: float) -> float:
    """The card, from when the interaction was due."""
    return answered - due
