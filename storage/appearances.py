"""Who stands on boards: who wants to, whom moderators leave out, and who has left the community."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, bindparam, literal_column, select, update

from storage import digest_lines, members, seasons, standings
from storage.members import Me
from storage.moments import length
from storage.tables import BI, appearance, community, member
from storage.unit import Prepared, Unit, upsert

LOOK_AGAIN = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Appearance:
    """How a member stands to the boards. `shown` is their own choice, None until they made one.

    On boards is who is `shown`, not `left_out` by moderators and not `away` from the community.
    """

    shown: bool | None
    left_out: bool
    away: bool

    @property
    def on_boards(self) -> bool:
        """Whether others see the member there."""
        return bool(self.shown) and not self.left_out and not self.away


NOWHERE = Appearance(None, left_out=False, away=False)
ON_BOARDS = and_(appearance.c.shown == 1, appearance.c.left_out == 0, appearance.c.away_at.is_(None))
"""As `Appearance.on_boards`, of a row."""

_ROW = select(member.c.id, community.c.zone, appearance).select_from(member.join(community).outerjoin(appearance))
_FIND = _ROW.where(member.c.id == bindparam("this", type_=BI))
_MINE = Prepared(
    select(appearance.c.shown, appearance.c.left_out, appearance.c.away_at).where(
        appearance.c.member_id == members.my_id()
    )
)
_BY_UID = select(member.c.id).where(
    member.c.community_id == bindparam("community", type_=BI), member.c.uid.in_(bindparam("uids", expanding=True))
)
_LEFT_OUT = (
    select(member.c.id, member.c.uid, member.c.name)
    .where(member.c.community_id == bindparam("community", type_=BI))
    .where(member.c.id.in_(select(appearance.c.member_id).where(appearance.c.left_out == literal_column("1"))))
    .order_by(member.c.id)
)
_LOCK_ALL = (
    select(member.c.id)
    .where(member.c.id.in_(bindparam("them", expanding=True)))
    .order_by(member.c.id)
    .with_for_update()
)
_MEET = upsert(appearance, lambda insert: insert.on_conflict_do_nothing(index_elements=["member_id"]))
_SET = upsert(
    appearance,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["member_id"],
        set_={name: insert.excluded[name] for name in ("shown", "left_out", "away_at", "looked_at", "at")},
    ),
)
_LOOK = (
    select(member.c.uid)
    .join(appearance)
    .where(
        member.c.community_id == bindparam("community", type_=BI),
        member.c.uid.in_(bindparam("uids", expanding=True)),
        appearance.c.looked_at.is_(None) | (appearance.c.looked_at <= bindparam("before", type_=BI)),
    )
)
_LOOKED = (
    update(appearance)
    .where(appearance.c.member_id.in_(bindparam("them", expanding=True)))
    .values(looked_at=bindparam("now", type_=BI))
)


def mine(unit: Unit, me: Me) -> Appearance:
    """How I stand to the boards."""
    found = unit.rows(_MINE, members.mine(me))
    return Appearance(_truth(found[0][0]), bool(found[0][1]), found[0][2] is not None) if found else NOWHERE


def show(unit: Unit, me: Me) -> Appearance:
    """I want to stand on boards, from now on."""
    return _become(unit, members.ensure(unit, me), shown=1, away_at=None)


def hide(unit: Unit, me: Me) -> Appearance:
    """I stand on no board from now on; a digest that names me is taken back from its channel."""
    return _become(unit, members.ensure(unit, me), shown=0)


def return_to(unit: Unit, me: Me) -> Appearance:
    """I am here, whatever was thought."""
    return _become(unit, members.ensure(unit, me), away_at=None)


def left_out(unit: Unit, community_id: int) -> list[tuple[str, str]]:
    """Whom moderators leave out: platform's id and name."""
    return [(row.uid, row.name) for row in unit.execute(_LEFT_OUT, {"community": community_id})]


def leave_out(unit: Unit, community_id: int, uids: Collection[str]) -> list[int]:
    """Exactly these members are left out; the ids of those for whom it changed. Strangers stand on no board."""
    now = set(unit.execute(_BY_UID, {"community": community_id, "uids": sorted(uids)}).scalars())
    before = {row.id for row in unit.execute(_LEFT_OUT, {"community": community_id})}
    for member_id in sorted(now ^ before):
        _become(unit, member_id, left_out=int(member_id in now))
    return sorted(now ^ before)


def concerned(unit: Unit, community_id: int, uids: Collection[str]) -> tuple[set[int], set[int]]:
    """Who of these is known here, and who is left out by now; nobody else changes any of them until the unit ends.

    Each has a row from now on, so that taking a change back leaves what the member chose since.
    """
    known = set(unit.execute(_BY_UID, {"community": community_id, "uids": sorted(uids)}).scalars())
    before = {row.id for row in unit.execute(_LEFT_OUT, {"community": community_id})}
    them = sorted(known | before)
    unit.execute(_LOCK_ALL, {"them": them}).all()
    for member_id in them:
        unit.execute(_MEET, {"member_id": member_id, "left_out": 0, "at": unit.now_us})
    return known, before


def to_look_for(unit: Unit, community_id: int, uids: Collection[str]) -> list[str]:
    """Those of these whom nobody has looked for since yesterday."""
    asked = {"community": community_id, "uids": sorted(uids), "before": unit.now_us - length(LOOK_AGAIN)}
    return sorted(unit.execute(_LOOK, asked).scalars())


def looked_for(unit: Unit, community_id: int, here: Collection[str], gone: Collection[str]) -> None:
    """Whom the platform still knows there, and whom no longer: those drop out of the boards."""
    found = {"community": community_id}
    for member_id in unit.execute(_BY_UID, {**found, "uids": sorted(gone)}).scalars().all():
        _become(unit, member_id, away_at=unit.now_us, looked_at=unit.now_us)
    unit.execute(
        _LOOKED,
        {"them": list(unit.execute(_BY_UID, {**found, "uids": sorted(here)}).scalars()), "now": unit.now_us},
    )


def settle(unit: Unit, member_ids: Iterable[int]) -> None:
    """Boards as these members' rows say, after an undo has put those back."""
    them = sorted(set(member_ids))
    unit.execute(_LOCK_ALL, {"them": them}).all()  # what they are given just now is on their boards by then
    for member_id in them:
        standings.leave(unit, member_id)
        row = unit.execute(_FIND, {"this": member_id}).first()
        if row is not None and _appearance(row).on_boards:
            standings.enter(unit, member_id, seasons.local_day(row.zone, unit.now))


def _become(unit: Unit, member_id: int, **changes: int | None) -> Appearance:
    """The member's row with these changes, and the boards along if they make a difference."""
    unit.lock(member_id)
    row = unit.execute(_FIND, {"this": member_id}).one()
    was = _appearance(row)
    values = {
        "shown": row.shown,
        "left_out": row.left_out or 0,
        "away_at": row.away_at,
        "looked_at": row.looked_at,
        **changes,
    }
    unit.execute(_SET, {"member_id": member_id, **values, "at": unit.now_us})
    now = Appearance(_truth(values["shown"]), bool(values["left_out"]), values["away_at"] is not None)
    if was.on_boards and not now.on_boards:
        standings.leave(unit, member_id)
        digest_lines.move_up(unit, member_id)
    elif now.on_boards and not was.on_boards:
        standings.enter(unit, member_id, seasons.local_day(row.zone, unit.now))
    if was.shown and not now.shown:
        digest_lines.take_back(unit, member_id)
    return now


def _appearance(row: Row[*tuple[Any, ...]]) -> Appearance:
    if row.at is None:
        return NOWHERE
    return Appearance(_truth(row.shown), bool(row.left_out), row.away_at is not None)


def _truth(stored: int | None) -> bool | None:
    return None if stored is None else bool(stored)
