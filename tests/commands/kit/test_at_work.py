"""How many are worked on at once, who waits, and whom a slow platform holds up."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from commands.kit.at_work import AT_WORK
from commands.kit.command import Action
from commands.kit.dispatch import Dispatcher
from commands.kit.press import Press
from commands.kit.request import Context, Platform, Pressed, Profile, Request
from commands.kit.view import Card, View
from content.text import _
from tests.drivers.direct import SANDBOX, DirectDriver


@dataclass(slots=True)
class Counter:
    """A handler that goes on when it is let, with everybody whom it has met."""

    begun: list[str] = field(default_factory=list)
    full: asyncio.Event = field(default_factory=asyncio.Event)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, ctx: Context) -> View:
        self.begun.append(ctx.me.uid)
        if len(self.begun) == AT_WORK:
            self.full.set()
        await self.goes_on.wait()
        return Card(_("Home"))


@pytest.fixture
async def counter(chat: DirectDriver) -> Counter:
    counter, registry = Counter(), chat.dispatcher.registry
    counted = [Action("t.counted", counter.serve), Action("t.costly", counter.serve, costly=True)]
    actions = {**registry.actions, **{action.name: action for action in counted}}
    chat.dispatcher.registry = replace(registry, actions=actions)
    await chat.run("/pmpath help")
    return counter


async def _press(chat: DirectDriver, uid: str, action: str = "t.counted", **known: object) -> asyncio.Task[object]:
    wire = Press(action).wire((await chat.me()).community)
    asked = Request(SANDBOX, uid, "Ada", Pressed(wire), 1000.0, Platform.SLACK)
    dispatcher: Dispatcher = chat.dispatcher
    return asyncio.create_task(dispatcher.perform(dispatcher.decide(replace(asked, **known))))  # type: ignore[arg-type]  # one field by its name


async def test_no_more_are_worked_on_at_once_than_can_be_answered_in_time(chat: DirectDriver, counter: Counter) -> None:
    everybody = [await _press(chat, f"u{number}") for number in range(3 * AT_WORK)]
    async with asyncio.timeout(60):
        await counter.full.wait()
        await chat.dispatcher.store.ping()
        at_once = len(counter.begun)
        counter.goes_on.set()
        await asyncio.gather(*everybody)

    assert (at_once, len(counter.begun)) == (AT_WORK, 3 * AT_WORK)


async def test_a_platform_that_does_not_answer_holds_up_only_those_who_are_looked_up(
    chat: DirectDriver, counter: Counter
) -> None:
    answers = asyncio.Event()

    async def look_up(_community: str) -> Profile:
        await answers.wait()
        return Profile()

    counter.goes_on.set()
    held = [await _press(chat, f"u{number}", look_up=look_up) for number in range(2 * AT_WORK)]
    async with asyncio.timeout(60):
        await (await _press(chat, "somebody else"))
        answers.set()
        await asyncio.gather(*held)

    assert counter.begun[0] == "somebody else"
    assert len(counter.begun) == 2 * AT_WORK + 1


async def test_what_is_costly_holds_up_only_what_is_costly_too(chat: DirectDriver, counter: Counter) -> None:
    costly = [await _press(chat, f"u{number}", "t.costly") for number in range(2 * AT_WORK)]
    async with asyncio.timeout(60):
        while not counter.begun:  # noqa: ASYNC110 - all others are in line by then
            await asyncio.sleep(0.01)
        card = await chat.run("/pmpath help")
        counter.goes_on.set()
        await asyncio.gather(*costly)

    assert card.buttons
    assert len(counter.begun) == 2 * AT_WORK
