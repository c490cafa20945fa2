"""Turns that were taken in real time are waited for by the loop's clock."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

from bot.clock import Stop, real_now
from bot.fence import Lease
from bot.turns import Batch
from storage.claiming import Pace
from storage.outbox import Lane


async def test_a_clock_that_is_set_back_meanwhile_holds_up_no_turn() -> None:
    second = dt.timedelta(seconds=1)
    lease = replace(Lease.of(60 * second), really_begun=real_now() + dt.timedelta(hours=1))
    pace = Pace("discord", Lane.MESSAGES, 1.0, apart=False)
    batch = Batch.of(pace, lease, Stop(), lambda: True, {"mine": [lease.really_begun, lease.really_begun + second]})

    assert [batch.next_turn("mine") - lease.begun for _ in range(2)] == [0.0, 1.0]
    assert batch.next_turn("mine") <= asyncio.get_running_loop().time()
