"""How much the outbox holds, for whoever watches the program: a few short reads by an index."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, exists, func, select

from storage.outbox import LANE, Lane
from storage.outbox_states import CLAIMED, UNCERTAIN, WAITING
from storage.tables import BI, community, outbox
from storage.unit import Unit

COUNTED_MOST = 100_000  # more are as bad, and counting them all would take long
STATES = (WAITING, CLAIMED, UNCERTAIN)
MICROS = 1_000_000

_HERE = exists().where(
    community.c.id == outbox.c.community_id,
    community.c.left_at.is_(None),
    community.c.platform.in_(bindparam("platforms", expanding=True)),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One lane: rows by state, and for how many seconds the oldest that waits has been due (0 where none is)."""

    rows: Mapping[str, int]
    oldest_due: float


def waiting(unit: Unit, platforms: Collection[str]) -> dict[Lane, Waiting]:
    """What waits to go to communities of these platforms that have not removed us."""
    return {lane: _of(unit, here, sorted(platforms)) for lane, here in LANE.items()}


def _of(unit: Unit, lane: ColumnElement[bool], platforms: list[str]) -> Waiting:
    rows = {}
    for state in STATES:
        some = select(outbox.c.id).where(lane, outbox.c.state == state, _HERE).limit(COUNTED_MOST).subquery()
        rows[state] = unit.execute(select(func.count()).select_from(some), {"platforms": platforms}).scalar_one()
    due = outbox.c.due_at <= bindparam("now", type_=BI)
    first = select(outbox.c.due_at).where(lane, outbox.c.state == WAITING, due, _HERE).order_by(outbox.c.due_at)
    oldest = unit.execute(first.limit(1), {"platforms": platforms, "now": unit.now_us}).scalar()
    return Waiting(rows, 0.0 if oldest is None else (unit.now_us - oldest) / MICROS)
