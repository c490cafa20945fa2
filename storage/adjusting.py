"""What moderators change of points and boards, each with its line in the audit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from storage import appearances, audit, awards, drafts, members
from storage.audit import Deed
from storage.members import Me
from storage.tables import BI, appearance, member
from storage.unit import Unit

MOST = 1000  # points at once, given or taken
REASON_MOST = 200  # characters
DRAFT = "points.adjust"

_NAME = select(member.c.name).where(
    member.c.community_id == bindparam("community", type_=BI), member.c.id == bindparam("this", type_=BI)
)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a moderator is about to do: whose points, and once it was said how many and why.

    `drawn` is when it was said: a button drawn for something else does not do this.
    """

    member: int
    name: str
    points: int = 0
    reason: str = ""
    drawn: int = 0


def choose(unit: Unit, me: Me, uid: str) -> Planned | None:
    """This member's points are to be adjusted; None for somebody who is not known here."""
    found = members.find(unit, Me(me.community, uid, ""))
    if found is None:
        return None
    drafts.drop(unit, me, DRAFT)
    drafts.keep(unit, me, DRAFT, {"member": (str(found.id),)})
    return Planned(found.id, found.name)


def say(unit: Unit, me: Me, points: int, reason: str) -> Planned | None:
    """So many, and why; None where nobody is chosen, or the one who was has been erased."""
    drafts.keep(unit, me, DRAFT, {"said": (str(points), reason, str(unit.now_us))})
    return planned(unit, me)


def planned(unit: Unit, me: Me) -> Planned | None:
    """What I am about to do, with the name that the member has today."""
    kept = drafts.find(unit, me, DRAFT)
    if "member" not in kept:
        return None
    this = int(kept["member"][0])
    name = unit.execute(_NAME, {"community": me.community, "this": this}).scalar_one_or_none()
    if name is None:
        return None
    points, reason, drawn = kept.get("said", ("0", "", "0"))
    return Planned(this, name, int(points), reason, int(drawn))


def adjust(unit: Unit, me: Me, drawn: int) -> Planned | None:
    """Do what was said at that moment, once; None where it was done before, or something else was said since."""
    members.ensure(unit, me)  # of two presses at once the second finds no draft
    found = planned(unit, me)
    if found is None or not found.points or found.drawn != drawn:
        return None
    made = awards.adjust(unit, found.member, found.points, found.reason)
    if made is None:
        return None
    drafts.drop(unit, me, DRAFT)
    audit.noted(unit, me, Deed.POINTS, award=made, points=found.points)
    return found


def leave_out(unit: Unit, me: Me, uids: Collection[str]) -> int:
    """Exactly these stand on no board; answers how many of them are not known here and stand on none anyway."""
    known, before = appearances.concerned(unit, me.community, uids)

    def work() -> None:
        appearances.leave_out(unit, me.community, uids)

    where = {"member_id": tuple(sorted(known | before))}
    audit.recorded(unit, me, Deed.LEFT_OUT, appearance, where, work, people=len(known))
    return len(set(uids)) - len(known)
