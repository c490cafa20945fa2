"""A whole rehearsal room on a free port: its own store, clock, surface and server."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.access import Access
from bot.delivery import Delivery
from bot.pictures.studio import Pictures
from bot.server import Server
from bot.surface import Interactions
from bot.web.client import WebSurface
from bot.web.door import Door
from bot.web.sandbox import SandboxClock
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from content.load import Content
from storage.store import Store
from tests.bot.web.samples import MOMENT, Samples
from tests.conftest import Faults
from tests.drivers.web import WebDriver

HTML = {"Accept": "text/html"}


@dataclass(slots=True)
class Room:
    """The running program's web part. `start` after `stop` is a restart on the same file and port."""

    url: str
    content: Content
    commands: Registry
    pictures: Pictures
    access: Access
    samples: Samples = field(default_factory=Samples)
    now: dt.datetime = MOMENT
    port: int = 0
    patience: float = 30.0  # a busy machine is no fault
    tell_seconds: float = 5.0
    missing: str | None = None
    _pages: AsyncExitStack = field(default_factory=AsyncExitStack)
    _opened: int = 0
    store: Store = field(init=False)
    clock: SandboxClock = field(init=False)
    surface: WebSurface = field(init=False)
    server: Server = field(init=False)
    delivery: Delivery = field(init=False)

    async def start(self) -> None:
        self.clock = SandboxClock(lambda: self.now)
        self.store = await Store.open(self.url, now=self.clock.now, points=self.content.points)
        await self.clock.resume(self.store)
        registry = self.samples.registry(self.commands)
        dispatcher = Dispatcher(self.store, self.content, registry, now=self.clock.now, draw=self.pictures.draw)
        interactions = Interactions(dispatcher, patience=self.patience)
        self.surface = WebSurface(interactions, self.clock, self.access, tell_seconds=self.tell_seconds)
        self.delivery = Delivery(dispatcher, {"web": self.surface})
        door = Door(self.access, self.content.catalogue)
        routes = (*door.routes, *self.surface.routes)
        self.server = Server("127.0.0.1", self.port, gate=door.gate, routes=routes, missing=self._missing)
        await self.server.start()
        self.port = urlsplit(self.server.address).port or 0

    async def stop(self) -> None:
        await self.surface.close()
        await self.server.close()
        await self.store.close()

    async def close(self) -> None:
        await self._pages.aclose()
        await self.stop()

    async def _missing(self, _platform: str | None) -> str | None:
        return self.missing

    @property
    def address(self) -> str:
        return self.server.address

    async def page(self, person: str = "kim", language: str | None = "en", *, connected: bool = True) -> WebDriver:
        """A page that is opened by this person, closed after the test."""
        self._opened += 1
        driver = WebDriver(self.address, person, language, session=f"page-{self._opened}")
        if connected:
            await self._pages.enter_async_context(driver)
        return driver

    async def get(self, path: str, **headers: str) -> tuple[int, str, aiohttp.typedefs.LooseHeaders]:
        async with (
            aiohttp.ClientSession() as client,
            client.get(self.address + path, headers=headers, allow_redirects=False) as answer,
        ):
            return answer.status, await answer.text(), answer.headers


@pytest.fixture
def access() -> Access:
    """On this machine without a key; a test may ask for another rule."""
    return Access(None, always=False)


@pytest.fixture
async def room(
    database_url: str, content: Content, registry: Registry, pictures: Pictures, faults: Faults, access: Access
) -> AsyncIterator[Room]:
    opened = Room(database_url, content, registry, pictures, access)
    await opened.start()
    yield opened
    await opened.close()
