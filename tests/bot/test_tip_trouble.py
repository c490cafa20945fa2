"""What can go wrong with a weekly tip, through both platforms: moderators read why, nothing is lost, nothing floods."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator

import asyncpg
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.clock import Stop
from bot.delivery import Delivery
from bot.pictures.studio import Pictures
from bot.slack.client import SlackSurface
from bot.surface import Surface
from bot.timekeeper import Timekeeper
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from content.load import Content
from content.outcomes import Outcome
from content.text import Language
from storage import communities, doubts, postings, pragmas, schedules, tips
from storage.doubts import Doubt
from storage.members import Me, ensure
from storage.schedules import Plan, Schedule
from storage.store import Store
from storage.tables import member
from storage.timetable import Weekly
from storage.tips import Written
from storage.unit import Unit
from tests.bot.discord.conftest import connected, new_surface
from tests.bot.slack.conftest import access, served
from tests.conftest import Faults, SetClock
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_rest import Fault
from tests.fakes.discord_shown import Shown
from tests.fakes.slack import FakeSlack, SlackMember

WEEKLY = Weekly(4, 600, "Europe/Berlin")
TIPS = ("Ask three users", "Write the failure down", "Cut the scope", "Read the log")
HALF_HOUR = "I could not reach the platform for half an hour"


class Place(ABC):
    """A community on a platform's fake: its channel for tips, what can become of it, and what people see there."""

    name: str
    ext_id: str
    channel: str
    moderator: str
    surface: Surface

    @abstractmethod
    def loses(self, what: str) -> None:
        """The channel, the right to write there, or our token."""

    @abstractmethod
    def gets_back(self, what: str) -> None: ...
    @abstractmethod
    def limits(self, seconds: float) -> None:
        """Too many requests: the next post is refused for so long."""

    @abstractmethod
    def asked(self) -> int:
        """How often we tried to post."""

    @abstractmethod
    def posts(self) -> list[str]:
        """Each post that appeared in the channel."""

    @abstractmethod
    def messages(self) -> list[str]:
        """What the moderator reads in direct messages."""

    @abstractmethod
    def passes(self) -> None:
        """The platform's own time goes on."""


class OnDiscord(Place):
    name = "discord"

    def __init__(self, fake: FakeDiscord, surface: Surface) -> None:
        self.fake, self.surface = fake, surface
        self.text = fake.world.add_channel(fake.guild, "tips")
        self.ada = fake.member("Ada")
        self.ext_id, self.channel, self.moderator = str(fake.guild.id), str(self.text.id), str(self.ada.user.id)

    def loses(self, what: str) -> None:
        match what:
            case "channel":
                del self.fake.world.channels[self.text.id]
            case "right":
                self.text.refuses = 50013
            case "token":
                self.fake.rest.token = "another"

    def gets_back(self, what: str) -> None:
        self.fake.world.channels[self.text.id] = self.text
        self.text.refuses = None
        self.fake.rest.token = self.fake.token
        self.fake.breaches.clear()

    def limits(self, seconds: float) -> None:
        self.fake.order("send", Fault.rate_limited(seconds))

    def asked(self) -> int:
        return len(self.fake.calls("send"))

    def posts(self) -> list[str]:
        return [Shown(message).text for message in self.text.messages.values()]

    def messages(self) -> list[str]:
        channel = self.fake.world.direct_channel(self.ada.user)
        return [Shown(message).text for message in channel.messages.values()]

    def passes(self) -> None:
        """Discord is given nothing ahead."""


class OnSlack(Place):
    name = "slack"

    def __init__(self, fake: FakeSlack, surface: Surface, ada: SlackMember) -> None:
        self.fake, self.surface, self.ada, self.team = fake, surface, ada, ada.team
        self.general = fake.channel(self.team, "general")
        self.ext_id, self.channel, self.moderator = self.team.id, self.general.id, ada.uid
        self.token = self.team.bot_token

    def loses(self, what: str) -> None:
        match what:
            case "channel":
                del self.team.channels[self.channel]
            case "right":
                self.general.bot_in = False
                self.team.scopes -= {"chat:write.public"}
            case "archive":
                self.general.archived = True
            case "token":
                self.team.bot_token = "another"

    def gets_back(self, what: str) -> None:
        self.team.channels[self.channel] = self.general
        self.general.bot_in, self.general.archived = True, False
        self.team.bot_token = self.token

    def limits(self, seconds: float) -> None:
        self.fake.fail_next("chat.scheduleMessage", status=429, retry_after=seconds)

    def asked(self) -> int:
        return len(self.fake.called("chat.scheduleMessage")) + len(self.fake.called("chat.postMessage"))

    def posts(self) -> list[str]:
        return [" ".join(m.lines) for m in self.fake.messages if m.channel == self.channel and not m.ephemeral]

    def messages(self) -> list[str]:
        return [" ".join(message.lines) for message in self.ada.dms]

    def passes(self) -> None:
        self.fake.deliver_due()


class Week:
    """A community whose tips are due on Fridays, and all that sends them."""

    def __init__(self, dispatcher: Dispatcher, clock: SetClock, place: Place) -> None:
        self.store, self.clock, self.place = dispatcher.store, clock, place
        self.delivery = Delivery(dispatcher, {place.name: place.surface})
        self.keeper = Timekeeper(dispatcher.store, dispatcher.content.tips_by_outcome)
        self.me = Me(0, place.moderator, "Ada")

    async def set_up(self) -> None:
        """Four tips in the queue, a weekly time, and a moderator with *Tell me here* on."""
        self.me = await self.store.write(self._community)
        for title in TIPS:
            words = {Language.EN: (title, f"{title}, then look at what you have.")}
            await self.store.write(tips.add, self.me, Written(Outcome.BUSINESS, words))
        await self.store.write(schedules.switch_on, self.me, {None: Plan(self.place.channel, WEEKLY)})

    def _community(self, unit: Unit) -> Me:
        here = communities.seen(unit, self.place.name, self.place.ext_id, "Makers", Language.EN)
        me = Me(here.id, self.place.moderator, "Ada")
        unit.execute(member.update().where(member.c.id == ensure(unit, me)).values(tell_here=1))
        return me

    async def schedule(self) -> Schedule:
        return (await self.store.read(schedules.of_community, self.me.community))[0]

    async def doubts(self) -> list[Doubt]:
        return await self.store.read(doubts.of_community, self.me.community)

    async def work(self) -> None:
        """All that is due at this moment, here and at the platform."""
        while await self.keeper.once() + await self.delivery.once(Stop()):
            pass
        self.place.passes()

    async def goes_by(self, span: dt.timedelta, *, step: dt.timedelta = dt.timedelta(minutes=5)) -> None:
        """The clock goes on, and what comes due is done."""
        ends = self.clock.moment + span
        while self.clock.moment < ends:
            self.clock.moment = min(ends, self.clock.moment + step)
            await self.work()

    async def next_slot(self) -> None:
        """To an hour after the next slot."""
        self.clock.moment = (await self.schedule()).next_at - dt.timedelta(minutes=15)
        await self.goes_by(dt.timedelta(minutes=75))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    # SQLite's own waiting for a lock, in the place of five seconds
    monkeypatch.setattr(pragmas, "WRITER", (*pragmas.WRITER, "busy_timeout=200"))
    # patched with what they are, only so that they are put back: the surface points the library at the fake by these
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    # as above
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)


@contextlib.asynccontextmanager
async def on(platform: str, dispatcher: Dispatcher, clock: SetClock) -> AsyncIterator[Week]:
    async with contextlib.AsyncExitStack() as stack:
        if platform == "discord":
            discord = await stack.enter_async_context(FakeDiscord())
            surface = new_surface(discord, dispatcher)
            place: Place = OnDiscord(discord, surface)
            await stack.enter_async_context(connected(discord, surface))
        else:
            slack = await stack.enter_async_context(FakeSlack())
            slack.clock = lambda: clock.moment.timestamp()
            ada = SlackMember(slack, slack.install(), "U0ADA0001", "Ada")
            served_there = SlackSurface(access(slack, ada.team, socket=False), dispatcher)
            place = OnSlack(slack, served_there, ada)
            await stack.enter_async_context(served(slack, served_there, socket=False))
        place.surface.pace = 0.0  # these tests are about a few messages, not about many at once
        week = Week(dispatcher, clock, place)
        await week.set_up()
        yield week


@pytest.fixture
async def dispatcher(
    sqlite_url: str, content: Content, registry: Registry, clock: SetClock, pictures: Pictures, faults: Faults
) -> AsyncIterator[Dispatcher]:
    store = await Store.open(sqlite_url, now=clock.now)
    yield Dispatcher(store, content, registry, now=clock.now, draw=pictures.draw)
    await store.close()


@pytest.fixture(params=["discord", "slack"])
async def week(request: pytest.FixtureRequest, dispatcher: Dispatcher, clock: SetClock) -> AsyncIterator[Week]:
    async with on(request.param, dispatcher, clock) as here:
        yield here


@pytest.mark.parametrize(
    ("lost", "why", "said"),
    [
        ("channel", "no-channel", "is gone, or I no longer see it"),
        ("right", "no-right", "I may not write in"),
    ],
)
async def test_why_a_tip_did_not_come_is_read_by_moderators_and_the_same_tip_is_next(
    week: Week, lost: str, why: str, said: str
) -> None:
    """Three weeks of it: a message each week, and afterwards one post."""
    week.place.loses(lost)
    for _week in range(3):
        await week.next_slot()
    assert (await week.schedule()).trouble == why
    assert [doubt.refused for doubt in await week.doubts()] == [True] * 3
    assert [said in message and TIPS[0] in message for message in week.place.messages()] == [True] * 3
    assert week.place.posts() == []

    week.place.gets_back(lost)
    await week.goes_by(dt.timedelta(hours=30), step=dt.timedelta(hours=1))
    assert week.place.posts() == []
    await week.next_slot()

    (post,) = week.place.posts()
    assert TIPS[0] in post
    assert (await week.schedule()).trouble is None


async def test_an_archived_channel_is_said_to_be_archived(dispatcher: Dispatcher, clock: SetClock) -> None:
    async with on("slack", dispatcher, clock) as week:
        week.place.loses("archive")
        await week.next_slot()

        assert (await week.schedule()).trouble == "archived"
        assert "is archived" in week.place.messages()[0]


async def test_what_was_refused_is_posted_once_when_a_moderator_says_so(week: Week) -> None:
    week.place.loses("right")
    await week.next_slot()
    week.place.gets_back("right")
    (doubt,) = await week.doubts()

    assert await week.store.write(doubts.post_again, week.me.community, doubt.id)
    assert not await week.store.write(doubts.post_again, week.me.community, doubt.id)
    await week.work()

    assert [TIPS[0] in post for post in week.place.posts()] == [True]
    assert await week.doubts() == []


async def test_while_the_token_is_revoked_each_slot_is_given_up_and_told_when_it_works_again(week: Week) -> None:
    week.place.loses("token")
    for _week in range(3):
        await week.next_slot()
    assert (await week.schedule()).trouble
    assert [doubt.refused for doubt in await week.doubts()] == [True] * 3
    assert week.place.messages() == week.place.posts() == []

    week.place.gets_back("token")
    await week.goes_by(dt.timedelta(hours=12), step=dt.timedelta(hours=1))
    assert week.place.posts() == []
    assert [HALF_HOUR in message for message in week.place.messages()] == [True] * 3
    await week.next_slot()

    assert [TIPS[0] in post for post in week.place.posts()] == [True]
    assert (await week.schedule()).trouble is None


async def test_ten_minutes_of_too_many_requests_make_a_tip_late_and_nothing_else(week: Week) -> None:
    slot = (await week.schedule()).next_at
    week.place.limits(600)
    week.clock.moment = slot - dt.timedelta(minutes=15)
    while not week.place.asked():
        await week.goes_by(dt.timedelta(seconds=30), step=dt.timedelta(seconds=30))
    await week.goes_by(dt.timedelta(seconds=590), step=dt.timedelta(seconds=10))
    assert (week.place.asked(), week.place.posts()) == (1, [])

    await week.goes_by(dt.timedelta(hours=1))

    assert [TIPS[0] in post for post in week.place.posts()] == [True]
    assert week.place.asked() == 2
    assert (await week.schedule()).trouble is None
    assert await week.doubts() == []
    assert week.place.messages() == []


class Lock:
    """The whole database held by somebody else, as a backup or a careless administrator does."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._file: sqlite3.Connection | None = None
        self._server: asyncpg.Connection[asyncpg.Record] | None = None

    @property
    def is_file(self) -> bool:
        return self.url.startswith("sqlite")

    async def hold(self) -> None:
        if self.is_file:
            self._file = sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)
            self._file.execute("BEGIN IMMEDIATE")
        else:
            self._server = await asyncpg.connect(self.url)
            await self._server.execute("BEGIN; LOCK TABLE outbox, posting, schedule IN ACCESS EXCLUSIVE MODE")

    async def let_go(self) -> None:
        if self._file is not None:
            self._file.execute("ROLLBACK")
            self._file.close()
        if self._server is not None:
            await self._server.execute("ROLLBACK")
            await self._server.close()


@pytest.fixture
async def locked(
    database_url: str, content: Content, registry: Registry, clock: SetClock, pictures: Pictures, faults: Faults
) -> AsyncIterator[tuple[Week, Lock]]:
    store = await Store.open(database_url, now=clock.now)
    dispatcher = Dispatcher(store, content, registry, now=clock.now, draw=pictures.draw)
    async with on("discord", dispatcher, clock) as week:
        week.clock.moment = (await week.schedule()).next_at
        yield week, Lock(database_url)
    await store.close()


@contextlib.asynccontextmanager
async def running(week: Week) -> AsyncIterator[None]:
    """What the program does by itself, until the test is over."""
    stop = Stop()
    tasks = [asyncio.create_task(work(stop)) for work in (week.keeper.run, week.delivery.run)]
    yield
    stop.tell()
    await asyncio.wait_for(asyncio.gather(*tasks), 30)


async def until_posted(week: Week) -> None:
    assert isinstance(week.place, OnDiscord)
    assert await week.place.fake.world.until(lambda: bool(week.place.posts()), 30)


async def until_told(faults: Faults) -> None:
    """Until the operator is."""
    async with asyncio.timeout(30):
        while not faults.entries:  # noqa: ASYNC110 - a line of the log has no event
            await asyncio.sleep(0.02)


def forgive_lock(faults: Faults) -> None:
    """The operator was told of the lock, as was meant."""
    faults.entries = [each for each in faults.entries if "Another program holds" not in str(each)]


async def test_a_database_that_is_locked_makes_a_tip_late_and_posts_it_once(
    locked: tuple[Week, Lock], faults: Faults
) -> None:
    week, lock = locked
    await lock.hold()
    async with running(week):
        await asyncio.sleep(1.0)
        if lock.is_file:
            await until_told(faults)
        assert week.place.posts() == []
        await lock.let_go()
        await until_posted(week)
        await asyncio.sleep(1.2)

    assert [TIPS[0] in post for post in week.place.posts()] == [True]
    assert await week.doubts() == []
    forgive_lock(faults)


async def test_a_database_that_is_locked_between_post_and_mark_doubles_nothing(
    locked: tuple[Week, Lock], faults: Faults
) -> None:
    week, lock = locked
    assert isinstance(week.place, OnDiscord)
    fake = week.place.fake
    fake.order("send", Fault.slow(0.5))
    async with running(week):
        assert await fake.world.until(lambda: bool(fake.calls("send")), 30)
        await lock.hold()
        await until_posted(week)
        await asyncio.sleep(1.5)
        await lock.let_go()
        await asyncio.sleep(1.5)

    assert [TIPS[0] in post for post in week.place.posts()] == [True]
    assert len(fake.calls("send")) == 1
    (out, _total) = await week.store.read(postings.out, week.me.community, None, 0, 5)
    assert len(out) == 1
    assert await week.doubts() == []
    forgive_lock(faults)
