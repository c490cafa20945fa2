"""A server on the fake Discord with the real surface connected to it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import SecretStr

from bot.discord.client import DiscordSurface
from bot.discord.restraint import Restraint
from bot.discord.starts import Starts
from bot.discord.telling import CommandNotes
from bot.pictures.studio import Pictures
from bot.settings import DiscordAccess
from bot.settings_values import Shards
from bot.surface import Interactions, Message
from commands import home
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from commands.kit.view import Button, Card
from commands.mod import setup
from content.load import Content
from content.text import Language, verbatim
from storage import communities, members
from storage.communities import Community
from storage.members import Me
from storage.store import Store
from tests.bot.discord.rehearsal import ROLE, DiscordRehearsal
from tests.conftest import Faults, SetClock
from tests.fakes.discord import DiscordMember, FakeDiscord, Guild, Shown
from tests.fakes.discord_world import Role

PATIENT = 30.0  # in the place of 1.5 s and of Discord's own three: a busy machine is no fault
PATIENCE = 0.5  # where an answer is to be late


@dataclass(slots=True)
class Scene:
    """All that a test may turn to."""

    fake: FakeDiscord
    ada: DiscordMember
    surface: DiscordSurface
    dispatcher: Dispatcher
    rehearsal: DiscordRehearsal
    faults: Faults
    running: asyncio.Task[None]
    interactions: Interactions

    def hurry(self) -> None:
        """From now on a handler that waits for the gate is late soon."""
        self.interactions.patience = PATIENCE

    async def community(self, guild: Guild | None = None) -> Community:
        """Our row of a server."""
        number = str((guild or self.fake.guild).id)
        found = await self.dispatcher.store.read(communities.find, "discord", number)
        assert found is not None
        return found


async def told(scene: Scene, person: DiscordMember) -> Shown:
    """A card of Ada's server in somebody's direct messages."""
    await scene.ada.command("/pmpath home")
    community = (await scene.community()).id
    await scene.dispatcher.store.write(members.ensure, Me(community, str(person.uid), person.user.name))
    buttons = (Button(verbatim("Set up"), setup.setup()), Button(verbatim("Go home"), home.home()))
    key = f"{person.uid}.{len(person.direct_messages)}"
    card = Card(verbatim("You are told"), (), buttons)
    await scene.surface.tell(Message(str(person.uid), card, Language.EN, community, "", key, again=False))
    return person.direct_messages[-1]


def new_surface(
    fake: FakeDiscord,
    dispatcher: Dispatcher,
    token: str = FakeDiscord.token,
    *,
    shards: Shards | None = None,
    every: float = 0.02,
    back_off: Sequence[float] = (0.05,),
    restraint: Restraint | None = None,
    interactions: Interactions | None = None,
) -> DiscordSurface:
    """Sessions begin quickly one after another, and lost ones again."""
    access = DiscordAccess(SecretStr(token), fake.api_url, shards)
    interactions = interactions or Interactions(dispatcher, patience=PATIENT)
    starts = Starts(access, every=every, back_off=back_off)
    memory = CommandNotes(dispatcher.store)
    return DiscordSurface(access, interactions, memory, starts=starts, restraint=restraint)


@contextlib.asynccontextmanager
async def connected(fake: FakeDiscord, surface: DiscordSurface) -> AsyncIterator[asyncio.Task[None]]:
    """The surface running, until the test is over."""
    fake.rest.answer_within = PATIENT
    running = asyncio.get_running_loop().create_task(surface.run())
    arriving = asyncio.get_running_loop().create_task(fake.gateway.until_connected())
    await asyncio.wait((running, arriving), return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        arriving.cancel()
        await running
    try:
        yield running
    finally:
        await surface.close()
        await asyncio.wait_for(running, 30)


@pytest.fixture(autouse=True)
def library_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The surface points the library at the fake by these two; the next test begins with Discord's own."""
    # patched with what it is, only so that it is put back: the library knows no other way to another address
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    # as above
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)


@pytest.fixture
def rehearsal() -> DiscordRehearsal:
    return DiscordRehearsal()


@pytest.fixture
def rehearsed(rehearsal: DiscordRehearsal, registry: Registry) -> Registry:
    """The real registry with the rehearsal's commands."""
    return rehearsal.registry(registry)


@pytest.fixture
def dispatcher(store: Store, content: Content, rehearsed: Registry, clock: SetClock, pictures: Pictures) -> Dispatcher:
    return Dispatcher(store, content, rehearsed, now=clock.now, draw=pictures.draw)


@pytest.fixture
async def scene(dispatcher: Dispatcher, rehearsal: DiscordRehearsal, faults: Faults) -> AsyncIterator[Scene]:
    """Ada's server; what the bot does wrongly by Discord's rules, or whom it pings, fails the test."""
    async with FakeDiscord() as fake:
        ada = fake.member("Ada")
        fake.guild.roles[int(ROLE)] = Role(int(ROLE), "Mentors")
        interactions = Interactions(dispatcher, patience=PATIENT)
        surface = new_surface(fake, dispatcher, interactions=interactions)
        async with connected(fake, surface) as running:
            yield Scene(fake, ada, surface, dispatcher, rehearsal, faults, running, interactions)
            rehearsal.gate.set()
        assert fake.breaches == []
        assert fake.pings == []
