"""Random deeds and all that moves boards, and whether standings and histogram stay the ledger's sums.

`python -m tests.storage.points_run --deeds 100000` lets the members of two communities do deeds, get points adjusted
and taken back, show and hide themselves, be left out, leave, return and be erased, many at a time, while the clock
goes over weeks and months and the communities change their zones; on SQLite and on PostgreSQL. Each deed must come
to the points that a plain count of it says, and every so often all tables must be what `tests.storage.reckoned` makes
of the ledger. `--control` hides members without taking them off the boards, to show that the check would find it.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import random
import sys
import tempfile
import time
import zoneinfo
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import select, update

from content.load import read_content
from content.outcomes import Outcome
from content.points import Deed, Points
from content.text import Language
from storage import appearances, awards, communities, members
from storage.members import Me
from storage.store import Store
from storage.tables import appearance, award
from storage.unit import Unit
from tests.bench.postgres import server_or_none
from tests.storage import reckoned

MEMBERS = 14  # in each community
AT_ONCE = 12
BETWEEN_CHECKS = 100
SEED = 20261123
ZONES = ("UTC", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Australia/Lord_Howe", "Asia/Kolkata")
HOUR = dt.timedelta(hours=1)

Move = Callable[[Unit, Me], int]
"""Something that happens to a member; says the points that a deed came to."""


class Clock:
    """The moment it is, until the run moves it."""

    moment = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.moment


@dataclass(slots=True)
class Person:
    """A member as the run knows them: what they were given already, and in which week."""

    me: Me
    given: set[tuple[Deed, str]] = field(default_factory=set)
    used: Counter[str] = field(default_factory=Counter)

    def comes_to(self, points: Points, week: str, deeds: Sequence[tuple[Deed, str]]) -> int:
        """What these deeds come to, by a plain count."""
        total = 0
        for deed, key in deeds:
            worth = points.worth[deed] - {"step-with-line": 1, "resource-with-line": 1}.get(deed.value, 0)
            if deed.value in reckoned.LIMITED:
                worth = min(worth, 25 - self.used[week])
            if worth <= 0 or (deed, key) in self.given:
                continue
            self.given.add((deed, key))
            self.used[week] += worth if deed.value in reckoned.LIMITED else 0
            total += worth
        return total


def give(unit: Unit, me: Me, outcome: Outcome | None, deeds: Sequence[tuple[Deed, str]]) -> int:
    return awards.give(unit, members.ensure(unit, me), outcome, *deeds)


def adjust(unit: Unit, me: Me, points: int) -> int:
    awards.adjust(unit, members.ensure(unit, me), points, "a reason")
    return 0


def take_back(unit: Unit, me: Me, number: int) -> int:
    ids = unit.execute(select(award.c.id).where(award.c.member_id == members.ensure(unit, me)).order_by(award.c.id))
    lines = ids.scalars().all()
    if lines:
        awards.take_back(unit, lines[number % len(lines)])
    return 0


def show(unit: Unit, me: Me) -> int:
    return int(not appearances.show(unit, me).shown)


def hide(unit: Unit, me: Me) -> int:
    return int(bool(appearances.hide(unit, me).shown))


def hide_badly(unit: Unit, me: Me) -> int:
    mine = members.ensure(unit, me)
    unit.execute(update(appearance).where(appearance.c.member_id == mine).values(shown=0))
    return 0


def go(unit: Unit, me: Me) -> int:
    appearances.looked_for(unit, me.community, [], [me.uid])
    return 0


def come(unit: Unit, me: Me) -> int:
    return int(appearances.return_to(unit, me).away)


def settle(unit: Unit, me: Me) -> int:
    appearances.settle(unit, [members.ensure(unit, me)])
    return 0


def forget(unit: Unit, me: Me) -> int:
    members.forget(unit, me)
    return 0


PLAIN: dict[Move, int] = {show: 7, hide: 4, go: 4, come: 3, settle: 3, forget: 1}
"""How often, beside 60 deeds, 9 adjusts and 9 lines taken back."""


class Run:
    """One run on one database."""

    def __init__(self, store: Store, clock: Clock, points: Points, seed: int, *, control: bool) -> None:
        self.store, self.clock, self.points = store, clock, points
        self.chance = random.Random(seed)
        self.zones: dict[int, str] = {}
        self.people: list[Person] = []
        self.done: Counter[str] = Counter()
        self.faults: list[str] = []
        self.plain = {hide_badly if move is hide and control else move: often for move, often in PLAIN.items()}

    async def go_on(self, deeds: int, *, between_checks: int = BETWEEN_CHECKS) -> None:
        """Until so many things have happened, or the first fault."""
        await self._meet()
        checked = 0
        while self.done.total() < deeds and not self.faults:
            some = self.chance.sample(self.people, AT_ONCE)
            await asyncio.gather(*(self._act(person) for person in some))
            await self._between()
            if self.done.total() - checked >= between_checks or self.done.total() >= deeds:
                checked = self.done.total()
                self.faults += await self.store.read(reckoned.faults)

    async def _meet(self) -> None:
        for name in ("one", "two"):
            here = await self.store.write(communities.seen, "discord", name, name, Language.EN)
            self.zones[here.id] = here.zone
            self.people += [Person(Me(here.id, f"u-{number}", f"Member {number}")) for number in range(MEMBERS)]

    async def _act(self, person: Person) -> None:
        """One move; never two of one member at a time, so that the count is certain."""
        local = self.clock.moment.astimezone(zoneinfo.ZoneInfo(self.zones[person.me.community]))
        move, points = self._move(person, local.strftime("%G-W%V"))
        said = await self.store.write(move, person.me)
        if said != points:
            self.faults.append(f"{person.me.uid}: {said} and not {points} of {move}")

    def _move(self, person: Person, week: str) -> tuple[Move, int]:
        [kind] = self.chance.choices(["give", "adjust", "take_back", "plain"], [60, 9, 9, sum(self.plain.values())])
        if kind == "plain":
            [move] = self.chance.choices([*self.plain], [*self.plain.values()])
            self.done[move.__name__] += 1
            if move is forget:
                person.given, person.used = set(), Counter()
            return move, 0
        self.done[kind] += 1
        if kind == "adjust":
            return partial(adjust, points=self.chance.choice([-300, -40, -3, 1, 50, 256, 700])), 0
        if kind == "take_back":
            return partial(take_back, number=self.chance.randrange(1000)), 0
        keys = 8 + self.done.total() // 200
        deeds = [(deed, str(self.chance.randrange(keys))) for deed in self.chance.sample([*Deed], 2)]
        outcome = self.chance.choice([None, *Outcome])
        return partial(give, outcome=outcome, deeds=deeds), person.comes_to(self.points, week, deeds)

    async def _between(self) -> None:
        """What moves more than one member: time, mostly to about the turn of a week, zones, moderators."""
        now, turn = self.clock.moment, self.chance.random()
        if turn < 0.3:
            monday = (now + dt.timedelta(days=7 - now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
            self.clock.moment = max(now, monday + self.chance.uniform(-15, 13) * HOUR)
        elif turn < 0.7:
            self.clock.moment = now + self.chance.uniform(0, 30) * HOUR
        community = self.chance.choice([*self.zones])
        if self.chance.random() < 0.3:
            self.zones[community] = self.chance.choice(ZONES)
            await self.store.write(communities.set_zone, community, self.zones[community])
            self.done["zone"] += 1
        if self.chance.random() < 0.2:
            here = [person.me.uid for person in self.people if person.me.community == community]
            await self.store.write(
                appearances.leave_out, community, self.chance.sample(here, self.chance.randint(0, 4))
            )
            self.done["leave_out"] += 1


async def run(
    url: str, deeds: int, *, seed: int = SEED, control: bool = False, between_checks: int = BETWEEN_CHECKS
) -> Run:
    """A run on this empty database."""
    clock, points = Clock(), read_content().points
    store = await Store.open(url, now=clock, points=points)
    try:
        made = Run(store, clock, points, seed, control=control)
        await made.go_on(deeds, between_checks=between_checks)
    finally:
        await store.close()
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deeds", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--control", action="store_true", help="hide members, but not from boards; must be caught")
    chosen = parser.parse_args()
    found = 0
    with tempfile.TemporaryDirectory() as folder, server_or_none() as server:
        urls = {"SQLite": f"sqlite:///{Path(folder) / 'p.sqlite3'}"}
        urls |= {"PostgreSQL": server.format(database="postgres")} if server else {}
        for name, url in urls.items():
            began = time.monotonic()
            made = asyncio.run(run(url, chosen.deeds, seed=chosen.seed, control=chosen.control))
            found += len(made.faults)
            counts = ", ".join(f"{move} {count}" for move, count in made.done.most_common())
            sys.stdout.write(f"{name}: {made.done.total()} in {time.monotonic() - began:.0f} s ({counts}), ")
            sys.stdout.write(f"until {made.clock.moment:%Y-%m-%d}; {len(made.faults)} faults\n")
            sys.stdout.writelines(f"  {fault}\n" for fault in made.faults[:10])
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
