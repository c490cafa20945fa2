"""A member with a row in every table that hangs on one, so that no table is forgotten: neither one of tomorrow."""

from __future__ import annotations

import itertools
import json
from typing import Any

from sqlalchemy import Integer, Table, Text, insert, select

from storage import members
from storage.export import hanging, naming
from storage.members import Me
from storage.tables import BI, community, histogram, member, mentor_invitation, mentor_round, mentorship, metadata
from storage.unit import Unit

OF_NOBODY = frozenset({"note", "pace", "seen_event", "slack_installation", "slack_state", "tombstone"})
"""Tables that name neither a community by its row nor a member."""

_NUMBERS = itertools.count(1)


def fill(unit: Unit, me: Me) -> set[str]:
    """One row in each table, its words marked with the owner's id. The words, by which they are found again."""
    return _fill(unit, me, (*hanging(), mentor_invitation))


def fill_naming(unit: Unit, me: Me) -> set[str]:
    """One row in each table of the community's that names the member, likewise."""
    return _fill(unit, me, tuple(table for table in naming() if table not in hanging()))


def fill_everywhere(unit: Unit, me: Me) -> set[str]:
    """One row in every table of the community, likewise."""
    apart = OF_NOBODY | {"community", "member"}
    return _fill(unit, me, tuple(table for table in metadata.sorted_tables if table.name not in apart))


def _fill(unit: Unit, me: Me, tables: tuple[Table, ...]) -> set[str]:
    ids: dict[Table, int] = {community: me.community, member: members.ensure(unit, me)}
    words: set[str] = set()
    if mentor_round not in tables:
        ids[mentor_round] = _matching_day(unit, me)
    for table in tables:
        row = {column.name: _value(me, table, column.name, ids) for column in table.c if not _made(table, column.name)}
        made = unit.execute(insert(table).values(row).returning(*table.primary_key.columns)).one()
        if "id" in table.c:
            ids[table] = int(made[0])
        words |= {json.loads(value) for value in row.values() if isinstance(value, str) and value != me.uid}
    return words


def _matching_day(unit: Unit, me: Me) -> int:
    """The community's, which pairs hang on; it says nothing of any member."""
    row = {
        column.name: "{}" if isinstance(column.type, Text) else 1 for column in mentor_round.c if column.name != "id"
    }
    made = unit.execute(insert(mentor_round).values({**row, "community_id": me.community})).inserted_primary_key
    assert made is not None
    return int(made[0])


def mark(me: Me) -> str:
    """What stands in every word of this member's rows."""
    return f"{me.uid} in {me.community} of"


def rows(unit: Unit, me: Me) -> int:
    """How many rows of any table say something marked as this member's."""
    tables = (table for table in metadata.sorted_tables if table is not histogram)  # it counts members and names none
    every = (row for table in tables for row in unit.execute(select(table)))
    return sum(any(isinstance(value, str) and mark(me) in value for value in row) for row in every)


def _made(table: Table, column: str) -> bool:
    return column == "id" and isinstance(table.c.id.type, type(BI) | Integer)


def _value(me: Me, table: Table, column: str, ids: dict[Table, int]) -> Any:
    for key in table.c[column].foreign_keys:
        return ids[key.column.table]
    if (table, column) == (mentorship, "round_id"):
        return ids.get(mentor_round)
    if (table, column) == (mentor_invitation, "uid"):
        return me.uid
    if isinstance(table.c[column].type, type(BI)):
        return next(_NUMBERS)
    return json.dumps(f"{mark(me)} {table.name}.{column}")
