"""A small HTTP balancer for tests: takes turns, and asks the next process where one refuses, as nginx and Caddy do."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

BUSY_SECONDS = 0.05
TRIES = 40


class Balancer:
    """Passes calls on to whichever of `ports` takes them; connections stay open on both sides."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self.passed_on = 0
        self.address = ""
        self._turn = 0
        self._session: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        assert self._session is not None
        assert self._runner is not None
        await self._session.close()
        await self._runner.cleanup()

    async def _pass(self, request: web.Request) -> web.Response:
        body = await request.read()
        for number in range(TRIES):
            port = self.ports[self._turn % len(self.ports)]
            self._turn += 1
            answer = await self._ask(port, request, body)
            if answer is not None:
                return answer
            self.passed_on += 1
            if number >= len(self.ports):
                await asyncio.sleep(BUSY_SECONDS)
        return web.Response(status=502)

    async def _ask(self, port: int, request: web.Request, body: bytes) -> web.Response | None:
        """None where another process is to be asked."""
        assert self._session is not None
        url = f"http://127.0.0.1:{port}{request.path_qs}"
        headers = {name: value for name, value in request.headers.items() if name not in {"Host", "Content-Length"}}
        try:
            async with self._session.request(request.method, url, data=body, headers=headers) as answer:
                if answer.status == 503:
                    return None
                kind = {"Content-Type": answer.headers["Content-Type"]} if "Content-Type" in answer.headers else {}
                return web.Response(status=answer.status, body=await answer.read(), headers=kind)
        except aiohttp.ClientConnectionError:
            return None
