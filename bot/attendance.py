"""Looks, after an answer, whether those whose names stood on it are still there: who has left drops out of boards."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

import structlog

from bot.clock import Stop, real_now
from bot.fault import Fault
from bot.surface import Refused, Surface, TryLater, can_send
from storage import appearances, communities, paces
from storage.communities import Community
from storage.store import Busy, Store

LOG = structlog.get_logger()
REST_SECONDS = 1.0  # between two communities, so that views without end cost one read a second
AGAIN_SECONDS = 30.0  # after a platform that did not say


class Attendance:
    """One surface's questions: no faster than its `look_pace`, none twice a day; no member waits for them.

    What a platform does not say changes nothing: the next view asks again.
    """

    def __init__(self, store: Store, surface: Surface, *, rest: float = REST_SECONDS) -> None:
        self._store = store
        self._surface = surface
        self._rest = rest

    async def run(self, stop: Stop) -> None:
        """Looks until told to stop, and ends at once then: what was just asked is asked another time."""
        await stop.unless_told(self._keep_on())

    async def _keep_on(self) -> None:
        fault = Fault("attendance.failed")
        while True:
            community_id, uids = await self._surface.named.take()
            try:
                await self._look(community_id, uids)
                fault.over()
            except Busy:
                LOG.debug("attendance.busy")
            except Exception as error:  # noqa: BLE001 -- it is logged; the next view asks again
                fault.met(error)
            await asyncio.sleep(self._rest)

    async def _look(self, community_id: int, uids: Collection[str]) -> None:
        """Whoever is gone drops out at once; those who are here are kept together."""
        place = await self._there(community_id)
        if place is None or not can_send(self._surface):
            return
        here: list[str] = []
        for uid in await self._store.read(appearances.to_look_for, community_id, uids):
            await self._turn(place.ext_id)
            if await self._there(community_id) is None:  # since the turn before
                return
            there, pause = await self._ask(place.ext_id, uid)
            if there:
                here.append(uid)
            elif there is False:
                LOG.info("attendance.gone", platform=place.platform, uid=uid)
                await self._keep(community_id, (), [uid])
            await asyncio.sleep(pause)
        await self._keep(community_id, here, ())

    async def _there(self, community_id: int) -> Community | None:
        """The community, unless it is gone or has removed the app."""
        place = await self._store.read(communities.by_id, community_id)
        return None if place is None or place.left else place

    async def _turn(self, community_ext: str) -> None:
        """Waits until it may be asked: other processes ask too."""
        surface, now = self._surface, real_now()
        if surface.look_pace:
            name = f"{surface.platform.value}:look:{community_ext if surface.paced_apart else ''}"
            turns = await self._store.write(paces.take, {name: 1}, surface.look_pace, now + paces.WRONG, real_now=now)
            await asyncio.sleep((turns[name][0] - now).total_seconds())

    async def _ask(self, community_ext: str, uid: str) -> tuple[bool | None, float]:
        """Whether they are there, None where the platform does not say; and how long to pause then."""
        pace = self._surface.look_pace
        try:
            return await self._surface.has(community_ext, uid), pace
        except Refused as refused:
            LOG.debug("attendance.refused", uid=uid, reason=str(refused))
            return None, pace
        except TryLater as later:
            LOG.debug("attendance.later", uid=uid, reason=str(later))
            return None, max(pace, AGAIN_SECONDS if later.after is None else later.after)
        except Exception:
            LOG.exception("attendance.not_asked")
            return None, max(pace, AGAIN_SECONDS)

    async def _keep(self, community_id: int, here: Sequence[str], gone: Sequence[str]) -> None:
        if here or gone:
            await self._store.write(appearances.looked_for, community_id, here, gone)
