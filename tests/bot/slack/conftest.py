"""A workspace on the fake Slack with the real surface connected to it, in each of its modes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.pictures.studio import Pictures
from bot.settings import SlackAccess
from bot.slack import listeners
from bot.slack.client import SlackSurface
from bot.slack.declare import SCOPES
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from content.load import Content
from storage.store import Store
from tests.bot.slack.rehearsal import Rehearsal
from tests.conftest import Faults, SetClock
from tests.fakes.slack import FakeSlack, SlackMember
from tests.fakes.slack_world import Team

PATIENT = 30.0  # in the place of 1.5 s and of Slack's own three: a busy machine is no fault
PATIENCE = 0.5  # where an answer is to be late


@dataclass(slots=True)
class Workspace:
    """All that a test may turn to."""

    fake: FakeSlack
    team: Team
    ada: SlackMember
    surface: SlackSurface
    dispatcher: Dispatcher
    rehearsal: Rehearsal
    faults: Faults
    running: asyncio.Task[None]


def access(fake: FakeSlack, team: Team, *, socket: bool) -> SlackAccess:
    """The settings' Slack part for this workspace."""
    return SlackAccess(
        SecretStr(team.bot_token),
        SecretStr(fake.app_token) if socket else None,
        None if socket else SecretStr(fake.signing_secret),
        fake.api_url,
    )


@contextlib.asynccontextmanager
async def served(fake: FakeSlack, surface: SlackSurface, *, socket: bool) -> AsyncIterator[asyncio.Task[None]]:
    """The surface running, until the test is over; over HTTP with its route on a server."""
    fake.patience = fake.reply_patience = fake.trigger_life = PATIENT
    running = asyncio.get_running_loop().create_task(surface.run())
    server = web.Application()
    server.router.add_post("/slack/events", surface.events)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    if not socket:
        fake.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    async with asyncio.timeout(30):
        while surface.missing() and not running.done():  # noqa: ASYNC110 - the surface has no event for it
            await asyncio.sleep(0.005)
        if socket and not running.done():
            await fake.connected()
    yield running
    await surface.close()
    await runner.cleanup()
    await running


@pytest.fixture
def sqlite_path(database_url: str) -> Path | None:
    """The database's file, where it is one."""
    return Path(database_url.removeprefix("sqlite:///")) if database_url.startswith("sqlite") else None


@pytest.fixture
def rehearsal() -> Rehearsal:
    return Rehearsal()


@pytest.fixture
def dispatcher(
    store: Store, content: Content, registry: Registry, rehearsal: Rehearsal, clock: SetClock, pictures: Pictures
) -> Dispatcher:
    return Dispatcher(store, content, rehearsal.registry(registry), now=clock.now, draw=pictures.draw)


@pytest.fixture
async def another(dispatcher: Dispatcher, database_url: str, clock: SetClock) -> AsyncIterator[Dispatcher]:
    """What a second process has: a store and a memory of its own, where the database lets it."""
    if database_url.startswith("sqlite"):  # whose file has one process; there the two share its store
        yield Dispatcher(dispatcher.store, dispatcher.content, dispatcher.registry, now=clock.now, draw=dispatcher.draw)
        return
    opened = await Store.open(database_url, now=clock.now)
    yield Dispatcher(opened, dispatcher.content, dispatcher.registry, now=clock.now, draw=dispatcher.draw)
    await opened.close()


@pytest.fixture(autouse=True)
def patient_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form that a busy machine opens late is a form all the same."""
    # the surface's own limit, which nothing else sets
    monkeypatch.setattr(listeners, "FORM_SECONDS", PATIENT)


@pytest.fixture
def hurried() -> None:
    """Who asks for it meets a surface that says "wait" soon."""


@pytest.fixture(params=["socket", "http"])
async def workspace(
    request: pytest.FixtureRequest, dispatcher: Dispatcher, rehearsal: Rehearsal, faults: Faults
) -> AsyncIterator[Workspace]:
    """Ada's workspace; what the app does wrongly by Slack's rules, or whom it pings, fails the test."""
    socket = request.param == "socket"
    async with FakeSlack() as fake:
        team = fake.install(scopes=SCOPES)
        ada = SlackMember(fake, team, "U0ADA0001", "Ada Lovelace")
        patience = PATIENCE if "hurried" in request.fixturenames else PATIENT
        surface = SlackSurface(access(fake, team, socket=socket), dispatcher, patience=patience)
        async with served(fake, surface, socket=socket) as running:
            yield Workspace(fake, team, ada, surface, dispatcher, rehearsal, faults, running)
            rehearsal.gate.set()
        assert fake.breaches == []
        assert fake.pings == []
