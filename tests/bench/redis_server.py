"""A Redis server of a measurement's own: boards as sorted sets, every write on the disk before it is answered."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as NotUp

from tests.program import free_port

PROGRAM = "redis-server"
START_SECONDS = 30.0
AT_ONCE = 10_000  # members in one ZADD
Line = tuple[str, str, int, int]
"""Of the table `standing`: board, season, member, points."""
MISSING = "Redis is not here, so that nothing is held against it; on Debian: apt-get install redis-server"


def is_here() -> bool:
    return shutil.which(PROGRAM) is not None


@contextlib.asynccontextmanager
async def server(folder: Path) -> AsyncIterator[int]:
    """Its port on 127.0.0.1. It keeps a log of its own writes, flushed at each, and no snapshots."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    port = free_port()
    settings = {
        "bind": "127.0.0.1",
        "port": port,
        "dir": folder,
        "save": "",
        "appendonly": "yes",
        "appendfsync": "always",
        "logfile": "redis.log",
    }
    arguments = [word for name, value in settings.items() for word in (f"--{name}", str(value))]
    process = await asyncio.create_subprocess_exec(PROGRAM, *arguments, stdout=asyncio.subprocess.DEVNULL)
    try:
        await _ready(port)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def _ready(port: int) -> None:
    async with asyncio.timeout(START_SECONDS), Redis(port=port) as client:
        while True:
            with contextlib.suppress(NotUp):
                if await client.ping():
                    return
            await asyncio.sleep(0.02)


def board(name: str, season: str) -> str:
    """The sorted set's key."""
    return f"board:{name}:{season}"


async def fill(client: Redis, path: Path) -> None:
    """All boards of this file."""
    driver = sqlite3.connect(path)
    found: Iterator[Line] = driver.execute("SELECT board, season, member_id, points FROM standing")
    for rows in _parts(found):
        pipeline = client.pipeline(transaction=False)
        for name, season, member_id, points in rows:
            pipeline.zadd(board(name, season), {str(member_id): points})
        await pipeline.execute()
    driver.close()


def _parts(found: Iterator[Line]) -> Iterator[list[Line]]:
    while rows := list(islice(found, AT_ONCE)):
        yield rows
