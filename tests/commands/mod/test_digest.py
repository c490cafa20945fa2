"""The digest of a closed week or month: switched on, posted once, taken back."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select

from bot.delivery import Delivery
from bot.named import Named
from bot.surface import Message
from bot.timekeeper import Timekeeper, catch_up
from commands.kit.element import lower
from commands.kit.request import Platform
from content.boards import Season
from content.outcomes import Outcome
from content.points import Deed
from content.text import Text
from storage import adjusting, appearances, awards, communities, departures, digests, firing, members, upkeep
from storage.members import Me
from storage.store import Store
from storage.tables import digest_line, outbox
from storage.unit import Unit
from tests.bot.tip_office import LIBRARY
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen

MONDAY = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)  # a week after the clock of tests begins
HOUR, DAY, WEEK = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(weeks=1)


@dataclass(slots=True)
class Room:
    """A platform that keeps what stands in its channel, by its own id."""

    driver: DirectDriver
    platform: Platform = Platform.WEB
    native: frozenset[type] = frozenset()
    pace: float = 0.0
    post_pace: float = 0.0
    look_pace: float = 0.0
    paced_apart: bool = False
    named: Named = field(default_factory=Named)
    remembers: float = 0.0
    down: str | None = None
    stands: dict[str, list[str]] = field(default_factory=dict)
    count: int = 0

    @property
    def store(self) -> Store:
        return self.driver.dispatcher.store

    async def run(self) -> None: ...
    async def close(self) -> None: ...
    def missing(self) -> str | None:
        return self.down

    async def tell(self, message: Message) -> str:
        raise AssertionError("nobody is told anything")

    async def post(self, message: Message) -> str:
        said = self.driver.dispatcher.content.catalogue.say
        texts = (each for each in lower(message.card.body, frozenset()) if isinstance(each, Text))
        words = [said(message.card.title, message.language), *(said(each, message.language) for each in texts)]
        self.count += 1
        self.stands[f"m{self.count}"] = words
        return f"m{self.count}"

    async def has(self, community_ext: str, uid: str) -> bool:
        return True

    async def take_back(self, community_ext: str, channel: str, remote: str) -> None:
        self.stands.pop(remote, None)

    async def work(self) -> dt.datetime | None:
        """All that is due; answers when something is due next."""
        dispatcher = self.driver.dispatcher
        delivery = Delivery(dispatcher, {self.platform.value: self})
        return await catch_up(Timekeeper(dispatcher.store, LIBRARY), delivery, dispatcher.store)


@pytest.fixture
def room(moderator: DirectDriver) -> Room:
    return Room(moderator)


async def earns(room: Room, uid: str, points: int, *, shown: bool = True) -> Me:
    """A member who has done something, and got that many points in all."""
    me = Me((await room.driver.me()).community, uid, uid.title())

    def work(unit: Unit) -> None:
        member_id = members.ensure(unit, me)
        if shown:
            appearances.show(unit, me)
        won = awards.give(unit, member_id, Outcome.HYBRID, (Deed.TIP, f"{unit.now_us}"))
        awards.adjust(unit, member_id, points - won, "x")

    await room.store.write(work)
    return me


async def switch_on(room: Room, season: Season = Season.WEEK, zone: str = "UTC") -> dt.datetime:
    me = await room.driver.me()
    await room.store.write(communities.set_zone, me.community, zone)
    await room.store.write(digests.switch_on, me, zone, season, "general")
    return await next_at(room)


async def next_at(room: Room) -> dt.datetime:
    found = await room.store.read(digests.of_community, (await room.driver.me()).community)
    assert found is not None
    return found.next_at


async def lines(room: Room) -> int:
    return await room.store.read(
        lambda unit: int(unit.execute(select(func.count()).select_from(digest_line)).scalar_one())
    )


async def to_the_card(moderator: DirectDriver) -> Seen:
    await moderator.run("/pmpath-mod settings")
    return await moderator.press("Who is left off, and the digest")


async def test_it_is_off_until_a_moderator_has_seen_it_and_switched_it_on(room: Room, clock: SetClock) -> None:
    moderator = room.driver
    for number in range(5):
        await earns(room, f"u{number}", 10 * number + 10, shown=number > 1)
    clock.moment = MONDAY - DAY
    assert await room.work() is None

    clock.moment = MONDAY + HOUR
    await to_the_card(moderator)
    await moderator.press("Each week")
    card = await moderator.press("This channel")
    rows = ["1. U4, 50 points", "2. U3, 40 points", "3. U2, 30 points"]
    assert card.lines[2:6] == [
        "Leaderboard, 23 November 2026 to 29 November 2026",
        *rows,
    ]
    assert moderator.reply is not None
    card = await moderator.press("Switch on")
    assert card.lines[0] == "Switched on: the next digest stands in #general on Monday, 7 December 2026, 09:00."
    assert "Every Monday at 09:00 (UTC) in #general" in card.lines
    assert "Digest: Every Monday at 09:00 (UTC) in #general" in (await moderator.press("Settings")).lines
    await to_the_card(moderator)
    assert (await moderator.press("Look at it")).buttons[:2] == ["Switch off", "Another channel"]
    card = await moderator.press("Boards and digest")
    assert await room.work() == MONDAY + WEEK
    assert room.stands == {}

    card = await moderator.press("Each month")
    assert "Nobody stood on the board then: nothing would have been posted." in card.lines
    await moderator.press("Switch on")
    assert await next_at(room) == dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    card = await moderator.press("Switch off")
    assert card.lines[0] == "Switched off: no digest goes out any more."
    clock.move(days=40)
    assert await room.work() is None
    assert room.stands == {}


async def test_what_moderators_did_with_it_is_said_and_undone(room: Room, clock: SetClock) -> None:
    moderator = room.driver
    await switch_on(room)
    await switch_on(room)
    await switch_on(room, Season.MONTH)
    await room.store.write(digests.switch_off, await moderator.me())
    clock.move(days=20)

    said = [line for line in (await moderator.run("/pmpath-mod audit")).lines if line.startswith("Mo: ")]
    assert said == [
        "Mo: Switched the digest off.",
        "Mo: Switched on the digest of each month, in #general.",
        "Mo: Switched on the digest of each week, in #general.",
    ]
    asked = await moderator.press("Undo")
    assert asked.lines[-1].endswith("On the first of each month at 09:00 (UTC) in #general.")
    await moderator.press("Undo")
    assert await next_at(room) == dt.datetime(2027, 1, 1, 9, tzinfo=dt.UTC)  # nothing past is made up for


@pytest.mark.parametrize(
    ("season", "zone", "begins", "due", "title"),
    [
        (Season.WEEK, "Europe/Paris", "2026-10-19T10", "2026-10-26T08", "19 October 2026 to 25 October 2026"),
        (Season.WEEK, "America/New_York", "2027-03-08T14", "2027-03-15T13", "8 March 2027 to 14 March 2027"),
        (Season.MONTH, "Pacific/Auckland", "2026-09-03T10", "2026-09-30T20", "1 September 2026 to 30 September 2026"),
    ],
)  # fmt: skip
async def test_a_season_is_the_communitys_own_across_clock_changes_and_told_once(
    room: Room, clock: SetClock, season: Season, zone: str, begins: str, due: str, title: str
) -> None:
    clock.moment = dt.datetime.fromisoformat(f"{begins}:00:00+00:00")
    at = dt.datetime.fromisoformat(f"{due}:00:00+00:00")
    assert await switch_on(room, season, zone) == at
    await earns(room, "ann", 7)
    clock.moment = at - 9 * HOUR - dt.timedelta(seconds=1)
    await earns(room, "bob", 5)
    clock.move(seconds=1)  # the next season has begun
    await earns(room, "bob", 90)
    await earns(room, "cid", 90)
    assert await room.work() == at
    clock.moment = at - dt.timedelta(seconds=1)
    await room.work()
    assert room.stands == {}

    clock.moment = at
    keepers = [Timekeeper(room.store, LIBRARY) for _number in range(2)]
    done = await asyncio.gather(*(keeper.once() for keeper in (*keepers, *keepers)))
    await room.work()

    assert sum(done) == 1
    assert list(room.stands.values()) == [[f"Leaderboard, {title}", "1. Ann, 7 points", "2. Bob, 5 points"]]


@pytest.mark.parametrize(
    ("late", "posted"), [(DAY, 1), (DAY + dt.timedelta(seconds=1), 0), (WEEK + HOUR, 1), (3 * WEEK - HOUR, 0)]
)
async def test_a_missed_one_is_posted_within_a_day_and_of_several_the_last(
    room: Room, clock: SetClock, late: dt.timedelta, posted: int
) -> None:
    await switch_on(room)
    for _number in range(2):
        await earns(room, "ann", 7)
        clock.move(days=7)
    clock.moment = MONDAY + late

    await room.work()

    assert (len(room.stands), await lines(room)) == (posted, posted)
    assert await next_at(room) > clock.moment
    clock.move(hours=2)
    await room.work()
    assert len(room.stands) == posted


async def test_what_its_platform_could_not_take_for_a_day_is_passed_over(room: Room, clock: SetClock) -> None:
    await switch_on(room)
    await earns(room, "ann", 7)
    room.down, clock.moment = "no connection", MONDAY
    await Timekeeper(room.store, LIBRARY).once()
    clock.move(hours=25)
    room.down = None
    await room.work()

    assert room.stands == {}
    clock.move(days=8)
    await room.store.write(upkeep.prune)
    assert await lines(room) == 0


async def test_who_hides_left_or_is_erased_before_it_is_posted_is_not_on_it_and_ranks_close_up(
    room: Room, clock: SetClock
) -> None:
    await switch_on(room)
    people = [await earns(room, uid, 10) for uid in ("ann", "bob", "cid", "dan", "eve", "fay")]
    await earns(room, "gus", 9)
    await earns(room, "hal", 8)
    clock.moment = MONDAY
    await Timekeeper(room.store, LIBRARY).once()
    await room.store.write(appearances.hide, people[0])
    await room.store.write(members.forget, people[1])
    await room.store.write(adjusting.leave_out, await room.driver.me(), ["cid"])
    await room.store.write(appearances.looked_for, people[0].community, ["fay"], ["dan"])

    await room.work()

    (post,) = room.stands.values()
    assert post[1:] == ["1. Fay, 10 points", "1. Eve, 10 points", "3. Gus, 9 points", "4. Hal, 8 points"]


async def test_where_all_have_hidden_nothing_is_posted(room: Room, clock: SetClock) -> None:
    await switch_on(room)
    me = await earns(room, "ann", 7)
    await earns(room, "bob", 9, shown=False)
    clock.moment = MONDAY
    await Timekeeper(room.store, LIBRARY).once()
    await room.store.write(appearances.hide, me)
    await room.work()

    assert room.stands == {}


@pytest.mark.parametrize("goes", [appearances.hide, members.forget])
async def test_a_post_is_taken_back_when_somebody_on_it_hides_or_goes_however_old_it_is(
    room: Room, clock: SetClock, goes: object
) -> None:
    await switch_on(room)
    ann, bob = [await earns(room, uid, 7) for uid in ("ann", "bob")]
    clock.moment = MONDAY
    await room.work()
    clock.move(days=100)
    await room.store.write(upkeep.prune)
    await room.store.write(adjusting.leave_out, await room.driver.me(), ["bob"])
    await room.work()
    assert len(room.stands) == 1

    await room.store.write(goes, ann)  # type: ignore[arg-type]  # one of two units
    await room.work()
    assert (room.stands, await lines(room)) == ({}, 0)
    await room.store.write(appearances.hide, bob)
    await room.work()
    clock.move(days=8)
    await room.store.write(upkeep.prune)
    left = await room.store.read(lambda unit: int(unit.execute(select(func.count()).select_from(outbox)).scalar_one()))
    assert left == 0


async def test_another_zone_or_a_return_moves_the_next_time_and_loses_no_season(room: Room, clock: SetClock) -> None:
    me = await room.driver.me()
    await earns(room, "ann", 7)
    assert await switch_on(room) == MONDAY
    clock.moment = MONDAY - HOUR
    await room.store.write(communities.set_zone, me.community, "Asia/Shanghai")
    assert await next_at(room) == MONDAY - 8 * HOUR
    await room.work()
    assert len(room.stands) == 1
    assert await next_at(room) == MONDAY - 8 * HOUR + WEEK

    await room.driver.run("/pmpath-mod settings")
    await room.driver.choose("city", "New York")
    assert await next_at(room) == MONDAY + 5 * HOUR + WEEK
    await room.driver.press("What moderators did")
    await room.driver.press("Undo")
    await room.driver.press("Undo")
    assert await next_at(room) == MONDAY - 8 * HOUR + WEEK

    await earns(room, "ann", 7)
    await room.store.write(departures.left, "web", "sandbox")
    clock.moment = MONDAY + WEEK
    assert await room.work() is None
    await room.store.write(departures.arrived, "web", "sandbox", "")
    await room.work()
    assert len(room.stands) == 1
    assert await room.store.read(firing.next_moment) == MONDAY - 8 * HOUR + 2 * WEEK
