"""The outbox: claimed once, leased, fenced, pruned."""

from __future__ import annotations

import asyncio
import datetime as dt

from sqlalchemy import text

from content.text import Language
from storage import communities, members, outbox, tables
from storage.communities import Community
from storage.due import Addressee, Due, Place
from storage.members import Me
from storage.outbox_states import DEAD, SENT, UNCERTAIN, WAITING
from storage.store import Store, Unit
from tests.storage.conftest import Clock

LEASE = dt.timedelta(seconds=60)
REAL = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)  # the leases' clock, which has nothing to do with the Store's


def tell(unit: Unit, me: Me, number: int = 1) -> None:
    unit.tell(members.ensure(unit, me), "mentor.asked", request=number, of="x")


def post(unit: Unit, community: int, key: str) -> None:
    unit.post(community, "C1", "tips.week", key=key, tip=7)


async def claim(store: Store, *, owner: str = "loop", limit: int = 10, at: dt.datetime = REAL) -> list[Due]:
    return await store.write(outbox.claim, owner, limit, LEASE, real_now=at)


async def state_of(store: Store, due: Due) -> tuple[object, ...]:
    def look(unit: Unit) -> tuple[object, ...]:
        table = tables.outbox
        columns = (table.c.state, table.c.remote_id, table.c.error)
        return tuple(unit.execute(table.select().with_only_columns(*columns).where(table.c.id == due.id)).one())

    return await store.read(look)


async def test_a_message_says_all_that_its_sender_must_know(store: Store, me: Me, here: Community) -> None:
    await store.write(tell, me)
    await store.write(members.set_language, me, Language.ZH)
    await store.write(post, here.id, "2026-W48")

    told, posted = await claim(store)

    place = Place(here.id, "discord", "guild-1", Language.EN)
    assert told.member is not None
    assert told.member == Addressee(told.member.id, me.uid, me.name, Language.ZH)
    assert (told.place, told.channel, told.notice, told.ids) == (place, None, "mentor.asked", {"of": "x", "request": 1})
    assert (posted.place, posted.member, posted.channel) == (place, None, "C1")
    assert (posted.notice, posted.ids, posted.key) == ("tips.week", {"tip": 7}, "post:2026-W48")
    assert told.first
    assert told.unsure_since is None


async def test_a_unit_that_is_undone_tells_nobody(store: Store, me: Me) -> None:
    def fail(unit: Unit) -> None:
        tell(unit, me)
        raise ZeroDivisionError

    await asyncio.gather(store.write(fail), return_exceptions=True)

    assert await claim(store) == []


async def test_the_same_post_ordered_many_times_is_one(store: Store, here: Community) -> None:
    await asyncio.gather(*(store.write(post, here.id, "2026-W48") for _ in range(8)))

    assert len(await claim(store)) == 1
    await store.write(post, here.id, "2026-W48")
    assert await claim(store) == []


async def test_telling_twice_is_two_messages(store: Store, me: Me) -> None:
    await store.write(tell, me)
    await store.write(tell, me)

    assert len(await claim(store)) == 2


async def test_telling_a_member_who_is_gone_does_nothing(store: Store, me: Me) -> None:
    await store.write(lambda unit: unit.tell(12345, "mentor.asked"))

    assert await claim(store) == []


async def test_messages_come_in_the_order_in_which_they_are_due(store: Store, me: Me, clock: Clock) -> None:
    for number in range(5):
        await store.write(tell, me, number)
        clock.move(-dt.timedelta(seconds=1))
    clock.move(dt.timedelta(seconds=10))

    first = await claim(store, limit=2)
    second = await claim(store, limit=9)

    assert [due.ids["request"] for due in first] == [4, 3]
    assert [due.ids["request"] for due in second] == [2, 1, 0]


async def test_a_message_is_not_sent_before_it_is_due(store: Store, me: Me, clock: Clock) -> None:
    await store.write(tell, me)
    clock.move(-dt.timedelta(seconds=1))
    assert await claim(store) == []

    clock.move(dt.timedelta(seconds=1))
    assert len(await claim(store)) == 1


async def test_messages_of_platforms_that_nobody_serves_wait(store: Store, me: Me) -> None:
    elsewhere = await store.write(communities.seen, "slack", "T1", "Others", Language.EN)
    await store.write(tell, me)
    await store.write(tell, Me(elsewhere.id, "U1", "Una"))

    served = await store.write(outbox.claim, "loop", 10, LEASE, real_now=REAL, platforms={"slack"})

    assert [due.place.platform for due in served] == ["slack"]
    assert [due.place.platform for due in await claim(store)] == ["discord"]


async def test_many_loops_that_claim_at_once_get_each_message_once(store: Store, me: Me) -> None:
    for number in range(40):
        await store.write(tell, me, number)

    claimed = await asyncio.gather(*(claim(store, owner=f"loop-{number}", limit=7) for number in range(8)))
    claimed.append(await claim(store, limit=40))

    numbers = [due.ids["request"] for part in claimed for due in part]
    assert sorted(numbers, key=int) == list(range(40))


async def test_no_plan_of_postgresql_takes_more_than_the_limit(store: Store, me: Me) -> None:
    def claim_otherwise(unit: Unit) -> list[Due]:
        for way in ("hashjoin", "hashagg", "mergejoin", "sort", "material") if store.shared else ():
            unit.execute(text(f"SET LOCAL enable_{way} = off"))
        return outbox.claim(unit, "loop", 7, LEASE, real_now=REAL)

    for number in range(40):
        await store.write(tell, me, number)

    assert len(await store.write(claim_otherwise)) == 7


async def test_a_sent_message_is_not_due_again(store: Store, me: Me) -> None:
    await store.write(tell, me)
    [due] = await claim(store)

    assert await store.write(outbox.sent, due, "message-1") is True

    assert await state_of(store, due) == (SENT, "message-1", None)
    assert await claim(store, at=REAL + 2 * LEASE) == []


async def test_a_lease_that_ran_out_is_due_again_and_its_old_holder_can_no_longer_end_it(store: Store, me: Me) -> None:
    await store.write(tell, me)
    [old] = await claim(store, owner="loop")
    assert await claim(store, at=REAL + LEASE - dt.timedelta(microseconds=1)) == []

    [new] = await claim(store, owner="loop", at=REAL + LEASE)

    assert (new.attempt, new.first, new.unsure_since) == (2, False, REAL)
    for end in (
        store.write(outbox.sent, old, "late"),
        store.write(outbox.again, old, "late", LEASE),
        store.write(outbox.refused, old),
        store.write(outbox.dead, old, "late"),
        store.write(outbox.uncertain, old),
    ):
        assert await end is False
    assert await store.write(outbox.sent, new, "message-2") is True
    assert await state_of(store, new) == (SENT, "message-2", None)


async def test_a_claim_from_a_time_to_come_is_due_again_in_doubt(store: Store, me: Me, here: Community) -> None:
    """Its holder's clock was 40 days ahead: else its lease would last as long. A little ahead is another machine."""
    await store.write(post, here.id, "a")
    assert await claim(store, owner="gone", at=REAL + dt.timedelta(days=40))

    [again] = await claim(store, owner="other")
    assert await claim(store, owner="third", at=REAL - dt.timedelta(minutes=9)) == []

    assert again.unsure_since is not None
    assert not again.first


async def test_a_doubt_about_an_earlier_attempt_outlives_later_ones(store: Store, me: Me) -> None:
    await store.write(tell, me)
    await claim(store)
    [second] = await claim(store, at=REAL + LEASE)
    await store.write(outbox.again, second, "429", dt.timedelta(0))
    [third] = await claim(store, at=REAL + 2 * LEASE)
    [fourth] = await claim(store, at=REAL + 3 * LEASE)

    assert [due.unsure_since for due in (second, third, fourth)] == [REAL] * 3


async def test_a_failed_attempt_is_repeated_later_without_doubt(store: Store, me: Me, clock: Clock) -> None:
    await store.write(tell, me)
    [due] = await claim(store)

    assert await store.write(outbox.again, due, "503 from the platform", dt.timedelta(seconds=30)) is True

    assert await state_of(store, due) == (WAITING, None, "503 from the platform")
    assert await claim(store) == []
    clock.move(dt.timedelta(seconds=30))
    [again] = await claim(store)
    assert (again.id, again.attempt, again.unsure_since) == (due.id, 2, None)


async def test_a_refused_message_is_shown_once_to_its_member_alone(store: Store, me: Me, somebody: Me) -> None:
    await store.write(tell, me, 1)
    await store.write(tell, me, 2)
    await store.write(members.ensure, somebody)
    for due in await claim(store):
        assert await store.write(outbox.refused, due) is True

    refused = await store.read(outbox.waiting, me)
    assert [due.ids["request"] for due in refused] == [1, 2]
    assert await store.read(outbox.waiting, somebody) == []

    await store.write(outbox.shown, somebody, [refused[0].id])
    assert len(await store.read(outbox.waiting, me)) == 2
    await store.write(outbox.shown, me, [refused[0].id])
    assert [due.ids["request"] for due in await store.read(outbox.waiting, me)] == [2]
    await store.write(outbox.shown, me, [])
    assert await claim(store, at=REAL + 2 * LEASE) == []


async def test_what_is_given_up_or_uncertain_is_never_repeated(store: Store, me: Me, here: Community) -> None:
    await store.write(tell, me)
    await store.write(post, here.id, "2026-W48")
    told, posted = await claim(store)

    assert await store.write(outbox.dead, told, "no such member") is True
    assert await store.write(outbox.uncertain, posted) is True

    assert await claim(store, at=REAL + 2 * LEASE) == []
    assert await state_of(store, told) == (DEAD, None, "no such member")
    assert await state_of(store, posted) == (UNCERTAIN, None, None)


async def test_pruning_erases_a_week_after_the_end_and_only_what_has_ended(
    store: Store, me: Me, here: Community, clock: Clock
) -> None:
    for number in range(4):
        await store.write(tell, me, number)
    await store.write(post, here.id, "k")
    clock.move(dt.timedelta(days=3))
    sent, closed, dead, waiting, uncertain = await claim(store)
    await store.write(outbox.sent, sent, "m")
    await store.write(outbox.refused, closed)
    await store.write(outbox.dead, dead, "no")
    await store.write(outbox.again, waiting, "later", dt.timedelta(0))
    await store.write(outbox.uncertain, uncertain)

    def left(unit: Unit) -> set[str]:
        return set(unit.execute(tables.outbox.select().with_only_columns(tables.outbox.c.state)).scalars())

    clock.move(dt.timedelta(days=6))
    await store.write(outbox.prune)
    assert await store.read(left) == {"sent", "closed", "dead", "waiting", "uncertain"}
    clock.move(dt.timedelta(days=1))
    assert await store.write(outbox.prune) is False

    assert await store.read(left) == {"closed", "waiting", "uncertain"}


async def test_a_message_in_flight_to_a_member_who_is_forgotten_ends_quietly(store: Store, me: Me) -> None:
    await store.write(tell, me)
    [due] = await claim(store)

    await store.write(members.forget, me)

    assert await store.write(outbox.sent, due, "m") is False
    assert await claim(store, at=REAL + 2 * LEASE) == []
