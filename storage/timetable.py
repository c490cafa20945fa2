"""When a weekly slot is: a weekday and a time of day in a time zone, across its clock changes."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass

WEEK = 7


@dataclass(frozen=True, slots=True)
class Weekly:
    """A weekday (0 is Monday) and a minute of the day, in an IANA time zone; each week, or every `weeks`th."""

    weekday: int
    minute: int
    zone: str
    weeks: int = 1


@dataclass(frozen=True, slots=True)
class Slot:
    """One time of a weekly one: its local day, which it is known by, and the moment."""

    day: dt.date
    at: dt.datetime


def slot_on(weekly: Weekly, day: dt.date) -> Slot:
    """The slot of this local day. A time that the clocks skip comes as much later; one they repeat is the first."""
    hour, minute = divmod(weekly.minute, 60)
    local = dt.datetime.combine(day, dt.time(hour, minute), _zone(weekly.zone))
    return Slot(day, local.astimezone(dt.UTC))


def first_after(weekly: Weekly, moment: dt.datetime) -> Slot:
    """The first slot after this moment, whichever week it is in."""
    today = moment.astimezone(_zone(weekly.zone)).date()
    day = today + dt.timedelta(days=(weekly.weekday - today.weekday()) % WEEK - WEEK)
    while True:
        slot = slot_on(weekly, day)
        if slot.at > moment:
            return slot
        day += dt.timedelta(days=WEEK)


def following(weekly: Weekly, slot: Slot) -> Iterator[Slot]:
    """The slots after this one, without end."""
    day = slot.day
    while True:
        day += dt.timedelta(days=WEEK * weekly.weeks)
        yield slot_on(weekly, day)


def earlier(weekly: Weekly, slot: Slot, now: dt.datetime) -> Iterator[Slot]:
    """The slots of its rhythm before this one that are still to come, the latest first."""
    day = slot.day
    while True:
        day -= dt.timedelta(days=WEEK * weekly.weeks)
        before = slot_on(weekly, day)
        if before.at <= now:
            return
        yield before


def day_of(weekly: Weekly, moment: dt.datetime) -> dt.date:
    """The local day of a slot's moment, which may have been moved out of a gap."""
    local = moment.astimezone(_zone(weekly.zone)).date()
    return local - dt.timedelta(days=(local.weekday() - weekly.weekday) % WEEK)


@functools.cache
def _zone(name: str) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(name)
