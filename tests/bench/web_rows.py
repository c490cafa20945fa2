"""Row 4: `/pmpath help` and one answer on the page, beside an aiohttp WebSocket that only echoes."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.bench.crowd import Side
from tests.bench.processes import Process
from tests.drivers.web import WebDriver

ECHOED = "x" * 2000  # about what a card weighs


@dataclass(slots=True)
class TimedPage(WebDriver):
    """A page that knows when it sent and when the answer came, before any of it is read."""

    sent: float = 0.0
    came: float = 0.0

    async def send(self, message: dict[str, Any]) -> None:
        self.sent = time.perf_counter()
        await WebDriver.send(self, message)

    async def _hear(self, news: dict[str, Any]) -> None:
        self.came = time.perf_counter()
        await WebDriver._hear(self, news)  # noqa: SLF001 - super() needs a class without slots

    @property
    def took(self) -> float:
        return self.came - self.sent


@dataclass(slots=True)
class Pmpath:
    """A member before the page."""

    page: TimedPage
    chance: random.Random

    async def help(self) -> float:
        await self.page.run("/pmpath help")
        return self.page.took

    async def answer(self) -> float:
        if not self._letters():  # rarely one question is enough
            await self.get_ready()
        await self.page.press(self.chance.choice(self._letters()))
        return self.page.took

    async def get_ready(self) -> int:
        card = self.page.card if self.page.shows else None
        if card is not None and self._letters():
            await self.page.press("Show my result now")
        interactions = 1
        card = await self.page.run("/pmpath start")
        while card.selects:
            for name, labels in card.selects.items():
                await self.page.choose(name, self.chance.choice(labels))
            card = await self.page.press("Next")
            interactions += 1
        return interactions

    def _letters(self) -> list[str]:
        return [label for label in self.page.card.buttons if len(label) == 1]


@dataclass(slots=True)
class Floor:
    """A connection to the floor."""

    socket: aiohttp.ClientWebSocketResponse

    async def help(self) -> float:
        return await self._say("hello")

    async def answer(self) -> float:
        return await self._say("row")

    async def get_ready(self) -> int:
        return 0

    async def _say(self, words: str) -> float:
        began = time.perf_counter()
        await self.socket.send_str(words + ECHOED)
        await self.socket.receive_str()
        return time.perf_counter() - began


@contextlib.asynccontextmanager
async def stage(folder: Path, chance: random.Random) -> AsyncIterator[tuple[Side, Side]]:
    """The page and the floor, one member before each."""
    settings = {"PMPATH_DATA_DIR": str(folder / "data"), "PMPATH_PORT": "0", "PMPATH_LOG": "warning"}
    async with contextlib.AsyncExitStack() as stack:
        ours = await stack.enter_async_context(
            Process("tests.bench.watched_bot", settings=settings, folder=folder / "bot")
        )
        await ours.ready()
        page = await stack.enter_async_context(TimedPage(ours.first["address"]))
        echo = Process("tests.bench.floor_web", "--folder", str(folder), settings={}, folder=folder)
        floor = await stack.enter_async_context(echo)
        client = await stack.enter_async_context(aiohttp.ClientSession())
        socket = await stack.enter_async_context(client.ws_connect(f"{floor.first['address']}/chat"))
        yield Side(ours, [Pmpath(page, chance)]), Side(floor, [Floor(socket)])
