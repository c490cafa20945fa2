"""Copies of an SQLite file from before its upgrades: made, counted, forgotten."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

COPIES_KEPT = 3
COPIES_SECONDS = 30 * 86_400  # what `privacy` promises: older copies hold what members have deleted since


def make(source: sqlite3.Connection, path: Path, revision: str, today: str) -> Path:
    """A whole copy beside the file, named after the revision that comes next; never half a copy."""
    copy = _free_name(path, f"before-{revision}-{today}")
    unfinished = copy.with_name(copy.name + ".part")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_WRONLY, 0o600))
    try:
        source.execute("VACUUM INTO ?", (str(unfinished),))
        _flush(unfinished)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    unfinished.rename(copy)
    prune(path)
    return copy


def prune(path: Path) -> None:
    """Keep the last few copies, and none past its time."""
    now = time.time()
    copies = sorted(_all(path), key=lambda copy: copy.stat().st_mtime, reverse=True)
    for position, copy in enumerate(copies):
        if position >= COPIES_KEPT or now - copy.stat().st_mtime > COPIES_SECONDS:
            copy.unlink(missing_ok=True)


def _all(path: Path) -> list[Path]:
    return [copy for copy in path.parent.glob(f"{path.name}.before-*") if copy.suffix != ".part"]


def _free_name(path: Path, ending: str) -> Path:
    """The name itself, or with a number if there is such a copy from the same day."""
    name = path.with_name(f"{path.name}.{ending}")
    number = 2
    while name.exists():
        name = path.with_name(f"{path.name}.{ending}-{number}")
        number += 1
    return name


def _flush(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
