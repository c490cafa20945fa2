"""The tables as whole rows by their keys, in words that both databases understand: for copying and comparing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, Text

from storage.tables import metadata

Row = Sequence[Any]
Key = list[int | str]
UNFINISHED = "unfinished_copy"
"""The table of a database that a copy is still being written into: where it stands, by the name of each table."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: its columns as they are written and read, and what its rows are found by."""

    name: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    words: frozenset[str]
    numbered: bool

    def page(self, marks: Sequence[str] | None, most: int) -> str:
        """The rows that follow a key, in the order of the database's own index."""
        keys = _quoted(self.keys)
        after = f" WHERE ({keys}) > ({', '.join(marks)})" if marks else ""
        return f'SELECT {_quoted(self.columns)} FROM "{self.name}"{after} ORDER BY {keys} LIMIT {most}'

    def in_order(self, collate: str) -> str:
        """All rows, in an order that both databases agree on."""
        keys = ", ".join(f'"{key}"{collate if key in self.words else ""}' for key in self.keys)
        return f'SELECT {_quoted(self.columns)} FROM "{self.name}" ORDER BY {keys}'

    @property
    def insert(self) -> str:
        return f'INSERT INTO "{self.name}" ({_quoted(self.columns)}) VALUES ({", ".join("?" for _ in self.columns)})'

    @property
    def count(self) -> str:
        return f'SELECT count(*) FROM "{self.name}"'

    def key_of(self, row: Row) -> Key:
        """What this row is found by."""
        return [row[self.columns.index(key)] for key in self.keys]


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _shape(table: Table) -> Shape:
    keys = list(table.primary_key.columns)
    words = frozenset(key.name for key in keys if isinstance(key.type, Text))
    numbered = bool(table.dialect_options["sqlite"]["autoincrement"])
    return Shape(table.name, tuple(table.c.keys()), tuple(key.name for key in keys), words, numbered)


SHAPES = tuple(_shape(table) for table in metadata.sorted_tables)
"""Every table, those first that others hang on."""
