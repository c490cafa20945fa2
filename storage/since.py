"""What happened since a backup was made: who was erased, and which ids were given; wherever it can still be read."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from sqlalchemy import URL

from storage import address, copy_postgres, erasures, pragmas
from storage.erasures import COMMUNITY, MEMBER, Erasure
from storage.errors import StoreError
from storage.shapes import SHAPES

NONE = "none"  # what an operator says who has no list
UNKNOWN = (
    "Who was erased since this backup is not known here: there is no database to read it from, and no list of it. "
    "Name the list that ends in .erased, or the database of before: --erased FILE. "
    "If there is none, --erased none goes on; members who have deleted their data since are there again then."
)
CARRIED = (
    "The list {0} was carried along with this backup: whoever was erased later is not on it, and there is no database "
    "to read that from. Name a later list, or the database of before: --erased FILE. If there is none, "
    "--erased {0} goes on; members who have deleted their data after it was carried are there again then."
)
ANEW = (
    "{0} began anew and knows nothing of this backup, so that who was erased since is not known here. "
    "Name the list that ends in .erased, or the database of before: --erased FILE. "
    "If there is none, --erased none goes on; members who have deleted their data since are there again then."
)


class Kind(Enum):
    """What somebody who tells of erasures has to show first."""

    TOLD = "told"
    LIST = "list"
    DATABASE = "database"


@dataclass(frozen=True, slots=True)
class Since:
    """What happened since a backup: who was erased, and the last ids given; `by` says where that is known from.

    Lists that were `carried` along with the backup know of nobody who was erased later. What began `anew` tells of
    `others`, who have only their numbers in common with whom the backup has.
    """

    erasures: frozenset[Erasure] = frozenset()
    last_ids: Mapping[str, int] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    anew: tuple[str, ...] = ()
    others: frozenset[Erasure] = frozenset()
    kind: Kind = Kind.TOLD

    def __add__(self, other: Since) -> Since:
        ids = {
            name: max(self.last_ids.get(name, 0), other.last_ids.get(name, 0))
            for name in {*self.last_ids, *other.last_ids}
        }
        return Since(
            self.erasures | other.erasures,
            ids,
            self.by + other.by,
            self.carried + other.carried,
            self.anew + other.anew,
            self.others | other.others,
        )


def trusted(sources: Sequence[Since], backup: Since) -> Since:
    """What is known from what goes on from the backup. Raises StoreError where nothing does."""
    databases = [each for each in sources if each.kind is Kind.DATABASE]
    known = sum((each if _goes_on(each, backup) else _stranger(each, backup) for each in databases), Since())
    doubtful = frozenset[Erasure]().union(*(each.erasures for each in databases)) - known.erasures - known.others
    for each in sources:
        if each.kind is Kind.LIST:
            ours = each.erasures - known.others
            believed = ours and ours >= backup.erasures and ours.isdisjoint(doubtful - backup.erasures)
            known += replace(each, erasures=ours) if believed else Since(anew=each.by)
        elif each.kind is Kind.TOLD:
            known += each
    must_be_known(known)
    return known


def must_be_known(known: Since) -> None:
    """Raises StoreError where nothing tells who was erased."""
    if known.by:
        return
    if known.anew:
        raise StoreError(ANEW.format(" and ".join(known.anew)))
    raise StoreError(CARRIED.format(known.carried[0]) if known.carried else UNKNOWN)


def set_right(sources: Sequence[Since], known: Since) -> None:
    """The lists here are without those whom a database had that began anew: the next restore would believe them."""
    for each in sources:
        if each.kind is Kind.LIST:
            erasures.leave_out(Path(each.by[0]), known.others - known.erasures)


def of_backup(path: Path) -> Since:
    """What the backup has itself."""
    driver = pragmas.connect(str(path), pragmas.READER, create=False)
    try:
        return Since(frozenset(erasures.every_in(driver)), _ids_in(driver))
    finally:
        driver.close()


def _goes_on(database: Since, backup: Since) -> bool:
    """Whether it is the one that the backup was made of, later. A damaged one need not tell of everybody."""
    ids, damaged = database.last_ids, not database.by
    if damaged and not ids:
        return True
    at = {(each.kind, each.row_id): each.at for each in database.erasures}
    has_all = all(at.get((each.kind, each.row_id), -1) >= each.at for each in backup.erasures)
    return all(ids.get(name, 0) >= last for name, last in backup.last_ids.items()) and (damaged or has_all)


def _stranger(database: Since, backup: Since) -> Since:
    """Whom it erased are others only where it is surely not the backup's own that has lost something."""
    fewer = any(database.last_ids.get(kind, 0) < backup.last_ids.get(kind, 0) for kind in (MEMBER, COMMUNITY))
    surely = fewer and database.erasures.isdisjoint(backup.erasures)
    return Since(anew=database.by, others=database.erasures if surely else frozenset())


def _ids_in(driver: sqlite3.Connection) -> dict[str, int]:
    numbered = {each.name for each in SHAPES if each.numbered}
    rows = driver.execute("SELECT name, seq FROM sqlite_sequence")
    return {name: int(last) for name, last in rows if name in numbered}


def of_file(path: Path) -> Since:
    """What the database that is there knows of; of a damaged one what can be read, without its name."""
    if not path.exists() or path.stat().st_size == 0:
        return Since()
    found: set[Erasure] = set()
    last_ids: dict[str, int] = {}
    try:
        driver = pragmas.connect(str(path), pragmas.READER, create=False)
        try:
            last_ids = _ids_in(driver)
            for each in erasures.every_in(driver):
                found.add(each)
            return Since(frozenset(found), last_ids, (str(path),), kind=Kind.DATABASE)
        finally:
            driver.close()
    except sqlite3.Error:
        return Since(frozenset(found), last_ids, kind=Kind.DATABASE)


def listed(paths: Set[Path]) -> list[Since]:
    """What these lists have, as far as they are there. Raises StoreError for one that is no list of ours."""
    there = sorted(path for path in paths if path.exists())
    return [Since(frozenset(erasures.read(path)), by=(str(path),), kind=Kind.LIST) for path in there]


def carried(paths: Set[Path]) -> list[Since]:
    """As `listed`, of lists beside a backup that somebody has carried away."""
    return [Since(each.erasures, carried=each.by) for each in listed(paths)]


def given(erased: str | None) -> Since:
    """What the operator names."""
    if erased is None:
        return Since()
    if erased == NONE:
        return Since(by=(NONE,))
    if "://" not in erased:
        return Since(frozenset(erasures.read(Path(erased))), {}, (erased,))
    match address.parse(erased):
        case address.SqliteFile(path):
            return of_file(path)
        case address.PostgresServer(server):
            return asyncio.run(_known_from_server(server))


async def _known_from_server(server: URL) -> Since:
    async with copy_postgres.to_read(server, stopped=False) as end:
        return Since(await end.erasures(), await end.last_ids(), (end.name,), kind=Kind.DATABASE)
