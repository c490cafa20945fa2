"""Who was erased, by the numbers of the rows alone, so that a restored backup can be without them.

A backup still has who was erased since. A number is never given twice, so a row of it is the erased one where it was
made before the erasure. The database's own list is lost with its disk, so that it stands in a small file too: one
line each, only ever added to.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Select, bindparam, func, select, tuple_

from storage import address
from storage.copies import flush
from storage.errors import StoreError
from storage.moments import moment
from storage.tables import BI, member, tombstone
from storage.unit import Unit, upsert

MEMBER, COMMUNITY = "member", "community"
LIST = ".erased"
BACKUPS = "backups"
AT_ONCE = 1000  # in one read, so that nobody waits for the others


@dataclass(frozen=True, slots=True, order=True)
class Erasure:
    """A row that was erased, and when. A community's members are erased with it."""

    kind: str
    row_id: int
    at: int

    @property
    def line(self) -> str:
        return f"{self.kind} {self.row_id} {self.at} {moment(self.at):%Y-%m-%d}\n"


_COLUMNS = (tombstone.c.kind, tombstone.c.row_id, tombstone.c.at)
_ALL: Select[tuple[str, int, int]] = select(*_COLUMNS)
_PAGE = (
    _ALL.where(tuple_(tombstone.c.kind, tombstone.c.row_id) > tuple_(bindparam("kind"), bindparam("row", type_=BI)))
    .order_by(tombstone.c.kind, tombstone.c.row_id)
    .limit(AT_ONCE)
)
_MADE = {
    MEMBER: select(member.c.created_at).where(member.c.id == bindparam("row", type_=BI)),
    COMMUNITY: select(func.max(member.c.created_at)).where(member.c.community_id == bindparam("row", type_=BI)),
}
_KEEP = upsert(
    tombstone,
    lambda insert: insert.on_conflict_do_update(index_elements=["kind", "row_id"], set_={"at": insert.excluded.at}),
)


def every(unit: Unit) -> set[Erasure]:
    """All that the database knows of."""
    return {Erasure(*row) for row in unit.execute(_ALL)}


def page(unit: Unit, after: Erasure | None) -> list[Erasure]:
    """Some of them, those that follow this one."""
    kind, row_id = (after.kind, after.row_id) if after else ("", 0)
    return [Erasure(*row) for row in unit.execute(_PAGE, {"kind": kind, "row": row_id})]


def every_in(driver: sqlite3.Connection) -> Iterator[Erasure]:
    """As `every`, of a file that may be older than the table; one after another, since it may be damaged."""
    if driver.execute("SELECT 1 FROM sqlite_master WHERE name = 'tombstone'").fetchone() is not None:
        yield from (Erasure(*row) for row in driver.execute("SELECT kind, row_id, at FROM tombstone"))


def keep(unit: Unit, erasures: Iterable[Erasure]) -> None:
    """The database knows of these as well."""
    for each in erasures:
        unit.execute(_KEEP, {"kind": each.kind, "row_id": each.row_id, "at": each.at})


def bury(unit: Unit, kind: str, row_id: int) -> None:
    """It is erased by this unit, which still finds it; later than it was made, wherever the clock stood then."""
    made_at = unit.execute(_MADE[kind], {"row": row_id}).scalar() or 0
    keep(unit, [Erasure(kind, row_id, max(unit.now_us, made_at + 1))])


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


def leave_out(path: Path, others: Set[Erasure]) -> None:
    """The list is without these."""
    there = read(path)
    if others.isdisjoint(there):
        return
    anew = path.with_name(path.name + ".part")
    anew.unlink(missing_ok=True)
    add(anew, there - others)
    os.replace(anew, path)
    flush(path.parent)


def _parsed(path: Path, lines: list[str]) -> Iterator[Erasure]:
    """Each whole line; one that a power cut left half is none, wherever it stands."""
    for number, line in enumerate(lines, 1):
        match line.split():
            case ["member" | "community" as kind, row_id, at, _day] if row_id.isdigit() and at.isdigit():
                yield Erasure(kind, int(row_id), int(at))
            case [word, *_] if not (MEMBER.startswith(word) or COMMUNITY.startswith(word)):
                raise StoreError(f"{path}, line {number}: expected a kind, a number and a moment.")
