"""A rehearsed month is the month: the same posts at the same moments as when time goes by itself."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

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

STEP = dt.timedelta(minutes=1)
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
    plans = {Outcome.BUSINESS: plan, Outcome.TECHNICAL: Plan("C3", Weekly(3, 540, "Asia/Kolkata"))}
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


async def opened(
    path: Path, template: str, now: SandboxClock | SetClock, content: Content, pictures: Pictures, place: Place
) -> TipOffice:
    shutil.copy(template.removeprefix("sqlite:///"), path)
    store = await Store.open(f"sqlite:///{path}", now=now.now)
    return office_for(store, content, pictures, now.now, place)


@pytest.mark.parametrize("steps", [[WEEK] * 4, [dt.timedelta(days=1)] * 28, [dt.timedelta(hours=1)] * 28 * 24])
async def test_the_log_of_a_rehearsed_month_is_that_of_the_month_itself(
    tmp_path: Path, sqlite_url: str, content: Content, pictures: Pictures, faults: Faults, steps: list[dt.timedelta]
) -> None:
    logs = []
    clock = SandboxClock(lambda: START)
    place = Place(Platform.WEB, clock.now, remembers=float("inf"))
    office = await opened(tmp_path / "rehearsed.sqlite3", sqlite_url, clock, content, pictures, place)
    people = await set_up(office)
    clock.follow(lambda: catch_up(office.keeper, office.delivery, office.store))
    for step in steps:
        await clock.move(office.store, step)
    assert clock.now() == START + 4 * WEEK
    logs.append(await log_of(office, people, place))
    await office.store.close()

    real = SetClock(START)
    place = Place(Platform.WEB, real.now, remembers=float("inf"))
    office = await opened(tmp_path / "real.sqlite3", sqlite_url, real, content, pictures, place)
    people = await set_up(office)
    await run_at_speed(office, real)
    logs.append(await log_of(office, people, place))
    await office.store.close()

    rehearsed, lived = logs
    assert rehearsed == lived
    assert len(place.log) == 4 + 4
    assert sum(each[0] == "note" for each in lived) == 2 + 2


async def run_at_speed(office: TipOffice, clock: SetClock) -> None:
    """A month minute by minute, each with one look of the timekeeper and one of the delivery."""
    end = START + 4 * WEEK
    while True:
        await office.work()
        if clock.moment >= end:
            return
        clock.moment += STEP


async def test_what_a_platform_holds_for_us_is_rehearsed_at_its_moments_too(
    tmp_path: Path, sqlite_url: str, content: Content, pictures: Pictures, faults: Faults
) -> None:
    clock = SandboxClock(lambda: START)
    place = Keeping(Platform.SLACK, clock.now)
    office = await opened(tmp_path / "held.sqlite3", sqlite_url, clock, content, pictures, place)
    me = await office.community("slack", "T1")
    found = await office.switch_on(me)
    clock.follow(lambda: catch_up(office.keeper, office.delivery, office.store))

    await clock.move(office.store, 2 * WEEK)

    assert [when for _where, _what, when in place.posted] == found.next_times(2)
    assert await office.states() == [("out", "sent")] * 2
    assert place.log == []
    await office.store.close()
