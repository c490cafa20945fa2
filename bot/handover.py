"""Giving a post to a platform ahead of its time, so that a crash in between does not post it twice."""

from __future__ import annotations

import datetime as dt

from bot import fence
from bot.surface import HandsOver, Message, Perhaps, Refused, Uncertain
from storage import outbox
from storage.due import Due
from storage.store import Store

LOOK_AFTER = 60.0  # seconds until what may have been taken is looked for; Slack lists it with a delay
TOO_NEAR = dt.timedelta(seconds=10)  # before its time a post is not handed over any more, but posted


async def look_for(store: Store, surface: HandsOver, due: Due, message: Message, now: dt.datetime) -> str | None:
    """The platform's id of what an earlier try, whose end nobody saw, left pending; None where it surely left nothing.

    Raises Refused, TryLater or Uncertain.
    """
    assert due.post_at is not None
    if due.post_at - now < TOO_NEAR:
        raise Uncertain("an earlier try may have been posted")
    found = await surface.handed(message)
    if found is None and not await store.write(outbox.was_not_there, due):
        raise Perhaps("another process has it by now")
    return found


async def hand_over(surface: HandsOver, message: Message, left: dt.timedelta) -> str | None:
    """The platform's id of the pending post; None where it has to be posted at once, since so little time is left.

    Raises Refused, Perhaps or TryLater: what may have been taken is looked for among what is pending.
    """
    if left < TOO_NEAR:
        return None
    try:
        return await fence.in_time(surface.hand_over(message))
    except Uncertain as unsure:
        raise Perhaps(str(unsure), LOOK_AFTER) from unsure
    except Refused as refused:
        if refused.why == "too-late":
            return None
        raise
