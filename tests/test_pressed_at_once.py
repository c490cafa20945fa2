"""64 presses of the same button at once, also from two processes' parts on one database, give points once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from commands.kit.dispatch import Dispatcher
from commands.kit.press import Argument, Press
from commands.kit.request import Pressed
from content.load import Content
from content.outcomes import Outcome
from storage import appearances, awards, board_check, results
from storage.store import Store
from tests.commands.test_plan import press
from tests.conftest import SetClock
from tests.drivers.assessment import answer_opening
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import tip_out

PRESSES = 64
APPEAR = ("leaderboard.show-me", "leaderboard.hide-me") * 3
SKILL, RESOURCE, TIP = "sql", "peft", "p-one-page"
EXPECTED = [
    ("assessment", 20),
    ("step", 1),
    ("step-with-line", 4),
    ("resource", 1),
    ("resource-with-line", 4),
    ("tip", 3),
    ("adjusted", 15),
]


@pytest.fixture
async def dispatchers(
    chat: DirectDriver, database_url: str, clock: SetClock, content: Content
) -> AsyncIterator[list[Dispatcher]]:
    """What two processes have, each with a store and a memory of its own; an SQLite file lets in only one."""
    first = chat.dispatcher
    if database_url.startswith("sqlite"):
        yield [first]
        return
    second = await Store.open(database_url, now=clock.now, points=content.points)
    yield [first, Dispatcher(second, content, first.registry, now=clock.now, draw=first.draw)]
    await second.close()


class Crowd:
    """A member's many hands, at as many dispatchers as there are."""

    def __init__(self, chat: DirectDriver, dispatchers: list[Dispatcher], community: int) -> None:
        self.chat, self.community = chat, community
        self.hands = [chat.other(dispatcher=dispatchers[number % len(dispatchers)]) for number in range(PRESSES)]

    async def press(
        self, action: str, *arguments: Argument, form: bool = False, meanwhile: Sequence[str] = APPEAR, **values: str
    ) -> None:
        """All at once, while the member also presses what happens `meanwhile`; boards are the ledger's sums then."""
        sent = {name: (value,) for name, value in values.items()}
        call = Pressed(Press(action, arguments).wire(self.community), form=form)
        mayas = [hand.other(moderator=False, uid="maya", name="Maya") for hand in self.hands]
        beside = [
            (maya, Pressed(Press(each).wire(self.community))) for maya, each in zip(mayas, meanwhile, strict=False)
        ]
        calls = [hand.call(call, sent) for hand in self.hands]
        calls[PRESSES // 2 : PRESSES // 2] = [maya.call(each) for maya, each in beside]
        await asyncio.gather(*calls)
        compared = await self.chat.dispatcher.store.read(board_check.check, lambda part: None)
        assert compared.first == []


async def last_answer(chat: DirectDriver) -> Press:
    """The press that will end this member's assessment: another one, who answers the same, finds it."""
    other, count = chat.other(uid="twin", name="Twin"), 0
    card = await answer_opening(other, {})
    while "A" in card.buttons:
        card, count = await other.press("A"), count + 1
    await answer_opening(chat, {})
    for _number in range(count - 1):
        await chat.press("A")
    return chat.button("A").press


async def confirmation(moderator: DirectDriver) -> Press:
    await moderator.run("/pmpath-mod points adjust")
    await moderator.choose("person", "maya")
    await moderator.press("Next")
    await moderator.press("Points and reason")
    await moderator.fill(points="15", reason="helped")
    return moderator.button("Give 15 points").press


async def test_each_button_gives_its_points_once_and_boards_stay_the_ledgers(
    chat: DirectDriver, dispatchers: list[Dispatcher]
) -> None:
    maya = chat.other(uid="maya", name="Maya")
    me, store = await maya.me(), chat.dispatcher.store
    posting = await tip_out(chat, TIP)
    last = await last_answer(maya)
    moderator = chat.other(uid="mo", name="Mo", moderator=True)
    confirm = await confirmation(moderator)
    hers, theirs = (Crowd(each, dispatchers, me.community) for each in (maya, moderator))

    await hers.press(last.action, *last.arguments)
    await hers.press("plan.finished", Outcome.TECHNICAL, SKILL, form=True, said="a query")
    await hers.press("resources.done", Outcome.TECHNICAL, 0, None, None, done=RESOURCE)
    await hers.press("resources.noted", RESOURCE, Outcome.TECHNICAL, 0, None, None, form=True, said="notes")
    await hers.press("tips.done", posting)
    await theirs.press(confirm.action, *confirm.arguments)
    await hers.press("leaderboard.hide-me")
    await hers.press("leaderboard.show-me")

    lines = await store.read(awards.mine, me, 0, 99)
    assert [(line.deed, line.points) for line in reversed(lines)] == EXPECTED
    assert await store.read(results.count, me) == 1
    await store.write(appearances.show, me)
    assert "1. Maya, 48 points" in (await chat.run("/pmpath leaderboard")).lines
    await hers.press("tips.done", posting, meanwhile=("privacy.delete", *APPEAR))
    await press(maya, "tips.done", posting)
    assert [(line.deed, line.points) for line in await store.read(awards.mine, me, 0, 99)] == [("tip", 3)]
