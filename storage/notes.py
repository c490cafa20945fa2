"""What the program notes for itself, by name: such as which commands a platform was told last."""

from __future__ import annotations

from sqlalchemy import Integer, bindparam, delete, func, select

from storage.tables import note
from storage.unit import Unit, upsert

_FIND = select(note.c.value).where(note.c.name == bindparam("name"))
_BEGUN = select(note.c.name, note.c.value).where(
    func.substr(note.c.name, 1, bindparam("long", type_=Integer)) == bindparam("prefix")
)
_FORGET = delete(note).where(note.c.name == bindparam("of"))
_KEEP = upsert(
    note,
    lambda insert: insert.on_conflict_do_update(index_elements=["name"], set_={"value": insert.excluded.value}),
)


def find(unit: Unit, name: str) -> str | None:
    """What was noted last under this name."""
    found: str | None = unit.execute(_FIND, {"name": name}).scalar_one_or_none()
    return found


def keep(unit: Unit, name: str, value: str) -> None:
    """Notes the value; what was there is replaced."""
    unit.execute(_KEEP, {"name": name, "value": value})


def begun(unit: Unit, prefix: str) -> dict[str, str]:
    """All that was noted under names that begin like this."""
    return {row.name: row.value for row in unit.execute(_BEGUN, {"prefix": prefix, "long": len(prefix)})}


def forget(unit: Unit, name: str) -> None:
    """Nothing is noted under this name."""
    unit.execute(_FORGET, {"of": name})
