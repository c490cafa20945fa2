"""What a measurement comes to: medians, how far they spread, and whether the bar is met."""

from __future__ import annotations

import os
import platform
import random
import statistics
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

NAME_WIDTH = 62


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure must stay under, or with `at_least` reach."""

    value: float
    at_least: bool = False

    def met_by(self, figure: float) -> bool:
        return figure >= self.value if self.at_least else figure <= self.value

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the printout: a figure for each round; what counts is their median."""

    name: str
    figures: Sequence[float]
    unit: str = "×"
    bar: Bar | None = None
    beside: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.figures)

    @property
    def verdict(self) -> str:
        if self.bar is None:
            return "no bar"
        return "met" if self.bar.met_by(self.median) else "missed"

    def __str__(self) -> str:
        spread = f"({number(min(self.figures))}–{number(max(self.figures))})" if len(self.figures) > 1 else ""
        said = f"{number(self.median)}{self.unit} {spread}"
        bar = str(self.bar or "")
        return f"  {self.name:<{NAME_WIDTH}} {said:<28} {bar:<7} {self.verdict:<7} {self.beside}".rstrip()


@dataclass(slots=True)
class Contest:
    """Variants of one thing, measured in turn: each round all of them, in random order."""

    variants: Mapping[str, Callable[[], Awaitable[float]]]
    seen: dict[str, list[float]] = field(default_factory=dict)

    async def run(self, rounds: int, chance: random.Random) -> None:
        for _round in range(rounds):
            for name in chance.sample(list(self.variants), len(self.variants)):
                self.seen.setdefault(name, []).append(await self.variants[name]())

    def ratios(self, ours: str, floor: str) -> list[float]:
        """Ours to the floor's, round by round."""
        return [mine / theirs for mine, theirs in zip(self.seen[ours], self.seen[floor], strict=True)]

    def median(self, name: str) -> float:
        return statistics.median(self.seen[name])


def number(value: float) -> str:
    """Three digits that mean something."""
    if abs(value) >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def milliseconds(seconds: float) -> str:
    return f"{number(seconds * 1000)} ms"


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def machine() -> str:
    """What the figures were taken on, and how busy it was before."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, load {load}"
    )
