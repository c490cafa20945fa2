"""What the storage holds of a member and of what is to be sent, where a test has to look behind the cards."""

from __future__ import annotations

import datetime as dt

from storage import outbox, results
from storage.due import Due
from storage.results import Stored
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver

LEASE = dt.timedelta(seconds=60)


async def latest_result(chat: DirectDriver) -> Stored:
    """This member's newest result, which they have."""
    found = await chat.dispatcher.store.read(results.latest, await chat.me())
    assert found is not None
    return found


async def claimed(chat: DirectDriver, clock: SetClock) -> list[Due]:
    """What is due now, as the delivery takes it."""
    return await chat.dispatcher.store.write(outbox.claim, "o", 9, LEASE, real_now=clock.now())
