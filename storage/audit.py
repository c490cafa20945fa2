"""The audit: who of the moderators did what, and taking it back for 30 days."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Row as SqlRow
from sqlalchemy import Table, bindparam, func, insert, or_, select, update

from storage import awards, members, snapshots
from storage.members import Me
from storage.moments import length, moment
from storage.snapshots import Change, Rows
from storage.tables import BI, audit, award, member, mentor_offer
from storage.unit import Changed, Unit, encode_ids

T = TypeVar("T")

UNDO_FOR = dt.timedelta(days=30)
PRUNED_AT_ONCE = 500  # a unit must not hold the writer for long


class Deed(StrEnum):
    """What moderators do; the names stay in the lines for as long as their community."""

    LANGUAGE = "language"
    ZONE = "zone"
    MODERATORS = "moderators"
    LINK_ADDED = "link.added"
    LINK_REMOVED = "link.removed"
    HIDDEN = "resource.hidden"
    SHOWN = "resource.shown"
    WELCOME = "welcome.posted"
    TEST = "test.posted"
    TIP_ADDED = "tip.added"
    TIP_EDITED = "tip.edited"
    TIP_APPROVED = "tip.approved"
    TIP_DELETED = "tip.deleted"
    TIP_PAUSED = "tip.paused"
    TIP_RESUMED = "tip.resumed"
    TIP_SKIPPED = "tip.skipped"
    TIP_MOVED = "tip.moved"
    TIP_STOPPED = "tip.stopped"
    TIP_POSTED = "tip.posted"
    TIP_AGREED = "tip.agreed"
    TIP_REFUSED = "tip.refused"
    TIP_PASSED_OVER = "tip.passed-over"
    SCHEDULE_SET = "schedule.set"
    SCHEDULE_OFF = "schedule.off"
    SCHEDULE_PAUSED = "schedule.paused"
    SCHEDULE_RESUMED = "schedule.resumed"
    POINTS = "points.adjusted"
    LEFT_OUT = "boards.left-out"
    DIGEST_SET = "digest.set"
    DIGEST_OFF = "digest.off"
    MENTOR_APPROVED = "mentor.approved"
    MENTOR_REMOVED = "mentor.removed"
    MENTOR_PAUSED = "mentor.paused"
    MENTOR_RESUMED = "mentor.resumed"
    MENTORS_LOOKED_AT = "mentors.looked-at"
    MENTOR_HOURS = "mentors.hours"
    REPORT_SEEN_TO = "mentors.report-seen-to"
    ROUND_RUN = "round.run"
    ROUND_DROPPED = "round.dropped"
    MATCHING_SET = "matching.set"
    MATCHING_OFF = "matching.off"
    COMPASS = "compass.posted"
    MEMBER_ERASED = "member.erased"
    UNDONE = "undone"
    REDONE = "redone"


OFFER = "offer"  # among a line's ids: a mentor's offer, which is gone with its member
AWARD = "award"  # among a line's ids: its own line of the ledger, which is gone with its member


@dataclass(frozen=True, slots=True)
class Points:
    """What the ledger keeps of a line: whose points they are, by today's name, and why. It goes with the member."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """One deed. `name` is None for a member who is no longer here; `changes` are empty where no row changed.

    `points` are there where it was the ledger that changed, and its member is here; `mentor` is today's name of whose
    offer it was about, while there is that offer.
    """

    id: int
    name: str | None
    deed: str
    ids: Mapping[str, int | str]
    at: dt.datetime
    undone: bool
    changes: Sequence[Change]
    points: Points | None = None
    mentor: str | None = None

    def can_be_undone(self, now: dt.datetime) -> bool:
        """Whether there is something to undo, and still time for it."""
        return bool(self.changes or self.points) and not self.undone and now - self.at < UNDO_FOR


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the lines, the newest first, and how many there are."""

    lines: tuple[Line, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Undone:
    """It is as it was before this line."""

    line: Line


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """Nothing is done: somebody changed the same thing since."""


@dataclass(frozen=True, slots=True)
class TooLate:
    """Nothing is done: there is nothing to undo, or no longer."""


@dataclass(frozen=True, slots=True)
class Already:
    """Nothing is done: it was undone before."""


_HERE = audit.c.community_id == bindparam("community", type_=BI)
_LINES = (
    select(audit, member.c.name.label("by")).select_from(audit.outerjoin(member, member.c.id == audit.c.member_id))
).where(_HERE)
_PAGE = (
    _LINES.order_by(audit.c.at.desc(), audit.c.id.desc())
    .limit(bindparam("most", type_=BI))
    .offset(bindparam("first", type_=BI))
)
_ONE = _LINES.where(audit.c.id == bindparam("line", type_=BI))
_LOCK = select(audit.c.id).where(_HERE, audit.c.id == bindparam("line", type_=BI)).with_for_update()
_COUNT = select(func.count()).select_from(audit).where(_HERE)
_ADD = insert(audit)
_POINTS = (
    select(award.c.id, member.c.name, award.c.reason)
    .select_from(award.join(member))
    .where(member.c.community_id == bindparam("community", type_=BI), award.c.id.in_(bindparam("ids", expanding=True)))
)
_MENTORS = (
    select(mentor_offer.c.id, member.c.name)
    .join(member, member.c.id == mentor_offer.c.member_id)
    .where(mentor_offer.c.community_id == bindparam("community", type_=BI))
    .where(mentor_offer.c.id.in_(bindparam("ids", expanding=True)))
)
_MARK = update(audit).where(_HERE, audit.c.id == bindparam("line", type_=BI)).values(undone_at=bindparam("now"))
_PRUNE = (
    update(audit)
    .where(
        audit.c.id.in_(
            select(audit.c.id)
            .where(audit.c.at <= bindparam("until", type_=BI))
            .where(or_(audit.c.before.is_not(None), audit.c.after.is_not(None)))
            .limit(PRUNED_AT_ONCE)
        )
    )
    .values(before=None, after=None)
)


def recorded(
    unit: Unit,
    me: Me,
    deed: Deed,
    table: Table,
    where: Mapping[str, int | str | tuple[int, ...]],
    work: Callable[[], T],
    *,
    also: Sequence[Rows] = (),
    **ids: int | str,
) -> T:
    """Do the work and keep how it changed these rows; where it changed nothing, there is no line.

    `also` are rows of other tables that it changes along.
    """
    places = (Rows(table, where), *also)
    before = snapshots.take(unit, places)
    done = work()
    changes = snapshots.between(before, snapshots.take(unit, places))
    if changes:
        _add(unit, me, deed, ids, changes)
    return done


def noted(unit: Unit, me: Me, deed: Deed, /, **ids: int | str) -> None:
    """A deed that changes no row: a post, or a line of the ledger, which is named among the ids."""
    _add(unit, me, deed, ids, ())


def by_operator(unit: Unit, community_id: int, deed: Deed) -> None:
    """A deed of whoever runs pmpath, who is no member."""
    row = {"community_id": community_id, "member_id": None, "deed": str(deed), "ids": encode_ids({}), "at": unit.now_us}
    unit.execute(_ADD, {**row, "before": None, "after": None})


def undo(unit: Unit, me: Me, line: int) -> Undone | ChangedSince | TooLate | Already:
    """What the line did is taken back, once; that is a line too, which can be taken back as well."""
    unit.execute(_LOCK, {"community": me.community, "line": line}).all()  # two at once come one after the other
    found = one(unit, me.community, line)
    if found is not None and found.undone:
        return Already()
    if found is None or not found.can_be_undone(unit.now) or snapshots.is_final(unit, found.changes):
        return TooLate()
    changes = snapshots.put_back(unit, found.changes)
    if changes is None:
        return ChangedSince()
    balanced: dict[str, int | str] = {}
    if found.points is not None:
        made = awards.take_back(unit, int(found.ids[AWARD]))
        if made is None:
            return TooLate()
        balanced = {AWARD: made}
    unit.execute(_MARK, {"community": me.community, "line": line, "now": unit.now_us})
    taken_back = found.deed in {Deed.UNDONE, Deed.REDONE}
    deed = Deed.REDONE if found.deed == Deed.UNDONE else Deed.UNDONE
    ids = dict(found.ids) if taken_back else {**found.ids, "was": found.deed}
    _add(unit, me, deed, {**ids, **balanced}, changes)
    unit.changed(Changed(me.community, None))
    return Undone(found)


def of_community(unit: Unit, community_id: int, first: int, most: int) -> Page:
    """A page of the lines."""
    total = int(unit.execute(_COUNT, {"community": community_id}).scalar_one())
    rows = unit.execute(_PAGE, {"community": community_id, "first": first, "most": most}).all()
    return Page(_lines(unit, community_id, rows), total)


def one(unit: Unit, community_id: int, line: int) -> Line | None:
    """One of this community's lines."""
    row = unit.execute(_ONE, {"community": community_id, "line": line}).first()
    return None if row is None else _lines(unit, community_id, [row])[0]


def prune(unit: Unit) -> bool:
    """Of what can no longer be undone only the deed stays, a part at a time; whether there may be more."""
    return unit.execute(_PRUNE, {"until": unit.now_us - length(UNDO_FOR)}).rowcount == PRUNED_AT_ONCE


def _add(unit: Unit, me: Me, deed: str, ids: Mapping[str, int | str], changes: Sequence[Change]) -> None:
    before, after = snapshots.encoded(changes) if changes else (None, None)
    row = {"community_id": me.community, "member_id": members.ensure(unit, me), "deed": str(deed)}
    unit.execute(_ADD, {**row, "ids": encode_ids(ids), "before": before, "after": after, "at": unit.now_us})


def _lines(unit: Unit, community_id: int, rows: Sequence[SqlRow[*tuple[Any, ...]]]) -> tuple[Line, ...]:
    named: list[dict[str, int | str]] = [json.loads(row.ids) for row in rows]
    asked = [ids[AWARD] for ids in named if AWARD in ids]
    found = unit.execute(_POINTS, {"community": community_id, "ids": asked}).all() if asked else ()
    points = {row.id: Points(row.name, row.reason or "") for row in found}
    offers = [ids[OFFER] for ids in named if OFFER in ids]
    rows_of = unit.execute(_MENTORS, {"community": community_id, "ids": offers}).all() if offers else ()
    names = {row.id: row.name for row in rows_of}
    about = [(points.get(ids.get(AWARD)), names.get(ids.get(OFFER))) for ids in named]
    return tuple(_line(row, ids, *each) for row, ids, each in zip(rows, named, about, strict=True))


def _line(
    row: SqlRow[*tuple[Any, ...]], ids: Mapping[str, int | str], points: Points | None, mentor: str | None
) -> Line:
    changes = snapshots.decoded(row.before, row.after)
    return Line(row.id, row.by, row.deed, ids, moment(row.at), row.undone_at is not None, changes, points, mentor)
