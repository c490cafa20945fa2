"""A backup: all that is stored at one moment, in one SQLite file, made beside a running program and then looked at."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from storage import address, copies, copy_postgres, copying, erasures, faults, pragmas, room, soundness
from storage.copy_ends import SqliteEnd
from storage.erasures import Erasure
from storage.errors import StoreError
from storage.lock import LOCK, FileLock
from storage.soundness import Sound

Told = Callable[[float], None]
PAGES = 2000  # in one step of copying
COPYING = 0.6  # what of the way the bytes are; the rest is looking at them
PART = ".part"
UNWRITABLE = ("SQLITE_FULL", "SQLITE_IOERR")
NOT_KEPT = "This backup was not kept; put an earlier one in the place of the database with pmpath db restore."


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished one: where it is, and what was found in it."""

    path: Path
    size: int
    sound: Sound


def named(folder: Path, now: dt.datetime) -> Path:
    """Where the backup of this moment goes by itself."""
    return folder / erasures.BACKUPS / f"pmpath-{now:%Y-%m-%dT%H%M%SZ}.sqlite3"


async def make(url: str, to: Path, told: Told) -> Backup:
    """A backup under this name, complete or not there at all. Raises StoreError."""
    with _alone(to) as part:
        match address.parse(url):
            case address.SqliteFile(path):
                await asyncio.to_thread(_of_file, path, part, told)
                name = str(path)
            case address.PostgresServer(server):
                await _of_server(server, part, told)
                name = server.database or ""
        sound = await asyncio.to_thread(_close, part, name)
        return await asyncio.to_thread(_named, part, to, sound)


def erased_before(path: Path) -> frozenset[Erasure]:
    """Who had been erased when this was made."""
    driver = pragmas.connect(str(path), pragmas.READER, create=False)
    try:
        return frozenset(erasures.every_in(driver))
    finally:
        driver.close()


@contextmanager
def _alone(to: Path) -> Iterator[Path]:
    """The file to write on until it is finished; what a killed backup left there, or beside it, goes."""
    part = to.with_name(to.name + PART)
    if to.exists():
        raise StoreError(f"{to} is there already, and no backup is ever written over. Name another file.")
    try:
        to.parent.mkdir(mode=0o700, exist_ok=True)
        lock = FileLock.take(part)
    except StoreError as error:
        raise StoreError(f"Another backup is just being written to {to}. Wait for it, or name another file.") from error
    except OSError as error:
        copies.remove(part)
        raise StoreError(f"{to} cannot be written ({error.strerror}). Name another file.") from error
    try:
        copies.remove(part, unlocked=False)
        for lock_file in to.parent.glob(f"*{PART}{LOCK}"):
            _remove_dead(lock_file.with_name(lock_file.name.removesuffix(LOCK)))
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield part
    except OSError as error:
        raise StoreError(f"{to} cannot be written ({error.strerror}). Nothing was left there.") from error
    finally:
        copies.remove(part)
        lock.release()


def _remove_dead(old: Path) -> None:
    """A backup that nobody writes on any more: it holds members' data, and nothing else would ever find it.

    By its lock it is known to be ours; other programs have files of such names, too.
    """
    with contextlib.suppress(StoreError), FileLock.held(old):
        copies.remove(old)


def _named(part: Path, to: Path, sound: Sound) -> Backup:
    part.rename(to)
    copies.flush(to.parent)
    return Backup(to, to.stat().st_size, sound)


def _of_file(path: Path, part: Path, told: Told) -> None:
    """Page by page, all from one moment: what is written meanwhile is in the next backup."""
    try:
        faults.check_there(path)
        room.check(part.parent, room.taken_by(path))
        source = pragmas.connect(str(path), pragmas.READER, create=False)
        try:
            source.execute("BEGIN")
            before = soundness.counts(source)
            _copy(source, part, told)
        finally:
            source.close()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith(UNWRITABLE):  # of which of the two is not said
            raise StoreError(
                f"{part.parent} takes no more, or the disk of {path} reports a fault ({error}). "
                "The backup was not kept. Make room, then call this again."
            ) from error
        raise faults.in_sqlite(error, path) from error
    if soundness.counts_of(part) != before:
        raise StoreError(f"The backup of {path} has not all of its rows; it was not kept. Make it once more.")


def _copy(source: sqlite3.Connection, part: Path, told: Told) -> None:
    target = pragmas.connect(str(part), ("synchronous=OFF",), create=False)  # all of it is flushed at the end
    try:
        source.backup(
            target, pages=PAGES, progress=lambda _, left, all_: told(COPYING * (all_ - left) / max(1, all_)), sleep=0
        )
        target.execute("PRAGMA journal_mode=DELETE")  # one file that can be read anywhere
    finally:
        target.close()


async def _of_server(server: URL, part: Path, told: Told) -> None:
    """The tables of the server, all from one moment, in a file as SQLite would have them."""
    async with copy_postgres.to_read(server, stopped=False) as source:
        room.check(part.parent, await source.size())
        async with SqliteEnd.to_write(part) as target:
            await copying.copy(source, target, told)


def _close(part: Path, name: str) -> Sound:
    """On the disk, in one file, and looked at from the first page to the last."""
    driver = pragmas.connect(str(part), ("journal_mode=DELETE",), create=False)
    driver.close()
    copies.flush(part)
    return soundness.check(part, name, NOT_KEPT)
