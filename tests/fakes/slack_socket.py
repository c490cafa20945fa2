"""The fake Slack's Socket Mode: one-use addresses, hello, envelopes, acks, refresh and cut lines."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.slack_world import Json, World, fresh

PAYLOADS = Path(__file__).parents[1] / "payloads" / "slack"
CONNECTIONS_MAX = 10


class NobodyListens(Exception):
    """No connection is open: members read dispatch_failed."""


class SocketMode:
    """Answers `/link`; sends envelopes down any one of the open connections."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.connections: list[web.WebSocketResponse] = []
        self.requests: dict[web.WebSocketResponse, web.Request] = {}
        self.tickets: set[str] = set()
        self.waiting: dict[str, asyncio.Future[Any]] = {}
        self.late_acks: list[str] = []
        self.unknown_acks: list[str] = []
        self.opened = 0

    def url(self, host: str) -> str:
        """A fresh address for one connection."""
        ticket = fresh("ticket")
        self.tickets.add(ticket)
        return f"ws://{host}/link/?ticket={ticket}&app_id={self.world.app_id}"

    async def link(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello until either side ends it."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets or len(self.connections) >= CONNECTIONS_MAX:
            return web.Response(status=403)
        self.tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        hello = json.loads((PAYLOADS / "hello.json").read_text())
        hello["num_connections"] = len(self.connections) + 1
        hello["connection_info"]["app_id"] = self.world.app_id
        await socket.send_json(hello)
        self.connections.append(socket)
        self.requests[socket] = request
        self.opened += 1
        self.world.stir()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self.take(json.loads(message.data))
        finally:
            self.forget(socket)
        return socket

    def forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self.connections:
            self.connections.remove(socket)
        self.requests.pop(socket, None)
        self.world.stir()

    def take(self, answer: Json) -> None:
        """An acknowledgement; one that nobody waits for any more came late."""
        envelope = str(answer.get("envelope_id"))
        future = self.waiting.pop(envelope, None)
        if future is None:
            self.unknown_acks.append(envelope)
        elif future.done():
            self.late_acks.append(envelope)
        else:
            future.set_result(answer.get("payload"))
        self.world.stir()

    async def send(self, kind: str, payload: Json, patience: float, **extra: Any) -> Any:
        """What the app acknowledged with. Raises NobodyListens, TimeoutError."""
        envelope = fresh("envelope-")
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.waiting[envelope] = future
        body = {
            "envelope_id": envelope,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
            **extra,
        }
        await self.pick().send_json(body)
        return await asyncio.wait_for(future, patience)

    def pick(self) -> web.WebSocketResponse:
        for socket in reversed(self.connections):
            if not socket.closed:
                return socket
        raise NobodyListens

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Asks every connection to make way for a new one, as Slack does every few hours; `warning` first
        in life, ten seconds ahead."""
        for socket in list(self.connections):
            message = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}
            await socket.send_json(message)

    async def close(self) -> None:
        """Closes every connection politely."""
        for socket in list(self.connections):
            await socket.close(code=1001)

    def drop(self) -> None:
        """Cuts every connection without a word, as a broken line does."""
        for socket in list(self.connections):
            transport = self.requests[socket].transport
            self.forget(socket)
            if transport is not None:
                transport.abort()
