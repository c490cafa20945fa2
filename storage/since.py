"""What happened since a backup was made: who was erased, and which ids were given; wherever it can still be read."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL

from storage import address, copy_postgres, erasures, pragmas
from storage.erasures import Erasure

NONE = "none"  # what an operator says who has no list


@dataclass(frozen=True, slots=True)
class Since:
    """What happened since a backup: who was erased, and the last ids given; `by` says where that is known from.

    Lists that were `carried` along with the backup know of nobody who was erased later.
    """

    erasures: frozenset[Erasure] = frozenset()
    last_ids: Mapping[str, int] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()

    def __add__(self, other: Since) -> Since:
        ids = {
            name: max(self.last_ids.get(name, 0), other.last_ids.get(name, 0))
            for name in {*self.last_ids, *other.last_ids}
        }
        return Since(self.erasures | other.erasures, ids, self.by + other.by, self.carried + other.carried)


def of_file(path: Path) -> Since:
    """What the database that is there knows of; of a damaged one what can be read, without its name."""
    if not path.exists() or path.stat().st_size == 0:
        return Since()
    found: set[Erasure] = set()
    try:
        driver = pragmas.connect(str(path), pragmas.READER, create=False)
        try:
            for each in erasures.every_in(driver):
                found.add(each)
            last_ids = dict(driver.execute("SELECT name, seq FROM sqlite_sequence"))
            return Since(frozenset(found), last_ids, (str(path),))
        finally:
            driver.close()
    except sqlite3.Error:
        return Since(frozenset(found))


def listed(paths: Set[Path]) -> Since:
    """What these lists have, as far as they are there. Raises StoreError for one that is no list of ours."""
    there = sorted(path for path in paths if path.exists())
    return Since(frozenset().union(*map(erasures.read, there)), {}, tuple(map(str, there)))


def carried(path: Path) -> Since:
    """As `listed`, of the list beside a backup that somebody has carried away."""
    found = listed({path})
    return Since(found.erasures, carried=found.by)


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
        return Since(await end.erasures(), await end.last_ids(), (end.name,))
