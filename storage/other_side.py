"""The other person of an offer, a request or a match: to report them, or never to be brought together with them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from content.mentoring import Concern
from storage import members, mentor_reports, mentorships, not_with, offers, requests, wishes
from storage.members import Me
from storage.mentor_states import Approval, Reach, Side
from storage.mentorships import Match
from storage.offers import Offer
from storage.unit import Unit


class About(StrEnum):
    """By what one knows the other."""

    OFFER = "offer"
    REQUEST = "request"
    MATCH = "match"


@dataclass(frozen=True, slots=True)
class Other:
    """The other person: their row, which no press carries, and their name."""

    id: int
    name: str


def find(unit: Unit, me: Me, about: About, row: int) -> Other | None:
    """Who that is; None where it is nothing of mine, or no more, or myself."""
    match about:
        case About.OFFER:
            offer = offers.find(unit, me.community, row)
            return (
                None if offer is None or offer.uid == me.uid or not _known(offer) else Other(offer.member, offer.name)
            )
        case About.REQUEST:
            if asked := requests.to_me(unit, me, row):
                return Other(asked.mentee, asked.mentee_name)
            wish = requests.of_mine(unit, me, row)
            return None if wish is None else Other(wish.mentor, wish.mentor_name)
        case About.MATCH:
            found = mentorships.find(unit, me, row)
            return None if found is None else Other(_other_of(found), found.other_name)


def report(unit: Unit, me: Me, about: About, row: int, concern: Concern, words: str | None) -> Other | None:
    """The moderators are told; nobody else is, and who told it is shown to nobody."""
    other = find(unit, me, about, row)
    if other is not None:
        mentor_reports.add(unit, me, other.id, concern, words)
    return other


def part(unit: Unit, me: Me, about: About, row: int) -> Other | None:
    """I want nothing of them, for ever: what is between us ends as it does for any other reason.

    A wish of theirs that has not had its turn stays: it is passed over then, as that for a mentor without a place is.
    """
    other = find(unit, me, about, row)
    if other is None:
        return None
    mine = members.ensure(unit, me)
    wishes.hold_mentor(unit, mine, other.id)
    not_with.keep_apart(unit, mine, other.id)
    for match in mentorships.mine(unit, me):
        if other.id in {match.mentor, match.mentee}:
            mentorships.end(unit, me, match.id)
    for asked in requests.before_me(unit, me):
        if asked.mentee == other.id:
            requests.decline(unit, me, asked.id)
    for wish in wishes.live(unit, mine):
        if wish.mentor == other.id:
            requests.withdraw(unit, me, wish.id)
    return other


def _known(offer: Offer) -> bool:
    """Whether members can have seen it: full and paused ones as well, but none that was never listed."""
    return offer.approval is Approval.APPROVED and offer.reach is not Reach.ASKED


def _other_of(match: Match) -> int:
    return match.mentee if match.side is Side.MENTOR else match.mentor
