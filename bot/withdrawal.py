"""Taking posts back: deleting one that stands, calling off one that a platform still holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.surface import HandsOver, Refused, Surface, TryLater
from storage import outbox, taking_back
from storage.due import Due
from storage.postings import CALL_OFF
from storage.store import Store
from storage.taking_back import TAKE_BACK, Elsewhere, There

LOG = structlog.get_logger()
NOTICES = frozenset({TAKE_BACK, CALL_OFF})
Again = Callable[[Due, TryLater], Awaitable[None]]


async def withdraw(store: Store, surface: Surface, due: Due, again: Again) -> None:
    """What a row of the outbox asks for that stands for no card."""
    if due.notice == CALL_OFF:
        await _call_off(store, surface, due, again)
    else:
        await _take_back(store, surface, due, again)


async def _take_back(store: Store, surface: Surface, due: Due, again: Again) -> None:
    """Deletes what was posted; where nobody knows whether it was, moderators are left to look."""
    match await store.read(taking_back.whereabouts, due.ids):
        case There(remote):
            await _delete(store, surface, due, remote, again)
        case Elsewhere.UNDERWAY:
            await again(due, TryLater("the post is still being sent"))
        case Elsewhere.NOT_THERE:
            await store.write(outbox.sent, due, None)
        case Elsewhere.UNKNOWN:
            await store.write(outbox.dead, due, "nobody knows whether the post is there")


async def _delete(store: Store, surface: Surface, due: Due, remote: str, again: Again) -> None:
    try:
        await surface.take_back(due.place.ext_id, due.channel or "", remote)
    except Refused as refused:
        await store.write(outbox.dead, due, str(refused))
    except TryLater as later:
        await again(due, later)
    except Exception as error:
        LOG.exception("delivery.not_taken_back")
        await again(due, TryLater(repr(error)))
    else:
        await store.write(outbox.sent, due, None)


async def _call_off(store: Store, surface: Surface, due: Due, again: Again) -> None:
    """Asks the platform for the post back; where it is too late the post goes out.

    After an earlier try whose end nobody saw "too late" may mean that it was given back then.
    """
    given_back: bool | None = False
    try:
        if isinstance(surface, HandsOver):
            await surface.call_off(due.place.ext_id, due.channel or "", str(due.ids["remote"]))
            given_back = True
    except Refused as refused:
        LOG.info("delivery.not_called_off", why=refused.why)
        given_back = False if due.unsure_since is None else None
    except TryLater as later:
        await again(due, later)
        return
    except Exception as error:
        LOG.exception("delivery.not_called_off")
        await again(due, TryLater(repr(error)))
        return
    await store.write(outbox.called_off, due, given_back=given_back)
