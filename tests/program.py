"""`pmpath run` as an operator has it: a process of its own, started, killed and stopped by its own id."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp

ROOT = Path(__file__).parent.parent
START_SECONDS = 90.0
STOP_SECONDS = 60.0


@dataclass(slots=True)
class Program:
    """The program in `folder` with only these settings. `start` after `kill` is a restart on the same port."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    module: Sequence[str] = ("bot", "run")
    _process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._running.returncode is None:
            await self.stop()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        return self._running.pid

    @property
    def log(self) -> str:
        """What the program wrote."""
        return (self.folder / "log").read_text()

    async def start(self) -> None:
        """Starts it and waits for `/readyz`."""
        self.port = self.port or free_port()
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
        given = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PMPATH_PORT": str(self.port)}
        with (self.folder / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *self.module,
                cwd=self.folder, env={**kept, **given, **self.settings}, stdout=log, stderr=log,
            )  # fmt: skip
        await self._ready()

    async def kill(self) -> None:
        """SIGKILL, at once."""
        self._running.send_signal(signal.SIGKILL)
        await self._running.wait()

    async def stand_still(self, seconds: float) -> None:
        """As a machine that sleeps, or has no time for it: it goes on after so many seconds."""
        self._running.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            self._running.send_signal(signal.SIGCONT)

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        self._running.terminate()
        return await asyncio.wait_for(self._running.wait(), STOP_SECONDS)

    @property
    def _running(self) -> asyncio.subprocess.Process:
        assert self._process is not None
        return self._process

    async def _ready(self) -> None:
        async with aiohttp.ClientSession() as client, asyncio.timeout(START_SECONDS):
            while not await self._is_ready(client):
                assert self._running.returncode is None, self.log
                await asyncio.sleep(0.02)

    async def _is_ready(self, client: aiohttp.ClientSession) -> bool:
        try:
            async with client.get(f"{self.address}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False


def free_port() -> int:
    """A port that was free a moment ago, and that no system hands out to who asks for any."""
    while True:
        port = random.randrange(20_000, 32_768)  # from 32,768 on Linux hands out
        with socket.socket() as bound, contextlib.suppress(OSError):
            bound.bind(("127.0.0.1", port))
            return port
