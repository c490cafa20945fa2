"""Figures of mentoring: counted as they are, shown so that nobody learns what fewer than five people did."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

from storage import members, mentor_figures, mentorships, offers, requests
from storage.members import Me
from storage.mentor_figures import Mentoring, moved
from storage.mentor_states import Paused
from storage.requests import Asked
from storage.store import Store
from tests.storage.conftest import Clock
from tests.storage.mentoring import TERMS, mentee, mentor, person


def told(mentoring: Mentoring) -> tuple[int | None, ...]:
    """All that is shown."""
    return (
        mentoring.with_mentor, mentoring.listed, mentoring.free, mentoring.acceptance, mentoring.waits,
    )  # fmt: skip


async def test_they_are_counted_of_this_community_alone(store: Store, me: Me, clock: Clock) -> None:
    terms = replace(TERMS, capacity=3)
    found = [await mentor(store, person(me, f"M{number}"), terms) for number in range(6)]
    await store.write(offers.pause, me.community, found[5].member, Paused.SELF)
    asked = []
    for number in range(6):
        who = person(me, f"S{number}")
        await mentee(store, who)
        made = await store.write(requests.ask, who, found[number % 5].id, [])
        assert isinstance(made, Asked)
        asked.append(made.request)
    clock.moment += dt.timedelta(days=2, hours=1)
    for number in range(5):
        assert isinstance(await store.write(requests.accept, person(me, f"M{number}"), asked[number]), int)
    await store.write(requests.decline, person(me, "M0"), asked[5])
    (match,) = await store.read(mentorships.mine, person(me, "S0"))
    await store.write(mentorships.end, person(me, "S0"), match.id)

    counted = await store.read(mentor_figures.count, me.community)
    assert counted == Mentoring(mentees=5, mentors=5, places=11, asked=6, answering=5, accepted=5, refused=1, days=3)
    assert told(counted) == (5, 5, 10, 100, 3)  # one who was refused is too few to count
    assert await store.read(mentor_figures.count, me.community + 1) == Mentoring()
    await store.write(members.forget, person(me, "S1"))
    assert told(await store.read(mentor_figures.count, me.community))[0] == 0  # by itself: what stands does not fall


def test_below_five_nothing_is_shown() -> None:
    assert told(Mentoring(4, 4, 40, 4, 9, 30, 30, 3)) == (0, 0, 0, None, None)
    assert told(Mentoring(40, 40, 4, 40, 4, 30, 30, 3)) == (40, 40, 0, None, None)
    assert told(Mentoring(9, 9, 9, 9, 9, 9, 8, 3)) == (5, 5, 5, 50, 3)


def test_no_figure_moves_before_five_people_more_or_fewer_make_it() -> None:
    rng = random.Random(6)
    names = ("mentees", "mentors", "asked")
    standing = now = Mentoring(9, 9, 30, 9, 9, 20, 10, 2)
    for _step in range(2000):
        name, step = rng.choice(names), rng.choice((-1, 1))
        now = replace(now, **{name: max(0, getattr(now, name) + step)}, places=rng.randrange(99), days=rng.randrange(9))
        later = moved(standing, now)
        people = [abs(getattr(later, each) - getattr(standing, each)) for each in names]
        assert all(each == 0 or each >= 5 for each in people)
        if told(later) != told(standing):
            assert max(people) >= 5
        standing = later
    assert moved(None, now) == now
    assert moved(standing, replace(standing, mentors=standing.mentors + 4, places=98)) == standing
