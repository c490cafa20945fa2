"""All that is stored about one member, for them to take away."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, or_, select
from sqlalchemy import Row as StoredRow

from storage import export_mentoring, members
from storage.members import Me
from storage.moments import moment
from storage.tables import (
    answer,
    appearance,
    audit,
    award,
    community,
    digest_line,
    draft,
    member,
    mentor_ask,
    mentor_invitation,
    mentor_offer,
    metadata,
    outbox,
    result,
    share,
    standing,
    tip,
)
from storage.unit import Unit

Value = dt.datetime | bool | int | str | None | list[Any] | dict[str, Any]
Row = Mapping[str, Value]

# Not about the member: how rows hang together, how a message is sent, and what may name or tell of somebody else.
# A place in a digest does: it was kept when that was put out, and who stood above may have hidden before it was posted.
LEFT_OUT: Mapping[Table, frozenset[str]] = {
    member: frozenset({"id", "community_id"}),
    share: frozenset({"outbox_id"}),
    tip: frozenset({"community_id", "place", "rev", "suggested_by"}),
    standing: frozenset({"community_id"}),
    digest_line: frozenset({"outbox_id", "rank"}),
    audit: frozenset({"community_id", "ids", "before", "after"}),
    mentor_offer: frozenset({"community_id"}),
    mentor_ask: frozenset({"community_id"}),
    **export_mentoring.LEFT_OUT,
    outbox: frozenset(
        {"id", "key", "community_id", "channel", "ids", "owner", "claimed_at", "lease_until", "unsure_since"}
        | {"attempt", "remote_id", "error"}
    ),
}
_GOES_ALONG = "CASCADE"
_JSON = frozenset(
    {answer.c.choice, result.c.summary, draft.c.fields, mentor_offer.c.skills, mentor_ask.c.gaps}
    | export_mentoring.JSON
)
_MOMENTS = frozenset({mentor_offer.c.paused_until, mentor_ask.c.waiting_since}) | export_mentoring.MOMENTS
_TRUTHS = frozenset({member.c.tell_here, appearance.c.shown, appearance.c.left_out, mentor_offer.c.in_rounds})
_CHANNELS = (
    select(share.c.id, outbox.c.channel)
    .select_from(share.join(outbox, outbox.c.id == share.c.outbox_id).join(result))
    .where(result.c.member_id == members.my_id())
)
_PLACE = select(community.c.platform, community.c.name, community.c.zone).where(community.c.id == members.COMMUNITY)


@dataclass(frozen=True, slots=True)
class Export:
    """What is stored, by table; every moment is in UTC. `member` is empty for who is named only and never spoke."""

    platform: str
    community: str
    zone: str
    moderator: bool
    member: Row
    rows: Mapping[str, tuple[Row, ...]]


def hanging() -> tuple[Table, ...]:
    """The tables whose rows belong to a member, however far away, and go with them."""
    return tuple(table for table in metadata.sorted_tables if table is not member and _leads_to_member(table))


def naming() -> tuple[Table, ...]:
    """The tables whose rows belong to the community and name a member, until that one is erased."""
    return tuple(
        table
        for table in metadata.sorted_tables
        if any(key.column.table is member and key.ondelete != _GOES_ALONG for key in table.foreign_keys)
    )


def of_me(unit: Unit, me: Me) -> Export | None:
    """All of it; None where there is nothing."""
    mine = members.mine(me)
    found = _rows(unit, member, mine)
    kept = members.kept(unit, me)
    if not found and not kept.moderator and not kept.invitations:
        return None
    place = unit.execute(_PLACE, mine).one()
    rows = {table.name: _rows(unit, table, mine) for table in dict.fromkeys((*hanging(), *naming(), mentor_invitation))}
    channels = {each.id: each.channel for each in unit.execute(_CHANNELS, mine)}
    rows[share.name] = tuple({**each, "channel": channels.get(each["id"])} for each in rows[share.name])
    return Export(place.platform, place.name, place.zone, kept.moderator, found[0] if found else {}, rows)


def _rows(unit: Unit, table: Table, mine: Mapping[str, Any]) -> tuple[Row, ...]:
    told = [column for column in table.c if column.name not in LEFT_OUT.get(table, ()) and column.name != "member_id"]
    found = unit.execute(_of_mine(table, told), mine)
    rows = (
        {column.name: _value(column, row[place]) for place, column in enumerate(told)} | _side(row) for row in found
    )
    return tuple(export_mentoring.own_side(table, row) for row in rows)


def _of_mine(table: Table, told: list[Column[Any]]) -> Select[Any]:
    sides = export_mentoring.side(table)
    return select(*told, *sides).where(_mine(table)).order_by(*table.primary_key.columns)


def _side(row: StoredRow[*tuple[Any, ...]]) -> dict[str, Value]:
    return {"side": row.side} if "side" in row._fields else {}


def _mine(table: Table) -> ColumnElement[bool]:
    """Whether a row is mine: by its member, or by a row it hangs on."""
    if table is member:
        return members.MINE
    if table in export_mentoring.MINE:
        return export_mentoring.MINE[table]
    keys = [key for key in table.foreign_keys if key.column.table is member or _leads_to_member(key.column.table)]
    return or_(*(key.parent.in_(select(key.column).where(_mine(key.column.table))) for key in keys))


def _leads_to_member(table: Table) -> bool:
    along = [key.column.table for key in table.foreign_keys if key.ondelete == _GOES_ALONG]
    return any(parent is member or _leads_to_member(parent) for parent in along)


def _value(column: Column[Any], stored: Any) -> Value:
    if stored is None:
        return None
    if column in _JSON:
        decoded: Value = json.loads(stored)
        return decoded
    if column in _TRUTHS:
        return bool(stored)
    if column is award.c.day:
        return dt.date.fromordinal(stored).isoformat()
    if column.name == "at" or column.name.endswith("_at") or column in _MOMENTS:
        return moment(stored)
    plain: int | str = stored
    return plain
