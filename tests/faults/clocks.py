"""A clock that jumps, by an hour or forty days, for minutes or hours, while tips come due and a community has left.

Weeks go by in seconds: the machine's true time goes on by three hours a step, its clock is set wrong now and then and
right again, and processes are started anew. The control follows the clock whatever it says.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from sqlalchemy import select
from structlog.testing import capture_logs

from bot.steady import Steady
from bot.timekeeper import Timekeeper
from content.text import Language
from storage import communities, departures, outbox, schedules
from storage.due import Due
from storage.members import Me
from storage.outbox_states import CLAIMED
from storage.schedules import Plan
from storage.store import Store, Unit
from storage.tables import outbox as outbox_table
from storage.tables import posting
from storage.timetable import Weekly, first_after, following
from tests.faults.audit import Report
from tests.faults.ground import Ground
from tests.storage.weekly import LIBRARY

BEGIN = dt.datetime(2026, 9, 28, 5, 30, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LEASE = dt.timedelta(seconds=60)
PLACES = {"g1": Weekly(0, 540, "Europe/Berlin"), "g2": Weekly(6, 90, "America/New_York"), "g3": Weekly(3, 0, "UTC", 2)}
"""Two of them go through the end of summer time."""
JUMPS = (HOUR, -HOUR, 40 * DAY, -40 * DAY)
LASTS = (dt.timedelta(minutes=5), 3 * HOUR)
STEP = 3 * HOUR
LATE = 7 * HOUR  # a slot may be, where the clock was wrong at its time
ERASED_WITHIN = 4 * DAY  # after its thirty days, where the clock was wrong then
DAYS_LEAST, DAYS_A_SECOND = 35, 5
RESTARTS, CRASHES = 0.01, 0.1


@dataclass(slots=True)
class Machine:
    """What time it truly is, and how wrong its clock is."""

    true: dt.datetime = BEGIN
    wrong: dt.timedelta = dt.timedelta()

    def now(self) -> dt.datetime:
        return self.true + self.wrong

    def ticks(self) -> float:
        return (self.true - BEGIN).total_seconds()


@dataclass(slots=True)
class Life:
    """A store with what runs by its clock, process after process."""

    store: Store
    machine: Machine
    follows: bool
    steady: Steady = field(init=False)
    keeper: Timekeeper = field(init=False)
    posted: dict[str, dt.datetime] = field(default_factory=dict)
    held: dict[int, dt.datetime] = field(default_factory=dict)
    stuck: list[str] = field(default_factory=list)
    ahead: int = 0
    gone_at: dt.datetime | None = None

    def start(self) -> None:
        self.steady = Steady(self.store, self.machine.now, self.machine.ticks)
        self.keeper = Timekeeper(self.store, LIBRARY)

    async def step(self, *, crashes: bool) -> None:
        """What a process does in a while; `crashes` before it has sent what it claimed."""
        with capture_logs() as logs:
            if not self.follows:
                await self.steady.once()
        self.ahead += any(entry["event"] == "clock.ahead" for entry in logs)
        if self.follows or self.steady.for_dues():
            await self.keeper.once()
        if self.follows or self.steady.for_erasures():
            while await self.store.write(departures.erase):
                pass
        await self._send(crashes=crashes)
        gone = await self.store.read(_is_gone)
        self.gone_at = self.gone_at or (self.machine.true if gone else None)

    async def _send(self, *, crashes: bool) -> None:
        claimed: list[Due] = await self.store.write(outbox.claim, "me", 99, LEASE, real_now=self.machine.now())
        for due in () if crashes else claimed:
            await self.store.write(outbox.sent, due, "m1")
        held = await self.store.read(_held)
        self.held = {row: self.held.get(row, self.machine.true) for row in held}
        now = self.machine.true
        self.stuck += [f"{row} is claimed for a day" for row, since in self.held.items() if now - since > DAY]
        for slot in await self.store.read(_slots):
            self.posted.setdefault(slot, self.machine.true)


async def clock(ground: Ground) -> Report:
    """So many days; then each slot had its tip, in time, and the community its thirty days."""
    report, machine = Report("clock jumps"), Machine()
    days = max(DAYS_LEAST, int(ground.seconds * DAYS_A_SECOND))
    with ground.database() as url:
        store = await Store.open(url, now=machine.now)
        plans = await _set_up(store)
        life = Life(store, machine, follows=ground.control)
        life.start()
        line = list(timeline(ground.chance, BEGIN + days * DAY))
        for machine.true, machine.wrong in line:
            if ground.chance.random() < RESTARTS:
                life.start()
            await life.step(crashes=ground.chance.random() < CRASHES)
        report.faults = len(
            {true for (true, wrong), (_, before) in zip(line[1:], line, strict=False) if wrong != before}
        )
        report.torn += life.stuck
        _judge(life, plans, line, report)
        await store.close()
    return report


def timeline(chance: random.Random, end: dt.datetime) -> Iterator[tuple[dt.datetime, dt.timedelta]]:
    """True moments and how wrong the clock is; it is right for the last days."""
    true, jumps = BEGIN, BEGIN + 2 * DAY
    while true < end:
        if jumps <= true < end - 4 * DAY:
            wrong, lasts = chance.choice(JUMPS), chance.choice(LASTS)
            for part in range(7):
                yield true + part * lasts / 7, wrong
            true += lasts
            jumps = true + chance.uniform(1, 5) * DAY
        yield true, dt.timedelta()
        true += STEP


async def _set_up(store: Store) -> dict[int, Weekly]:
    """The schedules of communities that stay; one community leaves."""
    plans = {}
    for ext_id, weekly in PLACES.items():
        made = await store.write(communities.seen, "discord", ext_id, ext_id, Language.EN)
        await store.write(schedules.switch_on, Me(made.id, "mod", "Mo"), {None: Plan("C1", weekly)})
        [found] = await store.read(schedules.of_community, made.id)
        plans[found.id] = weekly
    await store.write(communities.seen, "discord", "left", "Left", Language.EN)
    await store.write(departures.left, "discord", "left")
    return plans


def _judge(
    life: Life, plans: Mapping[int, Weekly], line: list[tuple[dt.datetime, dt.timedelta]], report: Report
) -> None:
    end = line[-1][0]
    wrong = [(true, by) for true, by in line if by]
    for schedule, weekly in plans.items():
        first = first_after(weekly, BEGIN)
        for slot in (first, *takewhile(lambda slot: slot.at < end - DAY, following(weekly, first))):
            key = f"{schedule}:{slot.day.isoformat()}T{weekly.minute // 60:02}:{weekly.minute % 60:02}"
            _judge_slot(key, slot.at, life.posted.get(key), wrong, report)
    gone = life.gone_at
    if gone is None or not departures.KEPT_FOR <= gone - BEGIN <= departures.KEPT_FOR + ERASED_WITHIN:
        report.lost.append(f"the community that left was erased after {gone and gone - BEGIN}")


def _judge_slot(
    key: str,
    at: dt.datetime,
    posted: dt.datetime | None,
    wrong: list[tuple[dt.datetime, dt.timedelta]],
    report: Report,
) -> None:
    """Early only where the clock was believed to be ahead; missing only where its time fell into that."""
    was_ahead = [true for true, by in wrong if by > dt.timedelta()]
    report.acknowledged += posted is not None
    if posted is None:
        said = any(abs(true - at) <= LATE for true in was_ahead)
        report.lost += [] if said else [f"{key} had no tip"]
    elif posted > at + LATE:
        report.lost.append(f"{key} had its tip {posted - at} late")
    elif posted < at and posted not in was_ahead:
        report.doubled.append(f"{key} had its tip {at - posted} early")


def _is_gone(unit: Unit) -> bool:
    return not any(place.ext_id == "left" for place in departures.places(unit, "discord"))


def _held(unit: Unit) -> list[int]:
    return list(unit.execute(select(outbox_table.c.id).where(outbox_table.c.state == CLAIMED)).scalars())


def _slots(unit: Unit) -> list[str]:
    return list(unit.execute(select(posting.c.slot)).scalars())
