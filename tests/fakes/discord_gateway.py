"""The fake Discord's gateway: one WebSocket with sessions that can be resumed, cut and invalidated."""

from __future__ import annotations

import json
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.discord_world import Json, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = (
    0,
    1,
    2,
    6,
    7,
    9,
    10,
    11,
)
GUILDS_INTENT = 1
PRIVILEGED_INTENTS = (1 << 1) | (1 << 8) | (1 << 15)
KEPT_FOR_RESUME = 10_000


class Line:
    """One WebSocket connection, compressed as its query asks."""

    def __init__(self, request: web.Request) -> None:
        self.request = request
        self.socket = web.WebSocketResponse(autoping=True)
        compressed = request.query.get("compress") == "zlib-stream"
        self._compressor = zlib.compressobj() if compressed else None

    async def send(self, op: int, data: Any, sequence: int | None = None, event: str | None = None) -> None:
        text = json.dumps({"op": op, "d": data, "s": sequence, "t": event})
        if self.socket.closed:
            return
        try:
            if self._compressor:
                packed = self._compressor.compress(text.encode()) + self._compressor.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(packed)
            else:
                await self.socket.send_str(text)
        except ConnectionError:
            return

    def cut(self) -> None:
        """Drop the connection as a failing network does: no close frame."""
        if self.request.transport:
            self.request.transport.abort()


@dataclass(slots=True)
class Session:
    """What one IDENTIFY began; events wait here while nobody is connected."""

    id: str
    intents: int
    sequence: int = 0
    line: Line | None = None
    sent: deque[tuple[int, str, Json]] = field(default_factory=lambda: deque(maxlen=KEPT_FOR_RESUME))


class Gateway:
    """Sends events to every session; tests disturb it with `cut`, `ask_reconnect` and `invalidate`."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.address = ""
        self.sessions: dict[str, Session] = {}
        self.identified = 0
        self.resumed = 0
        self.connections = 0
        self.heartbeat_interval = 41.25
        self.privileged_allowed = False
        self.unavailable: set[int] = set()
        """Servers that are listed and do not come: an outage of Discord's."""

    @property
    def connected(self) -> bool:
        return any(session.line for session in self.sessions.values())

    async def until_connected(self, within: float = 30.0) -> None:
        """Wait for a session that is identified or resumed and live."""
        if not await self.world.until(lambda: self.connected, within):
            raise AssertionError(f"no bot connected to the gateway within {within} s")

    async def dispatch(self, event: str, data: Json) -> bool:
        """Send an event to every session; False where there is none, not even one to be resumed."""
        for session in list(self.sessions.values()):
            await self._send(session, event, data)
        return bool(self.sessions)

    async def _send(self, session: Session, event: str, data: Json) -> None:
        session.sequence += 1
        session.sent.append((session.sequence, event, data))
        if session.line:
            await session.line.send(DISPATCH, data, session.sequence, event)

    async def ask_reconnect(self) -> None:
        """Op 7: come back and resume."""
        for line in self._lines():
            await line.send(RECONNECT, None)

    async def invalidate(self, *, resumable: bool) -> None:
        """Op 9; where it is not resumable the session is gone."""
        lines = self._lines()
        if not resumable:
            self.sessions.clear()
        for line in lines:
            await line.send(INVALID_SESSION, resumable)

    def cut(self) -> None:
        """Every connection is lost; sessions can be resumed."""
        for line in self._lines():
            line.cut()

    def forget_sessions(self) -> None:
        """As after a long absence: nothing can be resumed any more."""
        self.cut()
        self.sessions.clear()

    async def close(self, code: int) -> None:
        """Close every connection with Discord's code (4004, 4013, 4014 are final)."""
        for line in self._lines():
            await line.socket.close(code=code)

    def _lines(self) -> list[Line]:
        return [session.line for session in self.sessions.values() if session.line]

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        line = Line(request)
        await line.socket.prepare(request)
        self.connections += 1
        await line.send(HELLO, {"heartbeat_interval": int(self.heartbeat_interval * 1000)})
        session: Session | None = None
        try:
            async for message in line.socket:
                if message.type is WSMsgType.TEXT:
                    session = await self._receive(line, session, json.loads(message.data))
        finally:
            if session and session.line is line:
                session.line = None
                if line.socket.close_code in (1000, 1001):
                    self.sessions.pop(session.id, None)
            self.world.change()
        return line.socket

    async def _receive(self, line: Line, session: Session | None, packet: Json) -> Session | None:
        match packet["op"]:
            case 1:
                await line.send(HEARTBEAT_ACK, None)
            case 2:
                return await self._identify(line, packet["d"])
            case 6:
                return await self._resume(line, packet["d"])
        return session

    async def _identify(self, line: Line, asked: Json) -> Session | None:
        if asked["token"] != self.token:
            await line.socket.close(code=4004)
            return None
        if asked["intents"] & PRIVILEGED_INTENTS and not self.privileged_allowed:
            await line.socket.close(code=4014)
            return None
        self.identified += 1
        session = Session(f"session{self.identified}", asked["intents"], line=line)
        self.sessions[session.id] = session
        await self._send(session, "READY", self._ready(session, asked))
        if session.intents & GUILDS_INTENT:
            for guild in self.world.guilds.values():
                if guild.id not in self.unavailable:
                    await self._send(session, "GUILD_CREATE", guild.payload())
        self.world.change()
        return session

    def _ready(self, session: Session, asked: Json) -> Json:
        return {
            "v": 10,
            "user": self.world.bot.payload() | {"bot": True, "verified": True, "mfa_enabled": False, "flags": 0},
            "guilds": [{"id": str(guild), "unavailable": True} for guild in self.world.guilds],
            "session_id": session.id,
            "resume_gateway_url": self.address,
            "application": {"id": str(self.world.application_id), "flags": 0},
            "shard": asked.get("shard", [0, 1]),
        }

    async def _resume(self, line: Line, asked: Json) -> Session | None:
        session = self.sessions.get(asked["session_id"])
        if session is None or asked["token"] != self.token:
            await line.send(INVALID_SESSION, False)
            return None
        session.line = line
        self.resumed += 1
        for sequence, event, data in list(session.sent):
            if sequence > (asked["seq"] or 0):
                await line.send(DISPATCH, data, sequence, event)
        await self._send(session, "RESUMED", {"_trace": []})
        self.world.change()
        return session
