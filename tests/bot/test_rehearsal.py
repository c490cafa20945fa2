"""A rehearsed month is the month: the same posts at the same moments as when time goes by itself."""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.clock import Stop
from bot.pictures.studio import Pictures
from bot.timekeeper import catch_up
from bot.web.sandbox import SandboxClock
from commands.kit.request import Platform
from content.load import Content
from content.outcomes import Outcome
from content.text import Language
from storage import moderator_notes, postings, schedules, tips
from storage.members import Me
from storage.schedules import Plan
from storage.store import Store
from storage.timetable import Weekly
from storage.tips import Written
from tests.bot.tip_office import Keeping, Place, TipOffice, office_for
from tests.conftest import Faults, SetClock

STEP = dt.timedelta(minutes=10)
WEEK = dt.timedelta(weeks=1)
START = dt.datetime(2027, 3, 8, 8, 0, tzinfo=dt.UTC)  # America's clocks change in it, and Europe's

Log = list[tuple[object, ...]]


async def set_up(office: TipOffice) -> list[Me]:
    """Two communities: one with a tip in turns and a queue, one that is asked before each of two tracks' tips."""
    turns, tracks = await office.community("web", "room"), await office.community("web", "other")
    for title, outcome in (("One", Outcome.HYBRID), ("Two", Outcome.PLATFORM)):
        await office.store.write(tips.add, turns, Written(outcome, {Language.EN: (title, "Do it.")}))
    await office.switch_on(turns, Weekly(6, 150, "America/New_York"))
    plan = Plan("C2", Weekly(0, 1430, "Europe/Berlin", weeks=2), asks=True)
    plans: dict[Outcome | None, Plan] = {
        Outcome.BUSINESS: plan,
        Outcome.TECHNICAL: Plan("C3", Weekly(3, 540, "Asia/Kolkata")),
    }
    await office.store.write(schedules.switch_on, tracks, plans)
    return [turns, tracks]


async def log_of(office: TipOffice, people: list[Me], place: Place) -> Log:
    """All that was posted and when, all that moderators were told and when, and what is due next."""
    found: Log = list(place.log)
    for me in people:
        found += [
            ("slot", each.slot, each.tip, each.channel, each.post_at, each.state)
            for each in (await office.store.read(postings.out, me.community, None, 0, 99))[0]
        ]
        found += [
            ("note", me.community, each.notice, tuple(each.ids.items()), each.at)
            for each in await office.store.read(moderator_notes.of_community, me.community)
        ]
        found += [("next", each.next_at) for each in await office.store.read(schedules.of_community, me.community)]
    return found


Open = Callable[[SandboxClock | SetClock, Place], Awaitable[TipOffice]]


@pytest.fixture
async def open_office(
    tmp_path: Path, sqlite_url: str, content: Content, pictures: Pictures, faults: Faults
) -> AsyncIterator[Open]:
    """Opens a process on a database of its own."""
    async with AsyncExitStack() as stack:

        async def opened(clock: SandboxClock | SetClock, place: Place) -> TipOffice:
            path = tmp_path / f"{uuid.uuid4().hex}.sqlite3"
            shutil.copy(sqlite_url.removeprefix("sqlite:///"), path)
            store = await Store.open(f"sqlite:///{path}", now=clock.now)
            stack.push_async_callback(store.close)
            return office_for(store, content, pictures, clock.now, place)

        yield opened


async def rehearsed(open_office: Open, steps: list[dt.timedelta]) -> Log:
    """The month, by the buttons of the room's clock."""
    clock = SandboxClock(lambda: START)
    place = Place(Platform.WEB, clock.now, remembers=float("inf"))
    office = await open_office(clock, place)
    people = await set_up(office)
    clock.follow(lambda: catch_up(office.keeper, office.delivery, office.store))
    for step in steps:
        await clock.move(office.store, step)
    assert clock.now() == START + 4 * WEEK
    return await log_of(office, people, place)


async def lived(open_office: Open) -> Log:
    """The month, by a clock that goes on by itself."""
    clock = SetClock(START)
    place = Place(Platform.WEB, clock.now, remembers=float("inf"))
    office = await open_office(clock, place)
    people = await set_up(office)
    while clock.moment < START + 4 * WEEK:
        await look(office)
        clock.moment += STEP
    await look(office)
    return await log_of(office, people, place)


async def look(office: TipOffice) -> None:
    """As the program's loops do; the delivery has something to do when the timekeeper had."""
    if await office.keeper.once():
        await office.delivery.once(Stop())


async def test_the_log_of_a_rehearsed_month_is_that_of_the_month_itself(open_office: Open) -> None:
    itself = await lived(open_office)

    assert await rehearsed(open_office, [WEEK] * 4) == itself
    assert await rehearsed(open_office, [dt.timedelta(days=1)] * 28) == itself
    kinds = [each[0] for each in itself]
    assert (kinds.count("C1"), kinds.count("C2"), kinds.count("C3"), kinds.count("note")) == (4, 0, 4, 5)


async def test_what_a_platform_holds_for_us_is_rehearsed_at_its_moments_too(open_office: Open) -> None:
    clock = SandboxClock(lambda: START)
    place = Keeping(Platform.SLACK, clock.now)
    office = await open_office(clock, place)
    found = await office.switch_on(await office.community("slack", "T1"))
    clock.follow(lambda: catch_up(office.keeper, office.delivery, office.store))

    await clock.move(office.store, 2 * WEEK)

    assert [when for _where, _what, when in place.posted] == found.next_times(2)
    assert await office.states() == [("out", "sent")] * 2
    assert place.log == []
