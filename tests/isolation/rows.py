"""All rows of a database by the community that they belong to, found by what they hang on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import RowMapping, Table, select

from storage.tables import community, metadata
from storage.unit import Unit

MEANT = {"outbox_id": "outbox", "request_id": "mentor_request", "round_id": "mentor_round"}
"""What columns refer to that are no foreign keys."""
MOVING: Mapping[str, frozenset[str]] = {
    "outbox": frozenset(
        {"due_at", "state", "owner", "claimed_at", "lease_until", "unsure_since", "attempt", "remote_id", "error", "at"}
    ),
    "member": frozenset({"seen_at"}),
    "appearance": frozenset({"away_at", "looked_at"}),
}
"""What the program itself changes while nobody there does anything."""
Row = RowMapping


@dataclass(slots=True)
class Rows:
    """Lines by community; `astride` are rows that belong to several, `by_table` whole rows."""

    lines: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_table: dict[tuple[int, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    astride: list[str] = field(default_factory=list)


def read(unit: Unit) -> Rows:
    """All of it; a reading function."""
    stored = {table.name: list(unit.execute(select(table)).mappings()) for table in metadata.sorted_tables}
    homes: dict[tuple[str, int], int] = {("community", row["id"]): row["id"] for row in stored["community"]}
    for table in metadata.sorted_tables:
        for row in stored[table.name]:
            for home in _homes(table, row, homes):
                if "id" in row:
                    homes[table.name, row["id"]] = home
    found = Rows()
    for table in metadata.sorted_tables:
        for row in stored[table.name]:
            whose = {row["id"]} if table is community else set(_homes(table, row, homes))
            if len(whose) > 1:
                found.astride.append(f"{table.name} {dict(row)}")
            for home in whose:
                found.lines[home].add(_line(table, row))
                found.by_table[home, table.name].append(row)
    return found


def _homes(table: Table, row: Row, homes: Mapping[tuple[str, int], int]) -> Iterator[int]:
    for column in table.columns:
        parents = [key.column.table.name for key in column.foreign_keys] or [MEANT.get(column.name, "")]
        home = homes.get((parents[0], row[column.name])) if row[column.name] is not None else None
        if home is not None:
            yield home


def _line(table: Table, row: Row) -> str:
    moving = MOVING.get(table.name, frozenset())
    return f"{table.name} {[(name, value) for name, value in row.items() if name not in moving]}"
