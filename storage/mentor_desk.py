"""What moderators see and decide of mentors: who waits, who is listed, paused or taken down, and reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import bindparam, case, func, select

from storage import audit, communities, mentor_figures, mentor_reports, moderator_notes, offers, pool, wishes
from storage.audit import Deed
from storage.members import Me
from storage.mentor_reports import Report
from storage.mentor_states import Approval, Paused, Reach
from storage.offering import APPROVAL, OFFERED
from storage.offers import Offer
from storage.tables import BI, community, member, mentor_offer, mentor_report
from storage.unit import Unit

DECIDED = "mentor.decided"
"""The notice to a mentor: the moderators have decided something of the offer."""


@dataclass(frozen=True, slots=True)
class Mentor:
    """One offer among many, by what decides where it stands."""

    offer: int
    name: str
    approval: Approval
    reach: Reach
    paused: Paused | None


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of the offers, those that wait for moderators first, and how many there are of each kind.

    `places` are the free places of those that are listed.
    """

    mentors: tuple[Mentor, ...]
    total: int
    waiting: int
    listed: int
    paused: int
    removed: int
    places: int
    reports: int


_HERE = mentor_offer.c.community_id == bindparam("community", type_=BI)
_WAITING = case((mentor_offer.c.approval == Approval.WAITING, 0), else_=1)
_PAGE = (
    select(mentor_offer.c.id, member.c.name, mentor_offer.c.approval, mentor_offer.c.reach, mentor_offer.c.paused)
    .join(member, member.c.id == mentor_offer.c.member_id)
    .where(_HERE)
    .order_by(_WAITING, mentor_offer.c.id)
    .limit(bindparam("most", type_=BI))
    .offset(bindparam("first", type_=BI))
)
_REMOVED = mentor_offer.c.approval == Approval.REMOVED
_COUNTS = select(
    func.count().label("total"),
    func.coalesce(func.sum(case((mentor_offer.c.approval == Approval.WAITING, 1), else_=0)), 0).label("waiting"),
    func.coalesce(func.sum(case((pool.LISTED, 1), else_=0)), 0).label("listed"),
    func.coalesce(func.sum(case((mentor_offer.c.paused.is_not(None) & ~_REMOVED, 1), else_=0)), 0).label("paused"),
    func.coalesce(func.sum(case((_REMOVED, 1), else_=0)), 0).label("removed"),
).where(_HERE)
_REPORTS = (
    select(func.count())
    .select_from(mentor_report)
    .where(mentor_report.c.community_id == bindparam("community", type_=BI), mentor_report.c.closed_at.is_(None))
)


def desk(unit: Unit, community_id: int, first: int, most: int) -> Desk:
    """A page of them."""
    here = {"community": community_id}
    counts = unit.execute(_COUNTS, here).one()
    rows = unit.execute(_PAGE, {**here, "first": first, "most": most})
    found = tuple(
        Mentor(row.id, row.name, Approval(row.approval), Reach(row.reach), row.paused and Paused(row.paused))
        for row in rows
    )
    places, reports = mentor_figures.free_places(unit, community_id), int(unit.execute(_REPORTS, here).scalar_one())
    numbers = {name: int(count) for name, count in counts._mapping.items()}  # noqa: SLF001 - SQLAlchemy's public way to a row by names
    return Desk(found, places=places, reports=reports, **numbers)


def approve(unit: Unit, me: Me, offer_id: int) -> Offer | None:
    """It may be listed; None where it has ended."""
    return _decide(unit, me, offer_id, Deed.MENTOR_APPROVED, Approval.APPROVED)


def remove(unit: Unit, me: Me, offer_id: int) -> Offer | None:
    """It is not listed, or no longer: whoever asked goes on to their next wish, matches that are on go on."""
    return _decide(unit, me, offer_id, Deed.MENTOR_REMOVED, Approval.REMOVED)


def pause(unit: Unit, me: Me, offer_id: int) -> Offer | None:
    """Nobody new asks this mentor until moderators take it up again."""
    found = _locked(unit, me, offer_id)
    if found is None or found.paused is Paused.MODERATORS:
        return found

    def work() -> None:
        offers.pause(unit, me.community, found.member, Paused.MODERATORS)

    return _changed(unit, me, found, Deed.MENTOR_PAUSED, work)


def resume(unit: Unit, me: Me, offer_id: int) -> Offer | None:
    """The moderators' pause is over; any other is not theirs to end."""
    found = _locked(unit, me, offer_id)
    if found is None or found.paused is not Paused.MODERATORS:
        return found

    def work() -> None:
        offers.resume(unit, me.community, found.member)

    return _changed(unit, me, found, Deed.MENTOR_RESUMED, work)


def report(unit: Unit, community_id: int, report_id: int) -> tuple[Report, Offer | None] | None:
    """One report, with the offer of whom it is about, if there is one."""
    found = mentor_reports.find(unit, community_id, report_id)
    return None if found is None else (found, offers.of_member(unit, found.about))


def see_to(unit: Unit, me: Me, report_id: int) -> None:
    """It waits no more."""

    def work() -> None:
        mentor_reports.close(unit, me.community, report_id)

    where = {"community_id": me.community, "id": report_id}
    audit.recorded(unit, me, Deed.REPORT_SEEN_TO, mentor_report, where, work, report=report_id)


def set_approval(unit: Unit, me: Me, *, on: bool) -> None:
    """Whether moderators look at an offer before it is listed."""

    def work() -> None:
        communities.set_setting(unit, me.community, APPROVAL, on)

    audit.recorded(unit, me, Deed.MENTORS_LOOKED_AT, community, {"id": me.community}, work, on=int(on))


def set_hours(unit: Unit, me: Me, hours: int) -> None:
    """How long a request waits for its mentor, from the next one on."""

    def work() -> None:
        communities.set_setting(unit, me.community, wishes.HOURS, hours)

    audit.recorded(unit, me, Deed.MENTOR_HOURS, community, {"id": me.community}, work, hours=hours)


def settle(unit: Unit, community_id: int, changed: list[int]) -> None:
    """After an undo: whoever may no longer be asked is asked no more, and each is told how it stands."""
    for each in changed:
        found = offers.find(unit, community_id, each)
        if found is None:
            continue
        if found.approval is not Approval.APPROVED:
            wishes.pass_all(unit, community_id, found.member)
        pool.moved(unit, community_id)
        unit.tell(found.member, DECIDED, offer=found.id)


def _decide(unit: Unit, me: Me, offer_id: int, deed: Deed, approval: Approval) -> Offer | None:
    found = _locked(unit, me, offer_id)
    moderator_notes.settle_of(unit, me.community, OFFERED, offer=offer_id)
    if found is None or found.approval is approval:
        return found

    def work() -> None:
        offers.set_approval(unit, me.community, found.member, approval)

    return _changed(unit, me, found, deed, work)


def _changed(unit: Unit, me: Me, found: Offer, deed: Deed, work: Callable[[], None]) -> Offer | None:
    audit.recorded(unit, me, deed, mentor_offer, {"id": found.id}, work, offer=found.id)
    unit.tell(found.member, DECIDED, offer=found.id)
    return offers.find(unit, me.community, found.id)


def _locked(unit: Unit, me: Me, offer_id: int) -> Offer | None:
    found = offers.find(unit, me.community, offer_id)
    if found is None:
        return None
    wishes.hold_mentor(unit, found.member)
    return offers.find(unit, me.community, offer_id)
