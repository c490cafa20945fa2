"""Kills a process that does everything of mentoring at once, again and again, and looks whether what must hold holds.

`python -m tests.storage.mentoring_kill --kills 100` starts a writer on an SQLite file, then on a PostgreSQL database: a
dozen random acts at a time and the timekeeper beside them, and a line for each match that the store has acknowledged.
SIGKILL hits it at a random moment. Then every acknowledged match must be there, all must be as `mentoring_faults` says,
and once what is due has been done nobody may be left waiting. Capacities stay as they were.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from content.load import read_content
from content.text import Language
from storage import communities, mentor_times
from storage.members import Me
from storage.store import Store, Unit
from tests.bench.postgres import server_or_none
from tests.faults.writing import acknowledge
from tests.storage import mentoring_faults
from tests.storage.mentoring import TERMS, mentee, mentor, person
from tests.storage.mentoring_acts import OFTEN, Chooser

NAMES = ("Ada", "Bo", "Cem", "Dana", "Eli", "Fay", "Gil", "Hana", "Ines", "Jon")
CAPACITIES = {"Ada": 1, "Bo": 1, "Cem": 2, "Dana": 3}
LEFT_OUT = {"save": 0, "drop": 0, "forget": 0, "approve": 4}
"""What would change a capacity, or erase what was acknowledged."""
AT_ONCE = 12
BEGIN = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)
LIFE = dt.timedelta(hours=40)
"""How far the clock goes on from one writer to the next."""
SEED = 20261126


@dataclass(slots=True)
class Report:
    """What a run of kills found."""

    kills: int = 0
    matches: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.kills} kills, {len(self.matches)} matches acknowledged, {len(self.faults)} faults"


# The process that is killed


async def write_for_ever(url: str, community_id: int, life: int) -> None:
    moment = BEGIN + life * LIFE
    store = await Store.open(url, now=lambda: moment, points=read_content().points)
    me = Me(community_id, "u-ann", "Ann")
    chooser = Chooser(me, NAMES, random.Random(SEED + life), lambda: moment, OFTEN | LEFT_OUT)
    acknowledge("ready")
    while True:
        seen = await store.read(mentoring_faults.look, community_id)
        acts = [chooser.choose(seen) for _act in range(AT_ONCE)]
        works = [(act.name, act.work) for act in acts] + [("time", mentor_times.work_off)]
        await asyncio.gather(*(write(store, name, work) for name, work in works))


async def write(store: Store, name: str, work: Callable[[Unit], object]) -> None:
    answer = await store.write(work)
    if name in {"accept", "pair"} and isinstance(answer, int):
        acknowledge(f"match {answer}")


# The process that kills


async def kill_often(url: str, kills: int, *, seed: int = SEED) -> Report:
    """So many kills of a writer on this empty database, and what was found after each."""
    chance, report = random.Random(seed), Report()
    clock = [BEGIN]
    me = await begin(url, clock)
    for life in range(kills):
        lines = await asyncio.to_thread(kill_once, url, me.community, life, chance.uniform(0.05, 0.8))
        report.kills += 1
        report.matches |= {int(line.removeprefix("match ")) for line in lines if line.startswith("match ")}
        clock[0] = BEGIN + life * LIFE
        await check(url, me, clock, report)
        if report.faults:
            break
    return report


async def begin(url: str, clock: list[dt.datetime]) -> Me:
    store = await Store.open(url, now=lambda: clock[0])
    here = await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)
    me = Me(here.id, "u-ann", "Ann")
    for name, capacity in CAPACITIES.items():
        await mentor(store, person(me, name), replace(TERMS, capacity=capacity))
    for name in NAMES:
        await mentee(store, person(me, name))
    await store.close()
    return me


def kill_once(url: str, community_id: int, life: int, seconds: float) -> list[str]:
    """The lines of a writer that lived so long after it was ready."""
    command = [sys.executable, "-m", "tests.storage.mentoring_kill", "--write", url]
    command += ["--of", str(community_id), "--life", str(life)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as writer:
        assert writer.stdout is not None
        ready = writer.stdout.readline()
        assert ready == b"ready\n", "the writer did not start"
        reader = PipeReader(writer.stdout.fileno())
        reader.read_for(seconds)
        assert writer.poll() is None, "the writer ended by itself"
        writer.send_signal(signal.SIGKILL)
        content = reader.content + writer.stdout.read()
    return content.decode().splitlines()


class PipeReader:
    """Keeps a pipe from filling up, which would stop the writer that is to be killed at work."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.content = b""

    def read_for(self, seconds: float) -> None:
        os.set_blocking(self._descriptor, False)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                self.content += os.read(self._descriptor, 1 << 20)
            except BlockingIOError:
                time.sleep(0.001)
        os.set_blocking(self._descriptor, True)


async def check(url: str, me: Me, clock: list[dt.datetime], report: Report) -> None:
    """Right after the kill, and once all that was due has been done."""
    store = await Store.open(url, now=lambda: clock[0], points=read_content().points)
    found = await store.read(mentoring_faults.look, me.community)
    most = {row: CAPACITIES[name] for row, name in found.names.items() if name in CAPACITIES}
    nothing = replace(found, requests={}, matches={}, apart=frozenset())
    report.faults += mentoring_faults.faults(found, nothing, most)
    report.faults += [f"match {each} is lost" for each in sorted(report.matches - {*found.matches})]
    while await store.write(mentor_times.work_off):
        pass
    after = await store.read(mentoring_faults.look, me.community)
    report.faults += mentoring_faults.faults(after, found, most)
    report.faults += mentoring_faults.left_waiting(after, int(clock[0].timestamp() * 1_000_000))
    await store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--write", help="be the process that is killed, on this database")
    parser.add_argument("--of", type=int)
    parser.add_argument("--life", type=int)
    chosen = parser.parse_args()
    if chosen.write is not None:
        asyncio.run(write_for_ever(chosen.write, chosen.of, chosen.life))
        return
    found = 0
    with tempfile.TemporaryDirectory() as folder, server_or_none() as server:
        urls = {"SQLite": f"sqlite:///{Path(folder) / 'p.sqlite3'}"}
        urls |= {"PostgreSQL": server.format(database="postgres")} if server else {}
        for name, url in urls.items():
            report = asyncio.run(kill_often(url, chosen.kills, seed=chosen.seed))
            found += len(report.faults)
            sys.stdout.write(f"{name}: {report}\n")
            sys.stdout.writelines(f"  {fault}\n" for fault in report.faults[:10])
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
