"""What of matching days happens by itself: those ordered are worked out in a process of their own, and run."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import structlog

from bot import worker
from bot.clock import Stop, real_now
from bot.fault import Fault
from commands.mentor.matching.entries import still_fit
from content.left_over import LeftOver
from storage import round_pairs, round_running, rounds
from storage.round_figures import Figures
from storage.round_states import Failure
from storage.rounds import Claimed
from storage.store import Store

LOG = structlog.get_logger()
LOOK_SECONDS = 1.0
LEASE = dt.timedelta(seconds=60)
HEARD_SECONDS = 10.0  # the lease is renewed at least so often
TOLD_SECONDS = 1.0  # progress is stored no more often
WORKER = "bot.round_worker"


class RoundKeeper:
    """One store's matching days. Any number of processes may run one each: a round is worked out by who leases it."""

    def __init__(
        self,
        store: Store,
        url: str,
        now: Callable[[], dt.datetime],
        paces: Mapping[str, float],
        worker: str = WORKER,
    ) -> None:
        self._store = store
        self._url = url
        self._now = now
        self._paces = paces
        self._worker = worker
        self._owner = secrets.token_hex(8)
        self._solving = asyncio.Lock()
        self._running = asyncio.Lock()

    async def run(self, stop: Stop) -> None:
        """Looks every second, until told to stop: a round that is being worked out then is given back."""
        await asyncio.gather(self._keep_on(self._solve_one, stop), self._keep_on(self._run_one, stop))

    async def once(self, stop: Stop) -> int:
        """Does all that there is to do; answers how many rounds went on."""
        done = 0
        while moved := await self._solve_one(stop) + await self._run_one(stop):
            done += moved
        return done

    async def _keep_on(self, work: Callable[[Stop], Awaitable[int]], stop: Stop) -> None:
        fault = Fault("rounds.failed")
        while not stop.told:
            try:
                moved = await work(stop)
                fault.over()
            except Exception as error:  # noqa: BLE001 -- it is logged, and tried again
                fault.met(error)
                moved = 0
            if not moved:
                await stop.within(LOOK_SECONDS)

    async def _run_one(self, stop: Stop) -> int:
        """Makes the matches of a round that runs, a small unit at a time."""
        async with self._running:
            found = await self._store.read(round_running.running)
            if found is None:
                return 0
            fits = partial(still_fit, day=self._now().date())
            while not stop.told and await self._store.write(round_running.step, found, fits):
                pass  # a write gives others their turn
            await self._sweep(stop)
            return 0 if await self._store.read(round_running.running) == found else 1

    async def _solve_one(self, stop: Stop) -> int:
        async with self._solving:
            if not await self._store.read(rounds.anything, real_now()):
                return 0
            found = await self._store.write(rounds.claim, self._owner, real_now(), LEASE)
            if found is None:
                return 0
            while await self._store.write(round_pairs.clear, found.id, self._owner):
                pass
            try:
                await (self._end(found, {}) if found.worn_out else self._work_out(found, stop))
            finally:
                if stop.told:
                    await self._store.write(rounds.give_back, found.id, self._owner)
            await self._sweep(stop)
            return 1

    async def _sweep(self, stop: Stop) -> None:
        while not stop.told and await self._store.write(round_pairs.sweep):
            pass

    async def _work_out(self, found: Claimed, stop: Stop) -> None:
        """Until the worker has said all, is no longer wanted, or is gone."""
        job = {"url": self._url, "now": self._now().isoformat(), "community": found.community, "seed": found.seed}
        loop = asyncio.get_running_loop()
        async with worker.started(self._worker, job) as (_process, said):
            progress, told = 0, loop.time()
            while (line := await _heard(said, stop)) != {} or not stop.told:
                if line is None or "progress" in line:
                    progress = int(line["progress"] * 1000) if line else progress
                    if line is None or loop.time() - told >= TOLD_SECONDS:
                        told, until = loop.time(), real_now() + LEASE
                        if not await self._store.write(rounds.tick, found.id, self._owner, progress, until):
                            return
                elif "pairs" in line or "left" in line:
                    pairs, left = line.get("pairs", ()), line.get("left", ())
                    if not await self._store.write(round_pairs.keep, found.id, self._owner, pairs, left):
                        return
                else:
                    await self._end(found, line)
                    return

    async def _end(self, found: Claimed, line: dict[str, Any]) -> None:
        if "figures" not in line:
            failure = Failure(line.get("failed", Failure.CRASHED))
            LOG.warning("rounds.not_solved", round=found.id, failure=failure.value)
            await self._store.write(rounds.fail, found.id, self._owner, failure)
            return
        left = {LeftOver(why): count for why, count in line["figures"].pop("left").items()}
        figures = Figures(**line["figures"], left=left, pace=self._paces.get(found.platform, 0.0))
        compass = line.get("compass", [])
        await self._store.write(rounds.solved, found.id, self._owner, figures, line["digest"], compass)


async def _heard(said: asyncio.StreamReader, stop: Stop) -> dict[str, Any] | None:
    """The next line; None where none came in time, an empty one where there is none any more."""
    try:
        line = await asyncio.wait_for(stop.unless_told(said.readline()), HEARD_SECONDS)
    except TimeoutError:
        return None
    if not line or not line.endswith(b"\n"):
        return {}
    found: dict[str, Any] = json.loads(line)
    return found
