"""Kills a writing process again and again and looks whether anything it acknowledged is lost.

`python -m tests.storage.kill_run --kills 200` lets sixteen members take the assessment over and over in a process of
its own, which writes a line for each answer only when the store has acknowledged it; SIGKILL hits it at a random
moment. Then the file must be sound, hold every acknowledged answer, hold for each run exactly as many answers as
its revision says, and one result for each that is finished. `--control` acknowledges before the commit, to show that
the check would find it.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from content.outcomes import Outcome
from content.text import Language
from storage import communities, runs
from storage.members import Me
from storage.runs import Choice, Finished, Judged, Saved
from storage.store import Store

MEMBERS = 16
ANSWERS = 10  # then the run is finished and another begins
SEED = 20261123
LINES = (100, 500)  # from so many to so many that a writer says before it is killed
PHASE = 0.01  # seconds, up to which it lives on then
COUNTED = """
    SELECT id, rev, status,
        (SELECT count(*) FROM answer WHERE run_id = run.id),
        (SELECT count(*) FROM result WHERE run_id = run.id)
    FROM run
"""


@dataclass(slots=True)
class Report:
    """What a run of kills found."""

    kills: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.kills} kills, {self.acknowledged} acknowledged, {len(self.lost)} lost, {len(self.torn)} torn"


# The process that is killed


async def write_for_ever(path: Path, *, control: bool) -> None:
    """Sixteen members answer without a pause; each acknowledged answer becomes a line on standard output."""
    store = await Store.open(f"sqlite:///{path}", now=lambda: dt.datetime.now(dt.UTC))
    community = await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)
    people = [Me(community.id, f"u{number}", f"Member {number}") for number in range(MEMBERS)]
    acknowledge("ready")
    await asyncio.gather(*(assess_for_ever(store, me, control=control) for me in people))


async def assess_for_ever(store: Store, me: Me, *, control: bool) -> None:
    while True:
        run = await store.write(runs.start, me, "bank-1")
        for revision in range(run.revision, ANSWERS):
            line = f"{run.id} q{revision}"
            if control:
                acknowledge(line)
            answered = await store.write(runs.answer, me, run.id, revision, {f"q{revision}": "a"}, judge)
            assert isinstance(answered, Saved | Finished), answered
            if not control:
                acknowledge(line)


def judge(_bank_version: str, answers: Mapping[str, Choice]) -> Judged | None:
    return Judged(Outcome.HYBRID, "{}", "texts-1") if len(answers) == ANSWERS else None


def acknowledge(line: str) -> None:
    os.write(sys.stdout.fileno(), f"{line}\n".encode())  # in the pipe at once, where the kill cannot reach it


# The process that kills


def kill_often(path: Path, kills: int, *, control: bool = False, seed: int = SEED) -> Report:
    """So many kills of a writer on this file, and what was found after each."""
    chance = random.Random(seed)
    report = Report()
    acknowledged: set[str] = set()
    for _ in range(kills):
        acknowledged.update(kill_once(path, chance.randrange(*LINES), control=control))
        report.kills += 1
        report.acknowledged = len(acknowledged)
        check(path, acknowledged, report)
        if report.lost or report.torn:
            break
    return report


def kill_once(path: Path, lines: int, *, control: bool) -> list[str]:
    """The lines of a writer that was killed at work once it had said so many."""
    command = [
        sys.executable,
        "-m",
        "tests.storage.kill_run",
        "--write",
        str(path),
        *(["--control"] if control else []),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as writer:
        assert writer.stdout is not None
        ready = writer.stdout.readline()
        assert ready == b"ready\n", "the writer did not start"
        reader = PipeReader(writer.stdout.fileno())
        reader.read(lines)
        time.sleep(random.uniform(0, PHASE))
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

    def read(self, lines: int) -> None:
        """So many lines; none is waited for from a writer that ended by itself."""
        while self.content.count(b"\n") < lines and (more := os.read(self._descriptor, 1 << 16)):
            self.content += more


def check(path: Path, acknowledged: set[str], report: Report) -> None:
    """Every acknowledged answer is stored, and no run is torn."""
    database = sqlite3.connect(path)
    try:
        sound = database.execute("PRAGMA integrity_check").fetchone()[0]
        if sound != "ok":
            report.torn.append(sound)
        stored = {f"{run} {item}" for run, item in database.execute("SELECT run_id, item FROM answer")}
        for run, revision, status, answers, results in database.execute(COUNTED):
            if (answers, results) != (revision, int(status == runs.FINISHED)):
                report.torn.append(f"run {run} {status}: revision {revision}, {answers} answers, {results} results")
    finally:
        database.close()
    report.lost.extend(sorted(acknowledged - stored))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--control", action="store_true", help="acknowledge before the commit; must be caught")
    parser.add_argument("--write", type=Path, help="be the process that is killed")
    chosen = parser.parse_args()
    if chosen.write is not None:
        asyncio.run(write_for_ever(chosen.write, control=chosen.control))
        return
    with tempfile.TemporaryDirectory() as folder:
        report = kill_often(Path(folder) / "p.sqlite3", chosen.kills, control=chosen.control, seed=chosen.seed)
    sys.stdout.write(f"{report}\n")
    if report.lost or report.torn:
        sys.exit(1)


if __name__ == "__main__":
    main()
