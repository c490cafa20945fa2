"""Writers in a process of their own, started, listened to and ended by the run of a fault."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.faults.audit import Answer

ROOT = Path(__file__).parents[2]
LIMIT = 60.0  # seconds for anything that is waited for
MORE = 100  # answers, which show that it goes on


@dataclass(slots=True)
class Writers:
    """`tests.faults.writing` on a database; a second `start` is another process, what was acknowledged stays."""

    url: str
    options: tuple[str, ...] = ()
    environment: Mapping[str, str] | None = None
    acknowledged: set[Answer] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)
    said: str = ""
    _process: asyncio.subprocess.Process | None = None
    _listening: asyncio.Task[None] | None = None
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self.process.returncode is None:
            await self.kill()

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self._process is not None
        return self._process

    async def start(self) -> None:
        """Until it writes. Raises RuntimeError with its words where it ends instead."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.faults.writing", self.url, *self.options,
            cwd=ROOT, env=self.environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        ready = await asyncio.wait_for(self._process.stdout.readline(), LIMIT)
        if ready != b"ready\n":
            raise RuntimeError((await self._process.stderr.read()).decode().strip())
        self._listening = asyncio.create_task(self._listen(self._process.stdout))

    async def kill(self) -> None:
        """SIGKILL; all that it said before is heard."""
        self.process.kill()
        await self._ended()

    async def stop(self) -> int:
        """SIGTERM; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self._ended()

    async def more(self, count: int = MORE, seconds: float = LIMIT) -> float:
        """Returns when so many more answers are acknowledged; the seconds until the first of them."""
        began, had = time.monotonic(), len(self.acknowledged)
        await self._until(lambda: len(self.acknowledged) > had, seconds)
        first = time.monotonic() - began
        await self._until(lambda: len(self.acknowledged) >= had + count, seconds)
        return first

    async def refusal(self, words: str, seconds: float = LIMIT) -> str:
        """Returns when one more is refused with a sentence that has these words; the sentence."""
        before = Counter(self.refused)
        found: list[str] = []

        def seen() -> bool:
            found[:] = [each for each in (self.refused - before) if words in each]
            return bool(found)

        await self._until(seen, seconds)
        return found[0]

    async def _until(self, so: Callable[[], bool], seconds: float) -> None:
        async with asyncio.timeout(seconds):
            while not so():
                self._heard.clear()
                await self._heard.wait()

    async def _ended(self) -> int:
        assert self._listening is not None
        assert self.process.stderr is not None
        self.said = (await self.process.stderr.read()).decode()
        await self._listening
        return await asyncio.wait_for(self.process.wait(), LIMIT)

    async def _listen(self, stdout: asyncio.StreamReader) -> None:
        async for line in stdout:
            kind, _space, rest = line.decode().rstrip("\n").partition(" ")
            if kind == "refused":
                self.refused[rest] += 1
            elif line.endswith(b"\n"):
                run, item, choice = rest.split(" ")
                self.acknowledged.add(Answer(int(run), item, choice))
            self._heard.set()
