"""Databases as released versions left them, at their revision, and all that can be told of one."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, inspect, select, text
from sqlalchemy import insert as inserts

from storage import migrate
from storage.store import Store
from storage.unit import Unit

RELEASES = ("0001", "0002", "0003", "0004", "0005")
"""By the revision of their database."""
*EARLIER, HEAD = sorted(each.name[1:5] for each in (migrate.REVISIONS / "versions").glob("r[0-9]*.py"))
FOLDER = Path(__file__).parent.parent / "payloads" / "released"
ELSEWHERE = 999
"""The id of a row in every table, each of which hangs on the others: a community that those of the file never meet."""
Rows = dict[str, list[dict[str, Any]]]

POSTGRES_SCHEMA = """
SELECT table_name || ' ' || column_name, data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
  FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace AND conname <> 'alembic_version_pkc'
"""
SQLITE_SCHEMA = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'"


@cache
def stored(release: str) -> Mapping[str, Any]:
    """What was in the database: columns and rows by table, and the last id given in each."""
    found: Mapping[str, Any] = json.loads((FOLDER / f"{release}.json").read_text(encoding="utf-8"))
    return found


def revisions_to(release: str, folder: Path) -> Path:
    """The migrations that this version had."""
    own = folder / f"to-{release}"
    if not own.exists():
        shutil.copytree(migrate.REVISIONS, own, ignore=shutil.ignore_patterns("__pycache__"))
        for each in (own / "versions").glob("r[0-9]*.py"):
            if each.name[1:5] > release:
                each.unlink()
    return own


async def at(url: str, release: str, folder: Path) -> Store:
    """The database opened as this version did, or brought up to it."""
    return await Store.open(url, now=lambda: dt.datetime.now(dt.UTC), revisions=revisions_to(release, folder))


async def filled(url: str, release: str, folder: Path) -> Rows:
    """The database of this version with its rows, and one more in every table; all of them as they stand there."""
    store = await at(url, release, folder)
    await store.write(_fill, stored(release))
    rows = await store.read(rows_of)
    await store.close()
    assert all(rows.values())
    return rows


def _fill(unit: Unit, release: Mapping[str, Any]) -> None:
    metadata = _reflected(unit)
    for table in metadata.sorted_tables:
        known: Mapping[str, Any] = release["tables"][table.name]
        rows = [dict(zip(known["columns"], row, strict=True)) for row in known["rows"]]
        elsewhere = {column.name: '"x"' if column.type.python_type is str else ELSEWHERE for column in table.c}
        unit.execute(inserts(table), [*rows, elsewhere])
        if "id" in table.c:
            _give(unit, table.name, release["given"].get(table.name, 0) + ELSEWHERE)


def _give(unit: Unit, table: str, last: int) -> None:
    if unit.connection.dialect.name == "sqlite":
        unit.execute(text(f"UPDATE sqlite_sequence SET seq = {last} WHERE name = '{table}'"))
    else:
        unit.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))


def _reflected(unit: Unit) -> MetaData:
    metadata = MetaData()
    metadata.reflect(unit.connection, only=lambda name, _: name != "alembic_version")
    return metadata


def rows_of(unit: Unit) -> Rows:
    """Every row of every table."""
    return {
        table.name: [dict(row) for row in unit.execute(select(table).order_by(*table.primary_key.columns)).mappings()]
        for table in _reflected(unit).sorted_tables
    }


def as_then(rows: Rows, then: Rows) -> Rows:
    """Of these rows what was known then."""
    return {name: [{key: row[key] for key in known[0]} for row in rows[name]] for name, known in then.items()}


def schema_of(unit: Unit) -> dict[str, Sequence[str]]:
    """How everything was made; a table's lines may stand in another order, a rebuilt one's name in quotes."""
    asked = SQLITE_SCHEMA if unit.connection.dialect.name == "sqlite" else POSTGRES_SCHEMA
    made = {
        name: sql.replace(f'CREATE TABLE "{name}"', f"CREATE TABLE {name}") for name, sql in unit.execute(text(asked))
    }
    return {name: sorted(line.strip(" ,\t") for line in sql.splitlines()) for name, sql in made.items()}


def given(unit: Unit) -> dict[str, int]:
    """The last id given in each table."""
    if unit.connection.dialect.name == "sqlite":
        return dict(tuple(row) for row in unit.execute(text("SELECT name, seq FROM sqlite_sequence")))
    names = [name.removesuffix("_id_seq") for name in inspect(unit.connection).get_sequence_names()]
    return {name: unit.execute(text(f"SELECT last_value FROM {name}_id_seq")).scalar_one() for name in names}
