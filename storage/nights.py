"""The check of every night: when it is time, that one process does it, and what it found last."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, or_, select

from storage import notes
from storage.moments import length, moment
from storage.tables import community, note
from storage.unit import Unit, upsert

QUIET_HOURS = range(3, 6)  # of the zone that most communities are in
NOT_BEFORE = dt.timedelta(hours=20)
AHEAD_MOST = dt.timedelta(minutes=10)  # what says more was written by a clock that was set back since
BEGAN, FOUND = "night.began", "night.found"


@dataclass(frozen=True, slots=True)
class Night:
    """What the last check found wrong, in sentences for the operator."""

    at: dt.datetime
    wrong: tuple[str, ...]


_ZONES = select(community.c.zone).group_by(community.c.zone).order_by(func.count().desc(), community.c.zone).limit(1)
_CLAIM = upsert(
    note,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["name"],
        set_={"value": insert.excluded.value},
        where=or_(note.c.value < bindparam("before"), note.c.value > bindparam("ahead")),
    ).returning(note.c.name),
)


def is_quiet(unit: Unit) -> bool:
    """Whether most communities sleep now."""
    zone = unit.execute(_ZONES).scalar_one_or_none() or "UTC"
    return unit.now.astimezone(ZoneInfo(zone)).hour in QUIET_HOURS


def claim(unit: Unit) -> bool:
    """Whether the check is mine to do: nobody has begun one this night."""
    now = unit.now_us
    span = {"before": _sortable(now - length(NOT_BEFORE)), "ahead": _sortable(now + length(AHEAD_MOST))}
    return unit.execute(_CLAIM, {"name": BEGAN, "value": _sortable(now), **span}).first() is not None


def found(unit: Unit, wrong: Sequence[str]) -> None:
    """What it came to."""
    notes.keep(unit, FOUND, json.dumps([unit.now_us, *wrong], ensure_ascii=False))


def last(unit: Unit) -> Night | None:
    """The last one that came to its end."""
    words = notes.find(unit, FOUND)
    if words is None:
        return None
    at, *wrong = json.loads(words)
    return Night(moment(at), tuple(wrong))


def _sortable(at: int) -> str:
    return f"{at:020d}"
