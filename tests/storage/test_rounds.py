"""A matching day from its order to its end: one at a time, leased, restartable after a kill at any point."""

from __future__ import annotations

import asyncio
import datetime as dt

from content.left_over import LeftOver
from storage import asks, audit, mentorships, moderator_notes, not_with, offers, requests, round_pairs, rounds, wishes
from storage import round_running as running
from storage.members import Me
from storage.mentor_states import WAITS_FOR, Paused
from storage.requests import Asked
from storage.round_states import Failure, RoundState
from storage.rounds import Round
from storage.store import Store
from tests.storage.conftest import Clock
from tests.storage.matching import LEASE, OWNER, REAL, claimed, ready, waits
from tests.storage.matching import offers as offer
from tests.storage.mentoring import person


async def state(store: Store, me: Me) -> Round:
    found = await store.read(rounds.latest, me.community)
    assert found is not None
    return found


async def run_out(store: Store, round_id: int) -> int:
    """All the steps of *Run*; how many units that took."""
    steps = 1
    while await store.write(running.step, round_id, lambda _terms, _wanted: True):
        steps += 1
    return steps


async def test_one_is_live_at_a_time_and_its_schedule_comes_before_what_is_only_looked_at(store: Store, me: Me) -> None:
    ordered = await asyncio.gather(*(store.write(rounds.order, me.community) for _press in range(4)))
    assert len([each for each in ordered if each is not None]) == 1
    first = await state(store, me)

    assert await store.write(rounds.order, me.community, scheduled=True)
    second = await state(store, me)
    assert (second.scheduled, second.id > first.id) == (True, True)
    one = await store.read(rounds.find, me.community, first.id)
    assert one is not None
    assert one.state is RoundState.DROPPED

    await store.write(rounds.order_anew, me, first.id)  # an old card's button
    assert (await state(store, me)).id == second.id
    assert await store.write(rounds.drop, me, second.id)
    assert not await store.write(rounds.drop, me, second.id)
    assert (await store.read(audit.of_community, me.community, 0, 9)).total == 1


async def test_one_leased_by_a_clock_that_was_ahead_is_worked_out_again(store: Store, me: Me) -> None:
    await waits(store, me, "Bo")
    await store.write(rounds.order, me.community)
    first = await claimed(store, REAL + dt.timedelta(days=40))

    assert first is not None
    assert await claimed(store, REAL, "other") == first


async def test_whose_worker_is_gone_is_worked_out_by_another_but_not_for_ever(store: Store, me: Me) -> None:
    row, there = await waits(store, me, "Bo"), await offer(store, me, "Ada")
    await store.write(rounds.order, me.community)
    first = await claimed(store)
    assert first is not None
    assert await claimed(store, owner="other") is None
    assert await store.write(round_pairs.keep, first.id, OWNER, [(row, there.member, 9, (9, 0, 0, 0, 0))], [])

    later = REAL + LEASE
    assert await claimed(store, later, "other") == first
    assert not await store.write(rounds.tick, first.id, OWNER, 500, later + LEASE)
    assert not await store.write(round_pairs.keep, first.id, OWNER, [], [(row, LeftOver.HOURS.value)])
    assert not await store.write(round_pairs.clear, first.id, OWNER)
    assert (
        len(await store.read(round_pairs.weakest, first.id, 0, 0, 9)) == 1
    )  # whose worker was stopped forgets nothing
    assert not await store.write(round_pairs.clear, first.id, "other")
    assert await store.read(round_pairs.weakest, first.id, 0, 0, 9) == []
    await store.write(rounds.give_back, first.id, "other")
    assert (await state(store, me)).state is RoundState.ORDERED

    third, fourth = await claimed(store, later), await claimed(store, later + LEASE)
    assert third is not None
    assert fourth is not None
    assert (third.worn_out, fourth.worn_out) == (False, True)
    await store.write(rounds.fail, fourth.id, OWNER, Failure.CRASHED)
    found = await state(store, me)
    assert (found.state, found.failure) == (RoundState.FAILED, Failure.CRASHED)
    assert [each.notice for each in await store.read(moderator_notes.of_community, me.community)] == [rounds.FAILED]
    await store.write(rounds.order_anew, me, found.id)
    assert (await state(store, me)).state is RoundState.ORDERED


async def test_run_makes_what_was_looked_at_and_counts_who_was_left_over_once(store: Store, me: Me) -> None:
    mentors = [await offer(store, me, f"Mentor {number}", 9) for number in range(3)]
    rows = [await waits(store, me, f"Bo {number}") for number in range(24)]
    pairs = [(row, mentors[place % 3].member) for place, row in enumerate(rows[:20])]
    made = await ready(store, me, pairs, rows[20:])
    weakest = await store.read(round_pairs.weakest, made, 0, 0, 5)
    assert [each.score for each in weakest] == sorted(each.score for each in weakest)
    assert sum(weakest[0].parts) >= weakest[0].score
    assert not await store.write(round_pairs.set_out, me, made, 1, weakest[0].check, out=True)
    assert await store.write(round_pairs.set_out, me, made, 0, weakest[0].check, out=True)
    assert [each.out for each in await store.read(round_pairs.weakest, made, 0, 0, 2)] == [True, False]

    assert not await store.write(running.run, me, made, 20)
    assert await store.write(running.run, me, made, 19)
    assert not await store.write(running.run, me, made, 19)
    assert not await store.write(round_pairs.set_out, me, made, 1, weakest[1].check, out=True)
    await store.write(running.step, made, lambda _terms, _wanted: True)
    assert await store.read(running.running) == made  # killed here, another process goes on
    await asyncio.gather(run_out(store, made), run_out(store, made))

    found = await state(store, me)
    assert (found.state, found.figures.made, found.figures.gone) == (RoundState.DONE, 19, 0)
    assert await store.read(running.running) is None
    assert not await store.write(running.step, made, lambda _terms, _wanted: True)
    left = [await store.read(asks.of_member, row) for row in (rows[19], *rows[20:])]
    assert [each.rounds for each in left if each is not None] == [1] * 5
    why = [await store.read(round_pairs.last_for, person(me, f"Bo {number}")) for number in (0, 19, 20)]
    assert [each and each.why for each in why] == [None, LeftOver.UNMADE, LeftOver.PLACES]
    assert len(await store.read(mentorships.mine, person(me, "Mentor 0"))) == 7


async def test_who_waits_anew_is_not_promised_what_an_earlier_wait_earned(store: Store, me: Me, clock: Clock) -> None:
    ada, bo = [await waits(store, me, name) for name in ("Ada", "Bo")]
    await run_out(store, await ready(store, me, [], [ada, bo], scheduled=True))
    seen = [await store.read(round_pairs.last_for, person(me, name)) for name in ("Ada", "Bo")]
    assert [each and each.why for each in seen] == [LeftOver.PLACES] * 2

    await store.write(asks.stop, ada)
    await waits(store, me, "Ada")
    assert await store.read(round_pairs.last_for, person(me, "Ada")) is None

    clock.move(WAITS_FOR)
    assert await store.read(round_pairs.last_for, person(me, "Bo")) is None
    await store.write(asks.wait, person(me, "Bo"))
    assert await store.read(round_pairs.last_for, person(me, "Bo")) is None


async def test_what_came_between_two_since_leaves_the_mentee_waiting_with_priority(store: Store, me: Me) -> None:
    names = ["Apart", "Paused", "Full", "Stopped", "Taken", "Unfit"]
    rows = {name: await waits(store, me, name) for name in names}
    mentors = {name: await offer(store, me, f"For {name}") for name in names}
    other = await offer(store, me, "Other")
    asked = await store.write(requests.ask, person(me, "Taken"), other.id, [])
    await store.write(requests.ask, person(me, "Full"), (await offer(store, me, "Extra")).id, [])
    made = await ready(store, me, [(rows[name], mentors[name].member) for name in names], scheduled=True)
    await store.write(not_with.keep_apart, rows["Apart"], mentors["Apart"].member)
    await store.write(offers.pause, me.community, mentors["Paused"].member, Paused.SELF)
    await waits(store, me, "First")
    assert isinstance(await store.write(requests.ask, person(me, "First"), mentors["Full"].id, []), Asked)
    await store.write(asks.stop, rows["Stopped"])
    assert isinstance(asked, Asked)
    await store.write(requests.accept, person(me, "Other"), asked.request)

    while await store.write(running.step, made, lambda terms, _wanted: terms.words != "For Unfit"):
        pass

    found = await state(store, me)
    assert (found.state, found.figures.made, found.figures.gone) == (RoundState.DONE, 0, 6)
    assert len(await store.read(wishes.live, rows["Full"])) == 1
    counted = [await store.read(asks.of_member, rows[name]) for name in names]
    assert [each.rounds for each in counted if each is not None] == [1, 1, 1, 0, 0, 1]
    why = await store.read(round_pairs.last_for, person(me, "Apart"))
    assert why is not None
    assert why.why is LeftOver.UNMADE
    assert await store.read(round_pairs.last_for, person(me, "Stopped")) is None
    assert [each.notice for each in await store.read(moderator_notes.of_community, me.community)] == [rounds.DONE]


async def test_an_open_request_takes_part_and_ends_kindly(store: Store, me: Me) -> None:
    row, asked_one, found_one = (
        await waits(store, me, "Bo"),
        await offer(store, me, "Ada"),
        await offer(store, me, "Cem"),
    )
    await store.write(requests.ask, person(me, "Bo"), asked_one.id, [])
    await store.write(requests.ask, person(me, "Bo"), found_one.id, [])

    made = await ready(store, me, [(row, found_one.member)], scheduled=True)
    await run_out(store, made)

    assert await store.read(wishes.live, row) == []
    (match,) = await store.read(mentorships.mine, person(me, "Bo"))
    assert (match.mentor, match.by_round, match.kit.rounds) == (found_one.member, True, 0)
    assert await store.read(requests.before_me, person(me, "Ada")) == []

    other, same = await waits(store, me, "Dana"), await offer(store, me, "Eva")
    await store.write(requests.ask, person(me, "Dana"), same.id, [])
    again = await ready(store, me, [(other, same.member)], scheduled=True)
    await run_out(store, again)
    assert len(await store.read(mentorships.mine, person(me, "Dana"))) == 1


async def test_all_below_a_score_are_left_out_but_for_those_put_back(store: Store, me: Me) -> None:
    there = await offer(store, me, "Ada", 9)
    rows = [await waits(store, me, f"Bo {number}") for number in range(4)]
    made = await ready(store, me, [(row, there.member) for row in rows])
    top = 5580  # the parts' sum; each following pair has a tick less

    assert await store.write(round_pairs.set_floor, me, made, top - 1)
    counts = await store.read(round_pairs.counts, made, top - 1)
    assert (counts.wanted, counts.out) == (2, 2)
    (worst, *_others) = await store.read(round_pairs.weakest, made, top - 1, 0, 4)
    assert worst.out
    assert await store.write(round_pairs.set_out, me, made, 0, worst.check, out=False)
    assert (await store.read(round_pairs.counts, made, top - 1)).wanted == 3
    assert await store.read(round_pairs.by_score, made) == {7: 4}
    listed, rest = await store.read(round_pairs.part, made, top - 1, (-1, -1))
    assert ([each.out for each in listed], rest) == ([False, True, False, False], None)
    assert await store.write(round_pairs.put_all_back, me, made)
    assert (await store.read(round_pairs.counts, made, 0)).wanted == 4
    stranger = Me(me.community + 1, me.uid, me.name)
    assert not await store.write(round_pairs.put_all_back, stranger, made)
    assert not await store.write(rounds.drop, stranger, made)
    await store.write(rounds.drop, me, made)
    assert await store.write(round_pairs.sweep)
    assert not await store.write(round_pairs.sweep)


async def test_no_capacity_is_exceeded_while_people_ask_and_accept_beside_a_run(store: Store, me: Me) -> None:
    there = [await offer(store, me, f"Mentor {number}", 2) for number in range(3)]
    rows = [await waits(store, me, f"Bo {number}") for number in range(12)]
    made = await ready(store, me, [(row, there[place % 3].member) for place, row in enumerate(rows)], scheduled=True)
    asked = [await store.write(requests.ask, person(me, f"Bo {number}"), there[0].id, []) for number in range(3)]
    opened = [each.request for each in asked if isinstance(each, Asked)]
    assert len(opened) == 2

    presses = [store.write(requests.accept, person(me, "Mentor 0"), each) for each in opened for _press in range(8)]
    asks_too = [store.write(requests.ask, person(me, f"Bo {number}"), there[1].id, []) for number in range(12)]
    steps = [run_out(store, made) for _process in range(2)]
    answers = await asyncio.gather(*presses, *asks_too, *steps)

    while await store.read(running.running) is not None:  # who had it in hand may have been let be
        await run_out(store, made)
    found = await state(store, me)
    on = [await store.read(mentorships.mine, person(me, f"Mentor {number}")) for number in range(3)]
    assert all(len(each) <= 2 for each in on)
    accepted = len({each for each in answers[:16] if isinstance(each, int)})
    assert found.figures.made + accepted == sum(map(len, on))
    assert found.figures.made + found.figures.gone == 12
