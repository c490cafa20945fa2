"""Keeps who was here, for the members who only read: otherwise they would be erased as if they had stayed away."""

from __future__ import annotations

import structlog

from bot.clock import Stop
from bot.fault import Fault
from commands.kit.seen import Seen
from storage import fading
from storage.store import Busy, Store

LOG = structlog.get_logger()
REST_SECONDS = 1.0


async def note_seen(store: Store, seen: Seen, stop: Stop) -> None:
    """Until told to stop. Who is not noted, since the store is busy or fails, is so when they come again."""
    fault = Fault("seen.failed")
    while not stop.told:
        people = await stop.unless_told(seen.take())
        if people is None:
            return
        try:
            await store.write(fading.seen, people)
            fault.over()
        except Busy:
            LOG.debug("seen.busy")
        except Exception as error:  # noqa: BLE001 -- it is logged, and the next are noted
            fault.met(error)
        await stop.within(REST_SECONDS)
