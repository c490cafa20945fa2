"""Rows as they stand at a moment, what changed from one moment to another, and putting it back.

What only the clock moves, or what counts changes, is never compared; a revision never goes back, so that a button
drawn before an undo stays out of date.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, UniqueConstraint, and_, delete, insert, not_, select, update

from storage.tables import member, metadata
from storage.tip_states import POSTED
from storage.unit import Unit

Cell = str | int | bool | None
Row = dict[str, Cell]
Snapshot = dict[str, list[Row]]
"""Rows by the name of their table; of a column that holds settings, each setting is a cell of its own."""

SETTINGS = {"community": "settings"}  # columns of JSON in which each name is changed by itself
TAKEN = {"mentor_offer": {"id", "approval", "paused", "paused_until"}, "mentor_report": {"id", "closed_at"}}
"""Of these tables nothing else: the rest is a member's own, and goes when they say so."""
REVISION = "rev"
BY_THE_CLOCK = {
    "schedule": {"next_at", "fire_at", "last_outcome", "asked_for", "proposed", "agreed", "trouble"},
    "appearance": {"at"},
    "digest": {"next_at", "at"},
    "matching_day": {"next_at", "at"},
}

FINAL = {"tip": {"state": POSTED}}
"""What a row says while nothing of it may change any more."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table whose columns have these values, or one of several."""

    table: Table
    where: Mapping[str, int | str | tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """One row before and after; None where it was not there."""

    table: Table
    before: Row | None
    after: Row | None

    @property
    def key(self) -> dict[str, Cell]:
        """What the row is found by."""
        row = self.before if self.after is None else self.after
        return {column.name: (row or {})[column.name] for column in self.table.primary_key.columns}

    @property
    def touched(self) -> set[str]:
        """The cells that differ; all of them where a row was made or deleted."""
        if self.before is None or self.after is None:
            return set(self.before or self.after or ())
        names = self.before.keys() | self.after.keys()
        return {name for name in names if self.before.get(name) != self.after.get(name)}


def take(unit: Unit, places: Iterable[Rows]) -> Snapshot:
    """The rows as they stand now; nobody else changes them until the unit ends."""
    taken: Snapshot = {}
    for place in places:
        table = place.table
        wanted = [
            table.c[name].in_(value) if isinstance(value, tuple) else table.c[name] == value
            for name, value in place.where.items()
        ]
        found = unit.execute(select(table).where(*wanted).order_by(*table.primary_key.columns).with_for_update())
        taken[table.name] = [_flat(table, row) for row in found.mappings()]
    return taken


def between(before: Snapshot, after: Snapshot) -> list[Change]:
    """The rows that are not the same in both."""
    names = sorted(before.keys() | after.keys())
    return [change for name in names for change in _of(metadata.tables[name], before.get(name), after.get(name))]


def _of(table: Table, before: list[Row] | None, after: list[Row] | None) -> Iterator[Change]:
    was, became = _by_key(table, before or ()), _by_key(table, after or ())
    for key in {**was, **became}:
        if was.get(key) != became.get(key):
            yield Change(table, was.get(key), became.get(key))


def encoded(changes: Sequence[Change]) -> tuple[str, str]:
    """The changed rows as they were and as they became, as text."""
    before: Snapshot = {change.table.name: [] for change in changes}
    after: Snapshot = {change.table.name: [] for change in changes}
    for change in changes:
        before[change.table.name] += [] if change.before is None else [change.before]
        after[change.table.name] += [] if change.after is None else [change.after]
    return _encode(before), _encode(after)


def decoded(before: str | None, after: str | None) -> list[Change]:
    """The changes that two stored texts stand for."""
    return between(json.loads(before), json.loads(after)) if before and after else []


def without(stored: str, table: Table, cells: Mapping[str, Cell]) -> str:
    """A stored text without the rows of this table that say so."""
    rows = json.loads(stored)
    rows[table.name] = [row for row in rows.get(table.name, ()) if not cells.items() <= row.items()]
    return _encode(rows)


def put_back(unit: Unit, changes: Sequence[Change]) -> list[Change] | None:
    """The rows as they were, and what that changed; None and nothing done where somebody changed them since.

    What belonged to a member who is erased stays so.
    """
    changes = [change for change in changes if not _erased(unit, change)] or changes
    now = [_current(unit, change) for change in changes]
    if not all(_stands(change, current) for change, current in zip(changes, now, strict=True)):
        return None
    if any(_taken(unit, change) for change in changes if change.before is not None):
        return None
    pairs = sorted(zip(changes, now, strict=True), key=lambda pair: pair[0].before is not None)
    for change, current in pairs:  # what was made goes first, to leave its place to what was there
        _restore(unit, change, current)
    return [Change(change.table, current, _current(unit, change)) for change, current in pairs]


def is_final(unit: Unit, changes: Iterable[Change]) -> bool:
    """Whether one of the rows may not be changed any more."""
    found = ((FINAL.get(change.table.name), _current(unit, change)) for change in changes)
    return any(says and row and says.items() <= row.items() for says, row in found)


def _restore(unit: Unit, change: Change, current: Row | None) -> None:
    table, key = change.table, _is(change.table, change.key)
    if change.before is None:
        unit.execute(delete(table).where(key))
        return
    wanted = {name: cell for name, cell in change.before.items() if name in change.touched}
    wanted = {name: cell for name, cell in wanted.items() if not _gone(unit, table, name, cell)}
    if REVISION in table.c:
        counted = change.before if current is None else current
        wanted[REVISION] = int(counted[REVISION] or 0) + 1
    if current is None:
        unit.execute(insert(table).values(_deep(table, wanted, {})))
    else:
        removed = {name for name in change.touched if name not in change.before}
        kept = {name: cell for name, cell in current.items() if name not in removed}
        unit.execute(update(table).where(key).values(_deep(table, wanted, kept)))


def _stands(change: Change, current: Row | None) -> bool:
    if change.after is None or current is None:
        return change.after is None and current is None
    spared = {REVISION, *BY_THE_CLOCK.get(change.table.name, ()), *_of_members(change.table)}
    return all(current.get(name) == change.after.get(name) for name in change.touched - spared)


def _taken(unit: Unit, change: Change) -> bool:
    """Whether another row stands where this one would come back to."""
    table, before = change.table, change.before or {}
    for rule in table.constraints:
        if isinstance(rule, UniqueConstraint) and all(column.name in before for column in rule.columns):
            same = _is(table, {column.name: before[column.name] for column in rule.columns})
            if unit.execute(select(table).where(same, not_(_is(table, change.key)))).first() is not None:
                return True
    return False


def _current(unit: Unit, change: Change) -> Row | None:
    found = unit.execute(select(change.table).where(_is(change.table, change.key)).with_for_update())
    row = found.mappings().first()
    return None if row is None else _flat(change.table, row)


def _gone(unit: Unit, table: Table, name: str, cell: Cell) -> bool:
    """Whether a cell names a member who is no longer here."""
    if cell is None or name not in _of_members(table):
        return False
    return unit.execute(select(member.c.id).where(member.c.id == cell)).first() is None


def _erased(unit: Unit, change: Change) -> bool:
    """Whether the row was a member's own who is no longer here."""
    return any(_gone(unit, change.table, name, cell) for name, cell in change.key.items())


def _of_members(table: Table) -> set[str]:
    return {column.name for column in table.c if any(key.column.table is member for key in column.foreign_keys)}


def _is(table: Table, cells: Mapping[str, Cell]) -> Any:
    return and_(*(table.c[name] == cell for name, cell in cells.items()))


def _by_key(table: Table, rows: Iterable[Row]) -> dict[tuple[Cell, ...], Row]:
    return {tuple(row[column.name] for column in table.primary_key.columns): row for row in rows}


def _flat(table: Table, row: Mapping[Any, Any]) -> Row:
    deep = SETTINGS.get(table.name)
    taken = TAKEN.get(table.name, {column.name for column in table.c})
    flat = {str(name): cell for name, cell in row.items() if name != deep and name in taken}
    if deep is not None:
        flat |= {f"{deep}.{name}": cell for name, cell in json.loads(row[deep]).items()}
    return flat


def _deep(table: Table, wanted: Row, kept: Row) -> dict[str, Cell]:
    """The values of columns for the wanted cells; of settings those that are `kept` stay."""
    deep = SETTINGS.get(table.name)
    if deep is None:
        return dict(wanted)
    prefix = f"{deep}."
    settings = {n.removeprefix(prefix): cell for n, cell in {**kept, **wanted}.items() if n.startswith(prefix)}
    return {**{n: cell for n, cell in wanted.items() if not n.startswith(prefix)}, deep: _encode(settings)}


def _encode(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
