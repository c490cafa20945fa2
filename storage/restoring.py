"""A backup put in the place of the database: looked at first, brought up to date, and without who was erased since."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.exc import DBAPIError

from storage import (
    address,
    copies,
    copying,
    departures,
    erasures,
    faults,
    members,
    migrate,
    pragmas,
    room,
    since,
    soundness,
)
from storage.copy_ends import give_on
from storage.erasures import Erasure
from storage.errors import StoreError
from storage.lock import FileLock
from storage.members import Me
from storage.outbox_states import CLAIMED, WAITING
from storage.postings import CALL_OFF
from storage.shapes import SHAPES
from storage.since import Since
from storage.tables import BI, community, member, outbox
from storage.taking_back import TAKE_BACK
from storage.unit import Unit

Told = Callable[[float], None]
AHEAD = 1_000_000  # ids that nothing gets where it is not known how many were given since the backup
CHECKED, ERASED = 0.4, 0.7  # what of the way is done then
LONG_AGO = 0  # when a community that is erased again removed the bot

_ID, _AT = bindparam("row", type_=BI), bindparam("erased", type_=BI)
_FIND = select(member.c.community_id, member.c.uid, member.c.name).where(member.c.id == _ID, member.c.created_at < _AT)
_LATER = exists().where(member.c.community_id == community.c.id, member.c.created_at >= _AT)
_LEAVE = update(community).where(community.c.id == _ID, ~_LATER).values(left_at=LONG_AGO)
_UNDER_WAY = select(community.c.id).where(community.c.left_at == LONG_AGO).limit(1)

_MAY_BE_THERE = (
    update(outbox)
    .where(outbox.c.member_id.is_(None), outbox.c.state.in_([WAITING, CLAIMED]), outbox.c.unsure_since.is_(None))
    .where(outbox.c.due_at <= bindparam("now", type_=BI), outbox.c.notice.not_in([TAKE_BACK, CALL_OFF]))
    .values(unsure_since=outbox.c.due_at)
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it: `kept` is where the database of before is now, if there was one."""

    rows: int
    members: int
    communities: int
    unsure: int
    by: tuple[str, ...]
    kept: Path | None = None


def restore(backup: Path, url: str, folder: Path, erased: str | None, now: dt.datetime, told: Told) -> Restored:
    """The database at `url` is this backup from now on. Raises StoreError; all is as it was then."""
    soundness.check_header(backup)
    beside, of_backups = erasures.lists(url, folder)
    along = {backup.parent / beside.name} - {beside, of_backups}
    sources = [since.given(erased), *since.listed({beside, of_backups}), *since.carried(along)]
    match address.parse(url):
        case address.SqliteFile(path):
            return _in_place(backup, path, sources, now, told)
        case address.PostgresServer(server):
            asyncio.run(copying.check_empty(url))
            with _prepared(backup, folder / f"{server.database}.sqlite3", sources, now, told) as (ready, restored):
                asyncio.run(copying.between(f"sqlite:///{ready}", url, _second_half(told)))
                return restored


def _in_place(backup: Path, path: Path, sources: list[Since], now: dt.datetime, told: Told) -> Restored:
    faults.check_place(path)
    with (
        FileLock.held(path),
        _prepared(backup, path, [*sources, since.of_file(path)], now, told) as (ready, restored),
    ):
        if path.exists():
            _work_off_log(path)
        kept = copies.put_by(path, now.date().isoformat())
        os.replace(ready, path)
        copies.flush(path.parent)
        copies.prune(path)
        told(1.0)
        return replace(restored, kept=kept)


@contextmanager
def _prepared(
    backup: Path, path: Path, sources: list[Since], now: dt.datetime, told: Told
) -> Iterator[tuple[Path, Restored]]:
    """A file beside `path`, for the work inside to take: the backup, with all done to it that has to be."""
    _check_before(backup, path, sources)
    work, ready = (path.with_name(f"{path.name}.{part}") for part in copies.RESTORES)
    try:
        for each in (work, ready):
            copies.remove(each)
        restored = _made(backup, work, ready, sources, now, told)
        yield ready, restored
    except (sqlite3.Error, DBAPIError) as error:
        raise faults.in_sqlite(error, work) from error
    except OSError as error:
        raise StoreError(f"{path} cannot be restored ({error}). Nothing was changed.") from error
    finally:
        for each in (work, ready):
            copies.remove(each)


def _made(backup: Path, work: Path, ready: Path, sources: list[Since], now: dt.datetime, told: Told) -> Restored:
    """The backup in `ready`, at this program's revision and without who was erased since; `work` is used up."""
    _copy(backup, work)
    sound = soundness.check(work, str(backup))
    known = since.trusted(sources, since.of_backup(work))
    told(CHECKED)
    migrate.migrate_sqlite(work, copied=False)
    driver = pragmas.connect(str(work), pragmas.WRITER, create=False)
    try:
        give_on(driver, _ids(driver, known))
        with migrate.on(driver) as connection:
            unit = Unit(connection, now)
            done = _erase_again(driver, unit, erasures.latest(known.erasures | erasures.every(unit)), told)
            unsure = _once(driver, unit, lambda: _unsure(unit))
        os.close(os.open(ready, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        driver.execute("VACUUM INTO ?", (str(ready),))  # whatever was deleted is not in the new file
    finally:
        driver.close()
    copies.remove(work)
    _set_log(ready)
    since.set_right(sources, known)
    by = tuple(each for each in known.by if each != since.NONE)
    return Restored(sound.rows, done[erasures.MEMBER], done[erasures.COMMUNITY], unsure, by)


def _check_before(backup: Path, path: Path, sources: list[Since]) -> None:
    if path.exists() and backup.samefile(path):
        raise StoreError(f"{backup} is the database itself. Name a backup of it.")
    since.must_be_known(sum(sources, Since()))
    room.check(path.parent, 2 * room.taken_by(backup))


def _copy(backup: Path, work: Path) -> None:
    """With its log, if it was copied with one; the backup itself is never written."""
    os.close(os.open(work, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    shutil.copyfile(backup, work)
    log = backup.with_name(backup.name + copies.LOG)
    if log.exists():
        shutil.copyfile(log, work.with_name(work.name + copies.LOG))


def _ids(driver: sqlite3.Connection, known: Since) -> dict[str, int]:
    """The last id of each table that may have been given since."""
    ours = {name: int(last) for name, last in driver.execute("SELECT name, seq FROM sqlite_sequence")}
    ahead = 0 if known.last_ids else AHEAD
    erased = erasures.last_ids(known.erasures)
    names = (each.name for each in SHAPES if each.numbered)
    return {name: max(ours.get(name, 0) + ahead, known.last_ids.get(name, 0), erased.get(name, 0)) for name in names}


def _erase_again(driver: sqlite3.Connection, unit: Unit, buried: Collection[Erasure], told: Told) -> dict[str, int]:
    """How many members and communities were there and are erased now."""
    done = {erasures.MEMBER: 0, erasures.COMMUNITY: 0}
    for number, each in enumerate(buried, 1):
        done[each.kind] += _once(driver, unit, lambda: again(unit, each))  # noqa: B023 -- called at once
        told(CHECKED + (ERASED - CHECKED) * number / len(buried))
    while unit.execute(_UNDER_WAY).first() is not None:
        _once(driver, unit, lambda: departures.erase(unit))
    _once(driver, unit, lambda: erasures.keep(unit, buried))
    return done


def again(unit: Unit, erasure: Erasure) -> bool:
    """Erase what is there of it; whether there was anything. A community goes by `departures.erase` after that.

    What was made after the erasure is somebody else's.
    """
    at = {"row": erasure.row_id, "erased": erasure.at}
    if erasure.kind == erasures.COMMUNITY:
        return unit.execute(_LEAVE, at).rowcount > 0
    row = unit.execute(_FIND, at).first()
    if row is None:
        return False
    members.forget(unit, Me(row.community_id, row.uid, row.name))
    return True


def _second_half(told: Told) -> Told:
    return lambda part: told(ERASED + (1 - ERASED) * part)


def _unsure(unit: Unit) -> int:
    """Posts that waited when the backup was made have gone out since, as likely as not: moderators look."""
    return unit.execute(_MAY_BE_THERE, {"now": unit.now_us}).rowcount


def _once(driver: sqlite3.Connection, unit: Unit, work: Callable[[], int | None]) -> int:
    driver.execute("BEGIN IMMEDIATE")
    try:
        value = work()
        unit.drop_results()
        driver.execute("COMMIT")
    except BaseException:
        driver.rollback()
        raise
    return value or 0


def _work_off_log(path: Path) -> None:
    """So that the file is whole without the log beside it; one that is damaged keeps it."""
    try:
        driver = pragmas.connect(str(path), pragmas.WRITER, create=False)
        try:
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            driver.close()
    except sqlite3.Error:
        return


def _set_log(ready: Path) -> None:
    """As the program has its files; then on the disk."""
    driver = pragmas.connect(str(ready), pragmas.WRITER, create=False)
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    driver.close()
    copies.flush(ready)
