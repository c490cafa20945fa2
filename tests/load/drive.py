"""Open-loop load: the moments are fixed beforehand, and nothing that is slow makes the next one wait."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.load.deeds import Unanswered
from tests.load.records import Records
from tests.load.stage import SHARES, GoOn, Stage

FORGET_SECONDS = 1.0
LAST_SECONDS = 60.0  # for what is under way at the end


@dataclass(slots=True)
class Drive:
    """One run of load on a stage. Somebody does one thing at a time; who is drawn is free."""

    stage: Stage
    records: Records
    chance: random.Random
    shares: Mapping[str, float] = field(default_factory=lambda: SHARES)
    on_minute: Callable[[], None] | None = None
    _free: dict[str, list[GoOn]] = field(default_factory=dict)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, rate: float, ends: Callable[[], bool]) -> None:
        """So many a second, at random moments, until `ends` says so; then until all are answered."""
        self._free = {surface: list(crowd) for surface, crowd in self.stage.crowds.items()}
        forgetting = asyncio.create_task(self._forget())
        due = time.monotonic()
        while not ends():
            due += self.chance.expovariate(rate)
            if (early := due - time.monotonic()) > 0:
                await asyncio.sleep(early)
            self._begin(due)
        if self._under_way:
            _done, pending = await asyncio.wait(self._under_way, timeout=LAST_SECONDS)
            self.records.wrong.update("without an answer at the end" for _one in pending)
        forgetting.cancel()

    def _begin(self, due: float) -> None:
        (surface,) = self.chance.choices(list(self.shares), list(self.shares.values()))
        free = self._free[surface]
        if not free:
            self.records.nobody_free += 1
            return
        place = self.chance.randrange(len(free))
        free[place], free[-1] = free[-1], free[place]
        self.records.begun += 1
        task = asyncio.create_task(self._act(free.pop(), free, due))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _act(self, go_on: GoOn, free: list[GoOn], due: float) -> None:
        try:
            kind, step = await go_on()
            self.records.keep(kind, due, step)
        except Unanswered as error:
            self.records.wrong[str(error)] += 1
        except Exception as error:  # noqa: BLE001 - it is counted, and the load goes on
            self.records.wrong[f"{type(error).__name__}: {error}"] += 1
        finally:
            free.append(go_on)

    async def _forget(self) -> None:
        began, minutes = time.monotonic(), 0
        while True:
            await asyncio.sleep(FORGET_SECONDS)
            self.stage.forget()
            if (now := int((time.monotonic() - began) / 60)) > minutes:
                minutes = now
                if self.on_minute is not None:
                    self.on_minute()
