"""`python -m tests.slow_clients`: a thousand clients that dawdle, and what they cost the running program.

A part sends headers that never end, a part opens pages and never reads. Says the memory before and with them, how
long others wait meanwhile, and when all are gone. A short form is in tests/bot/test_connections.py and bot/web.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

from tests.program import Program

CLIENTS = 950  # of the 1,000 connections that there are
PAGES = 250  # of these, as many as may be open
GONE_SECONDS = 90.0
HELLO = b'{"kind": "hello", "id": "h", "person": "kim", "language": "en"}'
RUN = b'{"kind": "run", "id": "r%d", "person": "kim", "words": "/pmpath help"}'


def resident(pid: int) -> float:
    """A process's memory in MB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def established(port: int) -> int:
    """The server's connections that neither side has closed; ours that asks is one of them."""
    return len(re.findall(rf" 0100007F:{port:04X} [0-9A-F]+:[0-9A-F]+ 01 ", Path("/proc/net/tcp").read_text()))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def masked(words: bytes) -> bytes:
    """One frame as a browser sends it, its mask being zeros."""
    length = bytes([0x80 | len(words)]) if len(words) < 126 else bytes([0xFE]) + len(words).to_bytes(2, "big")
    return b"\x81" + length + bytes(4) + words


async def dawdle(program: Program, number: int) -> asyncio.StreamWriter:
    """One client, which never reads."""
    _reader, writer = await asyncio.open_connection("127.0.0.1", program.port, limit=1)
    if number >= PAGES:
        writer.write(b"GET / HTTP/1.1\r\nX-Slow: ")
        return writer
    key = base64.b64encode(os.urandom(16)).decode()
    head = (
        f"GET /chat?session=slow-{number} HTTP/1.1", f"Host: 127.0.0.1:{program.port}", f"Origin: {program.address}",
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}", "", "",
    )  # fmt: skip
    writer.write("\r\n".join(head).encode() + masked(HELLO) + b"".join(masked(RUN % each) for each in range(100)))
    return writer


async def asked(program: Program, client: aiohttp.ClientSession) -> float:
    """How long another one waits for the page, in milliseconds."""
    began = time.perf_counter()
    async with client.get(program.address) as answer:
        await answer.read()
    return (time.perf_counter() - began) * 1_000


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with Program(Path(folder)) as program, aiohttp.ClientSession() as client:
            pid = program._running.pid  # noqa: SLF001 - whose memory is read
            before, waited = resident(pid), await asked(program, client)
            say(f"before: {before:.0f} MB, the page in {waited:.0f} ms")
            writers = [await dawdle(program, number) for number in range(CLIENTS)]
            began, most, slowest = time.monotonic(), 0.0, 0.0
            while time.monotonic() - began < GONE_SECONDS:
                most, slowest = max(most, resident(pid)), max(slowest, await asked(program, client))
                left = established(program.port)
                if left <= 1:
                    break
                await asyncio.sleep(0.5)
            say(f"with {CLIENTS} slow clients: {most:.0f} MB at most, the page in {slowest:.0f} ms at most")
            say(f"after {time.monotonic() - began:.0f} s: {resident(pid):.0f} MB, {left} connections")
            for writer in writers:
                writer.close()


if __name__ == "__main__":
    asyncio.run(main())
