"""Once a night, while most communities sleep, the whole database is looked at by a process of its own."""

from __future__ import annotations

import json

import structlog

from bot import worker
from bot.clock import Stop
from storage import nights
from storage.store import Store

LOG = structlog.get_logger()
LOOK_SECONDS = 600.0
WORKER = "bot.night_worker"


class NightWatch:
    """One store's nights. Any number of processes may watch: whoever is first does it."""

    def __init__(self, store: Store, url: str) -> None:
        self._store = store
        self._url = url

    async def run(self, stop: Stop) -> None:
        """Looks now and then whether it is time, until told to stop."""
        while not await stop.within(LOOK_SECONDS):
            try:
                await self.once(stop)
            except Exception:
                LOG.exception("night.failed")

    async def once(self, stop: Stop) -> bool:
        """Whether the database was looked at; what is wrong is an error in the log, and kept for `pmpath doctor`."""
        if not await self._store.read(nights.is_quiet) or not await self._store.write(nights.claim):
            return False
        wrong = await self._wrong(stop)
        if wrong is None:
            return False
        await self._store.write(nights.found, wrong)
        for sentence in wrong:
            LOG.error("night.wrong", sentence=sentence)
        if not wrong:
            LOG.info("night.sound")
        return True

    async def _wrong(self, stop: Stop) -> list[str] | None:
        """What the other process says; None where it was not waited for."""
        async with worker.started(WORKER, {"url": self._url}) as (process, words):
            line = await stop.unless_told(words.readline())
            if line == b"":
                await process.wait()
        if line is None:
            return None
        if not line:
            return [f"The check of this night was cut off (exit code {process.returncode}). Look into the log."]
        return [str(sentence) for sentence in json.loads(line)["wrong"]]
