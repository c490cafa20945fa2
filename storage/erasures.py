"""Who was erased, by the numbers of the rows alone: kept beside the database, and erased again after a restore.

A backup still has who was erased since. The database's own list is lost with its disk, so that it stands in a
small file too: one line each, only ever added to.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import bindparam, exists, select, update

from storage import address, members
from storage.copies import flush
from storage.errors import StoreError
from storage.members import Me
from storage.moments import moment
from storage.tables import BI, community, member, tombstone
from storage.unit import Unit, upsert

MEMBER, COMMUNITY = "member", "community"
LIST = ".erased"
BACKUPS = "backups"
LONG_AGO = 0  # when a community that is erased again removed the bot


@dataclass(frozen=True, slots=True, order=True)
class Erasure:
    """A row that was erased, and when."""

    kind: str
    row_id: int
    at: int

    @property
    def line(self) -> str:
        return f"{self.kind} {self.row_id} {self.at} {moment(self.at):%Y-%m-%d}\n"


_ALL = select(tombstone.c.kind, tombstone.c.row_id, tombstone.c.at)
_KEEP = upsert(
    tombstone,
    lambda insert: insert.on_conflict_do_update(index_elements=["kind", "row_id"], set_={"at": insert.excluded.at}),
)
_FIND = select(member.c.community_id, member.c.uid, member.c.name).where(
    member.c.id == bindparam("row", type_=BI), member.c.created_at < bindparam("erased", type_=BI)
)
_LATER = exists().where(member.c.community_id == community.c.id, member.c.created_at >= bindparam("erased", type_=BI))
_LEAVE = update(community).where(community.c.id == bindparam("row", type_=BI), ~_LATER).values(left_at=LONG_AGO)

_UNDER_WAY = select(community.c.id).where(community.c.left_at == LONG_AGO).limit(1)


def every(unit: Unit) -> set[Erasure]:
    """All that the database knows of."""
    return {Erasure(row.kind, row.row_id, row.at) for row in unit.execute(_ALL)}


def every_in(driver: sqlite3.Connection) -> Iterator[Erasure]:
    """As `every`, of a file that may be older than the table; one after another, since it may be damaged."""
    if driver.execute("SELECT 1 FROM sqlite_master WHERE name = 'tombstone'").fetchone() is not None:
        yield from (Erasure(*row) for row in driver.execute("SELECT kind, row_id, at FROM tombstone"))


def under_way(unit: Unit) -> bool:
    """Whether a community is still there that is to be erased again."""
    return unit.execute(_UNDER_WAY).first() is not None


def keep(unit: Unit, erasures: Iterable[Erasure]) -> None:
    """The database knows of these as well."""
    for each in erasures:
        unit.execute(_KEEP, {"kind": each.kind, "row_id": each.row_id, "at": each.at})


def again(unit: Unit, erasure: Erasure) -> bool:
    """Erase what is there of it; whether there was anything. A community goes by `departures.erase` after that.

    What was made after the erasure is somebody else's.
    """
    at = {"row": erasure.row_id, "erased": erasure.at}
    if erasure.kind == COMMUNITY:
        return unit.execute(_LEAVE, at).rowcount > 0
    row = unit.execute(_FIND, at).first()
    if row is None:
        return False
    members.forget(unit, Me(row.community_id, row.uid, row.name))
    return True


def latest(erasures: Iterable[Erasure]) -> list[Erasure]:
    """One for each row, the latest, members first."""
    found: dict[tuple[str, int], Erasure] = {}
    for each in sorted(erasures):
        found[each.kind, each.row_id] = each
    return sorted(found.values(), key=lambda each: (each.kind != MEMBER, each))


def last_ids(erasures: Iterable[Erasure]) -> dict[str, int]:
    """The largest id of each table that is known to have been given."""
    found: dict[str, int] = {}
    for each in erasures:
        found[each.kind] = max(found.get(each.kind, 0), each.row_id)
    return found


def lists(url: str, folder: Path) -> tuple[Path, Path]:
    """The list that belongs to this database, and the one that its backups have."""
    match address.parse(url):
        case address.SqliteFile(path):
            beside = path.with_name(path.name + LIST)
        case address.PostgresServer(server):
            beside = folder.absolute() / f"{server.database}{LIST}"
    return beside, beside.parent / BACKUPS / beside.name


def read(path: Path) -> set[Erasure]:
    """What the list has; a last line that was cut off is none. Raises StoreError for what is no list of ours."""
    try:
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path} cannot be read as a list of erasures. Name the file that ends in {LIST}.") from error
    return set(_parsed(path, text.splitlines(keepends=True)))


def add(path: Path, erased: Set[Erasure]) -> None:
    """Adds to the list what it lacks, and sees to it that the disk has it."""
    there = path.read_bytes() if path.exists() else b""
    known = set(_parsed(path, there.decode("ascii", "replace").splitlines(keepends=True))) if there else set()
    if missing := sorted(erased - known):
        begin = "" if not there or there.endswith(b"\n") else "\n"
        descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write((begin + "".join(each.line for each in missing)).encode("ascii"))
        flush(path)
    elif not there:
        path.touch(mode=0o600)  # nobody so far, which is something to know


def _parsed(path: Path, lines: list[str]) -> Iterator[Erasure]:
    """Each whole line; one that a power cut left half is none, wherever it stands."""
    for number, line in enumerate(lines, 1):
        match line.split():
            case ["member" | "community" as kind, row_id, at, _day] if row_id.isdigit() and at.isdigit():
                yield Erasure(kind, int(row_id), int(at))
            case [word, *_] if not (MEMBER.startswith(word) or COMMUNITY.startswith(word)):
                raise StoreError(f"{path}, line {number}: expected a kind, a number and a moment.")
