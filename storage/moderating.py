"""What moderators change, each with its line in the audit."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, update

from content.text import Language
from storage import appearances, audit, communities, digests, matching_days, mentor_desk, own_links, schedules, tips
from storage.audit import Already as AlreadyUndone
from storage.audit import ChangedSince, Deed, TooLate, Undone
from storage.members import Me
from storage.own_links import Added, Already, Full, OwnLink
from storage.schedules import OFF
from storage.snapshots import Change, Rows
from storage.tables import (
    BI,
    appearance,
    community,
    digest,
    hidden_resource,
    matching_day,
    mentor_offer,
    moderator,
    own_link,
    schedule,
)
from storage.unit import Unit

_SET_ASKS = (
    update(schedule)
    .where(schedule.c.community_id == bindparam("community", type_=BI))
    .where(schedule.c.state != OFF, schedule.c.asks != bindparam("new_asks", type_=BI))
    .values(asks=bindparam("new_asks", type_=BI), rev=schedule.c.rev + 1)
)


def set_language(unit: Unit, me: Me, language: Language) -> None:
    """The language of what is said in public here."""

    def work() -> None:
        communities.set_language(unit, me.community, language)

    audit.recorded(unit, me, Deed.LANGUAGE, community, {"id": me.community}, work, language=language.value)


def set_zone(unit: Unit, me: Me, zone: str) -> None:
    """The time zone of this community's week."""

    def work() -> None:
        communities.set_zone(unit, me.community, zone)

    audit.recorded(unit, me, Deed.ZONE, community, {"id": me.community}, work, zone=zone)


def set_moderators(unit: Unit, me: Me, people: Iterable[str], roles: Iterable[str]) -> None:
    """Exactly these people and roles moderate here from now on, besides those who may anyway."""
    people, roles = set(people), set(roles)

    def work() -> None:
        communities.set_moderators(unit, me.community, people, roles)

    where: dict[str, int | str] = {"community_id": me.community}
    audit.recorded(unit, me, Deed.MODERATORS, moderator, where, work, people=len(people), roles=len(roles))


def add_link(unit: Unit, me: Me, title: str, address: str, skill: str, language: Language) -> Added | Already | Full:
    """One more link of this community's own."""

    def work() -> Added | Already | Full:
        return own_links.add(unit, me.community, title, address, skill, language)

    where: dict[str, int | str] = {"community_id": me.community, "address": address, "skill": skill}
    return audit.recorded(unit, me, Deed.LINK_ADDED, own_link, where, work, title=title)


def remove_link(unit: Unit, me: Me, link: int) -> OwnLink | None:
    """The link that is gone with this; None where it was gone before."""
    found = next((each for each in own_links.of_community(unit, me.community) if each.id == link), None)
    if found is None:
        return None

    def work() -> OwnLink | None:
        return own_links.remove(unit, me.community, link)

    hidden = Rows(hidden_resource, {"community_id": me.community, "resource": found.resource})
    where: dict[str, int | str] = {"community_id": me.community, "id": link}
    return audit.recorded(unit, me, Deed.LINK_REMOVED, own_link, where, work, also=(hidden,), title=found.title)


def hide(unit: Unit, me: Me, resource: str) -> None:
    """Nobody here sees this resource in a list from now on."""
    named = _named(unit, me, resource)

    def work() -> None:
        own_links.hide(unit, me.community, resource)

    where: dict[str, int | str] = {"community_id": me.community, "resource": resource}
    audit.recorded(unit, me, Deed.HIDDEN, hidden_resource, where, work, resource=resource, title=named)


def show(unit: Unit, me: Me, resource: str) -> None:
    """It is seen again."""
    named = _named(unit, me, resource)

    def work() -> None:
        own_links.show(unit, me.community, resource)

    where: dict[str, int | str] = {"community_id": me.community, "resource": resource}
    audit.recorded(unit, me, Deed.SHOWN, hidden_resource, where, work, resource=resource, title=named)


def set_asks(unit: Unit, me: Me, *, on: bool) -> None:
    """Whether this community's tips from the library wait for a moderator's yes."""

    def work() -> None:
        unit.execute(_SET_ASKS, {"community": me.community, "new_asks": int(on)})

    audit.recorded(unit, me, Deed.SCHEDULE_SET, schedule, {"community_id": me.community}, work)


def undo(unit: Unit, me: Me, line: int) -> Undone | ChangedSince | TooLate | AlreadyUndone:
    """What a line of the audit did is taken back; what comes due by the clock makes up for nothing that is past."""
    tips.lock(unit, me.community)
    answer = audit.undo(unit, me, line)
    if isinstance(answer, Undone):
        changed = answer.line.changes
        schedules.settle_next(unit, me.community, [_id(each) for each in changed if each.table is schedule])
        appearances.settle(unit, [_id(each) for each in changed if each.table is appearance])
        if any(each.table is community for each in changed):
            digests.move(unit, me.community)
        if any(each.table is digest for each in changed):
            digests.settle_next(unit, me.community)
        if any(each.table is matching_day for each in changed):
            matching_days.settle_next(unit, me.community)
        mentor_desk.settle(unit, me.community, [_id(each) for each in changed if each.table is mentor_offer])
    return answer


def _id(change: Change) -> int:
    """What a row is known by that has one number for that."""
    (number,) = change.key.values()
    return int(str(number))


def _named(unit: Unit, me: Me, resource: str) -> str:
    """The title of a link of the community's own, which the audit names when it is long gone."""
    links = own_links.of_community(unit, me.community)
    return next((each.title for each in links if each.resource == resource), "")
