"""Mentors and mentees with ordinary terms, for tests that need some of either."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from content.mentoring import Hours, Seniority, Spoken
from content.outcomes import Outcome
from storage import asks, members, mentor_reports, offers, round_input
from storage.asks import Ask, Wanted
from storage.members import Me
from storage.mentor_reports import Report
from storage.offers import Offer, Terms
from storage.store import Store, Unit

EVENINGS = 0b111111 << 36
"""Half-hours from 18:00 to 21:00."""
HOURS = Hours(EVENINGS, EVENINGS, "Europe/Berlin")
TERMS = Terms(
    tracks=(Outcome.PLATFORM,),
    skills=("api-design", "kubernetes"),
    seniority=Seniority.LEADS,
    hours=HOURS,
    languages=(Spoken.ENGLISH,),
    capacity=1,
    words=None,
    in_rounds=True,
)
WANTED = Wanted(Outcome.PLATFORM, ("kubernetes",), Seniority.NONE, HOURS, (Spoken.ENGLISH,))
DAY = dt.timedelta(days=1)


def person(here: Me, name: str) -> Me:
    """Somebody else of the same community."""
    return replace(here, uid=f"u-{name.lower()}", name=name)


async def mentor(store: Store, me: Me, terms: Terms = TERMS) -> Offer:
    """Their offer, listed: approved, and their direct messages are known to arrive."""
    return await store.write(listed, me, terms)


def listed(unit: Unit, me: Me, terms: Terms) -> Offer:
    member_id = offers.save(unit, me, terms, approved=True)
    offers.reached(unit, me.community, member_id, arrived=True)
    offer = offers.mine(unit, me)
    assert offer is not None
    return offer


async def mentee(store: Store, me: Me, wanted: Wanted = WANTED) -> int:
    """Their ask is said; their row."""
    await store.write(members.ensure, me)
    return await store.write(asks.save, me, wanted)


def waiting(unit: Unit, community_id: int) -> list[Ask]:
    """Who would be matched on a matching day now."""
    found = (asks.of_member(unit, each.member) for each in round_input.entries(unit, community_id).asking)
    return [each for each in found if each is not None]


def open_reports(unit: Unit, community_id: int) -> list[Report]:
    """Those that wait for a moderator."""
    found, _total = mentor_reports.page(unit, community_id, 0, 100)
    return [each for each in found if not each.closed]
