"""The windows that boards look through: weeks and months of a community's own time, and all of it."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import zoneinfo

from content.boards import Season

EVER = "ever"
WEEK = dt.timedelta(weeks=1)
ZONES_APART = dt.timedelta(days=2)  # the most that it is later by the calendar in one zone than in another


def local_day(zone: str, moment: dt.datetime) -> dt.date:
    """The day it is there at this moment."""
    return moment.astimezone(_zone(zone)).date()


def window(season: Season, day: dt.date) -> str:
    """The window of a season that this day lies in: `ever`, `2026-11` or `2026-W48` (weeks begin on Monday)."""
    if season is Season.EVER:
        return EVER
    if season is Season.MONTH:
        return f"{day.year:04}-{day.month:02}"
    year, week, _weekday = day.isocalendar()
    return f"{year:04}-W{week:02}"


@functools.lru_cache(maxsize=64)
def windows(day: dt.date) -> tuple[str, ...]:
    """All windows that this day lies in."""
    return tuple(window(season, day) for season in Season)


@functools.lru_cache(maxsize=64)
def kept(day: dt.date) -> tuple[str, ...]:
    """The windows whose standings are kept on this day: this and the last week and month, and ever."""
    return tuple(
        dict.fromkeys((*windows(day), *(before(window(season, day)) for season in (Season.WEEK, Season.MONTH))))
    )


@functools.lru_cache(maxsize=64)
def in_reach(day: dt.date) -> frozenset[str]:
    """The windows that are kept on this day or would be if the community's zone became another.

    What is added, and what is left standing, must be right in all of these.
    """
    return frozenset(each for apart in (-ZONES_APART, 0 * ZONES_APART, ZONES_APART) for each in kept(day + apart))


def before(of: str) -> str:
    """The week or month before this one."""
    season = Season.WEEK if "W" in of else Season.MONTH
    return window(season, days(of)[0] - dt.timedelta(days=1))


def days(of: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of a window."""
    if of == EVER:
        return dt.date.min, dt.date.max
    year, part = of.split("-")
    if part.startswith("W"):
        monday = dt.date.fromisocalendar(int(year), int(part[1:]), 1)
        return monday, monday + WEEK - dt.timedelta(days=1)
    month = int(part)
    return dt.date(int(year), month, 1), dt.date(int(year), month, calendar.monthrange(int(year), month)[1])


def ends_at(of: str, zone: str) -> dt.datetime:
    """The moment at which a week or month is over there."""
    midnight = dt.datetime.combine(days(of)[1] + dt.timedelta(days=1), dt.time(), _zone(zone))
    return midnight.astimezone(dt.UTC)


@functools.cache
def _zone(name: str) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(name)
