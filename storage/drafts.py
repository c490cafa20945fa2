"""Drafts: what was typed or ticked and not sent yet, kept for a day."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

from sqlalchemy import bindparam, delete, select, tuple_

from storage import members
from storage.members import Me
from storage.moments import length
from storage.tables import draft
from storage.unit import Unit, upsert

KEPT_FOR = dt.timedelta(hours=24)
FIELDS_MAX = 60  # two forms' worth: of what was written under other names, the last
PRUNED_AT_ONCE = 500  # a unit must not hold the writer for long

_FIND = select(draft.c.fields).where(
    draft.c.member_id == members.my_id(), draft.c.name == bindparam("draft"), draft.c.at > bindparam("after")
)
_KEEP = upsert(
    draft,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["member_id", "name"],
        set_={"fields": insert.excluded.fields, "at": insert.excluded.at},
    ),
)
_DROP = delete(draft).where(draft.c.member_id == members.my_id(), draft.c.name == bindparam("draft"))
_OLD = select(draft.c.member_id, draft.c.name).where(draft.c.at <= bindparam("until"))
_PRUNE = delete(draft).where(tuple_(draft.c.member_id, draft.c.name).in_(_OLD.limit(PRUNED_AT_ONCE)))


def keep(unit: Unit, me: Me, name: str, values: Mapping[str, tuple[str, ...]]) -> None:
    """Keep these fields of my draft; fields it had before and that are not among them stay."""
    member_id = members.ensure(unit, me)  # also keeps another unit of mine from merging at the same time
    fields = dict([*{**find(unit, me, name), **values}.items()][-FIELDS_MAX:])
    encoded = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    unit.execute(_KEEP, {"member_id": member_id, "name": name, "fields": encoded, "at": unit.now_us})


def find(unit: Unit, me: Me, name: str) -> dict[str, tuple[str, ...]]:
    """The fields of my draft; none after a day."""
    mine = {**members.mine(me), "draft": name, "after": unit.now_us - length(KEPT_FOR)}
    stored = unit.execute(_FIND, mine).scalar_one_or_none()
    return {} if stored is None else {field: tuple(values) for field, values in json.loads(stored).items()}


def drop(unit: Unit, me: Me, name: str) -> None:
    """My draft of this name is done with."""
    unit.execute(_DROP, {**members.mine(me), "draft": name})


def prune(unit: Unit) -> bool:
    """Erase the drafts of yesterday, a part at a time; whether there may be more."""
    return unit.execute(_PRUNE, {"until": unit.now_us - length(KEPT_FOR)}).rowcount == PRUNED_AT_ONCE
