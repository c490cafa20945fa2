"""Time for the program, and what it does by its own clock."""

from __future__ import annotations

import asyncio
import datetime as dt

import structlog

from storage import upkeep
from storage.store import Store

LOG = structlog.get_logger()
UPKEEP_SECONDS = 3600.0


def real_now() -> dt.datetime:
    """The machine's time, aware of its zone."""
    return dt.datetime.now(dt.UTC)


async def keep_up(store: Store) -> None:
    """Applies the retention rules now and then every hour, until cancelled. What they erase leaves the files too."""
    while True:
        try:
            more = True
            while more:
                more = await store.write(upkeep.prune)
            await store.prune_copies()
            await store.scrub()
        except Exception:
            LOG.exception("upkeep.failed")
        await asyncio.sleep(UPKEEP_SECONDS)
