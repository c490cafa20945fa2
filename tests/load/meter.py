"""How much of the machine each part of a run takes: processor, and the bot's memory over time."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import psutil

EVERY_SECONDS = 1.0
SETTLED = 1 / 3  # of the time, until when a process may still grow into its work


@dataclass(slots=True)
class Meter:
    """Looks at processes by name until cancelled; at the memory of one."""

    pids: Mapping[str, int]
    memory_of: int
    at: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    _first: dict[str, float] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)
    _began: float = 0.0

    async def run(self) -> None:
        self._began, self._first = time.monotonic(), self._used()
        while True:
            self.at.append(time.monotonic())
            self.memory.append(psutil.Process(self.memory_of).memory_info().rss)
            self._last = self._used()
            await asyncio.sleep(EVERY_SECONDS)

    def _used(self) -> dict[str, float]:
        used = {name: sum(_seconds(pid)) for name, pid in self.pids.items()}
        return {**used, "matching": _of_ended(self.memory_of)}

    @property
    def cores(self) -> dict[str, float]:
        """How many cores each took on average."""
        lasted = max(self.at[-1] - self._began, EVERY_SECONDS)
        return {name: (self._last[name] - self._first[name]) / lasted for name in self._first}

    @property
    def slope(self) -> float:
        """MiB an hour, by the straight line through what was seen once it had settled."""
        skipped = int(len(self.at) * SETTLED)
        at, memory = np.array(self.at[skipped:]), np.array(self.memory[skipped:])
        if len(at) < 2:
            return 0.0
        return float(np.polyfit((at - at[0]) / 3600, memory / 2**20, 1)[0])


def _seconds(pid: int) -> Iterator[float]:
    """Of the process; of a server of many processes, of all of them."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        family = [process, *process.children()] if process.name() == "postgres" else [process]
        for each in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                times = each.cpu_times()
                yield times.user + times.system


def _of_ended(pid: int) -> float:
    """Of those that the process has started and that have ended: who works a matching day out."""
    times = psutil.Process(pid).cpu_times()
    return float(times.children_user + times.children_system)
