"""Everything that mentors and mentees can do, at random, and whether what must hold of it holds.

`python -m tests.storage.mentoring_run --steps 20000 --seed 7` lets ten people do all that mentoring has, on SQLite and
on PostgreSQL: first one act after another, each compared with a plain model in answer, rows and messages; then a dozen
at once, of which only what must always hold is looked for. Every so often time passes, what has come due is done, and
nobody may be left waiting.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import itertools
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from content.load import read_content
from content.text import Language
from storage import communities, mentor_times
from storage.members import Me
from storage.store import Store
from tests.bench.postgres import server_or_none
from tests.storage import mentoring_faults
from tests.storage.mentoring_acts import Act, Chooser
from tests.storage.mentoring_compared import compare, number
from tests.storage.mentoring_faults import Snapshot
from tests.storage.mentoring_model import Model

NAMES = ("Ada", "Bo", "Cem", "Dana", "Eli", "Fay", "Gil", "Hana", "Ines", "Jon")
EPISODE = 250
"""Acts in one community; then another begins."""
AT_ONCE = 12
SEED = 20261126


class Clock:
    """The moment it is, until the run moves it."""

    moment = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.moment


class Run:
    """One run on one database, with one store or several of it."""

    def __init__(self, clock: Clock, seed: int, *stores: Store) -> None:
        self.clock, self.stores = clock, stores
        self.chance = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()
        self.faults: list[str] = []
        self.deadlocks = 0

    async def go_on(self, steps: int, *, at_once: bool) -> None:
        """Until so many things have happened, or the first fault."""
        end, number = self.done.total() + steps, 0
        while self.done.total() < end and not self.faults:
            number += 1
            name = f"guild-{number}-{at_once}"
            here = await self.stores[0].write(communities.seen, "discord", name, "Makers", Language.EN)
            episode = Episode(self, Me(here.id, "u-ann", "Ann"), at_once=at_once)
            await episode.go_on(min(EPISODE, end - self.done.total()))


class Episode:
    """What happens in one community."""

    def __init__(self, run: Run, here: Me, *, at_once: bool) -> None:
        self.run, self.here, self.at_once = run, here, at_once
        self.store = run.stores[0]
        self.model = Model(run.clock.moment)
        self.chooser = Chooser(here, NAMES, run.chance, run.clock)

    async def go_on(self, acts: int) -> None:
        seen = await self._seen()
        end = self.run.done.total() + acts
        while self.run.done.total() < end and not self.run.faults:
            many = AT_ONCE if self.at_once else 1
            chosen = [self.chooser.choose(seen) for _act in range(many)]
            self.run.done.update(act.name for act in chosen)
            seen = await (self._do_at_once(chosen, seen) if self.at_once else self._do(chosen[0], seen))
            if self.run.chance.random() < (0.5 if self.at_once else 0.15) and not self.run.faults:
                seen = await self._pass_time(seen)

    async def _seen(self) -> Snapshot:
        return await self.store.read(mentoring_faults.look, self.here.community)

    async def _do_at_once(self, acts: list[Act], before: Snapshot) -> Snapshot:
        """With the timekeeper among them, and each through one of the stores."""
        works = [act.work for act in acts] + [mentor_times.work_off]
        stores = self.run.stores
        answers = await asyncio.gather(
            *(stores[number % len(stores)].write(work) for number, work in enumerate(works)), return_exceptions=True
        )
        self.run.faults += [f"{answer!r}" for answer in answers if isinstance(answer, BaseException)]
        self.run.answers.update(type(answer).__name__ for answer in answers)
        now = await self._seen()
        self._judge(now, before, acts)
        return now

    async def _do(self, act: Act, before: Snapshot) -> Snapshot:
        self.model.now = self.run.clock.moment
        self.model.told.clear()
        expected = act.reckon(self.model)
        answer = await self.store.write(act.work)
        said = type(answer).__name__ if isinstance(expected, str) else answer
        self.run.answers[f"{act.name}: {type(answer).__name__}"] += 1
        if (
            act.name in {"ask", "accept", "decline", "withdraw", "pair", "finish", "met", "not_yet"}
            and said != expected
        ):
            self.run.faults.append(f"{act.name} answered {said} and not {expected}")
        now = await self._seen()
        number(self.model, now)
        self._judge(now, before, [act])
        self._compare(now, before, act.name)
        return now

    async def _pass_time(self, before: Snapshot) -> Snapshot:
        """Then what has come due is done, and nobody is left waiting."""
        self.run.clock.moment += self.run.chance.choice([1, 20, 72, 80, 170]) * dt.timedelta(hours=1)
        self.model.now = self.run.clock.moment
        self.model.told.clear()
        while await self.store.write(mentor_times.work_off):
            pass
        now = await self._seen()
        if await self.store.read(mentor_times.anything):
            self.run.faults.append("something is due for ever")
        self.run.faults += mentoring_faults.left_waiting(now, int(self.run.clock.moment.timestamp() * 1_000_000))
        self._judge(now, before, [])
        if not self.at_once:
            self.model.work_off()
            self._compare(now, before, "time")
        return now

    def _judge(self, now: Snapshot, before: Snapshot, acts: list[Act]) -> None:
        most: dict[int, int] = {}
        for row, offer in [*before.offers.items(), *now.offers.items()]:
            most[row] = max(most.get(row, 0), offer.capacity)
        for act in acts:
            for row in (row for row, name in now.names.items() if name == act.mentor):
                most[row] = max(most.get(row, 0), act.most)
        self.run.faults += mentoring_faults.faults(now, before, most)

    def _compare(self, now: Snapshot, before: Snapshot, what: str) -> None:
        self.run.faults += [f"{what}: {fault}" for fault in compare(self.model, now, before)]


async def run(url: str, steps: int, *, seed: int = SEED, at_once: bool, processes: int = 1) -> Run:
    """A run on this empty database, as so many processes would have it open."""
    clock, points = Clock(), read_content().points
    stores = [await Store.open(url, now=clock, points=points) for _process in range(processes)]
    try:
        made = Run(clock, seed, *stores)
        await made.go_on(steps, at_once=at_once)
        if processes > 1:
            made.deadlocks = await mentoring_faults.deadlocks(stores[0])
    finally:
        for store in stores:
            await store.close()
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args()
    found = 0
    with tempfile.TemporaryDirectory() as folder, server_or_none() as server:
        urls = {"SQLite": f"sqlite:///{Path(folder) / 'p.sqlite3'}"}
        urls |= {"PostgreSQL": server.format(database="postgres")} if server else {}
        for (name, url), at_once in itertools.product(urls.items(), (False, True)):
            began = time.monotonic()
            processes = 2 if at_once and name == "PostgreSQL" else 1
            made = asyncio.run(run(url, chosen.steps, seed=chosen.seed, at_once=at_once, processes=processes))
            found += len(made.faults)
            counts = ", ".join(f"{what} {count}" for what, count in made.answers.most_common())
            kind = f"{AT_ONCE} at once" if at_once else "one by one"
            sys.stdout.write(f"{name}, {kind}: {made.done.total()} in {time.monotonic() - began:.0f} s ({counts}); ")
            sys.stdout.write(f"{made.deadlocks} deadlocks, {len(made.faults)} faults\n")
            sys.stdout.writelines(f"  {fault}\n" for fault in made.faults[:10])
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
