"""The processes that are measured: started, asked, and stopped by their own id."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import psutil

ROOT = Path(__file__).parents[2]
START_SECONDS = 90.0
STOP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Hold:
    """The longest time for which a loop served nobody, as `Watch` sees it."""

    held: float
    worked: float
    wall: float


class Process:
    """`python -m <module>` with only these settings. It says lines of JSON, the first within `first` seconds."""

    def __init__(
        self, module: str, *arguments: str, settings: Mapping[str, str], folder: Path, first: float = START_SECONDS
    ) -> None:
        self.module = module
        self._first_within = first
        self._command = (sys.executable, "-m", module, *arguments)
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
        self._environment = {**kept, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **settings}
        self._folder = folder
        self._log = folder / f"{module}.log"
        self.first: dict[str, Any] = {}

    _process: asyncio.subprocess.Process

    async def __aenter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                cwd=self._folder,
                env=self._environment,
            )
        try:
            self.first = await self.hears(self._first_within)
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self._end()

    async def _end(self) -> None:
        if self._process.returncode is None:
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def hears(self, within: float = 60.0) -> dict[str, Any]:
        """The next line that the process says. Raises RuntimeError with its log where it ended instead."""
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), within)
        if not line:
            raise RuntimeError(f"{self._command} ended:\n{self._log.read_text()[-2000:]}")
        said: dict[str, Any] = json.loads(line)
        return said

    async def hold(self) -> Hold:
        """The longest hold since the last time that this was asked."""
        self._process.send_signal(signal.SIGUSR1)
        return Hold(**await self.hears())

    async def ready(self) -> None:
        """Until `/readyz` of the address that the process said."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(START_SECONDS):
            while True:
                async with session.get(f"{self.first['address']}/readyz") as answer:
                    if answer.status == 200:
                        return
                await asyncio.sleep(0.02)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def cpu(self) -> float:
        """Seconds of processor used so far."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    @property
    def memory(self) -> int:
        """Bytes of memory in use now."""
        return int(psutil.Process(self.pid).memory_info().rss)

    @property
    def log(self) -> str:
        return self._log.read_text()
