"""Histograms that cost a member nothing: the library's lock and check at each observation, these only count.

Each tally is added to by one thread alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector


@dataclass(slots=True)
class Tally:
    """How many observations lie in each bucket (the last has no end), and their sum."""

    bounds: Sequence[float]
    counts: list[int] = field(default_factory=list)
    total: float = 0.0

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.bounds) + 1)

    def observe(self, value: float) -> None:
        """One more."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    @property
    def buckets(self) -> list[tuple[str, float]]:
        """As Prometheus has them: each with all that are smaller."""
        ends = [*(str(float(bound)) for bound in self.bounds), "+Inf"]
        return list(zip(ends, map(float, accumulate(self.counts)), strict=True))


class Tallies(Collector):
    """A histogram with labels."""

    def __init__(self, name: str, says: str, labels: Sequence[str], bounds: Sequence[float]) -> None:
        self._name, self._says, self._labels, self._bounds = name, says, labels, bounds
        self._tallies: dict[tuple[str, ...], Tally] = {}

    def of(self, *labels: str) -> Tally:
        """The tally of these labels; kept, since looking it up costs more than counting."""
        return self._tallies.setdefault(labels, Tally(self._bounds))

    def items(self) -> list[tuple[tuple[str, ...], Tally]]:
        """All of them; another thread may add some meanwhile."""
        return list(self._tallies.items())

    def describe(self) -> Iterable[HistogramMetricFamily]:
        return [HistogramMetricFamily(self._name, self._says, labels=self._labels)]

    def collect(self) -> Iterator[HistogramMetricFamily]:
        family = HistogramMetricFamily(self._name, self._says, labels=self._labels)
        for labels, tally in self.items():
            family.add_metric(labels, tally.buckets, sum_value=tally.total)
        yield family
