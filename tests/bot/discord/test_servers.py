"""Servers that take the bot out and in again, are renamed, or are not there for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot import presence
from bot.clock import Stop
from bot.delivery import Delivery
from commands.kit.dispatch import Dispatcher
from commands.kit.request import Platform
from content.text import Language
from storage import communities, departures, members
from storage.communities import Community
from storage.members import Me
from storage.store import Store, Unit
from tests.bot.discord.conftest import Scene, connected, new_surface, told
from tests.conftest import Faults, SetClock
from tests.fakes.discord import FakeDiscord, Guild

DAY = 24.0


async def eventually(store: Store, guild: Guild, is_true: Callable[[Community | None], bool]) -> Community | None:
    """Our row of a server, once it is so."""
    async with asyncio.timeout(30):
        while True:
            found = await store.read(communities.find, "discord", str(guild.id))
            if is_true(found):
                return found
            await asyncio.sleep(0.01)


def left(found: Community | None) -> bool:
    return found is not None and found.left


def here(found: Community | None) -> bool:
    return found is not None and not found.left


async def deliver(scene: Scene) -> int:
    return await Delivery(scene.dispatcher, {"discord": scene.surface}).once(Stop())


def post(channel: int, community: int, key: str) -> Callable[[Unit], None]:
    def posting(unit: Unit) -> None:
        unit.post(community, str(channel), "try.told", key=key)

    return posting


async def test_posting_stops_at_once_where_the_bot_is_removed_and_goes_on_after_the_return(scene: Scene) -> None:
    await scene.ada.command("/pmpath home")
    store, guild, community = scene.dispatcher.store, scene.fake.guild, (await scene.community()).id
    await store.write(post(scene.ada.channel.id, community, "1"))

    await scene.fake.remove_bot(guild)
    await eventually(store, guild, left)
    await store.write(post(scene.ada.channel.id, community, "2"))
    assert await deliver(scene) == 0
    assert scene.fake.calls("send") == []

    await scene.fake.invite_bot(guild)
    await eventually(store, guild, here)
    assert await deliver(scene) == 0  # nothing of before comes late
    await store.write(post(scene.ada.channel.id, community, "3"))
    assert await deliver(scene) == 1
    assert len(scene.fake.calls("send")) == 1
    await scene.fake.remove_bot(guild)  # when nothing else makes us look around
    await eventually(store, guild, left)


async def test_an_outage_of_discords_is_no_removal(scene: Scene) -> None:
    await scene.ada.command("/pmpath home")
    other = scene.fake.world.add_guild("Other")
    await scene.fake.invite_bot(other)
    await scene.dispatcher.store.write(communities.seen, "discord", str(other.id), "Other", Language.EN)

    await scene.fake.lose_server(scene.fake.guild)
    await scene.fake.remove_bot(other)
    await eventually(scene.dispatcher.store, other, left)

    assert not (await scene.community()).left


async def test_a_server_that_was_away_in_an_outage_at_the_connection_is_not_left(
    dispatcher: Dispatcher, faults: Faults
) -> None:
    async with FakeDiscord() as fake:
        guild, gone = fake.guild, fake.world.add_guild("Gone")
        for one in (guild, gone):
            await dispatcher.store.write(communities.seen, "discord", str(one.id), one.name, Language.EN)
        fake.gateway.unavailable.add(guild.id)
        del fake.world.guilds[gone.id]
        async with connected(fake, new_surface(fake, dispatcher)):
            await eventually(dispatcher.store, gone, left)

        assert here(await dispatcher.store.read(communities.find, "discord", str(guild.id)))


@pytest.mark.parametrize("days", [29, 31])
async def test_a_removal_and_a_return_while_we_were_not_connected(
    dispatcher: Dispatcher, faults: Faults, clock: SetClock, days: int
) -> None:
    """Over two restarts: after 29 days all is there, after 31 nothing."""
    store = dispatcher.store
    async with FakeDiscord() as fake:
        guild, ada = fake.guild, fake.member()
        async with connected(fake, new_surface(fake, dispatcher)):
            await ada.command("/pmpath start")
        before = await store.read(communities.find, "discord", str(guild.id))
        assert before is not None
        me = Me(before.id, str(ada.uid), "")
        await store.write(members.ensure, me)

        await fake.remove_bot(guild)
        async with connected(fake, new_surface(fake, dispatcher)):
            await eventually(store, guild, left)
        clock.move(hours=days * DAY)
        while await store.write(departures.erase):
            pass
        dispatcher.known.forget_all()

        await fake.invite_bot(guild)
        async with connected(fake, new_surface(fake, dispatcher)):
            await ada.command("/pmpath home")
            after = await eventually(store, guild, here)

    assert after is not None
    assert (after == before) is (days == 29)
    assert (await store.read(members.find, me) is not None) is (days == 29)


async def test_a_command_says_that_the_bot_is_back(dispatcher: Dispatcher, faults: Faults, clock: SetClock) -> None:
    async with FakeDiscord() as fake:
        guild, ada = fake.guild, fake.member()
        async with connected(fake, new_surface(fake, dispatcher)):
            await ada.command("/pmpath home")
            await dispatcher.store.write(departures.left, "discord", str(guild.id))
            clock.move(seconds=60)
            await ada.command("/pmpath home")

    assert here(await dispatcher.store.read(communities.find, "discord", str(guild.id)))


async def test_a_press_in_direct_messages_does_not_say_that_the_bot_is_back(scene: Scene) -> None:
    card = await told(scene, scene.ada)
    await scene.fake.remove_bot(scene.fake.guild)
    await eventually(scene.dispatcher.store, scene.ada.guild, left)

    await scene.ada.press(card, "Go home")
    assert card.lines[0] == "pmpath"
    assert left(await scene.dispatcher.store.read(communities.find, "discord", str(scene.ada.guild.id)))


async def test_a_server_met_before_discord_has_sent_it_takes_its_name_when_it_comes(scene: Scene) -> None:
    guild = scene.fake.world.add_guild("Elsewhere")  # after the connection: no GUILD_CREATE comes
    await scene.fake.member("Host", guild=guild).command("/pmpath home")
    assert (await scene.community(guild)).name == ""

    await scene.fake.invite_bot(guild)
    await eventually(scene.dispatcher.store, guild, lambda found: found is not None and found.name == "Elsewhere")

    guild.name = "Renamed"
    await scene.fake.gateway.dispatch("GUILD_UPDATE", guild.payload())
    await eventually(scene.dispatcher.store, guild, lambda found: found is not None and found.name == "Renamed")


async def test_servers_that_nobody_has_spoken_in_are_not_stored(scene: Scene) -> None:
    await scene.fake.invite_bot(scene.fake.world.add_guild("Quiet"))
    await scene.ada.command("/pmpath home")

    assert len(await scene.dispatcher.store.read(departures.places, "discord")) == 1


async def test_a_removal_that_could_not_be_kept_is_kept_a_little_later(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.ada.command("/pmpath home")
    # five seconds otherwise
    monkeypatch.setattr("bot.discord.servers.AGAIN_SECONDS", 0.05)
    leave, failures = presence.leave, [OSError("the disk"), OSError("the disk")]

    async def failing(store: Store, platform: Platform, ext_id: str) -> None:
        if failures:
            raise failures.pop()
        await leave(store, platform, ext_id)

    # a database fails only when it fails
    monkeypatch.setattr(presence, "leave", failing)
    await scene.fake.remove_bot(scene.fake.guild)
    await eventually(scene.dispatcher.store, scene.ada.guild, left)

    assert [entry["event"] for entry in scene.faults.entries] == ["discord.servers_not_kept"] * 2
    scene.faults.entries.clear()


async def test_what_could_not_be_compared_at_the_connection_is_compared_a_little_later(
    dispatcher: Dispatcher, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    # five seconds otherwise
    monkeypatch.setattr("bot.discord.servers.AGAIN_SECONDS", 0.05)
    compare, failures = presence.compare, [OSError("the disk"), OSError("the disk")]

    async def failing(store: Store, platform: Platform, names: dict[str, str], known: Callable[[str], bool]) -> None:
        if failures:
            raise failures.pop()
        await compare(store, platform, names, known)

    # a database fails only when it fails
    monkeypatch.setattr(presence, "compare", failing)
    async with FakeDiscord() as fake:
        gone = fake.world.add_guild("Gone")
        del fake.world.guilds[gone.id]
        await dispatcher.store.write(communities.seen, "discord", str(gone.id), gone.name, Language.EN)
        async with connected(fake, new_surface(fake, dispatcher)):
            await eventually(dispatcher.store, gone, left)

    assert [entry["event"] for entry in faults.entries] == ["discord.servers_not_kept"] * 2
    faults.entries.clear()


async def test_what_one_server_says_is_kept_without_a_look_at_the_others(
    dispatcher: Dispatcher, faults: Faults
) -> None:
    store = dispatcher.store
    async with FakeDiscord() as fake:
        guild, other = fake.guild, fake.world.add_guild("Other")
        del fake.world.guilds[other.id]
        await store.write(communities.seen, "discord", str(guild.id), "Before", Language.EN)

        async def called(name: str) -> None:
            guild.name = name
            await fake.gateway.dispatch("GUILD_UPDATE", guild.payload())
            await eventually(store, guild, lambda found: found is not None and found.name == name)

        async with connected(fake, new_surface(fake, dispatcher)):
            await eventually(store, guild, lambda found: found is not None and found.name == guild.name)
            await called("Settled")  # by now the comparisons at the connection are over, or have read whom to compare
            # another one would say that this server has removed the bot
            await store.write(communities.seen, "discord", str(other.id), "Other", Language.EN)
            await called("Renamed")
            await fake.remove_bot(guild)
            await eventually(store, guild, left)
            await fake.invite_bot(guild)
            await eventually(store, guild, here)

            assert here(await store.read(communities.find, "discord", str(other.id)))
