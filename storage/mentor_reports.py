"""What members tell the moderators of a mentor or mentee; who told it is kept from everybody, moderators included."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from content.mentoring import Concern
from storage import members, moderator_notes
from storage.members import Me
from storage.moments import moment
from storage.tables import BI, member, mentor_report
from storage.unit import Unit

REPORTED = "mentors.reported"
"""The note to the moderators."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report, without who told it."""

    id: int
    about: int
    about_name: str
    concern: Concern
    words: str | None
    at: dt.datetime
    closed: bool


_ROWS = select(
    mentor_report.c.id,
    mentor_report.c.about_id,
    member.c.name,
    mentor_report.c.concern,
    mentor_report.c.words,
    mentor_report.c.at,
    mentor_report.c.closed_at,
).join(member, member.c.id == mentor_report.c.about_id)
_HERE = mentor_report.c.community_id == bindparam("community", type_=BI)
_ONE = _ROWS.where(_HERE, mentor_report.c.id == bindparam("report", type_=BI))
_PAGE = (
    _ROWS.where(_HERE)
    .order_by(mentor_report.c.closed_at.is_not(None), mentor_report.c.closed_at.desc(), mentor_report.c.id)
    .limit(bindparam("most", type_=BI))
    .offset(bindparam("first", type_=BI))
)
_TOTAL = select(func.count()).select_from(mentor_report).where(_HERE)
_SAME = select(mentor_report.c.id).where(
    mentor_report.c.reporter_id == members.my_id(),
    mentor_report.c.about_id == bindparam("about", type_=BI),
    mentor_report.c.concern == bindparam("why"),
    mentor_report.c.closed_at.is_(None),
)
_ADD = insert(mentor_report)
_CLOSE = (
    update(mentor_report)
    .where(_HERE, mentor_report.c.id == bindparam("report", type_=BI), mentor_report.c.closed_at.is_(None))
    .values(closed_at=bindparam("now", type_=BI))
)


def add(unit: Unit, me: Me, about: int, concern: Concern, words: str | None) -> int:
    """The moderators are told; the same concern of mine, still open, is told once."""
    my_row = members.ensure(unit, me)
    unit.lock(my_row)  # so that of two at the same moment the second finds the first
    same = unit.execute(_SAME, {**members.mine(me), "about": about, "why": concern.value}).scalar()
    if same is not None:
        return int(same)
    row = {"community_id": me.community, "about_id": about, "reporter_id": my_row, "concern": concern.value}
    made = unit.execute(_ADD, {**row, "words": words, "at": unit.now_us}).inserted_primary_key
    assert made is not None
    report = int(made[0])
    moderator_notes.tell(unit, me.community, REPORTED, key=f"{REPORTED}:{report}", report=report)
    return report


def find(unit: Unit, community_id: int, report: int) -> Report | None:
    """One of this community's."""
    row = unit.execute(_ONE, {"community": community_id, "report": report}).first()
    return None if row is None else _read(row)


def page(unit: Unit, community_id: int, first: int, most: int) -> tuple[list[Report], int]:
    """Some of them, those that wait first, the oldest first; and how many there are."""
    here = {"community": community_id}
    found = unit.execute(_PAGE, {**here, "first": first, "most": most})
    return [_read(row) for row in found], int(unit.execute(_TOTAL, here).scalar_one())


def close(unit: Unit, community_id: int, report: int) -> bool:
    """It is seen to; False where it was before."""
    values = {"community": community_id, "report": report, "now": unit.now_us}
    moderator_notes.settle_of(unit, community_id, REPORTED, report=report)
    return unit.execute(_CLOSE, values).rowcount > 0


def _read(row: Row[*tuple[Any, ...]]) -> Report:
    return Report(
        row.id,
        row.about_id,
        row.name,
        Concern(row.concern),
        row.words,
        moment(row.at),
        row.closed_at is not None,
    )
