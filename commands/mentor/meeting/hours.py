"""When somebody has time: half-hours of a weekday and of a day at the weekend, on their own clock."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from collections.abc import Iterable, Iterator

from commands.kit.element import Option
from commands.mod.weekdays import DAY_MINUTES, clock
from content.mentoring import Hours
from content.text import Text, _

HALF_HOURS = 48
MINUTES = 30
EVERY = (1 << HALF_HOURS) - 1
MINUTE = dt.timedelta(minutes=1)
NOON = dt.time(12)
WEEKDAYS = {  # by how many days later it is for the reader
    -2: _("Saturdays to Wednesdays"),
    -1: _("Sundays to Thursdays"),
    0: _("weekdays"),
    1: _("Tuesdays to Saturdays"),
    2: _("Wednesdays to Sundays"),
}
WEEKENDS = {
    -2: _("Thursdays and Fridays"),
    -1: _("Fridays and Saturdays"),
    0: _("weekends"),
    1: _("Sundays and Mondays"),
    2: _("Mondays and Tuesdays"),
}


@functools.lru_cache(maxsize=4096)
def utc(hours: Hours, day: dt.date) -> tuple[int, int]:
    """The masks in half-hours of UTC, by the zone's offset at noon of that day.

    A half-hour counts only where all of it is free: in a zone that is a quarter of an hour off, both that it touches.
    """
    minutes = _offset(hours.zone, _noon(hours.zone, day))
    return _turned(hours.weekday, minutes), _turned(hours.weekend, minutes)


def common(one: Hours, other: Hours, day: dt.date) -> tuple[int, int]:
    """The half-hours of UTC that both have: on weekdays, at weekends."""
    (weekday, weekend), (their_weekday, their_weekend) = utc(one, day), utc(other, day)
    return weekday & their_weekday, weekend & their_weekend


def windows(mask: int) -> list[tuple[int, int]]:
    """The stretches of a mask, each from its first minute of the day to the minute it ends at."""
    changes = mask ^ mask << 1
    edges = [place * MINUTES for place in range(HALF_HOURS + 1) if changes >> place & 1]
    return list(zip(edges[::2], edges[1::2], strict=True))


def say(hours: Hours, day: dt.date, zone: str | None = None) -> Text:
    """The hours in words, on their owner's clock or on that of another zone, to the minute.

    Where it is another day by then, so the words say: an evening's hours are a reader's “Tuesdays to Saturdays”.
    """
    noon = _noon(hours.zone, day)
    ahead = _offset(zone, noon) - _offset(hours.zone, noon) if zone else 0
    parts = [*_said(windows(hours.weekday), ahead, WEEKDAYS), *_said(windows(hours.weekend), ahead, WEEKENDS)]
    if not parts:
        return _("no hours")
    return functools.reduce(lambda first, second: _("{first}; {second}", first=first, second=second), parts)


def _said(found: list[tuple[int, int]], ahead: int, days: dict[int, Text]) -> Iterator[Text]:
    by_day: dict[int, list[Text]] = {}
    for start, end in found:
        later, minute = divmod(start + ahead, DAY_MINUTES)
        by_day.setdefault(later, []).append(_window(minute, minute + end - start))
    for later, texts in by_day.items():
        listed = functools.reduce(lambda first, second: _("{first}, {second}", first=first, second=second), texts)
        yield _("{days} {windows}", days=days[later], windows=listed)


def _window(start: int, end: int) -> Text:
    if end > DAY_MINUTES:
        return _("{start} to {end} the next day", start=clock(start), end=clock(end - DAY_MINUTES))
    return _("{start} to {end}", start=clock(start), end=clock(end))


OPTIONS = tuple(Option(str(hour), _window(hour * 60, hour * 60 + 60)) for hour in range(24))


def from_choices(chosen: Iterable[str]) -> int:
    """The mask of the hours that were chosen among OPTIONS; what is none of them counts for nothing."""
    wanted = set(chosen)
    return sum(3 << 2 * hour for hour in range(24) if str(hour) in wanted)


def to_choices(mask: int) -> tuple[str, ...]:
    """The hours of a mask as OPTIONS names them: those that are free from beginning to end."""
    return tuple(str(hour) for hour in range(24) if mask >> 2 * hour & 3 == 3)


def _noon(zone: str, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, NOON, zoneinfo.ZoneInfo(zone))


def _offset(zone: str, moment: dt.datetime) -> int:
    """By how many minutes the zone is ahead of UTC at that moment."""
    ahead = moment.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    return (ahead or dt.timedelta()) // MINUTE


def _turned(mask: int, minutes: int) -> int:
    """The half-hours that are wholly free on a clock that stands this many minutes behind."""
    first, last = minutes // MINUTES, -(-minutes // MINUTES)
    return _rotated(mask, first) & _rotated(mask, last)


def _rotated(mask: int, places: int) -> int:
    down = places % HALF_HOURS
    return (mask >> down | mask << HALF_HOURS - down) & EVERY
