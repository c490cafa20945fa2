"""A board as a command of the tests' own, members who stand on it, and who looks whether they are still there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.attendance import Attendance
from bot.clock import Stop
from bot.surface import Surface
from commands.kit.command import Action, Command
from commands.kit.discover import Registry
from commands.kit.request import Context
from commands.kit.view import Card, View
from content.boards import Board, Season
from content.points import Deed
from content.text import verbatim
from storage import appearances, awards, boards, members
from storage.members import Me
from storage.store import Store, Unit

STOP_SECONDS = 20.0


async def board(ctx: Context) -> View:
    top = (await ctx.store.read(boards.page, ctx.me, ctx.community.zone, Board.ALL, Season.EVER)).top
    lines = tuple(verbatim(f"{row.rank}. {row.name}") for row in top)
    return Card(verbatim("Board"), lines, named=tuple(row.uid for row in top))


def with_board(real: Registry) -> Registry:
    """The real registry with `/pmpath board`."""
    action = Action("t.board", board)
    typed = Command(action, verbatim("A board"), "/pmpath board", (), "pmpath", ("board",))
    commands = {**real.commands, (typed.root, typed.path): typed}
    return Registry(commands, {**real.actions, action.name: action}, real.notices)


@dataclass(frozen=True, slots=True)
class Standing:
    """The board of one community."""

    store: Store
    community: int

    async def enter(self, uid: str, name: str, tips: int) -> None:
        """A member who wants to stand there, with this many tips done."""

        def work(unit: Unit, me: Me) -> None:
            appearances.show(unit, me)
            awards.give(unit, members.ensure(unit, me), None, *((Deed.TIP, f"{number}") for number in range(tips)))

        await self.store.write(work, Me(self.community, uid, name))

    async def does(self, uid: str, name: str, tip: str) -> None:
        """One more tip done."""

        def work(unit: Unit, me: Me) -> None:
            awards.give(unit, members.ensure(unit, me), None, (Deed.TIP, tip))

        await self.store.write(work, Me(self.community, uid, name))

    async def speaks(self, uid: str, name: str) -> None:
        await self.store.write(appearances.return_to, Me(self.community, uid, name))

    async def open(self, *uids: str) -> list[str]:
        """Of whom it is not known today whether they are there."""
        return await self.store.read(appearances.to_look_for, self.community, uids)

    async def settled(self, *uids: str) -> None:
        """Until that is known of all of them."""
        async with asyncio.timeout(30):
            while await self.open(*uids):  # noqa: ASYNC110 - the database has no event for it
                await asyncio.sleep(0.01)

    async def on_board(self) -> list[str]:
        """Who stands there, by the platform's ids."""
        me = Me(self.community, "nobody", "")
        page = await self.store.read(boards.page, me, "UTC", Board.ALL, Season.EVER)
        return [row.uid for row in page.top]


@contextlib.asynccontextmanager
async def looking(store: Store, surface: Surface) -> AsyncIterator[None]:
    """Attendance at work, at once and without pauses; it must end at once too."""
    surface.look_pace = 0.0
    stop = Stop()
    running = asyncio.create_task(Attendance(store, surface, rest=0.0).run(stop))
    yield
    stop.tell()
    await asyncio.wait_for(running, STOP_SECONDS)
