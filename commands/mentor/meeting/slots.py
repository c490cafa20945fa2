"""When two people could meet first: two moments of the coming fortnight inside both people's hours."""

from __future__ import annotations

import datetime as dt
import itertools
import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commands.mentor.meeting.hours import HALF_HOURS
from content.mentoring import Hours

AWAY = dt.timedelta(days=1)
WITHIN = dt.timedelta(days=14)
QUARTER = dt.timedelta(minutes=15)  # every zone's clock of today stands a multiple of this away from UTC
DAY = 96  # quarters of an hour
HOUR, HALF_HOUR = 4, 2
AWAKE = sum(1 << place for place in range(8 * HOUR, 22 * HOUR))  # of a day's quarters
EVEN = sum(1 << place for place in range(0, DAY, HALF_HOUR))  # where a half-hour of the clock begins
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of time, in UTC."""

    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Timeline:
    """One person's fortnight in masks of quarters of an hour; `days` has one for each day on their own calendar."""

    free: int
    awake: int
    even: int
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Where slots of one length may begin."""

    length: int
    starts: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A slot by its quarters, `end` not included; of which kind it is, the best being 0; and whose day it is on."""

    kind: int
    start: int
    end: int
    days: tuple[int, int]


def propose(one: Hours, other: Hours, now: dt.datetime) -> tuple[Slot, ...]:
    """Two slots, the earlier first; one or none where there is no more. It does not matter who is named first.

    What counts, in this order: that there are two, on different days for both; an hour rather than half of one;
    that it is night for neither; that it is soon.
    """
    first, count = _quarters_of(now)
    timelines = _timeline(one, first, count), _timeline(other, first, count)
    kinds = _kinds(*timelines)
    found = [choice for choice in _choices(timelines, kinds) if choice]
    chosen = min(_apart(found), key=_rank, default=None) or _on_one_day(found, kinds)
    return tuple(Slot(first + each.start * QUARTER, first + each.end * QUARTER) for each in chosen)


def _quarters_of(now: dt.datetime) -> tuple[dt.datetime, int]:
    """The first quarter that is a day away, and how many whole ones there are until the fortnight is over."""
    now = now.astimezone(dt.UTC)
    midnight = dt.datetime.combine(now.date(), dt.time(), dt.UTC)
    begin, end = now + AWAY - midnight, now + WITHIN - midnight
    place = -(-begin // QUARTER)
    return midnight + place * QUARTER, end // QUARTER - place


def _timeline(hours: Hours, first: dt.datetime, count: int) -> Timeline:
    free = awake = even = 0
    days: dict[dt.date, int] = {}
    weekday, weekend = _in_quarters(hours.weekday), _in_quarters(hours.weekend)
    for place, clock, length in _pieces(zoneinfo.ZoneInfo(hours.zone), first, count):
        quarter, piece = _quarter(clock), (1 << length) - 1
        mask = weekend if clock.weekday() >= SATURDAY else weekday
        free |= (mask >> quarter & piece) << place
        awake |= (AWAKE >> quarter & piece) << place
        even |= (EVEN >> quarter & piece) << place
        days[clock.date()] = days.get(clock.date(), 0) | piece << place
    return Timeline(free, awake, even, tuple(days.values()))


def _pieces(zone: zoneinfo.ZoneInfo, first: dt.datetime, count: int) -> Iterator[tuple[int, dt.datetime, int]]:
    """The time from `first` on, cut at each midnight and wherever the clock is changed: place, clock, length."""
    place = 0
    while place < count:
        clock = (first + place * QUARTER).astimezone(zone)
        length = min(DAY - _quarter(clock), count - place)
        while (first + (place + length - 1) * QUARTER).astimezone(zone).utcoffset() != clock.utcoffset():
            length -= 1
        yield place, clock, length
        place += length


def _quarter(clock: dt.datetime) -> int:
    return (clock.hour * 60 + clock.minute) // 15


def _in_quarters(mask: int) -> int:
    return sum(3 << 2 * place for place in range(HALF_HOURS) if mask >> place & 1)


def _kinds(one: Timeline, other: Timeline) -> tuple[Kind, ...]:
    """What slots there can be, the best first; each begins where a half-hour begins on the clock of one of the two."""
    free, awake, even = one.free & other.free, one.awake & other.awake, one.even | other.even
    return tuple(
        Kind(length, _runs(mask, length) & even)
        for length, mask in itertools.product((HOUR, HALF_HOUR), (free & awake, free))
    )


def _runs(mask: int, length: int) -> int:
    """Where a run of so many set bits begins."""
    starts = mask
    for place in range(1, length):
        starts &= mask >> place
    return starts


def _choices(timelines: tuple[Timeline, Timeline], kinds: Sequence[Kind]) -> Iterator[Choice | None]:
    """For each two days of theirs that meet, the best slot that begins there."""
    ours, theirs = (list(enumerate(timeline.days)) for timeline in timelines)
    for (day, mask), (their_day, their_mask) in itertools.product(ours, theirs):
        yield _best(kinds, mask & their_mask, (day, their_day))


def _best(kinds: Sequence[Kind], among: int, days: tuple[int, int]) -> Choice | None:
    for number, kind in enumerate(kinds):
        if found := kind.starts & among:
            start = (found & -found).bit_length() - 1
            return Choice(number, start, start + kind.length, days)
    return None


def _apart(found: Sequence[Choice]) -> Iterator[tuple[Choice, Choice]]:
    """Two and two that do not touch each other's time, on different days for one of the people at least."""
    pairs = itertools.combinations(sorted(found, key=lambda choice: choice.start), 2)
    return ((first, second) for first, second in pairs if first.end <= second.start)


def _rank(pair: tuple[Choice, Choice]) -> tuple[int, ...]:
    first, second = pair
    same_day = sum(day == other for day, other in zip(first.days, second.days, strict=True))
    short, at_night = (sum(each.kind & bit > 0 for each in pair) for bit in (2, 1))
    return same_day, short, at_night, first.start, second.start


def _on_one_day(found: Sequence[Choice], kinds: Sequence[Kind]) -> tuple[Choice, ...]:
    """The best slot, and another on its day where there is time for it."""
    if not found:
        return ()
    best = min(found, key=lambda choice: (choice.kind, choice.start))
    after = -1 << best.end
    rest = [Kind(kind.length, kind.starts & (after | _until(best.start - kind.length))) for kind in kinds]
    more = _best(rest, -1, best.days)
    return tuple(sorted((best, more), key=lambda choice: choice.start)) if more else (best,)


def _until(place: int) -> int:
    """All places up to this one, itself included; none below 0."""
    return (1 << max(place + 1, 0)) - 1
