"""The rehearsal room: its invented members, and a clock that can be moved on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from commands.kit.request import CommunityKey, Platform
from content.text import Language
from storage import communities
from storage.store import Store
from storage.unit import Unit

ROOM = CommunityKey(Platform.WEB, "sandbox", "Rehearsal room")
CHANNEL = "channel"  # the room's only one
OFFSET = "clock_offset_seconds"
STEPS = {
    "hour": dt.timedelta(hours=1),
    "day": dt.timedelta(days=1),
    "week": dt.timedelta(weeks=1),
}


CatchUp = Callable[[], Awaitable[dt.datetime | None]]
"""Does all that is due, and answers when something is due next."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An invented member. Without a locale the app speaks the browser's language."""

    uid: str
    name: str
    zone: str
    locale: str | None = None
    moderator: bool = False


PEOPLE = (
    DemoPerson("kim", "Kim O’Hara-Lindqvist", "Europe/Stockholm"),
    DemoPerson("xiaoyu", "林晓雨", "Asia/Shanghai", "zh-CN"),
    DemoPerson("ada", "Ada Okafor", "Africa/Lagos", moderator=True),
    DemoPerson("jose", "José Álvarez Núñez", "America/Mexico_City"),
    DemoPerson("zoya", "Зоя Климова", "Asia/Almaty"),
    DemoPerson("nur", "نور حداد", "Asia/Amman"),
    DemoPerson("arav", "आरव मेहता", "Asia/Kolkata", "en-IN"),
)


class SandboxClock:
    """The room's time: the real one and what it was moved on by, which a restart keeps."""

    def __init__(self, real: Callable[[], dt.datetime]) -> None:
        self._real = real
        self._offset = dt.timedelta()
        self._catch_up: CatchUp | None = None

    def now(self) -> dt.datetime:
        """The room's time. Also called in the store's writing thread."""
        return self._real() + self._offset

    @property
    def offset_seconds(self) -> int:
        """By how much the room is ahead of the real time."""
        return int(self._offset.total_seconds())

    def follow(self, catch_up: CatchUp) -> None:
        """Whatever comes due on the way is done at its own moment, by this."""
        self._catch_up = catch_up

    async def resume(self, store: Store) -> None:
        """Takes up the offset that an earlier process left."""
        self._offset = await store.read(ahead)

    async def move(self, store: Store, delta: dt.timedelta) -> None:
        """Moves the room's time on, stopping wherever something comes due, and keeps by how much."""
        target = self.now() + delta
        while (due := await self._caught_up()) is not None and due < target:
            await self._jump(store, due - self.now())
        await self._jump(store, target - self.now())
        await self._caught_up()

    async def _caught_up(self) -> dt.datetime | None:
        return None if self._catch_up is None else await self._catch_up()

    async def _jump(self, store: Store, by: dt.timedelta) -> None:
        offset = self._offset + by
        await store.write(_keep, offset.total_seconds())
        self._offset = offset


def ahead(unit: Unit) -> dt.timedelta:
    """By how much the room in this database is ahead; nothing where there is none."""
    room = communities.find(unit, ROOM.platform.value, ROOM.ext_id)
    return dt.timedelta(seconds=int(room.settings.get(OFFSET) or 0)) if room else dt.timedelta()


def _keep(unit: Unit, seconds: float) -> None:
    room = communities.seen(unit, ROOM.platform.value, ROOM.ext_id, ROOM.name, Language.EN)
    communities.set_setting(unit, room.id, OFFSET, round(seconds))
