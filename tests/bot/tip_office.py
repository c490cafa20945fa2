"""Weekly tips on their way: a store, a timekeeper, a delivery, and a platform that notes what it was given."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select

from bot.clock import Stop
from bot.delivery import Delivery
from bot.named import Named
from bot.pictures.studio import Pictures
from bot.surface import Message, Refused, Uncertain
from bot.timekeeper import Timekeeper
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from commands.kit.notice import Notice
from commands.kit.request import Context, Platform
from commands.kit.view import Card
from content.load import Content
from content.outcomes import Outcome
from content.text import Language, _
from storage import communities, firing, postings, schedules
from storage.library import Library
from storage.members import Me
from storage.schedules import Plan, Schedule
from storage.store import Store
from storage.tables import outbox, posting
from storage.timetable import Weekly
from storage.unit import Unit

LIBRARY: Library = {outcome: [f"{outcome.value[0]}{number}" for number in range(60)] for outcome in Outcome}
FRIDAY_TEN = Weekly(4, 600, "Europe/Berlin")


@dataclass(slots=True)
class Place:
    """A platform that notes what it posts and when, by the clock of the store; `raises` come first."""

    platform: Platform
    now: Callable[[], dt.datetime]
    native: frozenset[type] = frozenset()
    pace: float = 0.0
    post_pace: float = 0.0
    look_pace: float = 0.0
    paced_apart: bool = False
    named: Named = field(default_factory=Named)
    remembers: float = 0.0
    down: str | None = None
    log: list[tuple[str, str, dt.datetime]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    raises: list[Exception | None] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    spoken: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event | None = None

    async def run(self) -> None: ...
    async def close(self) -> None: ...
    def missing(self) -> str | None:
        return self.down

    async def tell(self, message: Message) -> str:
        self.told.append(message.place)
        self.spoken.set()
        return "m"

    async def post(self, message: Message) -> str:
        self.at.append(asyncio.get_running_loop().time())
        self.reached.set()
        if self.gate is not None:
            await self.gate.wait()
        self.fail()
        self.log.append((message.place, message.key, self.now()))
        return f"m{len(self.log)}"

    async def take_back(self, community_ext: str, channel: str, remote: str) -> None: ...

    async def has(self, community_ext: str, uid: str) -> bool:
        return True

    def fail(self) -> None:
        if self.raises and (fault := self.raises.pop(0)) is not None:
            raise fault


@dataclass(slots=True)
class Keeping(Place):
    """One that takes posts ahead of their time; `drops` is how many answers get lost after it took them."""

    drops: int = 0
    waits: dict[str, tuple[str, str, dt.datetime]] = field(default_factory=dict)
    looks: int = 0
    asked: int = 0
    stops: list[Exception] = field(default_factory=list)

    async def hand_over(self, message: Message) -> str:
        self.fail()
        assert message.post_at is not None
        self.asked += 1
        remote = f"Q{self.asked}"
        self.waits[remote] = (message.place, message.key, message.post_at)
        if self.drops:
            self.drops -= 1
            raise Uncertain("the answer was lost")
        return remote

    async def handed(self, message: Message) -> str | None:
        self.looks += 1
        self.fail()
        wanted = (message.place, message.key, message.post_at)
        return next((remote for remote, each in self.waits.items() if each == wanted and each[2] > self.now()), None)

    async def call_off(self, community_ext: str, channel: str, remote: str) -> None:
        if self.stops:
            raise self.stops.pop(0)
        if self.waits[remote][2] - self.now() < dt.timedelta(seconds=60):
            raise Refused("invalid_scheduled_message_id", "too-late")
        del self.waits[remote]

    @property
    def posted(self) -> list[tuple[str, str, dt.datetime]]:
        """All that stands in the channels by now."""
        return self.log + [each for each in self.waits.values() if each[2] <= self.now()]


async def _card(ctx: Context, posting: int) -> Card | None:
    found = await ctx.store.read(postings.find, ctx.community.id, posting)
    return None if found is None or found.tip == "p9" else Card(_("This reaches you"))


async def _told(ctx: Context, **ids: int | str) -> Card | None:
    return Card(_("This reaches you"))


TOLD = (postings.TROUBLE, firing.MISSED, firing.NOTHING, firing.QUIET, firing.FEW_LEFT, firing.ASK)
NOTICES = {postings.WEEKLY: Notice(postings.WEEKLY, _card), **{name: Notice(name, _told) for name in TOLD}}


@dataclass(slots=True)
class TipOffice:
    """One process: what comes due by its store's clock, and what it sends."""

    store: Store
    dispatcher: Dispatcher
    places: dict[str, Place]
    ids: Library = field(default_factory=lambda: LIBRARY)
    keeper: Timekeeper = field(init=False)
    delivery: Delivery = field(init=False)

    def __post_init__(self) -> None:
        self.keeper = Timekeeper(self.store, self.ids)
        self.delivery = self.another_delivery()

    def another_delivery(self) -> Delivery:
        return Delivery(self.dispatcher, dict(self.places))

    async def run_until_posted(self, place: Place) -> None:
        """Both loops run as in the program until the platform is given a post."""
        stop = Stop()
        running = asyncio.gather(self.keeper.run(stop), self.delivery.run(stop))
        async with asyncio.timeout(20):
            await place.reached.wait()
            stop.tell()
            await running

    async def work(self) -> None:
        """All that is due now is done."""
        while await self.keeper.once() + await self.delivery.once(Stop()):
            pass

    async def community(self, platform: str = "discord", ext_id: str = "g1") -> Me:
        made = await self.store.write(communities.seen, platform, ext_id, ext_id, Language.EN)
        return Me(made.id, "mod", "Mo")

    async def switch_on(self, me: Me, weekly: Weekly = FRIDAY_TEN, channel: str = "C1") -> Schedule:
        await self.store.write(schedules.switch_on, me, {None: Plan(channel, weekly)})
        return await self.schedule(me)

    async def schedule(self, me: Me) -> Schedule:
        return (await self.store.read(schedules.of_community, me.community))[0]

    async def states(self) -> list[tuple[str, str | None]]:
        """Of each posting its own state and that of its row in the outbox."""

        def look(unit: Unit) -> list[tuple[str, str | None]]:
            joined = posting.outerjoin(outbox, outbox.c.id == posting.c.outbox_id)
            pairs = select(posting.c.state, outbox.c.state).select_from(joined).order_by(posting.c.id)
            return [(mine, its) for mine, its in unit.execute(pairs)]

        return await self.store.read(look)


def office_for(
    store: Store, content: Content, pictures: Pictures, now: Callable[[], dt.datetime], *places: Place
) -> TipOffice:
    dispatcher = Dispatcher(store, content, Registry({}, {}, NOTICES), now=now, draw=pictures.draw)
    return TipOffice(store, dispatcher, {place.platform.value: place for place in places})
