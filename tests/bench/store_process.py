"""Row 5's own process: answers and finishes at 64 tasks, every variant in turn, said as one line of JSON."""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg

from commands.start import conclude
from content.load import read_content
from content.questionnaire import Questionnaire
from storage.runs import Choice
from storage.store import Store
from tests.bench.figures import percentile
from tests.bench.store_variants import (
    TASKS,
    CoreWithLock,
    Ours,
    RawGroupCommit,
    RawPostgres,
    Variant,
    now,
    seed,
)
from tests.bench.watch import Watch, say

MEMBERS = 512
FINISHES_OF_SLOW = 64  # of the others each member's run is finished
SLOW = frozenset({"naive", "postgres", "postgres raw"})


@dataclass(slots=True)
class Measured:
    """A variant under measurement, and all that was seen of it."""

    name: str
    variant: Variant
    items: tuple[str, ...]
    answers: list[float] = field(default_factory=list)
    finishes: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    holds: list[Mapping[str, float]] = field(default_factory=list)

    async def slice(self, seconds: float, watch: Watch) -> None:
        """Answers from all tasks for so long, then finishes; from new runs, so that all slices are alike."""
        open_runs = await self.variant.begin(MEMBERS)
        watch.take()
        began = time.perf_counter()
        counts = await asyncio.gather(
            *(self._answer(member, open_runs[member - 1], began + seconds) for member in range(1, TASKS + 1))
        )
        self.answers.append(sum(counts) / (time.perf_counter() - began))
        left = FINISHES_OF_SLOW if self.name in SLOW else MEMBERS - TASKS
        await self._finish(open_runs, range(TASKS + 1, TASKS + left + 1))
        await asyncio.sleep(0.005)
        self.holds.append(watch.take())

    async def _answer(self, member: int, run: int, ends: float) -> int:
        revision = 0
        while (began := time.perf_counter()) < ends:
            await self.variant.answer(member, run, revision, self.items[revision % len(self.items)])
            self.latencies.append(time.perf_counter() - began)
            revision += 1
        return revision

    async def _finish(self, open_runs: list[int], numbers: range) -> None:
        waiting = iter(numbers)

        async def work() -> None:
            for member in waiting:
                await self.variant.finish(member, open_runs[member - 1])

        began = time.perf_counter()
        await asyncio.gather(*(work() for _task in range(TASKS)))
        self.finishes.append(len(numbers) / (time.perf_counter() - began))

    def forget(self) -> None:
        """The warm-up does not count."""
        for seen in (self.answers, self.finishes, self.latencies, self.holds):
            seen.clear()

    def told(self) -> dict[str, Any]:
        worst = max(self.holds, key=lambda hold: hold["held"])
        p50, p99 = (percentile(self.latencies, share) for share in (0.5, 0.99))
        return {"answers": self.answers, "finishes": self.finishes, "p50": p50, "p99": p99, **worst}


def asked_too(bank: Questionnaire, version: str, answers: Mapping[str, Choice]) -> None:
    """What the questionnaire decides at each answer, in the unit; the run goes on all the same."""
    conclude({version: bank}, version, answers, final=False)


async def on_sqlite(folder: Path, name: str) -> tuple[Path, Store]:
    """A migrated file of its own with its members."""
    path = folder / f"{name.replace(' ', '-')}.sqlite3"
    store = await Store.open(f"sqlite:///{path}", now=now)
    await store.write(seed, MEMBERS)
    return path, store


async def on_postgres(server: str) -> list[tuple[str, Variant]]:
    """Our store and plain asyncpg, each on a database of its own."""
    connection = await asyncpg.connect(server.format(database="postgres"))
    for name in ("ours", "floor"):
        await connection.execute(f"CREATE DATABASE bench_{name}")
    await connection.close()
    stores = [await Store.open(server.format(database=f"bench_{name}"), now=now) for name in ("ours", "floor")]
    for store in stores:
        await store.write(seed, MEMBERS)
    await stores[1].close()
    pool = await asyncpg.create_pool(server.format(database="bench_floor"), min_size=16, max_size=16)
    return [("postgres", Ours(stores[0])), ("postgres raw", RawPostgres(pool))]


async def variants(folder: Path, server: str | None, stack: AsyncExitStack) -> list[Measured]:
    """All of them, open, on files of the same content."""
    bank = read_content(None).questionnaire
    choices: dict[str, Choice] = {
        item.id: (item.options[0].id,) if item.kind == "many" else item.options[0].id for item in bank.items[:10]
    }
    built: list[tuple[str, Variant]] = []
    for name in ("ours", "deciding", "naive", "raw"):
        path, store = await on_sqlite(folder, name)
        if name == "ours":
            built.append((name, Ours(store)))
        elif name == "deciding":
            built.append((name, Ours(store, partial(asked_too, bank), choices)))
        else:
            await store.close()
            built.append((name, CoreWithLock(path) if name == "naive" else RawGroupCommit(path)))
    built += await on_postgres(server) if server else []
    for _name, variant in built:
        stack.push_async_callback(variant.close)
    return [Measured(name, variant, tuple(choices)) for name, variant in built]


async def measure(folder: Path, rounds: int, seconds: float, server: str | None) -> None:
    watch, chance = Watch(), random.Random()
    watching = asyncio.get_running_loop().create_task(watch.look())
    async with AsyncExitStack() as stack:
        measured = await variants(folder, server, stack)
        for each in measured:
            await each.slice(seconds / 4, watch)
            each.forget()
        gc.collect()
        gc.freeze()  # as the program does once it is up
        for _round in range(rounds):
            for each in chance.sample(measured, len(measured)):
                await each.slice(seconds, watch)
    watching.cancel()
    say({each.name: each.told() for each in measured})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--server", help="a PostgreSQL address with {database} in it")
    chosen = parser.parse_args()
    asyncio.run(measure(chosen.folder, chosen.rounds, chosen.seconds, chosen.server))


if __name__ == "__main__":
    main()
