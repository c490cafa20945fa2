"""The page: its frames and its few routes, with what no browser of a member would send."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from hypothesis import strategies as st

from bot.access import Access
from bot.delivery import Delivery
from bot.server import Server
from bot.surface import Interactions
from bot.web.client import WebSurface
from bot.web.door import Door
from bot.web.sandbox import SandboxClock
from tests.fuzz import odd, talk
from tests.fuzz.ground import Crash, Ground, Ours, changed

SECONDS = 60.0
KINDS = ("hello", "run", "press", "form", "clock", "seen")
TRACE = ("Traceback", 'File "', "site-packages", "Error:")


@dataclass(slots=True)
class Page:
    """The rehearsal room on a free port; one page stays connected."""

    ground: Ground
    server: Server = field(init=False)
    surface: WebSurface = field(init=False)
    session: aiohttp.ClientSession = field(init=False)
    socket: aiohttp.ClientWebSocketResponse = field(init=False)
    sent: int = 0
    _interactions: Interactions = field(init=False)

    async def open(self, access: Access) -> None:
        ground = self.ground
        clock = SandboxClock(ground.clock.now)
        self._interactions = Interactions(ground.dispatcher, patience=SECONDS)
        self.surface = WebSurface(self._interactions, clock, access)
        Delivery(ground.dispatcher, {"web": self.surface})
        door = Door(access, ground.ours.content.catalogue)
        routes = (*door.routes, *self.surface.routes)
        self.server = Server("127.0.0.1", 0, gate=door.gate, routes=routes, missing=nothing_missing)
        await self.server.start()
        self.session = aiohttp.ClientSession(headers={"Origin": self.server.address})
        await self._connect()

    async def close(self) -> None:
        await self.socket.close()
        await self.session.close()
        await self.surface.close()
        await self.server.close()

    async def _connect(self) -> None:
        self.socket = await self.session.ws_connect(f"{self.server.address}/chat?session=fuzz", max_msg_size=0)

    async def framed(self, frame: str) -> None:
        """The page lives on, shows no trace, and what is not understood changes nothing. Raises Crash."""
        before = await self.ground.rows()
        await self.socket.send_str(frame)
        heard = await self._heard_until_answered()
        await self._interactions.drain()
        heard += await self._heard_until_answered()
        self.ground.raise_faults()
        self.ground.done += 1
        if any(each["kind"] == "failed" for each in heard):
            raise Crash(f"failed: {frame}")
        for each in heard:
            shows_no_trace(json.dumps(each))
        if any(each["kind"] == "unreadable" for each in heard):
            self.ground.refused += 1
            if changed(before, await self.ground.rows()):
                raise Crash(f"unreadable, and something changed: {frame}")

    async def _heard_until_answered(self) -> list[dict[str, Any]]:
        """All that comes up to the answer to a question that is always answered."""
        self.sent += 1
        mark = {"kind": "run", "id": f"mark-{self.sent}", "person": "kim", "words": "help"}
        await self.socket.send_json(mark)
        heard: list[dict[str, Any]] = []
        async with asyncio.timeout(SECONDS):
            while not heard or heard[-1].get("id") != mark["id"] or heard[-1]["kind"] == "working":
                heard.append(await self.socket.receive_json())
        return heard[:-1]


async def nothing_missing(_platform: str | None) -> str | None:
    return None


def shows_no_trace(words: str) -> None:
    """Raises Crash."""
    for sign in TRACE:
        if sign in words:
            raise Crash(f"it shows {sign}: {words[:2000]}")


@st.composite
def frame(draw: st.DrawFn, ours: Ours) -> str:
    """A message of the page's script, or nearly."""
    kind = draw(st.sampled_from(KINDS))
    right: dict[str, Any] = {
        "kind": kind,
        "id": draw(st.from_regex(r"[a-z0-9]{12}", fullmatch=True)),
        "person": draw(st.sampled_from(("kim", "ada", "xiaoyu"))),
        "words": _words(draw, kind, ours),
        "values": {name: list(chosen) for name, chosen in draw(talk.filled(ours)).items()},
        "place": draw(st.sampled_from(("channel", "direct", "home", "public"))),
        "post": draw(st.sampled_from((None, "x"))),
        "language": draw(st.sampled_from((None, "en", "zh-CN", "xx"))),
    }
    spoiled: Any = draw(odd.mostly(st.just(right), odd.spoiled(right), 2))
    return draw(odd.mostly(st.just(odd.as_json(spoiled)), st.one_of(odd.words, st.just(odd.DEEP)), 12))


def _words(draw: st.DrawFn, kind: str, ours: Ours) -> str:
    match kind:
        case "press" | "form":
            return draw(talk.wire(ours))
        case "run":
            return draw(st.one_of(st.sampled_from([each.typed for each in ours.registry.commands.values()]), odd.words))
        case "clock":
            return draw(st.one_of(st.sampled_from(("hour 0", "day 0", "week 0", "hour " + "9" * 450)), odd.words))
    return draw(odd.words)
