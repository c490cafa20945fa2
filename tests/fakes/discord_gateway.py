"""The fake Discord's gateway: sessions by shard, each on a WebSocket, that can be resumed, cut and invalidated."""

from __future__ import annotations

import json
import time
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.discord_world import Guild, Json, World

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
OF_A_GUILD = frozenset({"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"})


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
    shard: int = 0
    shards: int = 1
    sequence: int = 0
    line: Line | None = None
    sent: deque[tuple[int, str, Json]] = field(default_factory=lambda: deque(maxlen=KEPT_FOR_RESUME))

    def hears_of(self, guild: int | None) -> bool:
        """Whether what happens in a server, or in direct messages (None), is told this session."""
        return self.shard == ((guild or 0) >> 22) % self.shards


class Gateway:
    """Sends events to every session; tests disturb it with `cut`, `ask_reconnect` and `invalidate`."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.address = ""
        self.sessions: dict[str, Session] = {}
        self.identified = 0
        self.identifies: list[tuple[float, int, int]] = []
        """When a session was begun, for which shard of how many."""
        self.resumed = 0
        self.connections = 0
        self.heartbeat_interval = 41.25
        self.privileged_allowed = False
        self.unavailable: set[int] = set()
        """Servers that are listed and do not come: an outage of Discord's."""
        self.shards = 1
        """How many are recommended; `shards_least` are demanded."""
        self.shards_least = 1
        self.starts_left = 1000
        self.at_once = 1
        self.identify_seconds = 0.0
        """Within which a door (shard modulo `at_once`) takes one session: Discord's are 5, and 0 takes any."""

    @property
    def connected(self) -> bool:
        return bool(self.live)

    @property
    def live(self) -> set[int]:
        """The shards with a session that is identified or resumed and live."""
        return {session.shard for session in self.sessions.values() if session.line}

    async def until_connected(self, within: float = 30.0, shards: int = 1) -> None:
        """Wait for sessions of so many shards that are identified or resumed and live."""
        if not await self.world.until(lambda: len(self.live) >= shards, within):
            raise AssertionError(f"no bot connected to the gateway within {within} s")

    async def dispatch(self, event: str, data: Json) -> bool:
        """Send an event to every session of its server's shard; False where there is none, not even to be resumed."""
        guild = data.get("guild_id") or (data["id"] if event in OF_A_GUILD else None)
        hearing = [session for session in self.sessions.values() if session.hears_of(guild and int(guild))]
        for session in hearing:
            await self._send(session, event, data)
        return bool(hearing)

    async def _send(self, session: Session, event: str, data: Json) -> None:
        session.sequence += 1
        session.sent.append((session.sequence, event, data))
        if session.line:
            await session.line.send(DISPATCH, data, session.sequence, event)

    async def ask_reconnect(self, shard: int | None = None) -> None:
        """Op 7: come back and resume."""
        for line in self._lines(shard):
            await line.send(RECONNECT, None)

    async def invalidate(self, shard: int | None = None, *, resumable: bool) -> None:
        """Op 9; where it is not resumable the session is gone."""
        lines = self._lines(shard)
        if not resumable:
            self._forget(shard)
        for line in lines:
            await line.send(INVALID_SESSION, resumable)

    def cut(self, shard: int | None = None) -> None:
        """The connections (of one shard, or all) are lost; sessions can be resumed."""
        for line in self._lines(shard):
            line.cut()

    def forget_sessions(self, shard: int | None = None) -> None:
        """As after a long absence: nothing can be resumed any more."""
        self.cut(shard)
        self._forget(shard)

    async def close(self, code: int, shard: int | None = None) -> None:
        """Close the connections with Discord's code (4004, 4013, 4014 are final)."""
        for line in self._lines(shard):
            await line.socket.close(code=code)

    def _forget(self, shard: int | None) -> None:
        self.sessions = {
            name: session for name, session in self.sessions.items() if shard is not None and session.shard != shard
        }

    def _lines(self, shard: int | None) -> list[Line]:
        sessions = (session for session in self.sessions.values() if shard is None or session.shard == shard)
        return [session.line for session in sessions if session.line]

    def starts(self) -> Json:
        """What GET /gateway/bot says of beginning sessions."""
        limit = {"total": 1000, "remaining": self.starts_left, "reset_after": 10, "max_concurrency": self.at_once}
        return {"shards": self.shards, "session_start_limit": limit}

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
        shard, shards = asked.get("shard", [0, 1])
        if not 0 <= shard < shards or shards < self.shards_least:
            await line.socket.close(code=4011 if shards < self.shards_least else 4010)
            return None
        self.starts_left -= 1
        if self._too_soon(shard):
            await line.send(INVALID_SESSION, False)
            return None
        self.identified += 1
        self.identifies.append((time.monotonic(), shard, shards))
        session = Session(f"session{self.identified}", asked["intents"], shard, shards, line=line)
        self.sessions[session.id] = session
        guilds = [guild for guild in self.world.guilds.values() if session.hears_of(guild.id)]
        await self._send(session, "READY", self._ready(session, guilds))
        if session.intents & GUILDS_INTENT:
            for guild in guilds:
                if guild.id not in self.unavailable:
                    await self._send(session, "GUILD_CREATE", guild.payload())
        self.world.change()
        return session

    def _too_soon(self, shard: int) -> bool:
        door, since = shard % self.at_once, time.monotonic() - self.identify_seconds
        return any(at > since and other % self.at_once == door for at, other, _shards in self.identifies)

    def _ready(self, session: Session, guilds: list[Guild]) -> Json:
        return {
            "v": 10,
            "user": self.world.bot.payload() | {"bot": True, "verified": True, "mfa_enabled": False, "flags": 0},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.address,
            "application": {"id": str(self.world.application_id), "flags": 0},
            "shard": [session.shard, session.shards],
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
