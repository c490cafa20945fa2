"""A clock that jumps: nothing due is done by it at once, nothing erased, and what it put off comes back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from bot.steady import AWAY, Steady
from content.text import Language
from storage import communities, matching_days, outbox, schedules
from storage.members import Me
from storage.schedules import Plan, Schedule
from storage.store import Store
from storage.timetable import Weekly
from tests.conftest import SetClock

FRIDAY_TEN = Weekly(4, 600, "Europe/Berlin")
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


@dataclass(slots=True)
class Machine:
    """Its clock, which can be set, and its ticks, which cannot."""

    clock: SetClock
    ticks: float = 5000.0
    said: list[str] = field(default_factory=list)

    def steady(self, store: Store) -> Steady:
        return Steady(store, self.clock.now, lambda: self.ticks)

    async def go_on(self, steady: Steady, span: dt.timedelta) -> None:
        self.clock.moment += span
        self.ticks += span.total_seconds()
        with capture_logs() as logs:
            await steady.once()
        self.said += [entry["event"] for entry in logs]


@pytest.fixture
def machine(clock: SetClock) -> Machine:
    return Machine(clock)


async def schedule_of(store: Store, me: Me) -> Schedule:
    return (await store.read(schedules.of_community, me.community))[0]


async def test_until_it_has_compared_nothing_is_erased_then_all_goes_on(store: Store, machine: Machine) -> None:
    steady = machine.steady(store)
    assert (steady.for_dues(), steady.for_erasures()) == (False, False)

    await machine.go_on(steady, HOUR)
    await machine.go_on(steady, 40 * DAY)  # of a machine that ran all the while

    assert (steady.for_dues(), steady.for_erasures(), machine.said) == (True, True, [])


async def test_after_a_jump_ahead_dues_wait_ten_minutes_and_erasing_a_day(store: Store, machine: Machine) -> None:
    steady = machine.steady(store)
    await machine.go_on(steady, HOUR)

    machine.clock.moment += HOUR  # summer time on a machine that thinks in local time is enough
    await machine.go_on(steady, dt.timedelta(seconds=1))
    assert (steady.for_dues(), steady.for_erasures()) == (False, False)
    await machine.go_on(steady, 10 * dt.timedelta(minutes=1))
    assert (steady.for_dues(), steady.for_erasures()) == (True, False)
    await machine.go_on(steady, DAY)

    assert (steady.for_dues(), steady.for_erasures(), machine.said) == (True, True, ["clock.ahead"])


async def test_a_jump_that_is_taken_back_at_once_leaves_nothing(store: Store, machine: Machine) -> None:
    steady = machine.steady(store)
    await machine.go_on(steady, HOUR)

    machine.clock.moment += 40 * DAY
    await machine.go_on(steady, dt.timedelta(minutes=2))
    assert not steady.for_dues()
    machine.clock.moment -= 40 * DAY
    await machine.go_on(steady, dt.timedelta(minutes=2))

    assert (steady.for_dues(), steady.for_erasures(), machine.said) == (True, True, ["clock.ahead"])


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_a_clock_that_was_ahead_has_put_off_comes_back(
    store: Store, machine: Machine, *, restarted: bool
) -> None:
    """Tips, and matching days in their rhythm; whether the process lives through it, or starts by the right clock."""
    made = await store.write(communities.seen, "discord", "g1", "Makers", Language.EN)
    me = Me(made.id, "mod", "Mo")
    steady = machine.steady(store)
    await machine.go_on(steady, HOUR)
    await store.write(schedules.switch_on, me, {None: Plan("C1", FRIDAY_TEN)})
    await store.write(matching_days.set_up, me, Weekly(0, 540, "Europe/Berlin", 2))
    first, matched = (await schedule_of(store, me)).next_at, await store.read(matching_days.coming, me.community)

    machine.clock.moment += 40 * DAY
    await machine.go_on(steady, HOUR)
    await machine.go_on(steady, HOUR)  # believed by now, as far as dues go
    assert steady.for_dues()
    await store.write(schedules.settle_next, me.community)
    await store.write(matching_days.settle_next, me.community)
    assert (await schedule_of(store, me)).next_at > first + 30 * DAY
    machine.clock.moment -= 40 * DAY
    steady = machine.steady(store) if restarted else steady
    await machine.go_on(steady, HOUR)
    assert machine.said == ["clock.ahead"]  # it may be wrong now
    await machine.go_on(steady, 10 * MINUTE)

    slots = (await schedule_of(store, me)).next_at, await store.read(matching_days.coming, me.community)
    assert slots == (first, matched)
    assert machine.said[-1] == "clock.set_back"


async def test_a_clock_far_from_what_an_earlier_process_saw_waits(store: Store, machine: Machine) -> None:
    await machine.go_on(machine.steady(store), HOUR)
    machine.clock.moment += AWAY + DAY

    steady = machine.steady(store)
    await machine.go_on(steady, HOUR)

    assert (steady.for_dues(), steady.for_erasures()) == (False, False)
    await machine.go_on(steady, DAY)
    assert steady.for_erasures()


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_clock_that_is_behind_for_a_moment_brings_nothing_back(
    store: Store, machine: Machine, *, restarted: bool
) -> None:
    """As of a machine without a battery, until a time server has spoken."""
    steady = machine.steady(store)
    await machine.go_on(steady, HOUR)
    right = machine.clock.moment

    machine.clock.moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    steady = machine.steady(store) if restarted else steady
    await machine.go_on(steady, 9 * MINUTE)
    machine.clock.moment = right + 9 * MINUTE + (5 * DAY if restarted else dt.timedelta())
    await machine.go_on(steady, MINUTE)
    await machine.go_on(steady, HOUR)

    assert (steady.for_dues(), steady.for_erasures(), machine.said) == (True, True, [])


async def test_what_was_put_into_the_outbox_by_a_clock_that_was_ahead_for_a_minute_goes_out(
    store: Store, machine: Machine
) -> None:
    made = await store.write(communities.seen, "discord", "g1", "Makers", Language.EN)
    steady = machine.steady(store)
    await machine.go_on(steady, HOUR)
    machine.clock.moment += 40 * DAY
    await machine.go_on(steady, MINUTE)
    await store.write(lambda unit: unit.post(made.id, "C1", "t.note", key="p1"))
    machine.clock.moment -= 40 * DAY
    await machine.go_on(steady, MINUTE)

    assert len(await store.write(outbox.claim, "me", 9, MINUTE, real_now=machine.clock.moment)) == 1
