"""Claims with turns: what several processes send together keeps one pace, and no community waits for another's."""

from __future__ import annotations

import datetime as dt

import pytest

from content.text import Language
from storage import claiming, communities, outbox, paces
from storage.claiming import Claimed, Pace
from storage.outbox import Lane
from storage.store import Store
from storage.unit import Unit

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
LEASE = dt.timedelta(seconds=60)
SLOW = Pace("slack", Lane.POSTS, 5.0, apart=False)
APART = Pace("slack", Lane.POSTS, 5.0, apart=True)


def post(unit: Unit, place: str, *keys: str) -> None:
    community = communities.seen(unit, "slack", place, place, Language.EN)
    for key in keys:
        unit.post(community.id, "general", "t.note", key=key, number=1)


async def claim(store: Store, owner: str, limit: int, pace: Pace, *, after: float = 0.0) -> Claimed:
    now = NOW + dt.timedelta(seconds=after)
    return await store.write(claiming.claim, owner, limit, LEASE, pace, real_now=now)


def seconds(claimed: Claimed) -> list[float]:
    return [(at - NOW).total_seconds() for turns in claimed.turns.values() for at in turns]


async def test_two_processes_never_have_the_same_turn_and_claim_no_more_than_half_a_lease_holds(store: Store) -> None:
    await store.write(post, "T1", *(f"p{number:02}" for number in range(20)))

    first = await claim(store, "a", 4, SLOW)
    second = await claim(store, "b", 4, SLOW)
    third = await claim(store, "b", 4, SLOW)
    later = await claim(store, "b", 4, SLOW, after=20.0)

    assert seconds(first) == [0, 5, 10, 15]
    assert seconds(second) == [20, 25]
    assert third.dues == []
    assert seconds(later) == [30, 35, 40, 45]
    assert [due.key for each in (first, second, later) for due in each.dues] == [
        f"post:p{number:02}" for number in range(10)
    ]
    assert {due.attempt for due in later.dues} == {1}


async def test_a_community_with_much_to_send_holds_up_no_other(store: Store) -> None:
    await store.write(post, "T1", *(f"p{number:02}" for number in range(20)))
    await store.write(post, "T2", "q1", "q2")
    await store.write(post, "T3", "r1")

    all_of_them = await claim(store, "a", 10, APART)
    later = await claim(store, "a", 10, APART)

    assert sorted(due.place.ext_id for due in all_of_them.dues) == ["T1"] * 6 + ["T2"] * 2 + ["T3"]
    assert {name[-2:]: len(turns) for name, turns in all_of_them.turns.items()} == {"T1": 6, "T2": 2, "T3": 1}
    assert later.dues == []


async def test_turns_that_were_not_needed_are_the_next_ones(store: Store) -> None:
    await store.write(post, "T1", *(f"p{number:02}" for number in range(20)))
    [(name, turns)] = (await claim(store, "a", 4, SLOW)).turns.items()

    await store.write(paces.give_back, name, SLOW.seconds, turns[1:])
    assert seconds(await claim(store, "b", 1, SLOW)) == [5]
    await store.write(paces.give_back, name, SLOW.seconds, turns[2:])  # others have come after them

    assert seconds(await claim(store, "b", 1, SLOW)) == [10]


@pytest.mark.parametrize("wrong", [dt.timedelta(hours=1), -dt.timedelta(hours=1)])
async def test_what_a_wrong_clock_left_behind_holds_up_nothing(store: Store, wrong: dt.timedelta) -> None:
    await store.write(post, "T1", "p1", "p2", "p3")
    await store.write(claiming.claim, "a", 1, LEASE, SLOW, real_now=NOW + wrong)

    assert seconds(await claim(store, "b", 2, SLOW)) == [0, 5]


async def test_what_has_no_turn_is_left_as_it_was_even_in_doubt(store: Store) -> None:
    await store.write(post, "T1", *(f"p{number}" for number in range(8)))
    [doubtful] = (await claim(store, "a", 1, SLOW)).dues
    await store.write(outbox.look, doubtful, "?", dt.timedelta())

    taken = await claim(store, "b", 8, SLOW)
    rest = await claim(store, "c", 8, SLOW, after=40.0)

    assert len(taken.dues) == 5
    assert [due.attempt for due in rest.dues] == [1, 1, 1]
    assert [due.unsure_since is not None for due in taken.dues] == [True, False, False, False, False]
