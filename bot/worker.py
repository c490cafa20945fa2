"""A process that works beside the bot: how it is started, its keeper's ear and end, and the last turn at the core."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

LINE_MOST = 2**20
NICE = 19  # members are answered first
Say = Callable[[dict[str, Any]], None]


@asynccontextmanager
async def started(module: str, job: dict[str, Any]) -> AsyncIterator[tuple[Process, asyncio.StreamReader]]:
    """The process at work on this job, and its words; it is gone when this ends."""
    path = os.pathsep.join(filter(None, sys.path))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, stdin=PIPE, stdout=PIPE, limit=LINE_MOST,
        env={**os.environ, "PYTHONPATH": path},
        process_group=0,  # not a session: Linux weighs whole sessions against each other, whatever is nice in them
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with suppress(ConnectionError):
            process.stdin.write(json.dumps(job).encode() + b"\n")
            await process.stdin.drain()
        yield process, process.stdout
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def job() -> dict[str, Any]:
    """The one line of JSON on standard input; from here on the process ends when its keeper goes."""
    given: dict[str, Any] = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_keeper, daemon=True).start()
    _behind_all()
    return given


def speaker() -> Say:
    """Says lines to the keeper alone: whatever else is printed goes where faults go."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def say(line: dict[str, Any]) -> None:
        out.write(json.dumps(line, separators=(",", ":")) + "\n")
        out.flush()

    return say


def _behind_all() -> None:
    with suppress(PermissionError):  # a sandbox may refuse it, and the work is done all the same
        os.nice(NICE)
        if sys.platform == "linux":  # to whoever wakes up, a core that does idle work alone is free
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _end_with_keeper() -> None:
    sys.stdin.buffer.read()
    os._exit(1)
