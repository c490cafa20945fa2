"""Watches an event loop from inside its process: how long it was held at most, asked for by a signal."""

from __future__ import annotations

import asyncio
import json
import signal
import time

TICK = 0.01


class Watch:
    """The longest stretch in which the loop served nobody, and how much of it was this thread's own work.

    The rest of such a stretch went to other threads or processes.
    """

    def __init__(self) -> None:
        self._held = 0.0
        self._worked = 0.0

    async def run(self) -> None:
        """Watches until cancelled; at SIGUSR1 says what it saw since the last one, as a line of JSON."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self._say)
        await self.look()

    async def look(self) -> None:
        """Watches until cancelled."""
        while True:
            begun, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(TICK)
            held = time.perf_counter() - begun - TICK
            if held > self._held:
                self._held, self._worked = held, time.thread_time() - worked

    def take(self) -> dict[str, float]:
        """What it saw since the last time, in seconds."""
        seen = {"held": self._held, "worked": self._worked}
        self._held = self._worked = 0.0
        return seen

    def _say(self) -> None:
        say(self.take())


def say(words: object) -> None:
    """A line to whoever started this process."""
    print(json.dumps(words), flush=True)
