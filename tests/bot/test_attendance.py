"""Who is named on an answer is looked for afterwards: paced, bounded, once a day, and never waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import attendance, named
from bot.attendance import Attendance
from bot.clock import Stop
from bot.named import Named
from bot.program import open_parts
from bot.settings import Settings
from bot.surface import Message, Refused, TryLater
from commands.kit.request import Platform
from content.text import Language
from storage import communities, departures
from storage.store import Busy, Store
from tests.bot.board import STOP_SECONDS, Standing
from tests.conftest import Faults, SetClock

UIDS = ("ada", "bo", "cy")


@dataclass(slots=True)
class Place:
    """A platform that answers whether somebody is there by `says`, and notes when it was asked about whom."""

    says: dict[str, bool | Exception | asyncio.Event] = field(default_factory=dict)
    asked: list[tuple[float, str]] = field(default_factory=list)
    down: str | None = None
    platform: Platform = Platform.WEB
    native: frozenset[type] = frozenset()
    pace: float = 0.0
    post_pace: float = 0.0
    look_pace: float = 0.0
    paced_apart: bool = False
    remembers: float = 0.0
    named: Named = field(default_factory=Named)

    async def run(self) -> None: ...
    async def close(self) -> None: ...
    async def tell(self, message: Message) -> str:
        raise NotImplementedError

    async def post(self, message: Message) -> str:
        raise NotImplementedError

    async def take_back(self, community_ext: str, channel: str, remote: str) -> None: ...
    def missing(self) -> str | None:
        return self.down

    async def has(self, community_ext: str, uid: str) -> bool:
        assert community_ext == "room"
        self.asked.append((asyncio.get_running_loop().time(), uid))
        answer = self.says.get(uid, True)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return True
        return answer

    @property
    def people(self) -> list[str]:
        return [uid for _at, uid in self.asked]

    @property
    def gaps(self) -> list[float]:
        """Seconds between one question and the next."""
        return [after - before for (before, _), (after, _) in zip(self.asked, self.asked[1:], strict=False)]


@dataclass(slots=True)
class Look:
    """A community with Ada, Bo and Cy on its board, its platform, and who looks for them."""

    store: Store
    place: Place
    standing: Standing
    stop: Stop

    def name(self, *uids: str) -> None:
        self.place.named.add(self.standing.community, uids)

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not true():  # noqa: ASYNC110 - what is waited for has no event
                await asyncio.sleep(0.005)


@pytest.fixture
async def look(store: Store, faults: Faults) -> AsyncIterator[Look]:
    community = (await store.write(communities.seen, "web", "room", "Room", Language.EN)).id
    standing = Standing(store, community)
    for tips, uid in enumerate(reversed(UIDS), 1):
        await standing.enter(uid, uid, tips)
    place, stop = Place(), Stop()
    running = asyncio.create_task(Attendance(store, place, rest=0.01).run(stop))
    yield Look(store, place, standing, stop)
    stop.tell()
    await asyncio.wait_for(running, STOP_SECONDS)


async def test_whoever_is_gone_drops_out_at_once_and_nobody_is_asked_twice_a_day(look: Look, clock: SetClock) -> None:
    hangs = asyncio.Event()
    look.place.says = {"ada": False, "bo": hangs}
    look.name(*UIDS, "stranger")
    await look.until(lambda: "bo" in look.place.people)
    assert await look.standing.on_board() == ["bo", "cy"]
    look.name(*UIDS)  # a view in the meantime
    hangs.set()
    await look.standing.settled(*UIDS)

    look.name(*UIDS)
    clock.move(hours=23)
    look.name(*UIDS)
    await look.standing.enter("dee", "dee", 1)
    look.name("dee")
    await look.standing.settled("dee")
    assert look.place.people == ["ada", "bo", "cy", "dee"]
    clock.move(hours=1)
    look.name("bo", "cy")
    await look.standing.settled("bo", "cy")
    assert look.place.people[4:] == ["bo", "cy"]


async def test_questions_keep_the_pace_and_the_pause_that_the_platform_asks_for(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    # half a minute would be this test's own
    monkeypatch.setattr(attendance, "AGAIN_SECONDS", 0.2)
    look.place.look_pace = 0.05
    look.place.says = {"bo": Refused("no access")}
    look.name(*UIDS)
    await look.standing.settled("ada", "cy")
    look.place.says = {"bo": TryLater("limit", 0.3)}
    look.name(*UIDS)
    await look.until(lambda: len(look.place.asked) == 4)
    look.place.says = {"bo": TryLater("down")}
    look.name(*UIDS)
    await look.until(lambda: len(look.place.asked) == 5)
    look.place.says = {}
    look.name(*UIDS)
    await look.standing.settled(*UIDS)

    assert look.place.people == ["ada", "bo", "cy", "bo", "bo", "bo"]
    for gap, least in zip(look.place.gaps, (0.05, 0.05, 0.05, 0.3, 0.2), strict=True):
        assert least <= gap + 0.01
    assert await look.standing.on_board() == ["ada", "bo", "cy"]


async def test_nothing_is_asked_where_the_bot_is_not_or_not_connected(look: Look) -> None:
    look.place.down = "the gateway"
    look.name(*UIDS)
    await asyncio.sleep(0.05)
    look.place.down = None
    await look.store.write(departures.left, "web", "room")
    look.name(*UIDS)
    look.place.named.add(999, UIDS)
    await asyncio.sleep(0.05)

    assert look.place.asked == []


async def test_nobody_more_is_asked_for_once_the_bot_is_removed(look: Look) -> None:
    hangs = asyncio.Event()
    look.place.says = {"bo": hangs}
    look.name(*UIDS)
    await look.until(lambda: "bo" in look.place.people)
    await look.store.write(departures.left, "web", "room")
    hangs.set()
    await asyncio.sleep(0.05)

    assert look.place.people == ["ada", "bo"]


def fewer(failures: list[Exception], left: int) -> bool:
    return len(failures) == left


async def test_a_failure_of_ours_is_logged_and_the_next_view_is_looked_after(
    look: Look, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, failures = look.store.write, list[Exception]((RuntimeError("the disk"), Busy()))

    async def failing(*args: Any, **kwargs: Any) -> Any:
        if failures:
            raise failures.pop(0)
        return await write(*args, **kwargs)

    # a database fails only when it fails
    monkeypatch.setattr(look.store, "write", failing)
    for left, uid in zip((1, 0), UIDS, strict=False):
        look.name(uid)
        await look.until(partial(fewer, failures, left))
    look.name("cy")
    await look.standing.settled("cy")

    assert look.place.people == list(UIDS)
    assert await look.standing.open(*UIDS) == ["ada", "bo"]
    # as above
    monkeypatch.setattr(attendance, "AGAIN_SECONDS", 0.0)
    look.place.says = {"ada": ValueError("no id of ours")}
    look.name(*UIDS)
    await look.standing.settled("bo")  # whom one asks about in vain holds up nobody
    said = [entry["event"] for entry in faults.entries]
    assert said == ["attendance.failed", "attendance.not_asked"]  # a crowd is no failure
    faults.entries.clear()


async def test_names_wait_once_each_community_in_turn_and_no_more_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    # a thousand names say no more than six
    monkeypatch.setattr(named, "MOST", 6)
    # as above
    monkeypatch.setattr(named, "MOST_OF_ONE", 4)
    line = Named()
    line.add(1, ("a", "b", "a"))
    line.add(2, ())
    line.add(2, ("x",))
    line.add(1, ("b", "c", "d", "e"))
    line.add(3, ("p", "q"))

    assert await line.take() == (1, ["a", "b", "c", "d"])
    line.add(1, ("e", "f"))
    assert await line.take() == (2, ["x"])
    assert await line.take() == (3, ["p"])
    assert await line.take() == (1, ["e", "f"])
    waiting = asyncio.ensure_future(line.take())
    await asyncio.sleep(0)
    line.add(2, ())
    await asyncio.sleep(0)
    assert not waiting.done()
    line.add(2, ("y",))
    assert await waiting == (2, ["y"])


async def test_every_surface_of_the_program_is_looked_after(tmp_path: Path) -> None:
    given = {"DISCORD_TOKEN": "x.y.z", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    given |= {"PMPATH_WEB": "on", "PMPATH_ACCESS_KEY": "k" * 32, "PMPATH_DATA_DIR": str(tmp_path), "PMPATH_PORT": "0"}
    async with open_parts(Settings.read(given, None)) as program:
        looks = [work for work in program.background if isinstance(getattr(work, "__self__", None), Attendance)]

        assert len(looks) == len(program.surfaces) == 3
