"""How many connections the server has, and how long each may take over a request; the library bounds neither."""

from __future__ import annotations

import asyncio
import ipaddress
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from bot.peers import Handler, network_of
from commands.kit.allowance import Tally

FULL = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a connection may take. A thousand slow ones cost about 50 MB (`tests/slow_clients.py`).

    `one_peer` is for addresses of the internet; behind a proxy all have its own, which is a private one.
    """

    altogether: int = 1_000
    one_peer: int = 100
    idle: float = 30.0
    """Seconds from a connection to the end of its first request's headers."""
    kept: float = 150.0
    """Seconds from an answer to the end of the next request's headers: proxies keep theirs for up to two minutes."""
    body: float = 10.0
    """Seconds for what a request carries; Slack sends its few kilobytes at once."""


class Connections:
    """Those that are open. Makes one for each that the system accepts."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.open = 0
        self._peers: Counter[str] = Counter()
        self._refused = Tally("connections.refused")
        self._server: web.Server | None = None

    def serve(self, server: web.Server) -> None:
        """Requests go there."""
        self._server = server

    def __call__(self) -> Connection:
        assert self._server is not None
        return Connection(self, self._server)

    def enter(self, peer: str) -> bool:
        """Whether there is room for one more from there; it is counted in either case, until `leave`."""
        self.open += 1
        self._peers[peer] += 1
        if self.open > self.bounds.altogether:
            self._refused.count("altogether")
        elif self._peers[peer] > self.bounds.one_peer and _is_of_the_internet(peer):
            self._refused.count("one_peer")
        else:
            return True
        return False

    def leave(self, peer: str) -> None:
        """It is closed."""
        self.open -= 1
        self._peers[peer] -= 1
        if not self._peers[peer]:
            del self._peers[peer]


class Connection(web.RequestHandler):
    """The library's connection, closed where nothing comes of it."""

    __slots__ = ("_connections", "_from", "_idles")

    def __init__(self, connections: Connections, server: web.Server) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(server, loop=loop, access_log=None, auto_decompress=False)  # type: ignore[arg-type]  # None is taken: no log
        self._connections = connections
        self._from = ""
        self._idles: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self._from = network_of(str(peer[0])) if peer else ""
        if self._connections.enter(self._from):
            self._wait_for_request(self._connections.bounds.idle)
            return
        assert isinstance(transport, asyncio.Transport)
        transport.write(FULL)
        transport.close()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop_waiting()
        self._connections.leave(self._from)
        super().connection_lost(exc)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """A request is being answered, a web socket's for as long as it is open."""
        self._stop_waiting()
        try:
            yield
        finally:
            self._wait_for_request(self._connections.bounds.kept)

    def _wait_for_request(self, seconds: float) -> None:
        if self.transport is not None:
            self._idles = asyncio.get_running_loop().call_later(seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._idles is not None:
            self._idles.cancel()
            self._idles = None

    def _give_up(self) -> None:
        """Also where an answer is not read: closing in order would wait for that."""
        if self.transport is not None:
            self.transport.abort()


class Site(web.TCPSite):
    """The library's listening socket, which makes our connections."""

    __slots__ = ("_connections",)

    def __init__(self, runner: web.AppRunner, host: str, port: int, connections: Connections) -> None:
        super().__init__(runner, host, port)
        assert runner.server is not None
        connections.serve(runner.server)
        self._connections = connections

    async def start(self) -> None:
        await web.BaseSite.start(self)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connections, self._host, self._port, backlog=self._backlog)


@web.middleware
async def telling(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tells a connection that its request is being answered."""
    assert isinstance(request.protocol, Connection)
    with request.protocol.busy():
        return await handler(request)


def whole(handler: Handler, seconds: float) -> Handler:
    """The handler, with what the request carries read in time."""

    async def reading(request: web.Request) -> web.StreamResponse:
        try:
            async with asyncio.timeout(seconds):
                await request.read()
        except TimeoutError:
            late = web.Response(status=HTTPStatus.REQUEST_TIMEOUT, text="That took too long to arrive.\n")
            late.force_close()
            return late
        return await handler(request)

    return reading


def _is_of_the_internet(peer: str) -> bool:
    try:
        return ipaddress.ip_network(peer).is_global
    except ValueError:
        return False
