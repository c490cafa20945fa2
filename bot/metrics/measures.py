"""Every figure of `/metrics` that grows as things happen; a registry of its own for each program."""

from __future__ import annotations

import asyncio
import importlib.metadata
import platform
from collections.abc import Callable, Mapping
from typing import Any

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

from bot.metrics.command_names import names_of
from bot.surface import PATIENCE
from commands.kit.command import Action
from commands.kit.discover import Registry
from commands.kit.request import Request
from commands.kit.watch import End
from storage import firing, outbox, rounds
from storage.due import Due
from storage.observing import Why
from storage.outbox import Lane

UNKNOWN = "unknown"
"""The command where nothing that we know was asked for."""
LATE = "late"
REPLY = (0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1.0, 1.5, 3.0)
"""Seconds: 0.3 is what nearly all should keep, 1.5 what we wait before a "wait", 3 what the platforms do."""
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
    """The figures, and the `Watch` of all dispatchers."""

    def __init__(self, commands: Registry) -> None:
        # each counter would have a second line, for its beginning
        prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves it untyped
        self.registry = registry = CollectorRegistry(auto_describe=True)
        self._command = names_of(commands)
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        version = importlib.metadata.version("pmpath")
        build = Gauge("pmpath_build_info", "Which pmpath runs.", ["version", "python"], registry=registry)
        build.labels(version, platform.python_version()).set(1)
        self.interactions = Counter(
            "pmpath_interactions_total",
            "Replies, by what they came to: answered, refused, failed, or late, after a wait was said.",
            ["surface", "command", "outcome"],
            registry=registry,
        )
        self.reply_seconds = Histogram(
            "pmpath_interaction_seconds",
            "From receipt until the reply is ready.",
            ["surface", "command"],
            buckets=REPLY,
            registry=registry,
        )
        self.acknowledgement_seconds = Histogram(
            "pmpath_acknowledgement_seconds",
            "From receipt until the platform has its first answer.",
            ["surface"],
            buckets=REPLY,
            registry=registry,
        )
        self.deliveries = Counter(
            "pmpath_deliveries_total",
            "What tries to send from the outbox came to.",
            ["surface", "lane", "end"],
            registry=registry,
        )
        self.rounds = Counter(
            "pmpath_rounds_total", "Mentor matching days that were worked out.", ["end"], registry=registry
        )
        self.events = Counter(
            "pmpath_log_events_total",
            "Warnings and errors of the log, by the event's name; of a library by its own.",
            ["level", "event"],
            registry=registry,
        )
        self.database_seconds = Histogram(
            "pmpath_database_seconds",
            "Units from order to commit, and reads.",
            ["store", "kind"],
            buckets=SHORT,
            registry=registry,
        )
        self.batch_units = Histogram(
            "pmpath_database_batch_units",
            "Units that shared one transaction (SQLite).",
            ["store"],
            buckets=UNITS,
            registry=registry,
        )
        self.database_refused = Counter(
            "pmpath_database_refused_total",
            "What could not be stored or read: busy, too many waited; fault, see the log.",
            ["store", "why"],
            registry=registry,
        )
        self.lag_seconds = Histogram(
            "pmpath_event_loop_lag_seconds",
            "By how much a short sleep in the event loop was too long.",
            buckets=SHORT,
            registry=registry,
        )

    def replied(self, request: Request, action: Action[...] | None, end: End) -> None:
        """As `Watch`."""
        seconds = asyncio.get_running_loop().time() - request.received
        surface = request.platform.value
        command = UNKNOWN if action is None else self._command[action.name]
        outcome = LATE if seconds > PATIENCE and end is not End.FAILED else end.value
        self.interactions.labels(surface, command, outcome).inc()
        self.reply_seconds.labels(surface, command).observe(seconds)

    def acknowledged(self, request: Request) -> None:
        """As `Watch`."""
        seconds = asyncio.get_running_loop().time() - request.received
        self.acknowledgement_seconds.labels(request.platform.value).observe(seconds)

    def of_store(self, name: str) -> StoreMeasures:
        """The observer of one store."""
        return StoreMeasures(self, name)


class StoreMeasures:
    """The `Observer` of one store."""

    def __init__(self, measures: Measures, store: str) -> None:
        self._measures = measures
        self._writes = measures.database_seconds.labels(store, "write")
        self._reads = measures.database_seconds.labels(store, "read")
        self._batches = measures.batch_units.labels(store)
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
