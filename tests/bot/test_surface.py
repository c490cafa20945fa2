"""The one timing that all surfaces keep."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.pictures.studio import Pictures
from bot.surface import Interactions
from commands.kit.command import Action
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher, Reply
from commands.kit.press import Press
from commands.kit.request import Context, Platform, Pressed, Request
from commands.kit.view import Card, View
from content.load import Content
from content.text import _
from storage.store import Store
from tests.conftest import Faults, SetClock
from tests.drivers.direct import SANDBOX


@dataclass(slots=True)
class Heard:
    """An Answer that notes what was sent; `refuses` makes the platform refuse it."""

    sent: list[str] = field(default_factory=list)
    refuses: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def first(self, reply: Reply) -> None:
        await self._send("first", reply)

    async def wait(self) -> None:
        self.sent.append("wait")
        if self.refuses:
            raise ConnectionError("40060")

    async def later(self, reply: Reply) -> None:
        await self._send("later", reply)

    async def _send(self, how: str, reply: Reply) -> None:
        assert isinstance(reply.view, Card)
        self.sent.append(f"{how}: {reply.view.title.en}")
        self.done.set()
        if self.refuses:
            raise ConnectionError("10062")


@dataclass(slots=True)
class Room:
    """A dispatcher with one handler that waits for `gate`."""

    interactions: Interactions
    gate: asyncio.Event
    ended: list[str]

    async def press(self, answer: Heard) -> None:
        now = asyncio.get_running_loop().time()
        request = Request(SANDBOX, "u1", "Ada", Pressed(Press("t.slow").wire(1)), now, Platform.WEB)
        await self.interactions.answer(self.interactions.dispatcher.decide(request), answer)


@pytest.fixture
def room(store: Store, content: Content, clock: SetClock, pictures: Pictures, faults: Faults) -> Room:
    gate, ended = asyncio.Event(), []

    async def slow(ctx: Context) -> View:
        await gate.wait()
        ended.append("ended")
        return Card(_("Home"), named=("u7", "u8"))

    registry = Registry({}, {"t.slow": Action("t.slow", slow)}, {})
    dispatcher = Dispatcher(store, content, registry, now=clock.now, draw=pictures.draw)
    return Room(Interactions(dispatcher, patience=0.2), gate, ended)


async def test_a_reply_in_time_is_the_first_answer(room: Room) -> None:
    room.gate.set()
    room.interactions.patience = 30
    heard = Heard()

    await room.press(heard)

    assert heard.sent == ["first: Home"]
    assert (await asyncio.wait_for(room.interactions.named.take(), 30))[1] == [
        "u7",
        "u8",
    ]  # for whoever looks whether they are there


async def test_a_late_reply_is_announced_by_a_wait_and_follows(room: Room) -> None:
    heard = Heard()

    await room.press(heard)
    assert heard.sent == ["wait"]
    room.gate.set()
    await heard.done.wait()

    assert heard.sent == ["wait", "later: Home"]
    assert (await asyncio.wait_for(room.interactions.named.take(), 30))[1] == ["u7", "u8"]


async def test_a_late_handler_is_never_cancelled_and_drained_at_stop(room: Room) -> None:
    heard = Heard()
    await room.press(heard)

    draining = asyncio.create_task(room.interactions.drain())
    await asyncio.sleep(0.05)
    assert not draining.done()
    room.gate.set()
    await draining

    assert room.ended == ["ended"]
    assert heard.sent[-1] == "later: Home"


async def test_time_already_spent_counts(room: Room) -> None:
    heard = Heard()
    request = Request(
        SANDBOX, "u1", "Ada", Pressed(Press("t.slow").wire(1)), asyncio.get_running_loop().time() - 5, Platform.WEB
    )

    await room.interactions.answer(room.interactions.dispatcher.decide(request), heard)

    assert heard.sent == ["wait"]
    room.gate.set()
    await room.interactions.drain()


async def test_an_answer_that_the_platform_refuses_is_logged_and_the_state_is_safe(room: Room, faults: Faults) -> None:
    room.gate.set()
    room.interactions.patience = 30
    await room.press(Heard(refuses=True))

    assert [entry["event"] for entry in faults.entries] == ["answer.failed"]
    assert room.ended == ["ended"]
    faults.entries.clear()


async def test_a_refused_wait_does_not_stop_the_handler(room: Room, faults: Faults) -> None:
    heard = Heard(refuses=True)
    await room.press(heard)
    room.gate.set()
    await room.interactions.drain()

    assert room.ended == ["ended"]
    faults.entries.clear()
