"""A power cut: of a recorded life of the database's files, every write since the last flush is gone, or half of them.

With gcc the real writers are recorded. Without it, the statements that the real store gives to SQLite are given to
apsw again, with the real pragmas, over a VFS that records. What a drive does that lies about its flushes is not
simulated. PostgreSQL has a disk of its own for this, in `power_server`.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import apsw

from storage import pragmas
from storage.store import Store, StoreError
from tests.faults import recorder
from tests.faults.audit import Answer, Report, audit
from tests.faults.ground import Ground
from tests.faults.power_server import power_under_server
from tests.faults.recorder import Step
from tests.faults.statements import statements_of_writers

TRIALS_A_SECOND = 10
LOOSE = ("synchronous=FULL", "synchronous=OFF")


async def power(ground: Ground) -> Report:
    """As many cuts as the seconds allow, each at a random moment of one recorded life."""
    if ground.kind == "postgres":
        return await power_under_server(ground)
    report = Report("power cut")
    if shutil.which("gcc") is not None:
        steps, base = await _recorded(ground), b""
    else:
        report.name += ", by apsw: there is no gcc here"
        steps, base = await replayed(ground)
    return await cuts(ground, steps, base, report, int(ground.seconds * TRIALS_A_SECOND))


async def _recorded(ground: Ground) -> Sequence[Step]:
    shim = recorder.built(ground.folder)
    writers = ground.writers(ground.file(ground.folder), environment=shim.environment())
    writers.options = ("--loose",) if ground.control else ()
    await writers.start()
    await writers.more(1000 + int(100 * ground.seconds))
    await writers.kill()
    return list(shim.steps())


async def cuts(ground: Ground, steps: Sequence[Step], base: bytes, report: Report, trials: int) -> Report:
    """The file as each cut leaves it is opened by the store, which must find all that was said before."""
    begins = next(number for number, step in enumerate(steps, 1) if step.what == "A")
    moments = sorted(ground.chance.randrange(begins, len(steps)) for _trial in range(trials))
    for survive in (None, ground.chance):
        for _moment, files, said in recorder.cut(steps, moments, survive, base):
            report.faults += 1
            await _look(ground, files, answers_in(said), report)
    return report


def answers_in(said: bytes) -> set[Answer]:
    lines = [line.split(" ") for line in said.decode().splitlines() if line.startswith("answer ")]
    return {Answer(int(run), item, choice) for _answer, run, item, choice in lines}


async def _look(ground: Ground, files: dict[str, bytes], acknowledged: set[Answer], report: Report) -> None:
    folder = ground.folder / "after"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for ending, content in files.items():
        (folder / f"p.sqlite3{ending}").write_bytes(content)
    known = report.acknowledged
    try:
        store = await Store.open(ground.file(folder), now=lambda: dt.datetime.now(dt.UTC))
        await store.close()
        await audit(ground.file(folder), acknowledged, report)
    except (StoreError, RuntimeError) as error:
        report.torn.append(str(error))
    report.acknowledged = max(known, len(acknowledged))


# Without gcc


async def replayed(ground: Ground) -> tuple[Sequence[Step], bytes]:
    """The record of apsw doing what the real store had SQLite do, and the file that it began with."""
    path = ground.folder / "r.sqlite3"
    base, statements = await statements_of_writers(path, most=40)
    path.write_bytes(base)
    steps: list[Step] = []
    vfs = Recording(steps, path)
    try:
        await asyncio.to_thread(_replay, path, vfs, statements, steps, loose=ground.control)
    finally:
        vfs.unregister()
    return steps, base


def _replay(path: Path, vfs: Recording, statements: Sequence[str], steps: list[Step], *, loose: bool) -> None:
    connection = apsw.Connection(str(path), vfs=vfs.name)
    for pragma in pragmas.WRITER:
        connection.execute(f"PRAGMA {LOOSE[1] if loose and pragma == LOOSE[0] else pragma}").fetchall()
    steps.append(Step("A", 0, data=b"ready\n"))
    for statement in statements:
        connection.execute(statement).fetchall()
        if statement == "COMMIT":
            rows = connection.execute("SELECT run_id, item, choice FROM answer").fetchall()
            lines = "".join(f"answer {run} {item} {json.loads(str(choice))}\n" for run, item, choice in rows)
            steps.append(Step("A", 0, data=lines.encode()))
    connection.close()


class Recording(apsw.VFS):
    """The system's own VFS, which notes what is done to this path."""

    name = "recording"

    def __init__(self, steps: list[Step], path: Path) -> None:
        self._steps = steps
        self._kinds = {f"{path}{ending}": kind for kind, ending in recorder.ENDINGS.items()}
        super().__init__(self.name, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        place = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        return RecordingFile(self._steps, self._kinds.get(place, 0), name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        if kind := self._kinds.get(filename):
            self._steps.append(Step("U", kind))


class RecordingFile(apsw.VFSFile):
    """Notes each change once it is made."""

    def __init__(self, steps: list[Step], kind: int, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        self._steps, self._kind = steps, kind
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self._note(Step("W", self._kind, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        self._note(Step("T", self._kind, newsize))

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._note(Step("S", self._kind))

    def _note(self, step: Step) -> None:
        if self._kind:
            self._steps.append(step)
