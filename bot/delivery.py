"""Sends what the outbox holds: each message at least once, paced, with a lease so that no other process does."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import structlog

from bot import fence, withdrawal
from bot.clock import Stop, real_now
from bot.fault import Fault
from bot.fence import Lease
from bot.handover import hand_over, look_for
from bot.surface import HandsOver, Message, Perhaps, Refused, Surface, TryLater, Uncertain, can_send
from bot.turns import Batch, Pacer
from commands.kit.dispatch import Dispatcher
from commands.kit.view import Card
from content.text import Language
from storage import claiming, firing, outbox, paces, postings
from storage.claiming import Claimed, Pace
from storage.due import Due
from storage.firing import GRACE
from storage.outbox import Lane
from storage.unit import Unit

LOG = structlog.get_logger()
LEASE = dt.timedelta(seconds=60)
IDLE_SECONDS = 0.5
ATTEMPTS_MOST = 12  # with the back-off below about a day
BACK_OFF_MOST = dt.timedelta(hours=4)
TRIED_FOR = dt.timedelta(minutes=30)  # past its time, what is for one
BACK_OFF_TIMED = dt.timedelta(minutes=5)
CLAIMED_MOST = 100  # at once, however quickly they could be sent
SLOWEST = 0.1  # seconds that a message may take, where its surface names no pace
KNOWN_AGAIN = dt.timedelta(seconds=5)  # until a post without an answer is sent again to a platform that knows it
SIDE_BY_SIDE = 16  # posts under way at once
MARKED_TRIES = 5
MARKED_AGAIN = 1.0  # seconds; the database has waited for some already
End = Callable[[Unit, Due, str], bool]
"""How a row of the outbox ends that has gone out, by the platform's id."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one platform's posts, or its messages, wait in: the pace of one holds up no other."""

    lane: Lane
    surface: Surface
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def pace(self) -> Pace:
        seconds = _pace(self.surface, self.lane)
        return Pace(self.surface.platform.value, self.lane, seconds, self.surface.paced_apart)

    @property
    def side_by_side(self) -> int:
        """How many may be under way at once; of messages in one pace only one, so that they come in order."""
        return SIDE_BY_SIDE if self.lane is Lane.POSTS or self.surface.paced_apart else 1

    @property
    def claimable(self) -> int:
        """No more than can be sent in half a lease."""
        if self.surface.paced_apart:
            return CLAIMED_MOST
        slowest = max(_pace(self.surface, self.lane), SLOWEST)
        return min(CLAIMED_MOST, max(1, int(LEASE.total_seconds() / 2 / slowest)))


class Delivery:
    """One store's outbox, sent over the surfaces that are configured."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        surfaces: Mapping[str, Surface],
        may_go_on: Callable[[], bool] = lambda: True,
    ) -> None:
        self._dispatcher = dispatcher
        self._may_go_on = may_go_on
        self._store = dispatcher.store
        self._surfaces = surfaces
        self._owner = secrets.token_hex(8)
        self._pacer = Pacer()
        self._lines = [Line(lane, surface) for surface in surfaces.values() for lane in Lane]

    async def run(self, stop: Stop) -> None:
        """Delivers while the clock can be believed, until told to stop; what is being sent then is sent, and marked.

        A failure of the store is logged, and the messages tried again when their lease ends.
        """
        await asyncio.gather(*(self._keep_on(line, stop) for line in self._lines))

    async def once(self, stop: Stop) -> int:
        """Claims what is due on connected surfaces and sends it, whatever the clock is; answers how much that was."""
        return sum([await self._once(line, stop, lambda: True) for line in self._lines])

    async def _keep_on(self, line: Line, stop: Stop) -> None:
        fault = Fault("delivery.failed")
        while not stop.told:
            try:
                claimed = await self._once(line, stop, self._may_go_on)
                fault.over()
            except Exception as error:  # noqa: BLE001 -- it is logged, and tried again
                fault.met(error)
                claimed = 0
            if claimed == 0:
                await stop.within(IDLE_SECONDS)

    async def _once(self, line: Line, stop: Stop, may_go_on: Callable[[], bool]) -> int:
        async with line.busy:
            return await self._claimed(line, stop, may_go_on) if can_send(line.surface) and may_go_on() else 0

    async def _claimed(self, line: Line, stop: Stop, may_go_on: Callable[[], bool]) -> int:
        lease = Lease.of(LEASE)
        claimed: Claimed = await self._store.write(
            claiming.claim, self._owner, line.claimable, LEASE, line.pace, real_now=lease.really_begun
        )
        batch = Batch.of(line.pace, lease, stop, may_go_on, claimed.turns)
        side_by_side = asyncio.Semaphore(line.side_by_side)
        with fence.held(lease):
            sending = (self._in_turn(due, side_by_side, batch) for due in claimed.dues)
            faults = await asyncio.gather(*sending, return_exceptions=True)
        for name, turns in batch.turns.items():
            if turns:
                await self._store.write(paces.give_back, name, batch.pace.seconds, list(turns))
        for fault in filter(None, faults):
            raise fault  # once all have ended
        return len(claimed.dues)

    async def _in_turn(self, due: Due, side_by_side: asyncio.Semaphore, batch: Batch) -> None:
        async with side_by_side:
            if batch.is_over:
                await self._untried(due)
            else:
                await self._deliver(due, batch)

    async def _untried(self, due: Due) -> None:
        """It is as due as before, for whoever is running."""
        await self._store.write(outbox.unclaim, [due])

    async def _deliver(self, due: Due, batch: Batch) -> None:
        surface = self._surfaces[due.place.platform]
        if due.notice in withdrawal.NOTICES:
            await withdrawal.withdraw(self._store, surface, due, self._again)
            return
        if due.post_at is not None and self._dispatcher.now() > due.post_at + GRACE:
            await self._store.write(firing.pass_over if due.unsure_since is None else outbox.uncertain, due)
            return
        try:
            composed = await self._dispatcher.compose(due)
        except Exception as error:
            LOG.exception("delivery.not_composed", notice=due.notice)
            await self._again(due, TryLater(repr(error)))
            return
        if composed is not None:
            await self._paced(surface, due, _message(due, *composed), batch)
        elif due.notice == postings.WEEKLY:  # a tip of which there is nothing to show is missed by somebody
            await self._dead(due, "other")
        else:
            await self._store.write(outbox.sent, due, None)

    async def _paced(self, surface: Surface, due: Due, message: Message, batch: Batch) -> None:
        name = batch.pace.name(due.place.ext_id)
        await self._pacer.turn(name, batch.pace.seconds, batch.next_turn(name))
        if batch.may_begin:
            await self._send(surface, due, message)
        else:
            await self._untried(due)

    async def _send(self, surface: Surface, due: Due, message: Message) -> None:
        try:
            if isinstance(surface, HandsOver) and due.post_at is not None and due.unsure_since is not None:
                found = await look_for(self._store, surface, due, message, self._dispatcher.now())
                due = replace(due, unsure_since=None if found is None else due.unsure_since)
                end, remote = (outbox.handed, found) if found else await self._post(surface, due, message)
            elif due.member is None:
                end, remote = await self._post(surface, due, message)
            else:
                end, remote = outbox.sent, await fence.in_time(surface.tell(message))
        except Refused as refused:
            await self._refused(due, refused)
        except Uncertain as unsure:
            if due.member is None and self._knows_again(surface, due):
                await self._store.write(outbox.look, due, str(unsure), KNOWN_AGAIN)
            else:
                await self._unsure(due, unsure)
        except Perhaps as perhaps:
            await self._perhaps(due, perhaps)
        except TryLater as later:
            await self._again(due, later)
        except Exception as error:
            LOG.exception("delivery.not_sent", notice=due.notice)
            await self._unsure(due, error)
        else:
            await self._marked(end, due, remote)

    async def _marked(self, end: End, due: Due, remote: str) -> None:
        """Keeps that it was sent, however long the database cannot: what is not kept is sent again, or in doubt."""
        fault = Fault("delivery.not_marked")
        for left in reversed(range(MARKED_TRIES)):
            try:
                await self._store.write(end, due, remote)
            except Exception as error:
                fault.met(error)
                if not left:
                    raise
                await asyncio.sleep(MARKED_AGAIN)
            else:
                return

    async def _post(self, surface: Surface, due: Due, message: Message) -> tuple[End, str]:
        """To a channel, or into the platform's hands where it takes it ahead of its time."""
        if isinstance(surface, HandsOver) and due.post_at is not None:
            remote = await hand_over(surface, message, due.post_at - self._dispatcher.now())
            if remote is not None:
                return outbox.handed, remote
        if self._unprotected(surface, due):  # it may be there, and nothing would stop a second one
            raise Uncertain("an earlier try may have arrived")
        return outbox.sent, await fence.in_time(surface.post(message))

    def _knows_again(self, surface: Surface, due: Due) -> bool:
        """Whether the platform will not post it twice if it is sent again soon."""
        since = due.unsure_since or real_now() - LEASE / 2  # no try begins later in its lease
        return _apart(real_now() + 2 * KNOWN_AGAIN, since) < surface.remembers

    def _unprotected(self, surface: Surface, due: Due) -> bool:
        """Whether an earlier try may have arrived, longer ago than the platform knows the post's key again."""
        return due.unsure_since is not None and _apart(real_now(), due.unsure_since) > surface.remembers

    async def _refused(self, due: Due, refused: Refused) -> None:
        if due.member is not None:
            await self._store.write(outbox.refused, due)
        else:
            await self._dead(due, refused.why if due.notice == postings.WEEKLY else str(refused))

    async def _unsure(self, due: Due, error: Exception) -> None:
        """A person is told again, at worst twice; a post is left to the moderators."""
        if due.member is None:
            await self._store.write(outbox.uncertain, due)
        else:
            await self._again(due, TryLater(repr(error)))

    async def _perhaps(self, due: Due, perhaps: Perhaps) -> None:
        """A person is told again; a post is tried again as one that may be there."""
        if due.member is None:
            await self._store.write(outbox.look, due, str(perhaps), dt.timedelta(seconds=perhaps.after or 0))
        else:
            await self._again(due, perhaps)

    async def _again(self, due: Due, later: TryLater) -> None:
        if self._given_up(due, later):
            LOG.warning("delivery.given_up", notice=due.notice, reason=str(later))
            await self._dead(due, str(later))
            return
        await self._store.write(outbox.again, due, str(later), _back_off(due, due.attempt, later))

    async def _dead(self, due: Due, error: str) -> None:
        """It is given up; a post of which an earlier try may have arrived is in doubt instead."""
        if due.member is None and due.unsure_since is not None and due.notice not in withdrawal.NOTICES:
            await self._store.write(outbox.uncertain, due)
        else:
            await self._store.write(outbox.dead, due, error)

    def _given_up(self, due: Due, later: TryLater) -> bool:
        """What is for a time has half an hour from then on, and from its first try, which may come much later."""
        if due.post_at is None:
            return due.attempt >= ATTEMPTS_MOST
        tried_for = sum((_back_off(due, attempt, later) for attempt in range(1, due.attempt)), dt.timedelta())
        return self._dispatcher.now() > due.post_at + TRIED_FOR and tried_for >= TRIED_FOR


def _message(due: Due, card: Card, language: Language) -> Message:
    place = due.member.uid if due.member else due.channel or ""
    return Message(place, card, language, due.place.community, due.place.ext_id, due.key, not due.first, due.post_at)


def _apart(moment: dt.datetime, other: dt.datetime) -> float:
    """Seconds between two moments; one ahead was seen by a clock that was set back, who knows how long ago."""
    return abs((moment - other).total_seconds())


def _pace(surface: Surface, lane: Lane) -> float:
    return surface.pace if lane is Lane.MESSAGES else surface.post_pace


def _back_off(due: Due, attempt: int, later: TryLater) -> dt.timedelta:
    """How long to wait after this attempt."""
    backed = min(dt.timedelta(seconds=2 ** min(attempt, 20) * 5), BACK_OFF_TIMED if due.post_at else BACK_OFF_MOST)
    return max(backed, dt.timedelta(seconds=later.after or 0))
