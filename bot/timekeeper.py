"""What comes due by the store's clock: weekly tips, digests, mentoring, what platforms have posted meanwhile."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable

from bot.clock import Stop
from bot.delivery import Delivery
from bot.fault import Fault
from bot.round_keeper import RoundKeeper
from storage import digests, firing, matching_days, mentor_times, outbox
from storage.library import Library
from storage.store import Store

LOOK_SECONDS = 1.0


class Timekeeper:
    """One store's clockwork. Any number of processes may run one each: what is due is done by whoever is first."""

    def __init__(self, store: Store, ids: Library, may_go_on: Callable[[], bool] = lambda: True) -> None:
        self._store = store
        self._ids = ids
        self._may_go_on = may_go_on
        self._busy = asyncio.Lock()

    async def run(self, stop: Stop) -> None:
        """Looks every second while the clock can be believed, until told to stop.

        A failure of the store is logged, and looked at again.
        """
        fault = Fault("timekeeper.failed")
        while not stop.told:
            try:
                if self._may_go_on():
                    async with self._busy:
                        await self._work_off(self._may_go_on)
                fault.over()
            except Exception as error:  # noqa: BLE001 -- it is logged, and tried again
                fault.met(error)
            await stop.within(LOOK_SECONDS)

    async def once(self) -> int:
        """Does all that is due now, whatever the clock is; a small unit at a time. Answers how much that was."""
        async with self._busy:
            return await self._work_off(lambda: True)

    async def _work_off(self, may_go_on: Callable[[], bool]) -> int:
        done = 0
        while await self._store.read(firing.anything) and may_go_on():
            moved = await self._store.write(firing.ask, self._ids)
            moved += await self._store.write(firing.fire, self._ids)
            moved += await self._store.write(outbox.gone_out)
            moved += await self._store.write(digests.fire)
            if not moved:  # another process holds it
                break
            done += moved
            await asyncio.sleep(0)
        for anything, work_off in (
            (mentor_times.anything, mentor_times.work_off),
            (matching_days.anything, matching_days.fire),
        ):
            while await self._store.read(anything) and may_go_on() and (moved := await self._store.write(work_off)):
                done += moved
        return done


async def catch_up(
    keeper: Timekeeper, delivery: Delivery, store: Store, rounds: RoundKeeper | None = None
) -> dt.datetime | None:
    """All that is due by now, tips delivered and matching days held; and when something is due next."""
    while await keeper.once() + (await rounds.once(Stop()) if rounds else 0) + await delivery.once(Stop()):
        pass
    asked = (firing.next_moment, mentor_times.next_moment, matching_days.next_moment)
    return min(filter(None, [await store.read(each) for each in asked]), default=None)
