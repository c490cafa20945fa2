"""The rehearsal room: its invented members, and a clock that can be moved on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
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
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> dt.datetime:
        """The room's time. Also called in the store's writing thread."""
        return self._real() + self._offset

    @property
    def offset_seconds(self) -> int:
        """By how much the room is ahead of the real time."""
        return int(self._offset.total_seconds())

    def listen(self, callback: Callable[[], None]) -> None:
        """Calls this whenever the clock was moved, so that what has come due is seen at once."""
        self._listeners.append(callback)

    async def resume(self, store: Store) -> None:
        """Takes up the offset that an earlier process left."""
        room = await store.read(communities.find, ROOM.platform.value, ROOM.ext_id)
        if room is not None:
            self._offset = dt.timedelta(seconds=int(room.settings.get(OFFSET) or 0))

    async def move(self, store: Store, delta: dt.timedelta) -> None:
        """Moves the room's time on, and keeps by how much."""
        offset = self._offset + delta
        await store.write(_keep, int(offset.total_seconds()))
        self._offset = offset
        for listener in self._listeners:
            listener()


def _keep(unit: Unit, seconds: int) -> None:
    room = communities.seen(unit, ROOM.platform.value, ROOM.ext_id, ROOM.name, Language.EN)
    communities.set_setting(unit, room.id, OFFSET, seconds)
