"""The pages that are open, and what each was answered, so that nothing is done twice or lost on the way."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientConnectionResetError, web

from bot.web.limits import ANSWERS_MAX, SEND_SECONDS, SESSIONS_MAX

Payload = Mapping[str, Any]


class Session:
    """One page, through all its connections. `person` is who sits before it."""

    def __init__(self, id_: str, send_seconds: float = SEND_SECONDS) -> None:
        self.id = id_
        self._send_seconds = send_seconds
        self.person = ""
        self.locale: str | None = None
        self.spoken: str | None = None
        """The language that the page shows, by its tag."""
        self._socket: web.WebSocketResponse | None = None
        self._transport: asyncio.Transport | None = None
        self._answers: OrderedDict[str, Payload | None] = OrderedDict()

    @property
    def is_open(self) -> bool:
        return self._socket is not None and not self._socket.closed

    def connect(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        """What is sent goes this way from now on."""
        self._socket, self._transport = socket, transport

    async def send(self, payload: Payload) -> None:
        """Sends where somebody listens; a page that comes back asks again for what it misses.

        One that does not read what it was sent is cut off.
        """
        if self._socket is None or self._socket.closed:
            return
        transport = self._transport
        try:
            async with asyncio.timeout(self._send_seconds):
                await self._socket.send_str(json.dumps(payload, ensure_ascii=False))
        except TimeoutError:
            if transport is not None:
                transport.abort()
        except (ClientConnectionResetError, ConnectionResetError, RuntimeError):
            self._socket = None

    async def is_repeated(self, request_id: str) -> bool:
        """Whether this request came before; its answer, where there is one already, is sent again."""
        if request_id not in self._answers:
            self._answers[request_id] = None
            if len(self._answers) > ANSWERS_MAX:
                self._answers.popitem(last=False)
            return False
        known = self._answers[request_id]
        if known is not None:
            await self.send(known)
        return True

    async def answer(self, request_id: str, payload: Payload) -> None:
        """The one answer to a request, kept and sent."""
        self._answers[request_id] = payload
        await self.send(payload)

    async def close(self) -> None:
        """Says that the program stops; the page comes back by itself."""
        if self._socket is not None and not self._socket.closed:
            await self._socket.close(code=1012, message=b"restart")


class Sessions:
    """All pages, the latest kept in memory."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._confirmed: dict[str, asyncio.Event] = {}

    def of(self, session_id: str) -> Session:
        """The session of that id, which a page keeps over its connections."""
        session = self._sessions.setdefault(session_id, Session(session_id))
        self._sessions.move_to_end(session_id)
        for oldest in list(self._sessions)[: max(0, len(self._sessions) - SESSIONS_MAX)]:
            if not self._sessions[oldest].is_open:
                del self._sessions[oldest]
        return session

    def open_for(self, person: str) -> list[Session]:
        """The open pages before which that person sits."""
        return [session for session in self._sessions.values() if session.is_open and session.person == person]

    async def send_all(self, payload: Payload) -> None:
        """Sends to every open page."""
        await asyncio.gather(*(session.send(payload) for session in self._sessions.values()))

    async def tell(self, pages: list[Session], key: str, payload: Payload, seconds: float) -> bool:
        """Sends to these pages; whether one of them confirmed in time that it shows it."""
        confirmed = self._confirmed.setdefault(key, asyncio.Event())
        try:
            await asyncio.gather(*(session.send(payload) for session in pages))
            await asyncio.wait_for(confirmed.wait(), seconds)
        except TimeoutError:
            return False
        finally:
            self._confirmed.pop(key, None)
        return True

    def confirm(self, key: str) -> None:
        """A page shows what it was told."""
        if key in self._confirmed:
            self._confirmed[key].set()

    async def close(self) -> None:
        """Ends all connections."""
        await asyncio.gather(*(session.close() for session in self._sessions.values()))
