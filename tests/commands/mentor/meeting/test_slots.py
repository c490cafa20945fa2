"""Two slots inside both people's hours, checked by walking through each on both people's clocks."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import zoneinfo

import pytest

from commands.mentor.meeting.hours import EVERY, from_choices
from commands.mentor.meeting.slots import Slot, propose
from content.mentoring import Hours
from tests.commands.mentor.meeting.pairs import NIGHTS, Pair, clock, has_time, moments, pairs

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
THURSDAY = dt.datetime(2026, 11, 26, 9, 7, tzinfo=dt.UTC)
FRIDAY_NOON = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)


def between(first: int, last: int) -> int:
    """The mask of the hours from `first` to `last` o'clock."""
    return from_choices(map(str, range(first, last)))


def everyday(first: int, last: int, zone: str) -> Hours:
    return Hours(between(first, last), between(first, last), zone)


def said(slots: tuple[Slot, ...]) -> list[str]:
    return [f"{slot.start:%m-%dT%H:%M}/{slot.end:%H:%M}" for slot in slots]


def test_no_slot_of_a_thousand_pairs_is_outside_anybodys_hours() -> None:
    found = {pair: propose(pair.mentor, pair.mentee, pair.now) for pair in pairs(1000)}

    for pair, slots in found.items():
        for slot in slots:
            assert all(
                has_time(each, at) for each in (pair.mentor, pair.mentee) for at in moments(slot.start, slot.end)
            )
            assert pair.now + DAY <= slot.start < slot.end <= pair.now + 14 * DAY
            assert slot.end - slot.start in {HOUR, HOUR / 2}
        assert all(first.end <= second.start for first, second in itertools.pairwise(slots))
        assert propose(pair.mentee, pair.mentor, pair.now) == slots
    assert {pair.mentor.zone for pair in found} == zoneinfo.available_timezones()
    assert {len(slots) for slots in found.values()} >= {0, 2}
    assert sum(len(slots) == 2 for slots in found.values()) > 500
    assert sum(changes(pair) for pair, slots in found.items() if slots) > 100


def changes(pair: Pair) -> bool:
    """Whether one of the two changes the clock in the fortnight."""
    ends = pair.now + DAY, pair.now + 14 * DAY
    return any(len({clock(each, end).utcoffset() for end in ends}) > 1 for each in (pair.mentor, pair.mentee))


@dataclasses.dataclass(frozen=True, slots=True)
class Possible:
    """What a slot could be: the day it begins on for each, whether it is an hour and whether nobody is up at night."""

    days: tuple[dt.date, dt.date]
    an_hour: bool
    by_day: bool


def possible(pair: Pair) -> set[Possible]:
    """All that a slot could be, found a quarter of an hour at a time on both people's clocks."""
    people, quarter = (pair.mentor, pair.mentee), HOUR / 4
    at = pair.now.replace(minute=0) + DAY
    times = [at + quarter * place for place in range(14 * 96)]
    good = [t for t in times if pair.now + DAY <= t <= pair.now + 14 * DAY - quarter]
    free = {t for t in good if all(has_time(each, t) for each in people)}
    by_day = {t for t in free if all(8 <= clock(each, t).hour < 22 for each in people)}
    starts = [t for t in free if any(clock(each, t).minute % 30 == 0 for each in people)]
    return {
        Possible((clock(people[0], t).date(), clock(people[1], t).date()), length == 4, taken <= by_day)
        for t, length in itertools.product(starts, (2, 4))
        if (taken := {t + quarter * place for place in range(length)}) <= free
    }


def test_the_best_that_there_is_is_proposed() -> None:
    """Two wherever two days have time; an hour each, and by day, wherever there are such."""
    seen = set()
    for pair in itertools.islice(pairs(1000), 0, None, 15):
        could = possible(pair)
        slots = propose(pair.mentor, pair.mentee, pair.now)
        days = [tuple(clock(each, slot.start).date() for each in (pair.mentor, pair.mentee)) for slot in slots]
        night = [not 8 <= clock(e, at).hour < 22 for s in slots for at in moments(s.start, s.end)
                 for e in (pair.mentor, pair.mentee)]  # fmt: skip
        assert bool(slots) == bool(could)
        if two(could):
            assert len(slots) == 2
            assert all(day != other for day, other in zip(*days, strict=True))
        if two({each for each in could if each.an_hour}):
            assert [slot.end - slot.start for slot in slots] == [HOUR, HOUR]
        if two({each for each in could if each.an_hour and each.by_day}):
            assert not any(night)
        seen.add((two(could), any(night)))
    assert seen >= {(False, False), (True, False), (True, True)}


def two(could: set[Possible]) -> bool:
    """Whether two of them are on different days for both."""
    return any(not set(zip(*(each.days for each in some), strict=True)) & {(d, d) for each in some for d in each.days}
               for some in itertools.combinations(could, 2))  # fmt: skip


@pytest.mark.parametrize(
    ("mentor", "mentee", "now", "expected"),
    [
        # Whoever is always free is not asked to come at night; what is under way today is not planned for.
        (everyday(0, 24, "UTC"), everyday(0, 24, "UTC"), THURSDAY, ["11-27T09:30/10:30", "11-28T08:00/09:00"]),
        (everyday(0, 24, "Europe/London"), everyday(0, 24, "Australia/Sydney"), THURSDAY,
         ["11-27T09:30/10:30", "11-28T08:00/09:00"]),
        # Opposite ends of the world, 26 hours apart: of five working days three are so for both.
        (Hours(between(9, 17), 0, "Pacific/Kiritimati"), Hours(between(6, 20), 0, "Etc/GMT+12"), THURSDAY,
         ["11-30T20:00/21:00", "12-01T20:00/21:00"]),
        # Hours that no night has: in spring there is no 02:00, in autumn there are two of them.
        (Hours(0, between(2, 3), "Europe/Berlin"), everyday(0, 24, "UTC"), dt.datetime(2027, 3, 21, 9, tzinfo=dt.UTC),
         ["03-27T01:00/02:00", "04-03T00:00/01:00"]),
        (Hours(0, between(2, 3), "Pacific/Auckland"), everyday(0, 24, "UTC"), dt.datetime(2027, 4, 2, 9, tzinfo=dt.UTC),
         ["04-03T13:00/14:00", "04-09T14:00/15:00"]),
        # A quarter of an hour off: three quarters are common, and half an hour of them is proposed.
        (everyday(18, 19, "Asia/Kathmandu"), everyday(12, 13, "UTC"), THURSDAY,
         ["11-27T12:15/12:45", "11-28T12:15/12:45"]),
        # One of the fortnight's days alone has time for both: two hours of it, or one, or one and a half.
        (Hours(0, between(7, 9), "Pacific/Auckland"), Hours(between(18, 20), 0, "UTC"), FRIDAY_NOON,
         ["12-04T18:00/19:00", "12-04T19:00/20:00"]),
        (Hours(0, between(7, 9), "Pacific/Auckland"), Hours(between(18, 19), 0, "UTC"), FRIDAY_NOON,
         ["12-04T18:00/19:00"]),
        (Hours(0, between(7, 9), "Pacific/Auckland"), Hours(between(18, 20) >> 1, 0, "UTC"), FRIDAY_NOON,
         ["12-04T18:00/19:00", "12-04T19:00/19:30"]),
        # What begins before midnight is not proposed once more behind it.
        (Hours(1 << 47, 0b11, "UTC"), everyday(0, 24, "UTC"), THURSDAY, ["11-27T23:30/00:30", "11-29T00:00/01:00"]),
        # None at all.
        (everyday(9, 12, "Asia/Tokyo"), everyday(9, 12, "America/New_York"), THURSDAY, []),
        (Hours(EVERY, 0, "Asia/Tokyo"), Hours(0, EVERY, "Asia/Tokyo"), THURSDAY, []),
        (Hours(0, 0, "Asia/Tokyo"), everyday(0, 24, "Asia/Tokyo"), THURSDAY, []),
    ],
)  # fmt: skip
def test_what_is_proposed(mentor: Hours, mentee: Hours, now: dt.datetime, expected: list[str]) -> None:
    assert said(propose(mentor, mentee, now)) == expected
    assert said(propose(mentee, mentor, now)) == expected


def test_every_clock_of_these_years_is_a_multiple_of_a_quarter_of_an_hour_from_utc() -> None:
    """What slots are counted in; the day on which a zone is not, this says so."""
    days = [dt.datetime.fromisoformat(f"{night}T12:00+00:00") for night in NIGHTS]
    away = {
        day.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset() for zone in zoneinfo.available_timezones() for day in days
    }

    assert {(each or dt.timedelta()) % (HOUR / 4) for each in away} == {dt.timedelta()}
