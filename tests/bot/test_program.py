"""How the program's parts are put together: how it stops, and that what is due hangs on the clock."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import select

from bot.access import Access
from bot.clock import Stop, real_now
from bot.metrics.measures import Measures
from bot.metrics.scrape import Scrape
from bot.program import Program, open_parts
from bot.server import Route, Server
from bot.settings import Settings
from bot.steady import SEEN
from bot.web.door import Door
from commands.kit.discover import Registry
from content.load import Content
from content.text import Language
from storage import communities, members, notes, postings, schedules
from storage import look as beside
from storage.members import Me
from storage.outbox_states import WAITING
from storage.schedules import Plan
from storage.store import Store
from storage.tables import outbox
from storage.timetable import Weekly
from storage.unit import Unit


@dataclass(slots=True)
class Slow:
    """A call that is being answered for as long as it likes."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    ends: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, _request: web.Request) -> web.Response:
        self.begun.set()
        await self.ends.wait()
        return web.Response(text="answered")


async def _until_told(stop: Stop) -> None:
    while not await stop.within(60):
        pass


async def ready(client: aiohttp.ClientSession, program: Program) -> tuple[int, str]:
    async with client.get(f"{program.address}/readyz") as answer:
        return answer.status, await answer.text()


async def test_a_stopping_process_says_so_then_refuses_callers_and_answers_those_it_has(
    content: Content, registry: Registry
) -> None:
    slow, door = Slow(), Door(Access(None, always=False), content.catalogue)
    program = Program(Scrape.over(Measures(registry)), background=[_until_told], stop_wait=0.5)
    routes = (Route("GET", "/slow", slow.answer, guarded=False),)
    program.server = Server("127.0.0.1", 0, gate=door.gate, routes=routes, missing=program.missing)
    await program.server.start()
    program.address = program.server.address
    serving = asyncio.create_task(program.serve())
    async with aiohttp.ClientSession() as client:
        assert await ready(client, program) == (200, "ready\n")
        answering = asyncio.create_task(client.get(f"{program.address}/slow"))
        await slow.begun.wait()

        serving.cancel()
        await asyncio.sleep(0)
        assert await ready(client, program) == (503, "not ready: pmpath is stopping\n")
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        async with aiohttp.ClientSession() as other:
            with pytest.raises(aiohttp.ClientConnectorError):
                await ready(other, program)
        slow.ends.set()
        async with await answering as answer:
            assert (await answer.text(), answer.headers["Connection"]) == ("answered", "close")
    await program.server.close()


HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Room:
    """A web room in which a message and a weekly tip are due; the clock was believed for the last time `ago`."""

    settings: Settings
    content: Content

    @contextlib.asynccontextmanager
    async def store(self, ahead: dt.timedelta = dt.timedelta()) -> AsyncIterator[Store]:
        url, points = self.settings.sandbox_url, self.content.points
        store = await Store.open(url, now=lambda: real_now() + ahead, points=points)
        yield store
        await store.close()

    async def furnish(self, ago: dt.timedelta) -> None:
        self.settings.data_dir.mkdir()
        due = real_now() - HOUR
        async with self.store(-2 * HOUR) as store:
            made = await store.write(communities.seen, "web", "room", "Room", Language.EN)
            me = Me(made.id, "mod", "Mo")
            plan = Plan("general", Weekly(due.weekday(), due.hour * 60 + due.minute, "UTC"))
            await store.write(schedules.switch_on, me, {None: plan})
            await store.write(lambda unit: unit.tell(members.ensure(unit, me), postings.TROUBLE, posting=1))
            await store.write(notes.keep, SEEN, (real_now() - ago).isoformat())

    async def done(self) -> set[str]:
        def look(unit: Unit) -> set[str]:
            (schedule,) = schedules.of_community(unit, 1)
            (message,) = unit.execute(select(outbox.c.state).where(outbox.c.member_id.is_not(None))).scalars()
            parts = {"message": message != WAITING, "tip": schedule.next_at > real_now()}
            return {name for name, is_done in parts.items() if is_done}

        return await beside.read(self.settings.sandbox_url, look)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with open_parts(self.settings) as program:
            serving = asyncio.create_task(program.serve())
            yield
            serving.cancel()
            await asyncio.wait([serving])


async def test_nothing_due_is_done_by_a_clock_that_is_far_ahead_of_when_it_was_believed(
    tmp_path: Path, content: Content
) -> None:
    believed, ahead = (
        Room(
            Settings.read({"PMPATH_WEB": "on", "PMPATH_DATA_DIR": str(tmp_path / name), "PMPATH_PORT": "0"}, None),
            content,
        )
        for name in ("believed", "ahead")
    )
    await believed.furnish(HOUR)
    await ahead.furnish(dt.timedelta(days=60))
    began = time.monotonic()
    async with believed.running(), asyncio.timeout(60):
        while await believed.done() != {"message", "tip"}:  # noqa: ASYNC110 - the store has no event for it
            await asyncio.sleep(0.1)
    lasted = time.monotonic() - began
    async with ahead.running():
        await asyncio.sleep(2 * lasted)

    assert await ahead.done() == set()
