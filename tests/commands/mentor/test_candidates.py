"""Memory of a community's mentors: read once for a revision and a day; the best are as the rule of a pair has it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from commands.mentor import candidates
from commands.mentor.matching import pair
from commands.mentor.matching.instance import MentorRow
from commands.mentor.meeting import hours
from content.load import Content
from content.mentoring import Hours, Seniority, Spoken
from content.outcomes import Outcome
from storage import candidates as stored
from storage import offers
from storage.asks import Wanted
from storage.candidates import Candidate, Seeker
from storage.mentor_states import Paused
from storage.unit import Unit
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.storage.mentoring import EVENINGS, HOURS, TERMS, mentee, mentor, person

DAY = dt.date(2026, 11, 26)
ZONES = ("Europe/Berlin", "Asia/Shanghai", "Asia/Kathmandu", "America/New_York", "Pacific/Kiritimati")


def invented(number: int, skills: list[str]) -> Candidate:
    """Somebody of many, each otherwise; their ids stand in another order than their offers'."""
    return Candidate(
        number + 1,
        1 + (number * 7919) % 3001,
        tuple(each for place, each in enumerate(Outcome) if (number + 1) >> place & 1) or (Outcome.HYBRID,),
        tuple(skills[(number * step) % len(skills)] for step in (1, 3, 5, 7)),
        Seniority(1 + number % 4),
        Hours(EVENINGS >> number % 9, 0b1111 << number % 40, ZONES[number % len(ZONES)]),
        (tuple(Spoken)[number % 3], Spoken.GERMAN),
        1 + number % 3,
    )


def test_the_best_five_are_those_that_the_rule_of_a_pair_gives(content: Content) -> None:
    skills = sorted(content.skills)
    everybody = [invented(number, skills) for number in range(3000)]
    parts = [candidates.columns(everybody[first : first + 1000], skills, DAY) for first in range(0, 3000, 1000)]
    pool = candidates.joined(parts, tuple(skills))
    never, met = frozenset({everybody[5].member, 77}), frozenset({everybody[9].member})
    for number, track in enumerate(Outcome):
        wanted = Wanted(track, tuple(skills[number::11]), Seniority(number % 3), HOURS, (Spoken.CHINESE, Spoken.GERMAN))
        me = candidates.mentee_of(everybody[number].member, wanted, wanted.gaps, DAY)
        judged = {}
        for each in everybody:
            weekday, weekend = hours.utc(each.hours, DAY)
            row = MentorRow(
                each.member, each.tracks, each.skills, weekday, weekend, each.languages, each.seniority, each.free
            )
            suits = pair.parts(row, me, previous=each.member in met)
            if suits is not None and each.member not in never:
                judged[each.member, each.offer] = suits
        expected = sorted(judged, key=lambda key: (-judged[key].score, key))[:5]
        seeker = Seeker(1, None, never=never, met=met)

        found = candidates.best(pool, seeker, me)

        assert [(each.offer, each.parts) for each in found] == [(offer, judged[m, offer]) for m, offer in expected]


async def test_mentors_are_read_once_until_one_changes_or_the_day_does(
    chat: DirectDriver, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, me = chat.dispatcher.store, await chat.me()
    await mentee(store, me)
    made = [await mentor(store, person(me, f"M{number}"), replace(TERMS, capacity=3)) for number in range(5)]
    readings = []

    def page(unit: Unit, community_id: int, after: int, size: int) -> object:
        readings.append(after)
        return stored_page(unit, community_id, after, size)

    stored_page = stored.page
    # The readings are counted: that nothing is read leaves no other trace.
    monkeypatch.setattr(stored, "page", page)
    # So that a few mentors are several pages.
    monkeypatch.setattr(candidates, "PAGE", 2)
    for uid in ("u1", "u2", "u1"):
        other = chat.other(uid=uid, name=uid)
        await mentee(store, await other.me())
        assert (await other.run("/pmpath mentor find")).buttons.count("Look") == 5
    assert readings == [0, made[1].id, made[3].id]

    await store.write(offers.pause, me.community, made[0].member, Paused.SELF)
    assert (await chat.run("/pmpath mentor find")).buttons.count("Look") == 4
    assert readings[3:] == [0, made[2].id, made[4].id]

    await chat.run("/pmpath mentor find")
    assert len(readings) == 6
    clock.move(days=1)
    await chat.run("/pmpath mentor find")
    assert len(readings) == 9
