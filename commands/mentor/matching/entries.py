"""A community's matching day as an instance: hours on UTC's clock of that day; and whether two still fit each other."""

from __future__ import annotations

import datetime as dt

from commands.mentor.matching.instance import Instance, MenteeRow, MentorRow, instance_of
from commands.mentor.matching.pair import HALF_HOURS_LEAST
from commands.mentor.meeting import hours
from storage.asks import Wanted
from storage.offers import Terms
from storage.round_input import Asking, Entries, Offering


def instance_from(entries: Entries, day: dt.date) -> Instance:
    """Raises InstanceError where there are more skills or languages than a round takes."""
    return instance_of(
        (_mentor(each, day) for each in entries.offering),
        (_mentee(each, day) for each in entries.asking),
        excluded=entries.apart,
        previous=entries.before,
    )


def still_fit(terms: Terms, wanted: Wanted, day: dt.date) -> bool:
    """Whether no hard rule stands between what a mentor offers and what somebody asks for."""
    common = hours.common(terms.hours, wanted.hours, day)
    speak = not set(terms.languages).isdisjoint(wanted.languages)
    return speak and terms.seniority > wanted.seniority and max(map(int.bit_count, common)) >= HALF_HOURS_LEAST


def _mentor(each: Offering, day: dt.date) -> MentorRow:
    weekday, weekend = hours.utc(each.hours, day)
    return MentorRow(each.member, each.tracks, each.skills, weekday, weekend, each.languages, each.seniority, each.free)


def _mentee(each: Asking, day: dt.date) -> MenteeRow:
    weekday, weekend = hours.utc(each.hours, day)
    return MenteeRow(each.member, each.track, each.gaps, weekday, weekend, each.languages, each.seniority, each.rounds)
