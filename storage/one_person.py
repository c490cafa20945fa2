"""One person in one community, for the operator who has to explain it: what is known, and what does not reach them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from storage import appearances, communities, members, offers, results, schedules
from storage.appearances import Appearance
from storage.communities import Community
from storage.members import Me, Member
from storage.offers import Offer
from storage.outbox_states import CLOSED, DEAD, WAITING
from storage.schedules import Schedule
from storage.tables import outbox
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class OnePerson:
    """`member` is None for who never opened pmpath there, or was erased. `messages` are theirs by state;
    `given_up` is why the last one was."""

    community: Community
    member: Member | None
    appearance: Appearance
    offer: Offer | None
    has_result: bool
    messages: Mapping[str, int]
    given_up: str | None
    schedules: tuple[Schedule, ...]


def look(unit: Unit, platform: str, ext_id: str, uid: str) -> OnePerson | None:
    """None where the community is not known."""
    here = communities.find(unit, platform, ext_id)
    if here is None:
        return None
    me = Me(here.id, uid, "")
    member = members.find(unit, me)
    theirs = outbox.c.member_id == (member.id if member else None)
    counted = select(outbox.c.state, func.count()).where(theirs, outbox.c.state.in_([WAITING, CLOSED, DEAD]))
    last = select(outbox.c.error).where(theirs, outbox.c.state == DEAD).order_by(outbox.c.at.desc()).limit(1)
    return OnePerson(
        community=here,
        member=member,
        appearance=appearances.mine(unit, me),
        offer=offers.mine(unit, me),
        has_result=results.latest(unit, me) is not None,
        messages=dict(unit.execute(counted.group_by(outbox.c.state)).all()),
        given_up=unit.execute(last).scalar_one_or_none(),
        schedules=tuple(schedules.of_community(unit, here.id)),
    )
