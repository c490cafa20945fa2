"""Tips posted by hand while other processes are at the same queue, on PostgreSQL; on SQLite there is one writer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from content.outcomes import Outcome
from storage import by_hand, doubts, firing, next_up, outbox, proposals, taken
from storage.by_hand import Now
from storage.members import Me
from storage.schedules import ASKED_BEFORE
from storage.store import Store
from tests.storage import weekly
from tests.storage.conftest import Clock
from tests.storage.meanwhile import meanwhile
from tests.storage.weekly import LIBRARY, add, slots, switch_on, written


@pytest.fixture
async def two(postgres_url: str, clock: Clock) -> AsyncIterator[tuple[Store, Store]]:
    """Two processes."""
    opened = await Store.open(postgres_url, now=clock), await Store.open(postgres_url, now=clock)
    yield opened
    for each in opened:
        await each.close()


async def scene(store: Store, clock: Clock, *, own: bool) -> tuple[Me, str, int]:
    """A slot is due, and a moderator looks at the tip that goes out next."""
    me = await weekly.elsewhere(store, "discord")
    found = await switch_on(store, me, weekly.FRIDAY_TEN, Outcome.BUSINESS)
    word = str(await add(store, me, "One")) if own else "b0"
    clock.moment = found.next_at
    return me, word, int(clock.moment.timestamp())


@pytest.mark.parametrize("own", [True, False])
async def test_what_is_being_posted_by_hand_does_not_go_out_in_a_slot(
    two: tuple[Store, Store], clock: Clock, *, own: bool
) -> None:
    one, other = two
    me, word, drawn = await scene(one, clock, own=own)

    ended, _fired = await meanwhile(
        one,
        lambda unit: by_hand.post_now(unit, me, Outcome.BUSINESS, word, "C1", drawn),
        lambda: other.write(firing.fire, LIBRARY),
    )
    await weekly.fire(other)

    assert ended is Now.POSTED
    assert sorted(tip for tip, _state in await slots(one)) == sorted([word, "b0" if own else "b1"])


@pytest.mark.parametrize("own", [True, False])
async def test_what_is_going_out_in_a_slot_is_not_posted_by_hand(
    two: tuple[Store, Store], clock: Clock, *, own: bool
) -> None:
    one, other = two
    me, word, drawn = await scene(one, clock, own=own)

    _fired, ended = await meanwhile(
        one,
        lambda unit: firing.fire(unit, LIBRARY),
        lambda: other.write(by_hand.post_now, me, Outcome.BUSINESS, word, "C1", drawn),
    )

    assert ended is Now.GONE
    assert await slots(one) == [(word, "due")]


async def test_a_tip_of_the_library_that_is_going_out_is_not_taken_into_the_queue(
    two: tuple[Store, Store], clock: Clock
) -> None:
    one, other = two
    me, word, _drawn = await scene(one, clock, own=False)

    _fired, made = await meanwhile(
        one,
        lambda unit: firing.fire(unit, LIBRARY),
        lambda: other.write(taken.take, me, word, written("A copy")),
    )

    assert made is None


async def test_a_tip_of_the_library_that_is_going_out_is_not_passed_over(
    two: tuple[Store, Store], clock: Clock
) -> None:
    one, other = two
    me, word, _drawn = await scene(one, clock, own=False)

    _fired, done = await meanwhile(
        one,
        lambda unit: firing.fire(unit, LIBRARY),
        lambda: other.write(next_up.pass_over, me, word, LIBRARY),
    )

    assert done is False


async def test_what_a_slot_has_just_taken_is_not_proposed_instead_of_another(
    two: tuple[Store, Store], clock: Clock
) -> None:
    one, other = two
    me = await weekly.elsewhere(one, "discord")
    found = await switch_on(one, me, asks=True)
    clock.moment = found.next_at - ASKED_BEFORE
    await one.write(firing.ask, LIBRARY)
    asked = await weekly.schedule_of(one, me)
    drawn = int(clock.moment.timestamp())

    _posted, _done = await meanwhile(
        one,
        lambda unit: by_hand.post_now(unit, me, Outcome.BUSINESS, "b1", "C1", drawn),
        lambda: other.write(proposals.another, me, found.id, str(asked.asked_for), "b0", LIBRARY),
    )

    assert (await weekly.schedule_of(one, me)).proposed == "b2"


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("first", ["by hand", "its slot"])
async def test_a_refused_tip_that_a_slot_takes_again_is_not_posted_again_too(
    two: tuple[Store, Store], clock: Clock, first: str, *, own: bool
) -> None:
    one, other = two
    me, word, _drawn = await scene(one, clock, own=own)
    await weekly.fire(one)
    (due,) = await weekly.claim(one)
    await one.write(outbox.dead, due, "no-right")
    clock.moment = (await weekly.schedule_of(one, me)).next_at

    if first == "by hand":
        await meanwhile(
            one,
            lambda unit: doubts.post_again(unit, me.community, due.id),
            lambda: other.write(firing.fire, LIBRARY),
        )
        await weekly.fire(other)
        expected = [(word, "due"), ("b0" if own else "b1", "due")]
    else:
        await meanwhile(
            one,
            lambda unit: firing.fire(unit, LIBRARY),
            lambda: other.write(doubts.post_again, me.community, due.id),
        )
        expected = [(word, "failed"), (word, "due")]

    assert await slots(one) == expected
