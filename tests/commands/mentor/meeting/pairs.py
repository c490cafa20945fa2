"""Pairs of people anywhere on earth, and what a clock on the wall says of their hours: the tests' own oracle."""

from __future__ import annotations

import datetime as dt
import random
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass

from commands.mentor.meeting.hours import EVERY, HALF_HOURS, from_choices
from content.mentoring import Hours

ODD = ("Asia/Kathmandu", "Pacific/Chatham", "Pacific/Marquesas", "Australia/Eucla", "Australia/Lord_Howe")
NIGHTS = (  # on which clocks are changed: north and south, forward and back
    "2027-03-14", "2027-03-28", "2027-04-04", "2027-09-26", "2027-10-03", "2027-10-31", "2027-11-07",
)  # fmt: skip
STEP = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Pair:
    """A mentor, a mentee, and when they were matched."""

    mentor: Hours
    mentee: Hours
    now: dt.datetime


def pairs(count: int) -> Iterator[Pair]:
    """Every zone of the database takes its turn, with one of the odd ones in each fourth pair."""
    chance = random.Random("pairs")
    zones = sorted(zoneinfo.available_timezones())
    chance.shuffle(zones)
    for number in range(count):
        other = chance.choice(ODD if number % 4 == 0 else zones)
        night = dt.datetime.fromisoformat(f"{chance.choice(NIGHTS)}T00:00+00:00")
        now = night - dt.timedelta(minutes=chance.randrange(15 * 24 * 60))
        yield Pair(_hours(chance, zones[number % len(zones)]), _hours(chance, other), now)


def _hours(chance: random.Random, zone: str) -> Hours:
    return Hours(_mask(chance), _mask(chance), zone)


def _mask(chance: random.Random) -> int:
    first, hours = chance.randrange(24), chance.randrange(1, 7)
    together = from_choices(str(hour) for hour in range(first, min(first + hours, 24)))
    return chance.choice((0, EVERY, together, together, together, together, chance.getrandbits(HALF_HOURS)))


def clock(hours: Hours, moment: dt.datetime) -> dt.datetime:
    """What the clock on their wall shows."""
    return moment.astimezone(zoneinfo.ZoneInfo(hours.zone))


def has_time(hours: Hours, moment: dt.datetime) -> bool:
    here = clock(hours, moment)
    mask = hours.weekend if here.strftime("%a") in {"Sat", "Sun"} else hours.weekday
    return f"{mask:048b}"[::-1][here.hour * 2 + (here.minute >= 30)] == "1"


def moments(start: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    while start < end:
        yield start
        start += STEP
