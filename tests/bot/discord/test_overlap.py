"""Two processes with a session for the same shards: Discord sends each interaction to both, one answers it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from bot.discord import overlap
from bot.discord.client import DiscordSurface
from bot.pictures.studio import Pictures
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from content.load import Content
from storage.store import Store
from tests.bot.discord.conftest import connected, new_surface
from tests.conftest import Faults, SetClock
from tests.fakes.discord import FakeDiscord

SIGN = 0.2
PRESSES = 12


@pytest.fixture
async def dispatchers(
    postgres_url: str, content: Content, rehearsed: Registry, clock: SetClock, pictures: Pictures, faults: Faults
) -> AsyncIterator[list[Dispatcher]]:
    """What two processes have, each with a store of its own."""
    stores = [await Store.open(postgres_url, now=clock.now) for _process in range(2)]
    yield [Dispatcher(store, content, rehearsed, now=clock.now, draw=pictures.draw) for store in stores]
    for store in stores:
        await store.close()


async def ready(fake: FakeDiscord, surface: DiscordSurface) -> None:
    assert await fake.world.until(lambda: surface.sends, 20)


async def test_each_interaction_is_answered_once_while_there_are_two_and_freely_once_there_is_one(
    dispatchers: list[Dispatcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    # the surface has no way to be told another time between two signs; nobody but a test needs one
    monkeypatch.setattr(overlap, "SIGN_SECONDS", SIGN)
    async with FakeDiscord() as fake:
        ada = fake.member()
        old, new = (new_surface(fake, dispatcher) for dispatcher in dispatchers)
        async with connected(fake, old):
            async with connected(fake, new):
                await fake.world.until(lambda: fake.gateway.identified == 2, 20)
                for _press in range(PRESSES):
                    await ada.command("/pmpath help")
                await asyncio.sleep(SIGN)  # whoever would answer a second time has done so
                answered = len(fake.calls("callback"))
            for _press in range(PRESSES):
                assert not (await ada.command("/pmpath help")).failed

        assert answered == PRESSES
        assert len(fake.calls("callback")) == 2 * PRESSES


async def test_a_database_that_does_not_answer_leaves_no_interaction_unanswered(
    dispatchers: list[Dispatcher], postgres_url: str, monkeypatch: pytest.MonkeyPatch, faults: Faults
) -> None:
    # the surface has no way to be told another time between two signs; nobody but a test needs one
    monkeypatch.setattr(overlap, "SIGN_SECONDS", SIGN)
    # ten seconds otherwise, which a busy machine may take for one: what is tested ends long before both
    monkeypatch.setattr("storage.postgres.UNIT_SECONDS", 600.0)
    async with FakeDiscord() as fake:
        ada = fake.member()
        old, new = (new_surface(fake, dispatcher) for dispatcher in dispatchers)
        async with connected(fake, old), connected(fake, new):
            await fake.world.until(lambda: fake.gateway.identified == 2, 20)
            server = await asyncpg.connect(postgres_url.replace("postgresql+asyncpg", "postgresql"))
            await server.execute("BEGIN; LOCK TABLE seen_event IN ACCESS EXCLUSIVE MODE")
            try:
                async with asyncio.timeout(25):
                    assert not (await ada.command("/pmpath help")).failed
            finally:
                await server.close()

    assert {entry["event"] for entry in faults.entries} == {"discord.interaction_not_claimed"}
    faults.entries.clear()
