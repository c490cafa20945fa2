"""Row 6: from exec to ready, first and again, against the import of the two largest libraries."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from pathlib import Path

import aiohttp

from tests.bench.figures import Bar, Contest, Row, milliseconds
from tests.bench.processes import ROOT, STOP_SECONDS
from tests.program import free_port

AGAIN_BAR = Bar(2.0)
GIVES_UP = 60.0


async def rows(folder: Path, rounds: int) -> list[Row]:
    """Each round: a start on an empty folder, one on a used folder, and the floor."""
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    environment |= {"PYTHONPATH": str(ROOT)}
    numbers = iter(range(1000))
    await _start(folder / "used", environment)

    async def imports() -> float:
        began = time.perf_counter()
        code = "import aiohttp, sqlalchemy.ext.asyncio"
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, env=environment)
        await process.wait()
        return time.perf_counter() - began

    contest = Contest(
        {
            "first": lambda: _start(folder / f"new{next(numbers)}", environment),
            "again": lambda: _start(folder / "used", environment),
            "floor": imports,
        }
    )
    await contest.run(rounds, random.Random())
    floor = f"{milliseconds(contest.median('floor'))} for the imports alone"
    return [
        Row("Start: the page, first, exec to /readyz", contest.seen["first"], " s", None, floor),
        Row("Start: the page, again, exec to /readyz", contest.seen["again"], " s", AGAIN_BAR, floor),
        Row("Start: again, against the imports", contest.ratios("again", "floor")),
    ]


async def _start(folder: Path, environment: dict[str, str]) -> float:
    """Seconds until the program answers that it is ready; it is stopped then."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - nothing else runs in this loop now
    port = free_port()
    settings = {"PMPATH_PORT": str(port), "PMPATH_DATA_DIR": str(folder / "data"), "PMPATH_LOG": "warning"}
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=folder, env=environment | settings
    )
    try:
        await asyncio.wait_for(_ready(f"http://127.0.0.1:{port}/readyz"), GIVES_UP)
        return time.perf_counter() - began
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), STOP_SECONDS)


async def _ready(address: str) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(address) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.01)
