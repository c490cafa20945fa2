"""Communities that removed the bot: nothing is sent there, a return within 30 days finds all as it was, then it goes.

An erasure begins with the platform's id of the community: who returns after that is met as new, and never finds
half of what there was.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Delete,
    Table,
    Text,
    and_,
    bindparam,
    case,
    cast,
    delete,
    or_,
    select,
    tuple_,
    update,
)

from storage import digests, erasures, matching_days, offers, postings, schedules, wishes
from storage.moments import length
from storage.outbox_states import DEAD, UNCERTAIN, WAITING
from storage.postings import CALL_OFF, WEEKLY
from storage.running_tables import slack_installation
from storage.slack_installations import ORGANISATION
from storage.tables import BI, community, member, metadata, note, outbox
from storage.taking_back import TAKE_BACK
from storage.unit import Changed, Unit

KEPT_FOR = dt.timedelta(days=30)
AT_ONCE = 500  # rows; a unit must not hold the writer for long
MEMBERS_AT_ONCE = 25
REMOVED = "the community removed pmpath before this was sent"
ERASED = "erased:"


@dataclass(frozen=True, slots=True)
class Place:
    """A community by the platform's id, and whether it has removed the bot."""

    ext_id: str
    name: str
    left: bool


_AT = (community.c.platform == bindparam("at_platform")) & (community.c.ext_id == bindparam("at_ext_id"))
_PLACES = select(community.c.ext_id, community.c.name, community.c.left_at).where(
    community.c.platform == bindparam("at_platform")
)
_FIND = select(community.c.id, community.c.name, community.c.left_at).where(_AT)
_LEAVE = (
    update(community)
    .where(_AT, community.c.left_at.is_(None))
    .values(left_at=bindparam("now", type_=BI))
    .returning(community.c.id)
)
_THIS = community.c.id == bindparam("this", type_=BI)
_STAY = update(community).where(_THIS).values(left_at=None)
_NAME = update(community).where(_THIS).values(name=bindparam("new_name"))
_DROP = (
    update(outbox)
    .where(
        outbox.c.id.in_(
            select(outbox.c.id)
            .where(outbox.c.state == WAITING, outbox.c.community_id == bindparam("this", type_=BI))
            .where(outbox.c.notice.not_in([TAKE_BACK, CALL_OFF]))  # what is taken back is so after a return, too
            .limit(AT_ONCE)
        )
    )
    .values(
        state=case(
            (and_(outbox.c.member_id.is_(None), outbox.c.unsure_since.is_not(None)), UNCERTAIN),
            else_=DEAD,
        ),
        error=REMOVED,
        at=bindparam("now", type_=BI),
    )
    .returning(outbox.c.id, outbox.c.notice, outbox.c.state, outbox.c.member_id)
)
_OVERDUE = (
    select(community.c.id, community.c.ext_id)
    .where(community.c.left_at <= bindparam("before", type_=BI))
    .order_by(community.c.left_at, community.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_FORGET_WHERE = update(community).where(_THIS).values(ext_id=ERASED + cast(community.c.id, Text), name="")
_FORGET_NOTES = delete(note).where(or_(note.c.value == bindparam("place"), note.c.name == bindparam("organisation")))
_FORGET_TOKENS = delete(slack_installation).where(slack_installation.c.place == bindparam("place"))
_SOME_MEMBERS = select(member.c.id).where(member.c.community_id == bindparam("this", type_=BI)).limit(MEMBERS_AT_ONCE)
_ERASE_MEMBERS = delete(member).where(member.c.id.in_(bindparam("members", expanding=True)))
_ERASE = delete(community).where(_THIS)


def _of_members(table: Table) -> ColumnElement[bool] | None:
    """Which rows of a table hang on the members in hand, however far from them."""
    keys = sorted(table.foreign_keys, key=lambda key: key.column.table is not member)
    for key in keys:
        parent = key.column.table
        if key.ondelete != "CASCADE" or parent is community:
            continue
        if parent is member:
            return key.parent.in_(bindparam("members", expanding=True))
        deeper = _of_members(parent)
        if deeper is not None:
            return key.parent.in_(select(key.column).where(deeper))
    return None


def _part(table: Table, rows: ColumnElement[bool]) -> Delete:
    """Deletes at most `most` of these rows."""
    keys = list(table.primary_key)
    key = keys[0] if len(keys) == 1 else tuple_(*keys)
    return delete(table).where(key.in_(select(*keys).where(rows).limit(bindparam("most", type_=BI))))


_DEEPEST_FIRST = [table for table in reversed(metadata.sorted_tables) if table not in {community, member}]
_ERASE_OF_MEMBERS = [_part(table, rows) for table in _DEEPEST_FIRST if (rows := _of_members(table)) is not None]
_ERASE_OF_COMMUNITY = [
    _part(table, table.c.community_id == bindparam("this", type_=BI))
    for table in _DEEPEST_FIRST
    if "community_id" in table.c
]


def left(unit: Unit, platform: str, ext_id: str) -> int | None:
    """It has removed the bot: nothing more is sent there. Its id, for `drop` to go on with; None if it had before."""
    at = {"at_platform": platform, "at_ext_id": ext_id}
    gone: int | None = unit.execute(_LEAVE, {**at, "now": unit.now_us}).scalar_one_or_none()
    if gone is not None:
        drop(unit, gone)
        unit.changed(Changed(gone, None))
    return gone


def drop(unit: Unit, community_id: int) -> bool:
    """Give up a part of what waits to be sent there; whether there may be more. A return brings none of it late."""
    dropped = unit.execute(_DROP, {"this": community_id, "now": unit.now_us}).all()
    for row in dropped:
        if row.notice == WEEKLY:
            postings.ended(unit, row.id, row.state, REMOVED)
        if row.notice == offers.PROOF:
            offers.reached(unit, community_id, row.member_id, arrived=False)
    return len(dropped) == AT_ONCE


def back(unit: Unit, community_id: int) -> None:
    """The bot is there again; all is as it was, but that what was made or due to be sent meanwhile is not."""
    while drop(unit, community_id):
        pass
    unit.execute(_STAY, {"this": community_id})
    schedules.settle_next(unit, community_id)
    digests.settle_next(unit, community_id)
    matching_days.settle_next(unit, community_id)
    wishes.put_off(unit, community_id)
    unit.changed(Changed(community_id, None))


def arrived(unit: Unit, platform: str, ext_id: str, name: str) -> None:
    """The bot is in this community, which is called so now; one that we have not met stays unknown."""
    row = unit.execute(_FIND, {"at_platform": platform, "at_ext_id": ext_id}).first()
    if row is None:
        return
    if row.left_at is not None:
        back(unit, row.id)
    if name and name != row.name:
        unit.execute(_NAME, {"this": row.id, "new_name": name})
        unit.changed(Changed(row.id, None))


def places(unit: Unit, platform: str) -> list[Place]:
    """Every community that we have met there."""
    rows = unit.execute(_PLACES, {"at_platform": platform})
    return [Place(row.ext_id, row.name, row.left_at is not None) for row in rows]


def erase(unit: Unit) -> bool:
    """Erase a part of a community that has been left for 30 days; whether there may be more."""
    overdue = unit.execute(_OVERDUE, {"before": unit.now_us - length(KEPT_FOR)}).first()
    if overdue is None:
        return False
    this = {"this": overdue.id}
    if not overdue.ext_id.startswith(ERASED):
        unit.execute(_FORGET_WHERE, this)
        unit.execute(_FORGET_NOTES, {"place": overdue.ext_id, "organisation": ORGANISATION + overdue.ext_id})
        unit.execute(_FORGET_TOKENS, {"place": overdue.ext_id})
        erasures.bury(unit, erasures.COMMUNITY, overdue.id)
        unit.changed(Changed(overdue.id, None, erased=True))
        return True
    some = unit.execute(_SOME_MEMBERS, this).scalars().all()
    if some:
        if _erase_part(unit, _ERASE_OF_MEMBERS, {"members": some}):
            unit.execute(_ERASE_MEMBERS, {"members": some})
    elif _erase_part(unit, _ERASE_OF_COMMUNITY, this):
        unit.execute(_ERASE, this)
        unit.changed(Changed(overdue.id, None, erased=True))
    return True


def _erase_part(unit: Unit, parts: list[Delete], whose: dict[str, object]) -> bool:
    """Whether all of it is gone; at most `AT_ONCE` rows go at a time."""
    most = AT_ONCE
    for part in parts:
        most -= unit.execute(part, {**whose, "most": most}).rowcount
        if most <= 0:
            return False
    return True
