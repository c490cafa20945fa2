"""Watches an event loop from inside its process: how long it was held at most, asked for by a signal."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time

TICK = 0.005
SCHEDULED = "/proc/self/task/{thread}/schedstat"  # Linux: nanoseconds on a core, and waiting for one


class Watch:
    """The longest stretch in which the loop served nobody, less what its thread waited for a core meanwhile.

    `worked` is how much of that stretch was the thread's own work; the rest went to other threads of the process
    or to the disk. `wall` is the longest stretch by the clock, other processes' turns included.
    """

    def __init__(self) -> None:
        self._longest = {"held": 0.0, "worked": 0.0}
        self._wall = 0.0
        try:
            self._scheduled = os.open(SCHEDULED.format(thread=threading.get_native_id()), os.O_RDONLY)
        except OSError:
            self._scheduled = -1

    async def run(self) -> None:
        """Watches until cancelled; at SIGUSR1 says what it saw since the last one, as a line of JSON."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, lambda: say(self.take()))
        await self.look()

    async def look(self) -> None:
        """Watches until cancelled."""
        while True:
            begun, worked, queued = time.perf_counter(), time.thread_time(), self._queued()
            await asyncio.sleep(TICK)
            wall = time.perf_counter() - begun - TICK
            own = min(wall, time.thread_time() - worked)
            held = max(own, wall - (self._queued() - queued))
            self._wall = max(self._wall, wall)
            if held > self._longest["held"]:
                self._longest = {"held": held, "worked": own}

    def _queued(self) -> float:
        """Seconds for which this thread could have run and another process had the core; 0 where it is not told."""
        if self._scheduled < 0:
            return 0.0
        return int(os.pread(self._scheduled, 100, 0).split()[1]) / 1e9

    def take(self) -> dict[str, float]:
        """What it saw since the last time, in seconds."""
        seen = {**self._longest, "wall": self._wall}
        self._longest, self._wall = {"held": 0.0, "worked": 0.0}, 0.0
        return seen


def say(words: object) -> None:
    """A line to whoever started this process."""
    print(json.dumps(words), flush=True)
