"""Posts to servers that the connection does not bring, as where another process serves them."""

from __future__ import annotations

import asyncio
from typing import NoReturn

import pytest

from bot.discord.client import DiscordSurface
from bot.surface import Message, TryLater
from commands.kit.dispatch import Dispatcher
from commands.kit.view import Card
from content.text import Language, verbatim
from storage import paces
from storage.store import Busy
from tests.bot.discord.conftest import Scene, connected, new_surface
from tests.conftest import Faults
from tests.fakes.discord import FakeDiscord, Guild

PACE = 0.2


def to(guild: Guild, channel: int, key: str) -> Message:
    return Message(str(channel), Card(verbatim("Posted"), (), ()), Language.EN, 1, str(guild.id), key, again=False)


async def test_asking_which_server_a_channel_is_of_keeps_the_pace_of_the_posts(
    dispatcher: Dispatcher, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    # slow enough to be told from a busy machine
    monkeypatch.setattr(DiscordSurface, "post_pace", PACE)
    async with FakeDiscord() as fake:
        surface = new_surface(fake, dispatcher)
        async with connected(fake, surface):
            unmet = fake.world.add_guild("Unmet")
            channels = [fake.world.add_channel(unmet, f"c{number}").id for number in range(4)]
            begun = asyncio.get_running_loop().time()
            async with asyncio.timeout(25):
                await asyncio.gather(*(surface.post(to(unmet, channel, str(channel))) for channel in channels))
            took = asyncio.get_running_loop().time() - begun
            await surface.post(to(unmet, channels[0], "again"))

        assert took > 7 * PACE * 0.95  # four questions and four posts, each in a turn of its own
        assert len(fake.calls("channel")) == 4


async def test_where_no_turn_can_be_had_a_post_is_tried_later_and_not_in_doubt(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    unmet = scene.fake.world.add_guild("Unmet")
    channel = scene.fake.world.add_channel(unmet, "new").id

    def failing(*_about: object, **_more: object) -> NoReturn:
        raise Busy

    # a database fails only when it fails
    monkeypatch.setattr(paces, "take", failing)
    with pytest.raises(TryLater):
        await scene.surface.post(to(unmet, channel, "1"))

    assert scene.fake.calls("channel", "send") == []
