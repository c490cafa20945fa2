"""How the program stops where a proxy stands before several processes."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from bot.access import Access
from bot.clock import Stop
from bot.metrics.measures import Measures
from bot.metrics.scrape import Scrape
from bot.program import Program
from bot.server import Route, Server
from bot.web.door import Door
from commands.kit.discover import Registry
from content.load import Content


@dataclass(slots=True)
class Slow:
    """A call that is being answered for as long as it likes."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    ends: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, _request: web.Request) -> web.Response:
        self.begun.set()
        await self.ends.wait()
        return web.Response(text="answered")


async def _until_told(stop: Stop) -> None:
    while not await stop.within(60):
        pass


async def ready(client: aiohttp.ClientSession, program: Program) -> tuple[int, str]:
    async with client.get(f"{program.address}/readyz") as answer:
        return answer.status, await answer.text()


async def test_a_stopping_process_says_so_then_refuses_callers_and_answers_those_it_has(
    content: Content, registry: Registry
) -> None:
    slow, door = Slow(), Door(Access(None, always=False), content.catalogue)
    program = Program(Scrape.over(Measures(registry)), background=[_until_told], stop_wait=0.5)
    routes = (Route("GET", "/slow", slow.answer, guarded=False),)
    program.server = Server("127.0.0.1", 0, gate=door.gate, routes=routes, missing=program.missing)
    await program.server.start()
    program.address = program.server.address
    serving = asyncio.create_task(program.serve())
    async with aiohttp.ClientSession() as client:
        assert await ready(client, program) == (200, "ready\n")
        answering = asyncio.create_task(client.get(f"{program.address}/slow"))
        await slow.begun.wait()

        serving.cancel()
        await asyncio.sleep(0)
        assert await ready(client, program) == (503, "not ready: pmpath is stopping\n")
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        async with aiohttp.ClientSession() as other:
            with pytest.raises(aiohttp.ClientConnectorError):
                await ready(other, program)
        slow.ends.set()
        async with await answering as answer:
            assert (await answer.text(), answer.headers["Connection"]) == ("answered", "close")
    await program.server.close()
