"""Sends what the outbox holds: each message at least once, paced, with a lease so that no other process does."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import Mapping

import structlog

from bot.clock import Stop, real_now
from bot.surface import Message, Refused, Surface, TryLater, Uncertain
from commands.kit.dispatch import Dispatcher
from storage import outbox, taking_back
from storage.outbox import Due
from storage.taking_back import TAKE_BACK, Elsewhere, There

LOG = structlog.get_logger()
LEASE = dt.timedelta(seconds=60)
IDLE_SECONDS = 0.5
ATTEMPTS_MOST = 12  # with the back-off below about a day
BACK_OFF_MOST = dt.timedelta(hours=4)


class Delivery:
    """One store's outbox, sent over the surfaces that are configured."""

    def __init__(self, dispatcher: Dispatcher, surfaces: Mapping[str, Surface]) -> None:
        self._dispatcher = dispatcher
        self._store = dispatcher.store
        self._surfaces = surfaces
        self._owner = secrets.token_hex(8)
        self._last: dict[str, float] = {}

    async def run(self, stop: Stop) -> None:
        """Delivers until told to stop; a message that is being sent then is still sent, and marked.

        A failure of the store is logged, and the messages tried again when their lease ends.
        """
        while not stop.told:
            try:
                claimed = await self.once(stop)
            except Exception:
                LOG.exception("delivery.failed")
                claimed = 0
            if claimed == 0:
                await stop.within(IDLE_SECONDS)

    async def once(self, stop: Stop) -> int:
        """Claims what is due on the surfaces that are connected and sends it; answers how much that was."""
        connected = [name for name, surface in self._surfaces.items() if surface.missing() is None]
        if not connected:
            return 0
        limit = self._claimable()
        ends = asyncio.get_running_loop().time() + LEASE.total_seconds() / 2
        dues = await self._store.write(
            outbox.claim, self._owner, limit, LEASE, real_now=real_now(), platforms=connected
        )
        for place, due in enumerate(dues):
            if stop.told or asyncio.get_running_loop().time() > ends:
                await self._give_back(dues[place:])
                break
            await self._deliver(due)
        return len(dues)

    async def _give_back(self, dues: list[Due]) -> None:
        """What was claimed and not tried is due again at once, for whoever is running."""
        for due in dues:
            await self._store.write(outbox.again, due, "given back untried", dt.timedelta())

    def _claimable(self) -> int:
        """No more than can be sent in half a lease at the slowest pace."""
        slowest = max((surface.pace for surface in self._surfaces.values()), default=1.0)
        return max(1, int(LEASE.total_seconds() / 2 / max(slowest, 0.1)))

    async def _deliver(self, due: Due) -> None:
        if due.notice == TAKE_BACK:
            await self._take_back(due)
            return
        try:
            composed = await self._dispatcher.compose(due)
        except Exception as error:
            LOG.exception("delivery.not_composed", notice=due.notice)
            await self._again(due, TryLater(repr(error)))
            return
        if composed is None:
            await self._store.write(outbox.sent, due, None)
            return
        card, language = composed
        place = due.member.uid if due.member else due.channel or ""
        message = Message(place, card, language, due.place.community, due.place.ext_id, due.key, again=not due.first)
        if due.member is None and self._unprotected(due):  # it may be there, and nothing would stop a second one
            await self._store.write(outbox.uncertain, due)
            return
        await self._send(self._surfaces[due.place.platform], due, message)

    def _unprotected(self, due: Due) -> bool:
        """Whether an earlier try may have arrived, longer ago than the platform knows the post's key again."""
        remembers = self._surfaces[due.place.platform].remembers
        return due.unsure_since is not None and (real_now() - due.unsure_since).total_seconds() > remembers

    async def _send(self, surface: Surface, due: Due, message: Message) -> None:
        try:
            if due.member is not None:
                await self._pace(surface)
                remote = await surface.tell(message)
            else:
                remote = await surface.post(message)
        except Refused as refused:
            if due.member is not None:
                await self._store.write(outbox.refused, due)
            else:
                await self._store.write(outbox.dead, due, str(refused))
        except Uncertain as unsure:
            await self._unsure(due, unsure)
        except TryLater as later:
            await self._again(due, later)
        except Exception as error:
            LOG.exception("delivery.not_sent", notice=due.notice)
            await self._unsure(due, error)
        else:
            await self._store.write(outbox.sent, due, remote)

    async def _take_back(self, due: Due) -> None:
        """Deletes what was posted; where nobody knows whether it was, moderators are left to look."""
        match await self._store.read(taking_back.whereabouts, due.ids):
            case There(remote):
                await self._delete(self._surfaces[due.place.platform], due, remote)
            case Elsewhere.UNDERWAY:
                await self._again(due, TryLater("the post is still being sent"))
            case Elsewhere.NOT_THERE:
                await self._store.write(outbox.sent, due, None)
            case Elsewhere.UNKNOWN:
                await self._store.write(outbox.dead, due, "nobody knows whether the post is there")

    async def _delete(self, surface: Surface, due: Due, remote: str) -> None:
        try:
            await surface.take_back(due.channel or "", remote)
        except Refused as refused:
            await self._store.write(outbox.dead, due, str(refused))
        except TryLater as later:
            await self._again(due, later)
        except Exception as error:
            LOG.exception("delivery.not_taken_back")
            await self._again(due, TryLater(repr(error)))
        else:
            await self._store.write(outbox.sent, due, None)

    async def _unsure(self, due: Due, error: Exception) -> None:
        """A person is told again, at worst twice; a post is left to the moderators."""
        if due.member is None:
            await self._store.write(outbox.uncertain, due)
        else:
            await self._again(due, TryLater(repr(error)))

    async def _again(self, due: Due, later: TryLater) -> None:
        if due.attempt >= ATTEMPTS_MOST:
            LOG.warning("delivery.given_up", notice=due.notice, reason=str(later))
            await self._store.write(outbox.dead, due, str(later))
            return
        backed = min(dt.timedelta(seconds=2**due.attempt * 5), BACK_OFF_MOST)
        after = max(backed, dt.timedelta(seconds=later.after or 0))
        await self._store.write(outbox.again, due, str(later), after)

    async def _pace(self, surface: Surface) -> None:
        """Waits until the platform's pace allows the next direct message."""
        clock = asyncio.get_running_loop().time
        ready = self._last.get(surface.platform, float("-inf")) + surface.pace
        await asyncio.sleep(max(0.0, ready - clock()))
        self._last[surface.platform] = clock()
