"""Weeks and months of a community's own time: every moment lies in one, whatever its clocks do."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest

from content.boards import Board, Season
from content.points import Deed
from content.text import Language
from storage import appearances, awards, boards, communities, members, seasons
from storage.members import Me
from storage.store import Store
from tests.storage import reckoned
from tests.storage.conftest import Clock

SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)

# The last moment of a season by the clocks of a place, and how many hours its last day had
TURNS = [
    ("UTC", "2026-11-29", Season.WEEK, 24),
    ("America/New_York", "2026-11-01", Season.WEEK, 25),
    ("America/New_York", "2026-03-08", Season.WEEK, 23),
    ("Europe/Berlin", "2026-10-25", Season.WEEK, 25),
    ("Europe/Berlin", "2026-03-29", Season.WEEK, 23),
    ("Australia/Lord_Howe", "2026-04-05", Season.WEEK, 24.5),
    ("Asia/Beirut", "2026-03-29", Season.WEEK, 23),  # its midnight of that day does not exist
    ("Pacific/Apia", "2011-12-31", Season.MONTH, 24),  # there was no 30th
    ("Asia/Kolkata", "2028-02-29", Season.MONTH, 24),
    ("America/Havana", "2026-10-31", Season.MONTH, 24),  # the next day's midnight comes twice
    ("Pacific/Kiritimati", "2027-01-03", Season.WEEK, 24),  # the 53rd of 2026
    ("Pacific/Pago_Pago", "2026-12-31", Season.MONTH, 24),
]


def last_moment(zone: str, day: str) -> dt.datetime:
    """The last microsecond of a day there."""
    local = dt.datetime.fromisoformat(f"{day}T23:59:59.999999").replace(tzinfo=zoneinfo.ZoneInfo(zone))
    return local.astimezone(dt.UTC)


@pytest.mark.parametrize(("zone", "day", "season", "hours"), TURNS)
def test_a_season_ends_with_the_last_moment_of_its_last_day(zone: str, day: str, season: Season, hours: float) -> None:
    last = last_moment(zone, day)
    of = seasons.window(season, seasons.local_day(zone, last))
    end = seasons.ends_at(of, zone)

    assert end - last == dt.timedelta(microseconds=1)
    assert seasons.days(of)[1] == dt.date.fromisoformat(day)
    after = seasons.window(season, seasons.local_day(zone, end))
    assert (seasons.before(after), after > of) == (of, True)
    start = end - dt.timedelta(hours=hours)
    assert seasons.local_day(zone, start).isoformat() == day
    assert seasons.local_day(zone, start - SECOND).isoformat() < day


def test_every_day_lies_in_one_week_and_one_month_each_following_the_one_before() -> None:
    day = dt.date(2019, 12, 1)
    while day < dt.date(2033, 1, 9):
        tomorrow = day + DAY
        assert set(seasons.windows(day)) == reckoned.windows(day)
        assert set(seasons.kept(day)) == reckoned.kept(day)
        for season in (Season.WEEK, Season.MONTH):
            here, there = seasons.window(season, day), seasons.window(season, tomorrow)
            first, last = seasons.days(here)
            assert first <= day <= last
            assert (here == there) == (tomorrow <= last)
            assert here == there or seasons.before(there) == here
        for away in (-2, -1, 0, 1, 2):
            assert set(seasons.kept(day + away * DAY)) <= seasons.in_reach(day)
        day = tomorrow


@pytest.mark.parametrize(("zone", "day", "season"), [turn[:3] for turn in TURNS if turn[0] != "UTC"])
async def test_deeds_within_one_second_of_the_turn_count_once_each_in_its_own_season(
    sqlite_store: Store, clock: Clock, zone: str, day: str, season: Season
) -> None:
    store, me = sqlite_store, await newcomer(sqlite_store, zone)

    async def points() -> int:
        mine = await store.read(boards.earned, me, zone, Board.ALL, season)
        page = await store.read(boards.page, me, zone, Board.ALL, season)
        assert [row.points for row in page.around] == [mine] * bool(mine)
        assert await store.read(reckoned.faults) == []
        return mine

    async def adjust(number: int) -> None:
        await store.write(awards.adjust, await store.write(members.ensure, me), number, "a reason")

    last = last_moment(zone, day)
    clock.moment = last - SECOND / 2
    await adjust(1)
    clock.moment = last
    await adjust(2)
    assert await points() == 3
    clock.moment = last + dt.timedelta(microseconds=1)
    assert await points() == 0
    await adjust(4)
    clock.moment = last + SECOND / 2
    await adjust(8)
    assert await points() == 12
    assert await store.read(boards.earned, me, zone, Board.ALL, Season.EVER) == 15


async def newcomer(store: Store, zone: str) -> Me:
    """Somebody on boards of a community in this zone, who lives in another."""
    here = await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)
    await store.write(communities.set_zone, here.id, zone)
    me = Me(here.id, "u-ann", "Ann")
    await store.write(appearances.show, me)
    return me


async def test_an_award_keeps_its_day_when_the_community_changes_its_zone_at_the_turn(
    store: Store, clock: Clock
) -> None:
    """It lies in a week that has not begun by the new zone; by the time that week comes it counts there, once."""
    east, west = "Pacific/Kiritimati", "Pacific/Pago_Pago"
    me = await newcomer(store, east)
    me_id = await store.write(members.ensure, me)

    async def weeks() -> tuple[int, int]:
        zone = (await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)).zone
        assert await store.read(reckoned.faults) == []
        page = await store.read(boards.page, me, zone, Board.ALL, Season.WEEK)
        return sum(row.points for row in page.around), await store.read(boards.earned, me, zone, Board.ALL, Season.WEEK)

    clock.moment = dt.datetime(2026, 11, 29, 10, tzinfo=dt.UTC)  # Monday there, by the other zone still Saturday
    made = await store.write(awards.adjust, me_id, 100, "a reason")
    assert made is not None
    assert await store.write(awards.give, me_id, None, (Deed.TIP, "t1")) == 3
    assert await weeks() == (103, 103)

    await store.write(communities.set_zone, me.community, west)
    assert await weeks() == (0, 0)
    await store.write(appearances.hide, me)
    await store.write(appearances.show, me)
    await store.write(awards.take_back, made)
    assert await store.write(awards.give, me_id, None, (Deed.TIP, "t1"), (Deed.TIP, "t2")) == 3
    assert await weeks() == (3, 3)

    clock.move(2 * DAY)
    assert await weeks() == (3, 3)
    (first, second) = [line.day.isoformat() for line in await store.read(awards.mine, me, 0, 9) if line.deed == "tip"]
    assert (first, second) == ("2026-11-28", "2026-11-30")
