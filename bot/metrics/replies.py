"""Interactions by surface, command and outcome, with how long each took: counted once, told as two figures."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from bot.metrics.command_names import names_of
from bot.metrics.tally import Tallies, Tally
from bot.surface import PATIENCE
from commands.kit.command import Action
from commands.kit.discover import Registry
from commands.kit.request import Platform, Request
from commands.kit.watch import End

UNKNOWN = "unknown"
"""The command where nothing that we know was asked for."""
LATE = "late"
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1.0, 1.5, 3.0)
"""Seconds: 0.3 is what nearly all should keep, 1.5 what we wait before a "wait", 3 what the platforms do."""


class Replies(Collector):
    """The `Watch` of all dispatchers."""

    def __init__(self, commands: Registry) -> None:
        self._command = names_of(commands)
        self._clock = asyncio.get_running_loop().time
        self._by_outcome = Tallies("", "", (), BOUNDS)
        self._quick: dict[tuple[Platform, str, str], Tally] = {}
        self.acknowledged_after = Tallies(
            "pmpath_acknowledgement_seconds",
            "From receipt until the platform has its first answer.",
            ("surface",),
            BOUNDS,
        )
        self._acknowledged = {each: self.acknowledged_after.of(each.value) for each in Platform}

    def replied(self, request: Request, action: Action[...] | None, end: End) -> None:
        """As `Watch`."""
        seconds = self._clock() - request.received
        outcome = LATE if seconds > PATIENCE and end is not End.FAILED else end
        key = (request.platform, UNKNOWN if action is None else action.name, outcome)
        tally = self._quick.get(key)
        if tally is None:
            platform, name, _outcome = key
            tally = self._by_outcome.of(platform.value, self._command.get(name, UNKNOWN), str(outcome))
            self._quick[key] = tally
        tally.observe(seconds)

    def acknowledged(self, request: Request) -> None:
        """As `Watch`."""
        self._acknowledged[request.platform].observe(self._clock() - request.received)

    def describe(self) -> Iterable[Metric]:
        return self._families()

    def collect(self) -> Iterator[Metric]:
        count, took = self._families()
        whole: dict[tuple[str, ...], Tally] = {}
        for labels, tally in self._by_outcome.items():
            count.add_metric(labels, sum(tally.counts))
            both = whole.setdefault(labels[:2], Tally(BOUNDS))
            both.counts = [a + b for a, b in zip(both.counts, tally.counts, strict=True)]
            both.total += tally.total
        for labels, tally in whole.items():
            took.add_metric(labels, tally.buckets, sum_value=tally.total)
        yield from (count, took)

    def _families(self) -> tuple[CounterMetricFamily, HistogramMetricFamily]:
        return (
            CounterMetricFamily(
                "pmpath_interactions_total",
                "Replies, by what they came to: answered, refused, failed, or late, after a wait was said.",
                labels=("surface", "command", "outcome"),
            ),
            HistogramMetricFamily(
                "pmpath_interaction_seconds",
                "From receipt until the reply is ready.",
                labels=("surface", "command"),
            ),
        )
