"""What was erased, by its row's number and the moment: a backup from before, put back, has it erased again.

A number is never given twice, so a row of a backup is the erased one where it was made before its tombstone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from storage.tables import tombstone
from storage.unit import Unit, upsert


class Kind(StrEnum):
    """What may lie there. A community's members lie with it."""

    MEMBER = "member"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """`at` is in microseconds, as rows have it."""

    kind: Kind
    row_id: int
    at: int


_BURY = upsert(
    tombstone,
    lambda insert: insert.on_conflict_do_update(index_elements=["kind", "row_id"], set_={"at": insert.excluded.at}),
)
_BURIED = select(tombstone).order_by(tombstone.c.kind, tombstone.c.row_id)


def bury(unit: Unit, kind: Kind, row_id: int) -> None:
    """In the unit that erases it."""
    unit.execute(_BURY, {"kind": kind.value, "row_id": row_id, "at": unit.now_us})


def buried(unit: Unit) -> list[Tombstone]:
    """All of them."""
    return [Tombstone(Kind(row.kind), row.row_id, row.at) for row in unit.execute(_BURIED)]
