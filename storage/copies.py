"""Copies of an SQLite file from before its upgrades and restores: made, counted, forgotten."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from pathlib import Path

from storage.lock import LOCK

COPIES_KEPT = 3
RESTORES = ("restoring", "restored")
"""What a backup is called while it is made ready to be put in the place of a database."""
LOG = "-wal"
COPIES_SECONDS = 30 * 86_400  # what `privacy` promises: older copies hold what members have deleted since


def make(source: sqlite3.Connection, path: Path, revision: str, today: str) -> Path:
    """A whole copy beside the file, named after the revision that comes next; never half a copy."""
    copy = _free_name(path, f"before-{revision}-{today}")
    unfinished = copy.with_name(copy.name + ".part")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_WRONLY, 0o600))
    try:
        source.execute("VACUUM INTO ?", (str(unfinished),))
        flush(unfinished)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    unfinished.rename(copy)
    prune(path)
    return copy


def put_by(path: Path, today: str) -> Path | None:
    """What is there as a copy, from before a backup takes its place; the file stays where it is, too.

    A log that could not be worked off goes along, and one whose file is gone: SQLite would play it onto the next one.
    """
    copy = _free_name(path, f"before-restore-{today}")
    log, put_by_log = path.with_name(path.name + LOG), copy.with_name(copy.name + LOG)
    if path.exists():
        try:
            os.link(path, copy)
        except OSError:  # a file system without a second name for a file
            shutil.copy2(path, copy)
    if log.exists():
        log.rename(put_by_log)
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    kept = [each for each in (copy, put_by_log) if each.exists()]
    for each in kept:
        os.utime(each)  # its 30 days begin now
    return kept[0] if kept else None


def prune(path: Path) -> None:
    """Keep the last few copies, and none past its time; nor what a killed program left of one, or of a restore.

    Only for who holds the file's lock, or makes the copy: nobody else then writes on one.
    """
    now = time.time()
    for position, copy in enumerate(all_of(path)):
        if position >= COPIES_KEPT or now - copy.stat().st_mtime > COPIES_SECONDS:
            copy.unlink(missing_ok=True)
            copy.with_name(copy.name + LOG).unlink(missing_ok=True)
    for log in path.parent.glob(f"{path.name}.before-*{LOG}"):
        alone = not log.with_name(log.name.removesuffix(LOG)).exists()
        if alone and now - log.stat().st_mtime > COPIES_SECONDS:
            log.unlink(missing_ok=True)
    for unfinished in path.parent.glob(f"{path.name}.before-*.part"):
        unfinished.unlink(missing_ok=True)
    for part in RESTORES:
        remove(path.with_name(f"{path.name}.{part}"))


def remove(path: Path, *, unlocked: bool = True) -> None:
    """The file with all that SQLite keeps beside it, and our lock of it."""
    for ending in ("", LOG, "-shm", "-journal", *((LOCK,) if unlocked else ())):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def all_of(path: Path) -> list[Path]:
    """The copies of this file, the newest first."""
    beside = (".part", LOG, "-shm", "-journal")
    copies = [copy for copy in path.parent.glob(f"{path.name}.before-*") if not copy.name.endswith(beside)]
    return sorted(copies, key=lambda copy: copy.stat().st_mtime, reverse=True)


def _free_name(path: Path, ending: str) -> Path:
    """The name itself, or with a number if there is such a copy from the same day."""
    name = path.with_name(f"{path.name}.{ending}")
    number = 2
    while name.exists() or name.with_name(name.name + LOG).exists():
        name = path.with_name(f"{path.name}.{ending}-{number}")
        number += 1
    return name


def flush(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
