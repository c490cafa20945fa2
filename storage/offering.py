"""What a mentor does with their own offer: makes it, pauses it, takes it up again, ends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from storage import asks, communities, drafts, invitations, mentorships, moderator_notes, offers, wishes
from storage.asks import Ask
from storage.invitations import Invitation
from storage.members import Me
from storage.mentor_states import Approval, Paused, Side
from storage.offers import Offer, Terms
from storage.unit import Unit, in_one_hop

DRAFT = "mentor.offer"
"""The draft in which an offer is written, part by part."""
OFFERED = "mentors.offered"
"""The notice to moderators: an offer waits for them."""
APPROVAL = "mentor-approval"
"""The community's setting: whether moderators look at an offer before it is listed; they do where nobody said no."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What an offer is written from: the one there is, what its mentor was named with, what is drafted."""

    offer: Offer | None
    invitation: Invitation | None
    drafted: Mapping[str, tuple[str, ...]]


def desk(unit: Unit, me: Me) -> Desk:
    """Mine. Whoever has an offer has answered."""
    offer = offers.mine(unit, me)
    return Desk(offer, None if offer else invitations.mine(unit, me), drafts.find(unit, me, DRAFT))


@dataclass(frozen=True, slots=True)
class Begun:
    """What Home says of my mentoring; `anything` is whether there is any, `waits` what a matching day is waited for."""

    anything: bool
    asking: int
    waits: Ask | None
    invitation: Invitation | None


@in_one_hop
def begun(unit: Unit, me: Me) -> Begun:
    """How far I am in mentoring."""
    offer, ask, matches = offers.mine(unit, me), asks.mine(unit, me), mentorships.mine(unit, me)
    has_mentor = any(each.side is Side.MENTEE for each in matches)
    return Begun(
        anything=bool(offer or ask or matches),
        asking=offer.places.open if offer else 0,
        waits=ask if ask and ask.waiting_since and not has_mentor else None,
        invitation=None if offer else invitations.mine(unit, me),
    )


def draft(unit: Unit, me: Me, fields: Mapping[str, tuple[str, ...]]) -> Desk:
    """These parts are written so; the desk as it is then."""
    drafts.keep(unit, me, DRAFT, fields)
    return desk(unit, me)


def discard(unit: Unit, me: Me) -> Desk:
    """What was drafted counts no more; the desk as it is then."""
    drafts.drop(unit, me, DRAFT)
    return desk(unit, me)


def publish(unit: Unit, me: Me, terms: Terms) -> Offer:
    """I offer this. The moderators are told of a new offer that waits for them."""
    approved = communities.setting(unit, me.community, APPROVAL) is False
    offers.save(unit, me, terms, approved=approved)
    drafts.drop(unit, me, DRAFT)
    invitations.drop(unit, me)
    made = offers.mine(unit, me)
    assert made is not None  # it was just saved
    if made.approval is Approval.WAITING:
        moderator_notes.tell(unit, me.community, OFFERED, key=f"{OFFERED}:{made.id}", offer=made.id)
    return made


def pause(unit: Unit, me: Me, until: dt.datetime | None) -> Offer | None:
    """Nobody new asks me until then, or until I say; what moderators paused stays so. None without an offer."""
    offer = _locked(unit, me)
    if offer is None or offer.paused is Paused.MODERATORS:
        return offer
    offers.pause(unit, me.community, offer.member, Paused.SELF, until)
    return offers.mine(unit, me)


def resume(unit: Unit, me: Me) -> Offer | None:
    """My pause is over; one by moderators is not. None without an offer."""
    offer = _locked(unit, me)
    if offer is None or offer.paused in {None, Paused.MODERATORS}:
        return offer
    offers.resume(unit, me.community, offer.member)
    return offers.mine(unit, me)


def end(unit: Unit, me: Me) -> bool:
    """The offer is gone: who asked goes on to their next wish, matches that are on go on. False where nothing ended.

    One that moderators have taken down stays, so that it does not come back as a new one.
    """
    offer = _locked(unit, me)
    if offer is None or offer.approval is Approval.REMOVED:
        return False
    offers.drop(unit, me.community, offer.member)
    drafts.drop(unit, me, DRAFT)
    moderator_notes.settle_of(unit, me.community, OFFERED, offer=offer.id)
    return True


def prove(unit: Unit, me: Me) -> Offer | None:
    """A direct message is tried again, where the last one did not arrive. None without an offer."""
    offers.prove(unit, me)
    return offers.mine(unit, me)


def _locked(unit: Unit, me: Me) -> Offer | None:
    offer = offers.mine(unit, me)
    if offer is None:
        return None
    wishes.hold_mentor(unit, offer.member)
    return offers.mine(unit, me)
