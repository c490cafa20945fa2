"""Every figure of `/metrics` that grows as things happen; a registry of its own for each program."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Callable, Mapping
from typing import Any

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, PlatformCollector, ProcessCollector

from bot.metrics.replies import Replies
from bot.metrics.tally import Tallies
from commands.kit.discover import Registry
from storage import firing, outbox, rounds
from storage.due import Due
from storage.observing import Why
from storage.outbox import Lane

SHORT = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0)
UNITS = (1, 2, 4, 8, 16, 32, 64)
DELIVERY_ENDS: Mapping[Callable[..., Any], str] = {
    outbox.sent: "sent",
    outbox.handed: "handed",
    outbox.refused: "closed",
    outbox.again: "put_off",
    outbox.look: "put_off",
    outbox.dead: "dead",
    outbox.uncertain: "uncertain",
    firing.pass_over: "passed_over",
}
ROUND_ENDS: Mapping[Callable[..., Any], str] = {rounds.solved: "solved", rounds.fail: "failed"}


class Measures:
    """The figures; `replies` is the `Watch` of all dispatchers, `of_store` each store's `Observer`."""

    def __init__(self, commands: Registry) -> None:
        # each counter would have a second line, for its beginning
        prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves it untyped
        self.registry = registry = CollectorRegistry(auto_describe=True)
        self.replies = Replies(commands)
        self.database_seconds = Tallies(
            "pmpath_database_seconds", "Units from order to commit, and reads.", ("store", "kind"), SHORT
        )
        self.batch_units = Tallies(
            "pmpath_database_batch_units", "Units that shared one transaction (SQLite).", ("store",), UNITS
        )
        self.lag_seconds = Tallies(
            "pmpath_event_loop_lag_seconds", "By how much a short sleep in the event loop was too long.", (), SHORT
        )
        ours = (self.replies, self.replies.acknowledged_after, self.database_seconds, self.batch_units)
        for collector in (*ours, self.lag_seconds):
            registry.register(collector)
        self.deliveries = self._counter(
            "pmpath_deliveries_total", "What tries to send from the outbox came to.", "surface", "lane", "end"
        )
        self.rounds = self._counter("pmpath_rounds_total", "Mentor matching days that were worked out.", "end")
        for end in ROUND_ENDS.values():
            self.rounds.labels(end)  # what begins with its first one has not increased by it
        says = "Warnings and errors of the log, by the event's name; of a library by its own."
        self.events = self._counter("pmpath_log_events_total", says, "level", "event")
        says = "What could not be stored or read: busy, too many waited; fault, see the log."
        self.database_refused = self._counter("pmpath_database_refused_total", says, "store", "why")
        self._of_the_process()

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(name, says, labels, registry=self.registry)

    def _of_the_process(self) -> None:
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        build = Gauge("pmpath_build_info", "Which pmpath runs.", ["version", "python"], registry=self.registry)
        build.labels(importlib.metadata.version("pmpath"), platform.python_version()).set(1)

    def begin(self, surface: str) -> None:
        """This surface's deliveries stand at nothing, so that the first of each kind counts as an increase."""
        for lane in Lane:
            for end in DELIVERY_ENDS.values():
                self.deliveries.labels(surface, lane.value, end)

    def of_store(self, name: str) -> StoreMeasures:
        """The observer of one store."""
        return StoreMeasures(self, name)


class StoreMeasures:
    """The `Observer` of one store."""

    def __init__(self, measures: Measures, store: str) -> None:
        self._measures = measures
        self._writes = measures.database_seconds.of(store, "write")
        self._reads = measures.database_seconds.of(store, "read")
        self._batches = measures.batch_units.of(store)
        self._refused = {why: measures.database_refused.labels(store, why) for why in ("busy", "fault")}

    def wrote(self, work: Callable[..., Any], args: tuple[Any, ...], value: Any, seconds: float) -> None:
        """As `Observer`. How a message or a round ended is known by the unit that says so, once it is committed."""
        self._writes.observe(seconds)
        if (end := DELIVERY_ENDS.get(work)) is not None and value is not False:
            due: Due = args[0]
            lane = Lane.POSTS if due.member is None else Lane.MESSAGES
            self._measures.deliveries.labels(due.place.platform, lane.value, end).inc()
        elif (end := ROUND_ENDS.get(work)) is not None and value is not False:
            self._measures.rounds.labels(end).inc()

    def read(self, seconds: float) -> None:
        """As `Observer`."""
        self._reads.observe(seconds)

    def refused(self, why: Why) -> None:
        """As `Observer`."""
        self._refused[why].inc()

    def batch(self, units: int) -> None:
        """As `Observer`."""
        self._batches.observe(units)
