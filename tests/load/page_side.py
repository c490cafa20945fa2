"""People before the page, or before an aiohttp WebSocket that only echoes."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.bench.web_rows import ECHOED
from tests.drivers.markup import is_button
from tests.drivers.web import NotThere, WebDriver
from tests.load.deeds import Unanswered, next_of
from tests.load.records import Step


@dataclass(slots=True)
class OnPage:
    """A person before pmpath's page, who looks at it in a browser of their own."""

    page: WebDriver
    surface: str = "Page"

    @property
    def shown(self) -> Any:
        return self.page.node, self.page.held

    @shown.setter
    def shown(self, card: Any) -> None:
        self.page.node, self.page.held = card

    async def run(self, line: str) -> Step:
        return await self._timed(self.page.run(f"/pmpath {line}"))

    async def press(self, label: str) -> Step:
        return await self._timed(self.page.press(label))

    async def fill_in(self, chance: random.Random) -> Step:
        """Chooses in every select and presses *Next*."""
        for name, labels in self.page.card.selects.items():
            await self.page.choose(name, chance.choice(labels))
        return await self.press(next_of(self.labels()))

    def labels(self) -> list[str]:
        return [node.text for node in self.page.node.all() if is_button(node) and not node.has("disabled")]

    def asks(self) -> bool:
        return bool(self.page.card.selects)

    async def _timed(self, act: Any) -> Step:
        """What the page shows at once is its acknowledgement too."""
        sent = time.monotonic()
        try:
            seen = await act
        except (NotThere, TimeoutError) as error:
            raise Unanswered(repr(error)) from error
        answered = time.monotonic()
        self.page.heard.clear()
        return Step(sent, answered, answered, "\n".join((seen.title, *seen.lines)))


@dataclass(slots=True)
class BeforeFloor:
    """Somebody before the echo."""

    socket: aiohttp.ClientWebSocketResponse

    async def go_on(self, chance: random.Random, presses: float) -> Step:
        sent = time.monotonic()
        await self.socket.send_str(("row" if chance.random() < presses else "hello") + ECHOED)
        await self.socket.receive_str()
        answered = time.monotonic()
        return Step(sent, answered, answered, "")
