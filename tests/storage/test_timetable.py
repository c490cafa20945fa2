"""Weekly slots in every time zone there is, over five years of clock changes."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from content.text import Language
from storage import communities, firing, schedules
from storage.members import Me
from storage.schedules import Plan, Schedule
from storage.store import Store
from storage.tables import schedule as table
from storage.timetable import Slot, Weekly, day_of, first_after, following, slot_on
from storage.unit import Unit
from tests.storage.conftest import Clock

ZONES = sorted(zoneinfo.available_timezones())
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2030, 12, 31)
MINUTES = (0, 150, 1, 540, 1439, 90, 720)  # one for each weekday, the hours of clock changes among them
MOMENT = dt.timedelta(microseconds=1)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A moment at which a zone's clocks go from one offset to another."""

    at: dt.datetime
    before: dt.timedelta
    after: dt.timedelta

    @property
    def walls(self) -> list[dt.datetime]:
        """Wall-clock times on its edges, within it and around it."""
        edges = sorted((self.at.replace(tzinfo=None) + self.before, self.at.replace(tzinfo=None) + self.after))
        span = edges[1] - edges[0]
        around = [edge + by * dt.timedelta(minutes=1) for edge in edges for by in (-1, 0, 1)]
        return sorted({*around, edges[0] + span / 2, edges[0] - span, edges[1] + span})


def offset(zone: ZoneInfo, moment: dt.datetime) -> dt.timedelta:
    """From a moment to its wall-clock time, which no gap or fold makes unclear."""
    found = moment.astimezone(zone).utcoffset()
    assert found is not None
    return found


def changes_of(zone: ZoneInfo) -> Iterator[ClockChange]:
    low = dt.datetime(2025, 12, 31, tzinfo=dt.UTC)
    before = offset(zone, low)
    while low.date() <= LAST:
        high = low + DAY
        after = offset(zone, high)
        if after != before:
            yield ClockChange(_edge(zone, low, high, before), before, after)
        low, before = high, after


def _edge(zone: ZoneInfo, low: dt.datetime, high: dt.datetime, before: dt.timedelta) -> dt.datetime:
    while high - low > dt.timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if offset(zone, middle) == before else (low, middle)
    return high


CHANGES = {name: list(changes_of(ZoneInfo(name))) for name in ZONES}


def expected(changes: list[ClockChange], base: dt.timedelta, wall: dt.datetime) -> dt.datetime:
    """The first moment at which the clocks show this, or in a gap the one as much later, from the changes alone."""
    utc = wall.replace(tzinfo=dt.UTC)
    current = base
    for change in changes:
        if utc - current < change.at:
            return utc - current  # it is shown before the clocks change
        if utc - change.after < change.at:
            return utc - change.before  # skipped
        current = change.after
    return utc - current


def base_of(name: str) -> dt.timedelta:
    changes = CHANGES[name]
    return changes[0].before if changes else offset(ZoneInfo(name), dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def weekly_at(name: str, wall: dt.datetime, weeks: int = 1) -> Weekly:
    return Weekly(wall.weekday(), wall.hour * 60 + wall.minute, name, weeks)


def test_there_are_zones_enough_with_gaps_and_folds() -> None:
    gaps = sum(change.after > change.before for changes in CHANGES.values() for change in changes)
    folds = sum(change.after < change.before for changes in CHANGES.values() for change in changes)

    assert len(ZONES) > 590
    assert min(gaps, folds) > 900


@pytest.mark.parametrize("part", range(4))
def test_every_weekly_slot_of_every_zone_is_once_a_week_at_the_time_shown(part: int) -> None:
    for name in ZONES[part::4]:
        zone, gaps = ZoneInfo(name), {change.at.date() for change in CHANGES[name]}
        for weekday, minute in enumerate(MINUTES):
            weekly = Weekly(weekday, minute, name)
            day = FIRST + dt.timedelta(days=(weekday - FIRST.weekday()) % 7)
            slots = islice(following(weekly, slot_on(weekly, day - 7 * DAY)), 260)
            for number, slot in enumerate(slots):
                assert slot.day == day + number * 7 * DAY
                shown = slot.at.astimezone(zone)
                as_set = (shown.date(), shown.hour * 60 + shown.minute) == (slot.day, minute)
                assert as_set or slot.at.date() in gaps, (name, slot)


@pytest.mark.parametrize("part", range(4))
def test_around_each_clock_change_a_skipped_time_comes_as_much_later_and_a_repeated_one_first(part: int) -> None:
    for name in ZONES[part::4]:
        base = base_of(name)
        for change in CHANGES[name]:
            for wall in change.walls:
                wall = wall.replace(second=0)
                slot = slot_on(weekly_at(name, wall), wall.date())
                assert slot.at == expected(CHANGES[name], base, wall), (name, wall)


@pytest.mark.parametrize("part", range(4))
def test_around_each_clock_change_the_next_slot_is_found_from_any_moment_and_known_by_its_day(part: int) -> None:
    for name in ZONES[part::4]:
        for change in CHANGES[name]:
            for wall in change.walls[::2]:
                weekly = weekly_at(name, wall)
                day = wall.date() - 7 * DAY
                before, here, after = (slot_on(weekly, day + weeks * 7 * DAY) for weeks in range(3))
                assert list(islice(following(weekly, before), 2)) == [here, after]
                assert first_after(weekly, before.at) == here == first_after(weekly, here.at - MOMENT)
                assert first_after(weekly, here.at) == after == first_after(weekly, change.at + 6 * DAY)
                assert [day_of(weekly, slot.at) for slot in (before, here, after)] == [
                    slot.day for slot in (before, here, after)
                ]


@settings(max_examples=300, deadline=None)
@given(
    name=some.sampled_from(ZONES),
    weekday=some.integers(0, 6),
    minute=some.integers(0, 1439),
    weeks=some.sampled_from([1, 2]),
    moment=some.datetimes(
        dt.datetime.combine(FIRST, dt.time()), dt.datetime.combine(LAST, dt.time()), timezones=some.just(dt.UTC)
    ),
)
def test_from_any_moment_the_next_slots_are_a_week_or_a_fortnight_apart_on_their_weekday(
    name: str, weekday: int, minute: int, weeks: int, moment: dt.datetime
) -> None:
    weekly = Weekly(weekday, minute, name, weeks)
    first = first_after(weekly, moment)
    slots = [first, *islice(following(weekly, first), 8)]

    assert first.at > moment
    assert slot_on(weekly, first.day - 7 * DAY).at <= moment
    assert {slot.day.weekday() for slot in slots} == {weekday}
    apart = {later.day - slot.day for slot, later in pairwise(slots)}
    assert apart == {dt.timedelta(weeks=weeks)}
    assert all(later.at > slot.at for slot, later in pairwise(slots))


START = dt.datetime(2027, 3, 10, tzinfo=dt.UTC)  # Ramadan ends, then America's clocks change, then Europe's
STEPS = 4


def planned(unit: Unit, names: list[str]) -> dict[int, list[dt.datetime]]:
    """A schedule in each zone, on the weekday and at the time that its clocks skip or repeat; its next times shown."""
    shown = {}
    for number, name in enumerate(names):
        here = communities.seen(unit, "discord", name, name, Language.EN)
        change = next((each for each in CHANGES[name] if each.at > START), None)
        wall = change.walls[len(change.walls) // 2] if change else dt.datetime.combine(START + 4 * DAY, dt.time(2, 30))
        plan = Plan("C1", weekly_at(name, wall, weeks=1 + number % 2))
        schedules.switch_on(unit, Me(here.id, "mod", "Mo"), {None: plan})
        (made,) = schedules.of_community(unit, here.id)
        shown[made.id] = made.next_times(STEPS)
    return shown


async def test_the_next_times_shown_are_those_that_then_happen(sqlite_store: Store, clock: Clock) -> None:
    clock.moment = START
    changing = [name for name in ZONES if any(START < each.at < START + 30 * DAY for each in CHANGES[name])]
    names = sorted({*changing[::4], *ZONES[::12]})
    shown = await sqlite_store.write(planned, names)
    happened: dict[int, list[dt.datetime]] = {schedule: [] for schedule in shown}

    def noting(unit: Unit) -> int:
        with_slots = {found.id: found.next_slot for found in all_due(unit)}
        done = firing.fire(unit, {})
        for schedule, slot in list(with_slots.items())[:done]:
            happened[schedule].append(slot.at)
            assert slot.at == unit.now
        return done

    until = START + dt.timedelta(weeks=2 * STEPS + 1)
    while (due := await sqlite_store.read(firing.next_moment)) is not None and due < until:
        clock.moment = due
        while await sqlite_store.write(noting):
            pass

    assert len(names) > 80
    assert {schedule: times[:STEPS] for schedule, times in happened.items()} == shown


def all_due(unit: Unit) -> list[Schedule]:
    """Those that `firing.fire` takes now, in its order."""
    rows = unit.execute(table.select().where(table.c.fire_at <= unit.now_us).order_by(table.c.fire_at, table.c.id))
    return [schedules.read(row) for row in rows]


def test_a_slot_that_a_gap_moves_past_midnight_is_still_that_of_its_day() -> None:
    weekly = Weekly(5, 23 * 60 + 30, "America/Nuuk")  # in March the clocks go from Saturday 23:00 to Sunday 00:00
    day = dt.date(2027, 3, 27)
    slot = slot_on(weekly, day)

    assert slot == Slot(day, dt.datetime(2027, 3, 28, 1, 30, tzinfo=dt.UTC))
    assert slot.at.astimezone(ZoneInfo("America/Nuuk")).strftime("%a %H:%M") == "Sun 00:30"
    assert day_of(weekly, slot.at) == day
    assert first_after(weekly, slot.at).day == day + 7 * DAY
