"""A few people of mentoring, in as many copies of one database as there are ways for things to go on."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass, replace

import pytest

from bot.pictures.studio import Pictures
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher, Reply
from commands.kit.press import Argument, Press
from commands.kit.request import Call, Pressed, Words
from content.load import Content
from storage import mentor_times
from storage.due import DUE, read_due
from storage.store import Store
from storage.tables import member, outbox
from storage.unit import Unit
from tests.conftest import Faults, SetClock
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.looking import Drawn, drawn, seen_by
from tests.storage.mentoring import TERMS, WANTED, mentee, mentor

EXPIRED, MATCHED = 1, 1
"""Ada's request to Max that he let pass, and their match that has ended; old cards carry the ids."""
MAX, NED = 1, 2
"""Their offers."""
CALLS = (
    "pmpath home", "pmpath mentor find", "pmpath mentor mine", "pmpath mentor offer", "pmpath privacy",
    "pmpath community", "pmpath-mod mentors", "pmpath-mod audit", "pmpath-mod settings",
)  # fmt: skip
OLD: tuple[tuple[str, tuple[Argument, ...]], ...] = (
    *((action, (offer,)) for action in ("mentor.look", "mentor.ask-first") for offer in (MAX, NED)),
    *((f"mentor.report-{kind}", (1,)) for kind in ("offer", "request", "match")),
    *(("mentor.apart", (kind, 1)) for kind in ("offer", "request", "match")),
    *((action, (1,)) for action in ("mentor.request", "mentor.declining", "mentor.wish", "mentor.match", "mentor.kit")),
    *((action, (2,)) for action in ("mentor.request", "mentor.declining", "mentor.wish")),
    ("mentor.match-end", (MATCHED,)),
)
"""Cards of before that those two press again."""
APART = {action for action, _arguments in OLD} | {"mentor.apart", "mentors.page"}
FOLLOWS = {"mentor.look", "mentor.ask-first", "mentor.wish", "mentor.match", "mentor.request", "mentor.wait-first",
           "mentor.kit", "mentor.ask-for", "mentor.match-end", "mentor.declining", "privacy.export", "privacy.ask",
           "mentors.look", "mentors.reports", "mentors.report", "mentors.settings", "mentor.pause",
           "community"}  # fmt: skip
NOW = dt.datetime(2026, 11, 26, 10, 0, tzinfo=dt.UTC)
Step = tuple[Argument, ...]
"""Who presses what, with its arguments."""


@dataclass(frozen=True, slots=True)
class World:
    """Ada looks for a mentor, Max and Ned are some, Bea looks as well, Mo moderates."""

    chat: DirectDriver
    clock: SetClock

    def who(self, name: str) -> DirectDriver:
        return self.chat.other(uid=f"u-{name.lower()}", name=name, moderator=name == "Mo")

    async def press(self, name: str, action: str, *arguments: Argument, **values: tuple[str, ...]) -> Drawn:
        """A press from any card, however old."""
        driver = self.who(name)
        await driver.call(Pressed(Press(action, arguments).wire((await driver.me()).community)), values)
        return drawn(driver, driver.reply)

    async def later(self, **by: float) -> None:
        """What comes due by then is done."""
        self.clock.move(**by)
        while await self.chat.dispatcher.store.write(mentor_times.work_off):
            pass

    async def told(self, name: str) -> list[tuple[str, Drawn]]:
        """All messages of mentoring to somebody, as they would be said now."""
        me = await self.who(name).me()

        def rows(unit: Unit) -> list[object]:
            mine = DUE.where(member.c.uid == me.uid, member.c.community_id == me.community).order_by(outbox.c.id)
            return list(unit.execute(mine))

        found = []
        for row in await self.chat.dispatcher.store.read(rows):
            due = read_due(row)  # type: ignore[arg-type]  # it is a row of DUE
            said = await self.chat.dispatcher.compose(due)
            view = () if said is None else drawn(self.chat, Reply(*said, due.place.community))
            found.append((due.notice, view))
        return found

    async def seen(self, name: str) -> dict[str, Drawn]:
        """All that somebody can see of mentoring, and the messages to them."""
        driver = self.who(name)
        here = (await driver.me()).community
        old = OLD if name in {"Ada", "Max"} else ()
        calls: list[Call] = [Pressed(Press(action, arguments).wire(here)) for action, arguments in old]
        calls += [Words(*words.split(" ", 1)) for words in CALLS]
        found = await seen_by(driver, calls, APART, FOLLOWS)
        found |= {f"message {place}": (notice, *said) for place, (notice, said) in enumerate(await self.told(name))}
        return found


async def settle(world: World) -> None:
    """What has been before: of Ada and Max a request without an answer, and a match that has ended."""
    store = world.chat.dispatcher.store
    for name in ("Max", "Ned"):
        await mentor(store, await world.who(name).me(), replace(TERMS, capacity=3))
    await answer_all(world.who("Ada"), {"background": [3, 7]}, letter="B")
    for name in ("Ada", "Bea", "Cy", "Di"):
        await mentee(store, await world.who(name).me(), WANTED)
    await world.who("Mo").run("/pmpath language en")
    await world.press("Ada", "mentor.ask", MAX)
    await world.later(hours=73)
    assert world.clock.moment == NOW
    await world.press("Ada", "mentor.ask", MAX)
    await world.press("Max", "mentor.accept", 2)
    await world.press("Ada", "mentor.match-end-now", MATCHED)


@dataclass(frozen=True, slots=True)
class Worlds:
    """What the database was when all had moved in, put back for each way on: its ids are the same in all of them."""

    settled: sqlite3.Connection
    live: sqlite3.Connection
    clock: SetClock
    again: Callable[[], DirectDriver]

    async def after(self, *steps: Step) -> World:
        """One in which these were pressed, one after the other."""
        self.settled.backup(self.live)
        self.clock.moment = NOW
        world = World(self.again(), self.clock)
        for name, action, *arguments in steps:
            await world.press(str(name), str(action), *arguments)
        return world


@pytest.fixture
async def worlds(
    sqlite_url: str, clock: SetClock, content: Content, registry: Registry, pictures: Pictures, faults: Faults
) -> AsyncIterator[Worlds]:
    store = await Store.open(sqlite_url, now=clock.now, points=content.points)

    def again() -> DirectDriver:
        return DirectDriver(Dispatcher(store, content, registry, now=clock.now, draw=pictures.draw))

    await settle(World(again(), clock))
    path = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(":memory:")) as settled, closing(sqlite3.connect(path)) as live:
        live.backup(settled)
        yield Worlds(settled, live, clock, again)
    await store.close()
