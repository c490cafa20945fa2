"""What wishes must withstand: presses before their turn, people kept apart meanwhile, mentors who are there no more."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select

from storage import asks, mentorships, not_with, offers, requests, sessions, wishes
from storage.members import Me
from storage.mentor_states import Approval, Paused, RequestState
from storage.requests import Asked, Busy, Over
from storage.store import Store, Unit
from storage.tables import mentorship, outbox
from tests.storage.conftest import Clock
from tests.storage.mentoring import DAY, TERMS, mentee, mentor, person, waiting


def paired(unit: Unit, me: Me, mentor_id: int, mentee_id: int) -> object:
    """As a matching day does it."""
    wishes.hold(unit, [mentor_id, mentee_id])
    offer, ask = offers.of_member(unit, mentor_id), asks.of_member(unit, mentee_id)
    assert offer is not None
    assert ask is not None
    return mentorships.make(unit, me.community, offer, ask, by_round=1)


def told(unit: Unit) -> list[str]:
    return [*unit.execute(select(outbox.c.notice).order_by(outbox.c.id)).scalars()]


async def ask_both(store: Store, me: Me, *, capacity: int = 1) -> tuple[list[offers.Offer], list[int]]:
    """Ada, whom I ask, and Bo, whose turn has not come."""
    found = [await mentor(store, person(me, name), replace(TERMS, capacity=capacity)) for name in ("Ada", "Bo")]
    await mentee(store, me)
    made = [await store.write(requests.ask, me, each.id, []) for each in found]
    return found, [each.request for each in made if isinstance(each, Asked)]


async def test_a_wish_whose_turn_has_not_come_is_not_its_mentors_to_answer(store: Store, me: Me) -> None:
    (_ada, bo), (first, second) = await ask_both(store, me)

    assert await store.write(requests.accept, person(me, "Bo"), second) == Over()
    assert await store.write(requests.decline, person(me, "Bo"), second) == Over()
    assert await store.write(requests.withdraw, me, second) != Over()
    again = await store.write(requests.ask, me, bo.id, [])
    assert isinstance(again, Asked)
    assert not again.open
    await store.write(requests.withdraw, me, first)
    assert [each.id for each in await store.read(requests.before_me, person(me, "Bo"))] == [again.request]


async def test_who_was_kept_apart_meanwhile_is_not_brought_together(store: Store, me: Me) -> None:
    (ada, _bo), (first, _second) = await ask_both(store, me, capacity=2)
    row = await mentee(store, me)
    await store.write(not_with.keep_apart, row, ada.member)

    assert await store.write(requests.accept, person(me, "Ada"), first) == Over()
    assert not isinstance(await store.write(paired, me, ada.member, row), int)
    assert await store.read(mentorships.mine, me) == []


@pytest.mark.parametrize("never", [False, True])
async def test_after_a_no_of_either_kind_the_mentor_is_busy(store: Store, me: Me, never: bool) -> None:
    (ada, _bo), (first, second) = await ask_both(store, me)
    await store.write(requests.decline, person(me, "Ada"), first, never=never)
    await store.write(requests.withdraw, me, second)

    assert await store.write(requests.ask, me, ada.id, []) == Busy()


async def test_who_is_matched_by_a_matching_day_wishes_for_nobody_else(store: Store, me: Me) -> None:
    mentors, _requests = await ask_both(store, me)
    cem = await mentor(store, person(me, "Cem"))
    row = await mentee(store, me)

    assert isinstance(await store.write(paired, me, cem.member, row), int)
    assert await store.read(wishes.live, row) == []
    assert (await store.read(told)).count("mentor.found-another") == 1
    assert await store.read(requests.before_me, person(me, "Ada")) == []
    assert isinstance(await store.write(paired, me, mentors[0].member, row), mentorships.Taken)
    await store.write(asks.wait, me)
    assert await store.read(waiting, me.community) == []


async def test_nobody_waits_for_a_removed_mentor_and_a_removal_outlives_the_offers_end(store: Store, me: Me) -> None:
    (ada, bo), (_first, second) = await ask_both(store, me)
    row = await mentee(store, me)

    await store.write(offers.set_approval, me.community, ada.member, Approval.REMOVED)
    assert [(each.id, each.state) for each in await store.read(wishes.live, row)] == [(second, RequestState.OPEN)]
    await store.write(offers.drop, me.community, ada.member)
    await store.write(offers.save, person(me, "Ada"), TERMS, approved=True)
    again = await store.read(offers.mine, person(me, "Ada"))
    assert again is not None
    assert again.approval is Approval.REMOVED

    await store.write(offers.drop, me.community, bo.member)
    assert await store.read(wishes.live, row) == []
    assert (await store.read(told)).count("mentor.declined") == 2


async def test_nobody_waits_for_a_place_that_its_mentor_takes_back(store: Store, me: Me) -> None:
    (ada, _bo), (_first, second) = await ask_both(store, me, capacity=2)
    row = await mentee(store, person(me, "Cem"))
    assert isinstance(await store.write(paired, me, ada.member, row), int)

    await store.write(offers.save, person(me, "Ada"), TERMS, approved=True)

    assert [each.id for each in await store.read(requests.before_me, person(me, "Bo"))] == [second]
    assert (await store.read(told)).count("mentor.declined") == 1


async def test_a_pause_of_the_moderators_is_theirs(store: Store, me: Me) -> None:
    ada = await mentor(store, person(me, "Ada"))
    assert await store.write(offers.pause, me.community, ada.member, Paused.MODERATORS)

    assert not await store.write(offers.pause, me.community, ada.member, Paused.SELF)
    assert not await store.write(offers.resume, me.community, ada.member, by=Paused.SELF)
    still = await store.read(offers.mine, person(me, "Ada"))
    assert still is not None
    assert still.paused is Paused.MODERATORS
    assert await store.write(offers.resume, me.community, ada.member)


async def test_a_proof_under_way_is_not_sent_twice(store: Store, me: Me) -> None:
    for _press in range(2):
        await store.write(offers.save, me, TERMS, approved=True)
        await store.write(offers.prove, me)

    assert await store.read(told) == ["mentor.proof"]


async def test_who_lets_sixty_days_pass_waits_from_the_beginning(store: Store, me: Me, clock: Clock) -> None:
    row = await mentee(store, me)
    for days, rounds in ((0, 0), (59, 1), (61, 0)):
        clock.move(days * DAY)
        await store.write(asks.wait, me)
        found = await store.read(asks.mine, me)
        assert found is not None
        assert found.rounds == rounds
        await store.write(asks.left_over, row)


async def test_whom_nobody_asks_any_more_is_not_asked_for_saying_not_yet(store: Store, me: Me, clock: Clock) -> None:
    ada = await mentor(store, person(me, "Ada"))
    row = await mentee(store, me)
    made = await store.write(paired, me, ada.member, row)
    assert isinstance(made, int)
    for one in (me, person(me, "Ada")):
        await store.write(sessions.met, one, "UTC", made)

    await store.write(sessions.not_yet, me, made)
    clock.move(dt.timedelta(days=30))
    assert (await store.read(lambda unit: unit.execute(select(mentorship.c.check_at)).scalars().all())) == [None]
    assert await store.write(sessions.check) == 0
