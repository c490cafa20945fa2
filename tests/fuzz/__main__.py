"""The program: `python -m tests.fuzz [target …] --seconds N`; by coverage with atheris, where that is installed."""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import logging
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import structlog
from hypothesis import settings

import commands
from bot.pictures.studio import Pictures
from commands.kit.discover import discover
from content.load import read_content
from tests.conftest import Faults
from tests.fuzz.ground import Ours
from tests.fuzz.targets import TARGETS, Setting, found_by, opened
from tests.kill_tips import database

AT_ONCE = 200
NOTE_MAX = 1000  # the example; not the whole content that it was drawn from


def main() -> None:
    """The script."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", nargs="*", help=f"of {', '.join(TARGETS)}; all, one after another")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each target")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--seed", type=int, help="as an earlier run has told it")
    parser.add_argument(
        "--atheris",
        type=Path,
        metavar="FOLDER",
        help="by coverage; a folder for what leads further, one of each target",
    )
    chosen = parser.parse_args()
    if unknown := [name for name in chosen.target if name not in TARGETS]:
        parser.error(f"there is no target {unknown[0]}; there are {', '.join(TARGETS)}")
    if chosen.atheris and importlib.util.find_spec("atheris") is None:
        parser.error("atheris is not installed: it is there for CPython 3.11 to 3.13 on Linux (x86_64)")
    logging.disable(logging.CRITICAL)
    faults = 0
    for name in chosen.target or TARGETS:
        with _ready(chosen.database) as setting:
            if chosen.atheris:
                faults += _by_coverage(setting, name, chosen.seconds, chosen.atheris)
            else:
                faults += _for(setting, name, chosen.seconds, chosen.seed)
    raise SystemExit(bool(faults))


@contextlib.contextmanager
def _ready(kind: str) -> Iterator[Setting]:
    """A database that begins empty, and the content."""
    faults = Faults()
    structlog.configure(processors=[structlog.processors.format_exc_info, faults], cache_logger_on_first_use=False)
    with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as url:
        ours = Ours(read_content(), discover(commands), Pictures())
        yield Setting(url, Path(folder) / "files", ours, faults)
        ours.pictures.close()


def _for(setting: Setting, name: str, seconds: float, seed: int | None) -> int:
    """Runs of a few hundred each, every one told apart by its seed; how many ended with a fault."""
    began, runs, faults = time.monotonic(), 0, 0
    with opened(setting, name) as check:
        while time.monotonic() - began < seconds:
            this = seed if seed is not None else secrets.randbelow(2**32)
            runs += 1
            try:
                found_by(TARGETS[name], setting, check, settings(max_examples=AT_ONCE), seed=this)()
            except Exception as error:  # noqa: BLE001 - told here, with the seed that brings it back
                faults += 1
                notes = (note[:NOTE_MAX] for note in getattr(error, "__notes__", ()))
                _tell("\n".join((f"{name}, --seed {this}: {error!r}", *notes)))
            if seed is not None:
                break
    _tell(
        f"{name}: {check.done} executions, {check.refused} refused, {time.monotonic() - began:.0f} s, {faults} faults"
    )
    return faults


def _by_coverage(setting: Setting, name: str, seconds: float, folder: Path) -> int:
    """In a process of its own, since libFuzzer ends it; 1 where it found a fault."""
    finds = folder / name
    finds.mkdir(parents=True, exist_ok=True)
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "tests.fuzz.coverage",
        name,
        setting.url,
        setting.folder,
        finds,
        str(seconds),
    ]
    ended = subprocess.run(command, check=False)
    if ended.returncode:
        _tell(f"{name} by coverage: a fault, above; the input is kept as {finds}-…")
    return int(ended.returncode != 0)


def _tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the script's result


if __name__ == "__main__":
    main()
