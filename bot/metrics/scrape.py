"""`GET /metrics`: the figures that grow, and those that are looked at when somebody asks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.metrics.lag import Lag
from bot.metrics.log_events import LogEvents
from bot.metrics.measures import Measures
from bot.surface import InShards, Surface
from storage import outbox_figures
from storage.outbox import Lane
from storage.outbox_figures import Waiting
from storage.store import Store

LOG = structlog.get_logger()
KEPT_SECONDS = 5.0  # however many ask, the outbox is read no more often
READ_SECONDS = 2.0


@dataclass(slots=True)
class Watched:
    """One store with its surfaces; `waiting` is None where its outbox could not be read."""

    name: str
    store: Store
    surfaces: Sequence[Surface]
    waiting: Mapping[Lane, Waiting] | None = None

    async def look(self) -> None:
        """Reads its outbox."""
        platforms = [surface.platform.value for surface in self.surfaces]
        self.waiting = None
        try:
            async with asyncio.timeout(READ_SECONDS):
                self.waiting = await self.store.read(outbox_figures.waiting, platforms)
        except Exception as error:  # noqa: BLE001 -- whatever it was, the other figures are wanted all the more
            LOG.warning("metrics.outbox_not_read", error=repr(error))


@dataclass(slots=True, eq=False)
class Scrape(Collector):
    """What there is to see in the whole program."""

    measures: Measures
    lag: Lag
    watched: list[Watched] = field(default_factory=list)
    worst_lag: float = 0.0
    _looked: float = float("-inf")
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def over(cls, measures: Measures) -> Scrape:
        scrape = cls(measures, Lag(measures.lag_seconds.of()))
        measures.registry.register(scrape)
        return scrape

    def watch(self, name: str, store: Store, surfaces: Sequence[Surface]) -> None:
        """This one too."""
        self.watched.append(Watched(name, store, surfaces))
        for surface in surfaces:
            self.measures.begin(surface.platform.value)

    @asynccontextmanager
    async def counting_log(self) -> AsyncIterator[None]:
        """What is logged meanwhile is counted."""
        handler = LogEvents(self.measures.events)
        logging.getLogger().addHandler(handler)
        try:
            yield
        finally:
            logging.getLogger().removeHandler(handler)

    async def answer(self, _request: web.Request) -> web.Response:
        """The figures as text. They are written in a thread: there may be thousands of lines."""
        async with self._one:
            now = asyncio.get_running_loop().time()
            if now - self._looked >= KEPT_SECONDS:
                self._looked = now
                await asyncio.gather(*(each.look() for each in self.watched))
            self.worst_lag = self.lag.take_worst()
            text = await asyncio.to_thread(generate_latest, self.measures.registry)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(
            "pmpath_event_loop_lag_worst_seconds", "The longest lag since the last scrape.", value=self.worst_lag
        )
        yield self._connected()
        waits = _gauge("pmpath_database_waiting", "Units that are ordered and not begun.", "store")
        reachable = _gauge("pmpath_database_reachable", "Whether the database answered this scrape.", "store")
        for each in self.watched:
            waits.add_metric([each.name], each.store.waiting)
            reachable.add_metric([each.name], each.waiting is not None)
        yield from (waits, reachable, *self._outbox())

    def _connected(self) -> GaugeMetricFamily:
        family = _gauge("pmpath_connected", "Whether a surface is connected, by shard.", "surface", "shard")
        for surface in (surface for each in self.watched for surface in each.surfaces):
            shards = surface.shards if isinstance(surface, InShards) else {}
            for shard, connected in (shards or {0: surface.missing() is None}).items():
                family.add_metric([surface.platform.value, str(shard)], connected)
        return family

    def _outbox(self) -> tuple[GaugeMetricFamily, GaugeMetricFamily]:
        rows = _gauge("pmpath_outbox_messages", "Rows of the outbox that have not ended.", "store", "lane", "state")
        oldest = _gauge(
            "pmpath_outbox_oldest_due_seconds", "For how long the oldest that waits has been due.", "store", "lane"
        )
        for each in self.watched:
            for lane, waiting in (each.waiting or {}).items():
                oldest.add_metric([each.name, lane.value], waiting.oldest_due)
                for state, count in waiting.rows.items():
                    rows.add_metric([each.name, lane.value, state], count)
        return rows, oldest


def _gauge(name: str, says: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, labels=labels)
