"""A bot in more servers than one connection may serve: shards, in one process and shared out over several."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

import pytest

from bot.clock import Stop
from bot.delivery import Delivery
from bot.discord.client import DiscordSurface, spans
from bot.pictures.studio import Pictures
from bot.settings_values import Shards, shards
from bot.surface import CannotStart, Message, can_send
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from commands.kit.view import Button, Card
from content.load import Content
from content.text import Language, verbatim
from storage import communities
from storage.store import Store
from storage.unit import Unit
from tests.bot.discord.conftest import connected, new_surface
from tests.bot.discord.rehearsal import DiscordRehearsal
from tests.bot.discord.test_servers import eventually, here, left
from tests.conftest import Faults, SetClock
from tests.fakes.discord import DiscordMember, FakeDiscord, Fault, Guild
from tests.fakes.discord_gateway import Gateway

COUNT = 4
Opens = Callable[[str], contextlib.AbstractAsyncContextManager[Dispatcher]]


@pytest.fixture
def opens(content: Content, rehearsed: Registry, clock: SetClock, pictures: Pictures) -> Opens:
    """A process's own hold of a database."""

    @contextlib.asynccontextmanager
    async def opened(url: str) -> AsyncIterator[Dispatcher]:
        store = await Store.open(url, now=clock.now, points=content.points)
        try:
            yield Dispatcher(store, content, rehearsed, now=clock.now, draw=pictures.draw)
        finally:
            await store.close()

    return opened


@pytest.fixture
async def dispatcher(opens: Opens, sqlite_url: str) -> AsyncIterator[Dispatcher]:
    """What is not about the database is looked at on one."""
    async with opens(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def fake(faults: Faults) -> AsyncIterator[FakeDiscord]:
    """A server on each of four shards, and a rule that sessions do not begin at once."""
    async with FakeDiscord() as platform:
        for shard in range(COUNT):
            platform.world.add_guild(f"Server {shard}", guild_id=(COUNT * 1000 + shard << 22) + 7)
        platform.gateway.shards = COUNT
        platform.gateway.identify_seconds = 0.01
        yield platform
        assert platform.breaches == []


@dataclass(slots=True)
class Processes:
    """Two of them, each with half of the shards, over one database."""

    fake: FakeDiscord
    surfaces: Sequence[DiscordSurface]
    dispatchers: Sequence[Dispatcher]

    @property
    def store(self) -> Store:
        return self.dispatchers[0].store


@pytest.fixture
async def processes(fake: FakeDiscord, opens: Opens, postgres_url: str) -> AsyncIterator[Processes]:
    async with opens(postgres_url) as first, opens(postgres_url) as second:
        surfaces = [new_surface(fake, first, shards=shards("0-1/4")), new_surface(fake, second, shards=shards("2-3/4"))]
        await met(first.store, fake.world.guilds.values())
        async with connected(fake, surfaces[0]), connected(fake, surfaces[1]):
            await fake.gateway.until_connected(20, COUNT)
            yield Processes(fake, surfaces, (first, second))


async def met(store: Store, guilds: Iterable[Guild]) -> None:
    """These are communities of ours already."""
    for guild in guilds:
        await store.write(communities.seen, "discord", str(guild.id), guild.name, Language.EN)


def members(fake: FakeDiscord) -> list[DiscordMember]:
    """One of each server, in the order of the shards."""
    return [fake.member(f"M{number}", guild=guild) for number, guild in enumerate(list(fake.world.guilds.values()))]


async def test_each_server_is_answered_once_by_the_process_of_its_shard(processes: Processes) -> None:
    everybody = members(processes.fake)
    answers = await asyncio.gather(*(member.command("/pmpath try here") for member in everybody))

    assert [answer.lines[0][:4] for answer in answers] == ["Here"] * COUNT
    assert len(processes.fake.calls("callback")) == COUNT
    assert sorted(shard for _at, shard, _count in processes.fake.gateway.identifies) == [0, 1, 2, 3]
    assert len(processes.fake.calls("commands.put")) <= 2  # at the same moment both may see that nothing was told


async def test_a_card_in_direct_messages_is_answered_where_shard_0_is_and_sent_from_anywhere(
    processes: Processes,
) -> None:
    cy = members(processes.fake)[3]
    form = await cy.command("/pmpath try opened")  # stores them: a stranger has no community in a direct message
    await cy.submit(form, {"Why": "x"})
    community = await processes.store.read(communities.find, "discord", str(cy.guild.id))
    assert community is not None
    press = DiscordRehearsal().button("here", "x").press
    card = Card(verbatim("You are told"), (), (Button(verbatim("Here"), press),))
    await processes.surfaces[0].tell(Message(str(cy.uid), card, Language.EN, community.id, "", "k", again=False))
    (shown,) = cy.direct_messages
    await cy.press(shown, "Here")
    assert shown.lines[0].startswith("Here")

    def post(unit: Unit) -> None:
        unit.post(community.id, str(cy.channel.id), "try.told", key="1")

    await processes.store.write(post)
    deliveries = [
        Delivery(dispatcher, {"discord": surface})
        for dispatcher, surface in zip(processes.dispatchers, processes.surfaces, strict=True)
    ]
    assert sum(await asyncio.gather(*(delivery.once(Stop()) for delivery in deliveries))) == 1
    assert [message.lines for message in cy.messages()].count(["You are told"]) == 1


async def test_a_process_never_declares_left_what_another_one_serves(processes: Processes) -> None:
    fake, store = processes.fake, processes.store
    guilds = list(fake.world.guilds.values())
    lost = fake.world.add_guild("Lost", guild_id=guilds[2].id + (COUNT << 22))  # shard 2 as well; not told of
    await met(store, [lost])
    del fake.world.guilds[lost.id]
    await fake.remove_bot(guilds[1])
    await eventually(store, guilds[1], left)
    fake.gateway.forget_sessions(3)  # a session begun anew lists its servers anew, without one that left meanwhile
    fake.world.guilds.pop(guilds[3].id)
    await eventually(store, guilds[3], left)

    assert here(await store.read(communities.find, "discord", str(guilds[0].id)))
    assert here(await store.read(communities.find, "discord", str(guilds[2].id)))
    fake.gateway.forget_sessions(2)
    await eventually(store, lost, left)
    assert here(await store.read(communities.find, "discord", str(guilds[2].id)))


async def test_another_count_of_shards_after_a_restart_leaves_nobody(fake: FakeDiscord, dispatcher: Dispatcher) -> None:
    guilds = list(fake.world.guilds.values())
    gone = fake.world.add_guild("Gone", guild_id=guilds[1].id + (COUNT << 22))
    await met(dispatcher.store, [*guilds, gone])
    async with connected(fake, new_surface(fake, dispatcher, shards=Shards(0, 3, 4))):
        await fake.gateway.until_connected(20, 4)
    del fake.world.guilds[gone.id]
    async with connected(fake, new_surface(fake, dispatcher, shards=Shards(1, 1, 2))):
        await eventually(dispatcher.store, gone, left)

    assert [here(await dispatcher.store.read(communities.find, "discord", str(one.id))) for one in guilds] == [True] * 4


async def test_no_server_is_left_whose_shard_has_not_been_ready(fake: FakeDiscord, dispatcher: Dispatcher) -> None:
    guilds = list(fake.world.guilds.values())
    gone = fake.world.add_guild("Gone", guild_id=guilds[0].id + (COUNT << 22))
    await met(dispatcher.store, [*guilds, gone])
    del fake.world.guilds[gone.id]
    surface = new_surface(fake, dispatcher, every=60)  # the others' turn does not come
    async with connected(fake, surface):
        await eventually(dispatcher.store, gone, left)
        assert surface.missing() == "the connection to Discord's gateway for shards 1-3 of 4"
        assert can_send(surface)
        assert (await members(fake)[0].command("/pmpath try here")).lines == ["Here 1"]

    assert [here(await dispatcher.store.read(communities.find, "discord", str(one.id))) for one in guilds] == [True] * 4
    assert not can_send(surface)


async def cut(gateway: Gateway) -> None:
    gateway.cut(2)


@pytest.mark.parametrize(
    "disturb",
    [
        lambda gateway: gateway.ask_reconnect(2),
        lambda gateway: gateway.invalidate(2, resumable=True),
        lambda gateway: gateway.invalidate(2, resumable=False),
        cut,
    ],
    ids=["op 7", "op 9", "op 9, void", "cut"],
)
async def test_one_disturbed_shard_comes_back_by_itself_and_misses_nothing(
    fake: FakeDiscord, dispatcher: Dispatcher, disturb: Callable[[Gateway], Awaitable[None]]
) -> None:
    surface = new_surface(fake, dispatcher)
    async with connected(fake, surface):
        await fake.gateway.until_connected(20, COUNT)
        everybody = members(fake)
        cards = [(await member.command("/pmpath try here")).card for member in everybody]
        before = fake.gateway.connections
        await disturb(fake.gateway)
        assert await fake.world.until(lambda: fake.gateway.connections == before + 1 and 2 in fake.gateway.live, 20)
        for member, card in zip(everybody, cards, strict=True):
            await member.press(card, "Here")

        assert [card.lines for card in cards] == [[f"Here {number}"] for number in range(5, 9)]
        assert surface.missing() is None
        assert fake.gateway.connections == before + 1


async def test_a_shard_whose_way_back_is_barred_holds_up_no_other_and_loses_nothing(
    fake: FakeDiscord, dispatcher: Dispatcher
) -> None:
    surface = new_surface(fake, dispatcher, back_off=(0.02,))
    fake.gateway.address = "ws://127.0.0.1:1/"  # where sessions are to be resumed
    async with connected(fake, surface):
        await fake.gateway.until_connected(20, COUNT)
        everybody = members(fake)
        cards = [(await member.command("/pmpath try here")).card for member in everybody]
        fake.order("gateway.bot", Fault.failing(503), times=5)
        fake.gateway.cut(1)
        assert await fake.world.until(lambda: "shards 1 of 4" in (surface.missing() or ""), 20)
        assert can_send(surface)
        pressed = asyncio.create_task(everybody[1].press(cards[1], "Here"))
        await everybody[0].press(cards[0], "Here")
        await pressed

        assert cards[0].lines == ["Here 5"]
        assert cards[1].lines == ["Here 6"]
        assert (fake.gateway.identified, fake.gateway.resumed) == (COUNT, 1)


async def test_a_gateway_that_is_down_is_not_besieged_and_stopping_does_not_wait_for_it(
    fake: FakeDiscord, dispatcher: Dispatcher
) -> None:
    fake.gateway.address = "ws://127.0.0.1:1/"
    async with connected(fake, new_surface(fake, dispatcher, shards=Shards(0, 0, 4), back_off=(0.01, 600))):
        fake.order("gateway.bot", Fault.failing(503), times=99)
        fake.gateway.cut()
        assert await fake.world.until(lambda: len(fake.calls("gateway.bot")) == 2, 20)
        await asyncio.sleep(0.2)

    assert len(fake.calls("gateway.bot")) == 2


@pytest.mark.parametrize("at_once", [1, 2])
async def test_sessions_begin_no_faster_than_discord_takes_them(
    fake: FakeDiscord, dispatcher: Dispatcher, at_once: int
) -> None:
    fake.gateway.at_once, fake.gateway.identify_seconds = at_once, 0.15
    async with connected(fake, new_surface(fake, dispatcher, every=0.2)):
        await fake.gateway.until_connected(20, COUNT)

    assert 1000 - fake.gateway.starts_left == fake.gateway.identified == COUNT  # none was refused


async def test_a_session_that_began_too_early_beside_another_process_is_begun_again(
    fake: FakeDiscord, dispatcher: Dispatcher
) -> None:
    fake.gateway.identify_seconds = 0.1
    first, second = (new_surface(fake, dispatcher, shards=shards(each)) for each in ("0/4", "1/4"))
    async with connected(fake, first), connected(fake, second):
        await fake.gateway.until_connected(20, 2)

    assert 1000 - fake.gateway.starts_left > fake.gateway.identified == 2


async def test_where_no_session_is_left_to_begin_it_waits_rather_than_lose_the_token(
    fake: FakeDiscord, dispatcher: Dispatcher, faults: Faults
) -> None:
    fake.gateway.starts_left = 2
    surface = new_surface(fake, dispatcher)
    async with connected(fake, surface):
        assert await fake.world.until(lambda: "no session left" in (surface.missing() or ""), 20)
        assert len(fake.gateway.live) == 2
        fake.gateway.starts_left = 1000
        await fake.gateway.until_connected(20, COUNT)

    assert [entry["event"] for entry in faults.entries] == ["discord.no_session_left"]
    faults.entries.clear()


async def test_a_bot_that_has_outgrown_its_shards_takes_as_many_as_are_recommended_now(
    fake: FakeDiscord, dispatcher: Dispatcher
) -> None:
    fake.gateway.shards = 1
    async with connected(fake, new_surface(fake, dispatcher)):
        fake.gateway.shards = fake.gateway.shards_least = 2
        await fake.gateway.close(4011)
        await fake.gateway.until_connected(20, 2)

        assert (await members(fake)[3].command("/pmpath try here")).lines == ["Here 1"]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (4010, "refuses the shards 0 to 1 of 2 that DISCORD_SHARDS names .*DISCORD_SHARDS=0-3/4"),
        (4011, "more shards than the 2 of DISCORD_SHARDS .*recommends 4.*DISCORD_SHARDS=0-3/4"),
        (4004, "does not know DISCORD_TOKEN"),
    ],
)
async def test_shards_that_are_refused_end_it_with_the_right_setting(
    fake: FakeDiscord, dispatcher: Dispatcher, code: int, says: str
) -> None:
    surface = new_surface(fake, dispatcher, shards=Shards(0, 1, 2))
    running = asyncio.create_task(surface.run())
    await fake.gateway.until_connected(20, 2)
    await fake.gateway.close(code, 1)
    with pytest.raises(CannotStart, match=says):
        await running

    assert await fake.world.until(lambda: not fake.gateway.connected, 20)


def test_numbers_are_said_in_spans() -> None:
    assert spans([0, 1, 2, 3, 7, 9, 10]) == "0-3, 7, 9-10"
    assert spans([]) == ""
