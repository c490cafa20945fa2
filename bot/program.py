"""The running program: stores, dispatchers, surfaces, deliveries and the server, built from the settings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import structlog

import commands
from bot.access import Access
from bot.attendance import Attendance
from bot.clock import Stop, keep_up, real_now
from bot.delivery import Delivery
from bot.erased_list import ErasedList
from bot.metrics.measures import Measures
from bot.metrics.scrape import Scrape
from bot.night_watch import NightWatch
from bot.noting import note_seen
from bot.peers import unless_often, unless_often_wrong
from bot.pictures.studio import Pictures
from bot.round_keeper import RoundKeeper
from bot.server import Route, Server
from bot.settings import Settings
from bot.steady import Steady
from bot.surface import Interactions, Surface
from bot.timekeeper import Timekeeper, catch_up
from bot.web.client import WebSurface
from bot.web.door import Door
from bot.web.plain import Plain
from bot.web.sandbox import CatchUp, SandboxClock
from commands.kit.allowance import Allowance
from commands.kit.discover import Registry, discover
from commands.kit.dispatch import Dispatcher
from content.load import Content, read_content
from storage import erasures, faults
from storage.store import Busy, Changed, Store, StoreError

LOG = structlog.get_logger()
MAIN, SANDBOX = "main", "sandbox"  # what the figures call the databases
REFRESH_SECONDS = 5.0  # how old another process's change may be
STOPPING = "pmpath is stopping"
STOP_SECONDS = 10.0  # for a surface's connection to end after it has drained


@dataclass(slots=True)
class Program:
    """All parts of one process, built and listening; `open_parts` closes them."""

    scrape: Scrape
    stores: list[Store] = field(default_factory=list)
    surfaces: list[Surface] = field(default_factory=list)
    background: list[Callable[[Stop], Coroutine[Any, Any, None]]] = field(default_factory=list)
    server: Server | None = None
    address: str = ""
    stop_wait: float = 0.0
    stopping: bool = False

    async def serve(self) -> None:
        """Runs every part; returns never by itself. Raises what a part fails with for good.

        Cancelled, it lets the parts drain before it ends.
        """
        stop = Stop()
        loop = asyncio.get_running_loop()
        running = [loop.create_task(surface.run()) for surface in self.surfaces]
        beside = [loop.create_task(work(stop)) for work in self.background]
        try:
            LOG.info("listening", address=self.address)
            done, _pending = await asyncio.wait([*running, *beside], return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
        finally:
            self.stopping = True
            stop.tell()
            await self._stop(running, beside)

    async def _stop(self, running: list[asyncio.Task[None]], beside: list[asyncio.Task[None]]) -> None:
        """Ends the deliveries while their surfaces are still there; then all surfaces take no more and drain.

        What a proxy still sends meanwhile is answered: refused connections send it to another process.
        """
        await asyncio.sleep(self.stop_wait)
        if beside:
            await asyncio.wait(beside, timeout=STOP_SECONDS)
        if self.server is not None:
            await self.server.take_no_more()
        closing = await asyncio.gather(*(surface.close() for surface in self.surfaces), return_exceptions=True)
        for fault in filter(None, closing):
            LOG.error("surface.close_failed", error=repr(fault))
        if running:
            await asyncio.wait(running, timeout=STOP_SECONDS)

    async def missing(self, platform: str | None = None) -> str | None:
        """What is not connected yet, for `/readyz`: of all, or what this platform needs."""
        if self.stopping:
            return STOPPING
        for store in self.stores:
            try:
                await store.ping()
            except (StoreError, Busy) as error:
                return getattr(error, "sentence", "the database is busy")
        asked = [each for each in self.surfaces if platform in {None, each.platform.value}]
        waits = [missing for surface in asked if (missing := surface.missing())]
        return "; ".join(waits) or None


@dataclass(frozen=True, slots=True)
class Builder:
    """What every part is built from, and the stack that closes them in reverse order."""

    settings: Settings
    content: Content
    registry: Registry
    pictures: Pictures
    measures: Measures
    stack: AsyncExitStack
    paced: bool = True

    async def dispatcher(self, name: str, url: str, now: Callable[[], datetime]) -> Dispatcher:
        """A store at `url` with its dispatcher, counted under a name."""
        observer = self.measures.of_store(name)
        store = await Store.open(url, now=now, points=self.content.points, observer=observer)
        self.stack.push_async_callback(store.close)
        store.listen(self._erased)
        moderators = frozenset((each.platform, each.community, each.uid) for each in self.settings.moderators)
        draw = self.pictures.draw
        return Dispatcher(
            store,
            self.content,
            self.registry,
            now=now,
            draw=draw,
            moderators=moderators,
            watch=self.measures.replies,
            allowance=Allowance(paced=self.paced),
        )

    def _erased(self, changed: Changed) -> None:
        """A picture may have their name on it."""
        if changed.erased:
            self.pictures.forget()


@asynccontextmanager
async def open_parts(settings: Settings, *, paced: bool = True) -> AsyncIterator[Program]:
    """The program by its settings, its server listening. Raises StoreError, ContentError or OSError."""
    faults.make_folder(settings.data_dir)
    content = await asyncio.to_thread(read_content, settings.content_dir)
    async with AsyncExitStack() as stack:
        pictures = Pictures()
        stack.callback(pictures.close)
        registry = discover(commands)
        scrape = Scrape.over(Measures(registry))
        await stack.enter_async_context(scrape.counting_log())
        builder = Builder(settings, content, registry, pictures, scrape.measures, stack, paced)
        key = settings.access_key.get_secret_value() if settings.access_key else None
        access = Access(key, always=bool(settings.discord or settings.slack))
        door = Door(access, content.catalogue)
        program = Program(scrape, background=[scrape.lag.run])
        routes = [*door.routes, Route("GET", "/metrics", scrape.answer)]
        routes += [*await _platforms(builder, program), *await _page(builder, program, access, door)]
        server = Server(settings.host, settings.port, gate=door.gate, routes=routes, missing=program.missing)
        await server.start()
        stack.push_async_callback(server.close)
        program.server, program.address, program.stop_wait = server, server.address, settings.stop_wait
        pictures.warm_up()
        for sentence in settings.said_at_start:
            LOG.info(sentence)
        yield program


async def _platforms(builder: Builder, program: Program) -> Sequence[Route]:
    """Discord and Slack, as far as they are configured, on the one database."""
    settings = builder.settings
    if not (settings.discord or settings.slack):
        return ()
    dispatcher = await builder.dispatcher(MAIN, settings.database_url, real_now)
    surfaces: list[Surface] = []
    routes = []
    refreshed = [dispatcher.known.forget_all]
    if settings.discord:
        from bot.discord.client import DiscordSurface  # here: a start without Discord does not wait for its library
        from bot.discord.telling import CommandNotes

        memory = CommandNotes(dispatcher.store)
        surfaces.append(DiscordSurface(settings.discord, Interactions(dispatcher), memory))
    if settings.slack:
        from bot.slack.client import SlackSurface  # here: as above
        from bot.slack.declare import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH

        slack = SlackSurface(settings.slack, dispatcher, draw=Plain(builder.content.catalogue).draw)
        surfaces.append(slack)
        routes.append(Route("POST", EVENTS_PATH, slack.events, guarded=False, limit=unless_often_wrong))
        refreshed.append(slack.forget)
        if slack.pages is not None:
            routes.append(Route("GET", INSTALL_PATH, slack.pages.begin, guarded=False, limit=unless_often))
            routes.append(Route("GET", REDIRECT_PATH, slack.pages.finish, guarded=False, limit=unless_often))
    _add(program, MAIN, dispatcher, surfaces, settings.database_url)
    if dispatcher.store.shared:
        program.background.append(partial(_refresh, refreshed))
    lists = erasures.lists(settings.database_url, settings.data_dir)
    erased = ErasedList(dispatcher.store, lists)
    await erased.look()
    program.background.append(erased.run)
    program.background.append(NightWatch(dispatcher.store, settings.database_url).run)
    return routes


async def _page(builder: Builder, program: Program, access: Access, door: Door) -> Sequence[Route]:
    """The rehearsal room, with a database, a clock and a delivery of its own; or the sentence that it is off."""
    if not builder.settings.web:
        return door.off
    clock = SandboxClock(real_now)
    dispatcher = await builder.dispatcher(SANDBOX, builder.settings.sandbox_url, clock.now)
    await clock.resume(dispatcher.store)
    page = WebSurface(Interactions(dispatcher), clock, access)
    clock.follow(_add(program, SANDBOX, dispatcher, [page], builder.settings.sandbox_url))
    return page.routes


def _add(program: Program, name: str, dispatcher: Dispatcher, surfaces: Sequence[Surface], url: str) -> CatchUp:
    """A store at `url` with what runs by its clock; answers how to do all of that at once."""
    store = dispatcher.store
    steady = Steady(store)
    delivery = Delivery(dispatcher, {surface.platform.value: surface for surface in surfaces}, steady.for_dues)
    keeper = Timekeeper(store, dispatcher.content.tips_by_outcome, steady.for_dues)
    paces = {surface.platform.value: surface.pace for surface in surfaces}
    rounds = RoundKeeper(store, url, dispatcher.now, paces)
    program.scrape.watch(name, store, surfaces)
    program.stores.append(store)
    program.surfaces.extend(surfaces)
    program.background += [delivery.run, keeper.run, rounds.run, steady.run]
    program.background.append(partial(keep_up, store, may_erase=steady.for_erasures))
    program.background.append(partial(note_seen, store, dispatcher.seen))
    program.background += [Attendance(store, surface).run for surface in surfaces]
    return partial(catch_up, keeper, delivery, store, rounds)


async def _refresh(memories: Sequence[Callable[[], None]], stop: Stop) -> None:
    """With several processes on one database: what another one changed is read anew."""
    while not await stop.within(REFRESH_SECONDS):
        for forget in memories:
            forget()
