"""A wire to a server that can be cut, go dead without a word, and come back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


class Wire:
    """Passes bytes on to `port`. Dead, it takes them and passes none; cut, it breaks each connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._flows = asyncio.Event()
        self._flows.set()
        self._lines: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}
        self._cut = False
        self.port = 0

    def cut(self) -> None:
        """Every connection breaks, and new ones do as soon as they are made."""
        self._cut = True
        self._break_all()

    def die(self) -> None:
        """Nothing comes through any more, and nobody is told."""
        self._flows.clear()

    def come_back(self, *, forgetting: bool = False) -> None:
        """As before; `forgetting` the connections that it had, as a router does that was started anew."""
        if forgetting:
            self._break_all()
        self._cut = False
        self._flows.set()

    def _break_all(self) -> None:
        for writer in self._lines:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        with contextlib.suppress(OSError):
            await self._flows.wait()
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
            try:
                async with asyncio.TaskGroup() as both:
                    self._lines[writer] = both.create_task(self._pass_on(reader, far_writer))
                    self._lines[far_writer] = both.create_task(self._pass_on(far_reader, writer))
            finally:
                for each in (writer, far_writer):
                    self._lines.pop(each, None)
                    each.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while some := await reader.read(65536):
                await self._flows.wait()
                writer.write(some)
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def wire(port: int) -> AsyncIterator[Wire]:
    """A wire to the server at `port`, gone afterwards."""
    made = Wire(port)
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        made.cut()
        made.come_back()
        listening.close()
        await listening.wait_closed()
