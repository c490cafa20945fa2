"""Requests: one is open at a time, the next wish follows, capacity holds, and a busy mentor is busy for any reason."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

from content.mentoring import WhyNot
from storage import asks, members, mentor_times, mentorships, not_with, offers, requests, wishes
from storage.members import Me
from storage.mentor_states import MatchState, Paused, RequestState
from storage.requests import Asked, Busy, Enough, Over
from storage.store import Store
from tests.storage.conftest import Clock
from tests.storage.mentoring import TERMS, mentee, mentor, person

HOUR = dt.timedelta(hours=1)


async def test_a_yes_makes_the_match_and_ends_the_other_wishes(store: Store, me: Me) -> None:
    mentors = [await mentor(store, person(me, name)) for name in ("Ada", "Bo")]
    row = await mentee(store, me)

    first, second = [await store.write(requests.ask, me, each.id, ["kubernetes"]) for each in mentors]
    assert isinstance(first, Asked)
    assert isinstance(second, Asked)
    assert (first.open, second.open, second.place) == (True, False, 2)
    assert await store.write(requests.ask, me, mentors[0].id, []) == first
    assert [each.gaps for each in await store.read(requests.before_me, person(me, "Ada"))] == [("kubernetes",)]
    assert await store.read(requests.before_me, person(me, "Bo")) == []

    assert await store.write(requests.accept, person(me, "Bo"), first.request) == Over()
    made = await store.write(requests.accept, person(me, "Ada"), first.request)
    assert await store.write(requests.accept, person(me, "Ada"), first.request) == Over()
    assert [each.id for each in await store.read(mentorships.mine, me)] == [made]
    assert await store.read(wishes.live, row) == []


async def test_silence_passes_to_the_next_wish_and_twice_a_week_apart_pauses(
    store: Store, me: Me, clock: Clock
) -> None:
    ada, bo = [await mentor(store, person(me, name), replace(TERMS, capacity=5)) for name in ("Ada", "Bo")]
    row = await mentee(store, me)
    await store.write(requests.ask, me, ada.id, [])
    await store.write(requests.ask, me, bo.id, [])

    clock.move(72 * HOUR - HOUR)
    assert not await store.read(mentor_times.anything)
    clock.move(HOUR)
    assert await store.read(mentor_times.anything)
    assert await store.write(mentor_times.work_off) == 1
    assert [(each.mentor, each.state) for each in await store.read(wishes.live, row)] == [
        (bo.member, RequestState.OPEN)
    ]
    assert await store.write(mentor_times.work_off) == 0

    other = person(me, "Cem")
    await mentee(store, other)
    clock.move(5 * 24 * HOUR)
    await store.write(requests.ask, other, ada.id, [])
    clock.move(72 * HOUR)
    await store.write(mentor_times.work_off)
    paused = await store.read(offers.mine, person(me, "Ada"))
    assert paused is not None
    assert paused.paused is Paused.SILENCE


async def test_full_paused_and_kept_apart_are_all_just_busy(store: Store, me: Me) -> None:
    ada, bo, cem = [await mentor(store, person(me, name)) for name in ("Ada", "Bo", "Cem")]
    row = await mentee(store, me)
    other = person(me, "Dana")
    await mentee(store, other)
    asked = await store.write(requests.ask, other, ada.id, [])
    assert isinstance(asked, Asked)
    await store.write(offers.pause, me.community, bo.member, Paused.SELF)
    await store.write(not_with.keep_apart, cem.member, row)

    assert [await store.write(requests.ask, me, each.id, []) for each in (ada, bo, cem)] == [Busy()] * 3


async def test_a_no_goes_on_to_the_next_and_three_wishes_are_the_most(store: Store, me: Me) -> None:
    mentors = [await mentor(store, person(me, name)) for name in ("Ada", "Bo", "Cem", "Dana")]
    row = await mentee(store, me)
    made = [await store.write(requests.ask, me, each.id, []) for each in mentors]
    assert made[3] == Enough()
    assert isinstance(made[0], Asked)

    declined = await store.write(requests.decline, person(me, "Ada"), made[0].request, WhyNot.TIME)
    assert not isinstance(declined, Over)
    assert await store.write(requests.decline, person(me, "Ada"), made[0].request) == Over()
    assert [each.state for each in await store.read(wishes.live, row)] == [RequestState.OPEN, RequestState.WISHED]


async def test_64_ask_one_mentor_with_one_place_and_64_times_it_is_accepted(store: Store, me: Me) -> None:
    ada = await mentor(store, person(me, "Ada"))
    people = [person(me, f"M{number}") for number in range(64)]
    for each in people:
        await mentee(store, each)

    answers = await asyncio.gather(*(store.write(requests.ask, each, ada.id, []) for each in people))
    opened = [each for each in answers if isinstance(each, Asked)]
    assert len(opened) == 1
    assert answers.count(Busy()) == 63
    presses = (store.write(requests.accept, person(me, "Ada"), opened[0].request) for _press in range(64))
    accepted = await asyncio.gather(*presses)
    assert len([each for each in accepted if isinstance(each, int)]) == 1
    assert len(await store.read(mentorships.mine, person(me, "Ada"))) == 1


async def test_who_asked_beyond_capacity_goes_on_and_can_ask_again_once_a_match_ends(store: Store, me: Me) -> None:
    ada, bo = [await mentor(store, person(me, name), replace(TERMS, capacity=2)) for name in ("Ada", "Bo")]
    rows = []
    for name in ("Dana", "Cem"):
        await mentee(store, person(me, name))
        rows.append(await store.write(requests.ask, person(me, name), ada.id, []))
    first, second = rows
    assert isinstance(first, Asked)
    assert isinstance(second, Asked)
    await store.write(requests.ask, person(me, "Cem"), bo.id, [])
    await store.write(offers.save, person(me, "Ada"), replace(TERMS, capacity=1), approved=True)
    made = await store.write(requests.accept, person(me, "Ada"), first.request)
    assert isinstance(made, int)
    assert await store.write(requests.accept, person(me, "Ada"), second.request) == Over()
    assert [each.mentee_name for each in await store.read(requests.before_me, person(me, "Bo"))] == ["Cem"]
    assert await store.write(requests.ask, person(me, "Cem"), ada.id, []) == Busy()

    ended = await store.write(mentorships.end, person(me, "Dana"), made)
    assert ended is not None
    assert await store.write(mentorships.end, person(me, "Ada"), made) is None
    over = await store.read(mentorships.find, me=person(me, "Dana"), match=made)
    assert over is not None
    assert over.state is MatchState.ENDED
    before_bo = await store.read(requests.before_me, person(me, "Bo"))
    await store.write(requests.withdraw, person(me, "Cem"), before_bo[0].id)
    again = await store.write(requests.ask, person(me, "Cem"), ada.id, [])
    assert isinstance(again, Asked)
    assert isinstance(await store.write(requests.accept, person(me, "Ada"), again.request), int)


async def test_who_goes_leaves_nobody_waiting(store: Store, me: Me) -> None:
    ada, bo = [await mentor(store, person(me, name)) for name in ("Ada", "Bo")]
    row = await mentee(store, me)
    await store.write(requests.ask, me, ada.id, [])
    await store.write(requests.ask, me, bo.id, [])
    assert await store.write(asks.wait, me)

    await store.write(members.forget, person(me, "Ada"))
    assert await store.read(mentor_times.anything)
    await store.write(mentor_times.work_off)
    assert [(each.mentor, each.state) for each in await store.read(wishes.live, row)] == [
        (bo.member, RequestState.OPEN)
    ]
    assert not await store.read(mentor_times.anything)
