"""Results shown to a channel: once, and taken back in every state that their post can be in."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from content.outcomes import Outcome
from storage import doubts, members, outbox, shares, tables, taking_back
from storage.due import Due
from storage.members import Me
from storage.shares import Shared, ShareState
from storage.store import Store, Unit
from storage.taking_back import TAKE_BACK, Elsewhere, There
from tests.storage.conftest import Clock
from tests.storage.test_results import have_result

LEASE = dt.timedelta(seconds=60)
REAL = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


async def claim(store: Store, *, at: dt.datetime = REAL) -> list[Due]:
    return await store.write(outbox.claim, "loop", 10, LEASE, real_now=at)


async def share(store: Store, me: Me, result: int, channel: str = "C1", drawn: int = 1) -> Shared:
    return await store.write(shares.post, me, result, channel, drawn)


async def underway(store: Store, me: Me) -> tuple[int, Due]:
    """A result that is shared, and its post, which is being sent."""
    result = await have_result(store, me, Outcome.HYBRID)
    await share(store, me, result)
    (due,) = await claim(store)
    return result, due


async def states(store: Store, me: Me, result: int) -> list[ShareState]:
    return [each.state for each in await store.read(shares.of_result, me, result)]


async def rows(store: Store) -> list[tuple[object, ...]]:
    def look(unit: Unit) -> list[tuple[object, ...]]:
        table = tables.outbox
        columns = (table.c.notice, table.c.state, table.c.ids)
        return [tuple(row) for row in unit.execute(table.select().with_only_columns(*columns).order_by(table.c.id))]

    return await store.read(look)


async def test_a_shared_result_is_one_post_however_often_it_is_pressed(store: Store, me: Me) -> None:
    result = await have_result(store, me, Outcome.HYBRID)

    said = await asyncio.gather(*(share(store, me, result, drawn=number % 3) for number in range(9)))

    assert sorted(each.value for each in said) == ["already"] * 8 + ["on-its-way"]
    (due,) = await claim(store)
    assert (due.notice, due.channel, due.member) == ("result.shared", "C1", None)
    shown = await store.read(shares.shown, me.community, int(due.ids["share"]))
    assert shown is not None
    assert (shown.name, shown.result.id) == (me.name, result)
    await store.write(outbox.sent, due, "m1")
    assert await share(store, me, result, drawn=99) is Shared.ALREADY
    assert await states(store, me, result) == [ShareState.THERE]


async def test_each_channel_has_its_own_post(store: Store, me: Me) -> None:
    result = await have_result(store, me, Outcome.HYBRID)
    await share(store, me, result, "C1")
    await share(store, me, result, "C2")

    assert [due.channel for due in await claim(store)] == ["C1", "C2"]


async def test_nobody_shares_or_unshares_anothers_result(store: Store, me: Me, somebody: Me) -> None:
    result = await have_result(store, me, Outcome.HYBRID)
    assert await share(store, somebody, result) is Shared.NOT_YOURS

    await share(store, me, result)
    assert await store.write(shares.take_back, somebody, result) == 0
    assert await store.read(shares.of_result, somebody, result) == []
    (mine,) = await store.read(shares.of_result, me, result)
    assert await store.read(shares.shown, me.community + 1, mine.id) is None


async def test_a_share_that_waits_is_called_off(store: Store, me: Me) -> None:
    result = await have_result(store, me, Outcome.HYBRID)
    await share(store, me, result)

    assert await store.write(shares.take_back, me, result) == 1
    assert await store.write(shares.take_back, me, result) == 0

    assert await claim(store) == []
    assert len(await rows(store)) == 1


async def test_a_late_second_press_on_the_preview_posts_nothing_after_it_was_taken_back(store: Store, me: Me) -> None:
    result = await have_result(store, me, Outcome.HYBRID)
    await share(store, me, result, drawn=7)
    await store.write(shares.take_back, me, result)

    assert await share(store, me, result, drawn=7) is Shared.ALREADY
    assert await claim(store) == []
    assert await share(store, me, result, drawn=8) is Shared.ON_ITS_WAY
    assert len(await claim(store)) == 1


async def test_a_share_that_was_sent_is_deleted_by_its_platforms_id(store: Store, me: Me) -> None:
    result, due = await underway(store, me)
    await store.write(outbox.sent, due, "C1:17.5")

    await asyncio.gather(*(store.write(shares.take_back, me, result) for _press in range(4)))

    (deletion,) = await claim(store)
    assert (deletion.notice, deletion.channel, deletion.ids) == (TAKE_BACK, "C1", {"post": due.id, "remote": "C1:17.5"})
    assert await store.read(taking_back.whereabouts, deletion.ids) == There("C1:17.5")
    assert await store.read(shares.shown, me.community, int(due.ids["share"])) is None


async def test_a_share_that_is_being_sent_is_waited_for(store: Store, me: Me) -> None:
    result, due = await underway(store, me)
    await store.write(shares.take_back, me, result)
    (deletion,) = await claim(store)

    assert await store.read(taking_back.whereabouts, deletion.ids) is Elsewhere.UNDERWAY
    await store.write(outbox.sent, due, "m1")
    assert await store.read(taking_back.whereabouts, deletion.ids) == There("m1")


@pytest.mark.parametrize("end", ["dead", "uncertain", "again", "nothing"])
async def test_what_did_not_surely_arrive_is_told_from_what_surely_did_not(store: Store, me: Me, end: str) -> None:
    result, due = await underway(store, me)
    await store.write(shares.take_back, me, result)
    (deletion,) = await claim(store)
    expected = Elsewhere.NOT_THERE
    match end:
        case "dead":
            await store.write(outbox.dead, due, "no rights")
        case "uncertain":
            await store.write(outbox.uncertain, due)
            expected = Elsewhere.UNKNOWN
        case "again":
            await store.write(outbox.again, due, "500", dt.timedelta())
        case "nothing":
            await store.write(outbox.sent, due, None)

    assert await store.read(taking_back.whereabouts, deletion.ids) is expected


async def test_a_share_that_waits_after_its_sender_died_may_be_there(store: Store, me: Me) -> None:
    result = await have_result(store, me, Outcome.HYBRID)
    await share(store, me, result)
    await claim(store)
    (due,) = await claim(store, at=REAL + LEASE)
    await store.write(outbox.again, due, "500", dt.timedelta(hours=1))
    await store.write(shares.take_back, me, result)

    (deletion,) = await claim(store)
    assert await store.read(taking_back.whereabouts, deletion.ids) is Elsewhere.UNKNOWN


async def test_a_refused_share_is_mine_to_see_and_is_tried_again_by_sharing_again(store: Store, me: Me) -> None:
    result, due = await underway(store, me)
    await store.write(outbox.dead, due, "50013")

    (refused,) = await store.read(shares.of_result, me, result)
    assert (refused.state, refused.error) == (ShareState.REFUSED, "50013")
    assert await share(store, me, result, drawn=2) is Shared.ON_ITS_WAY
    assert await states(store, me, result) == [ShareState.UNDERWAY]
    assert len(await claim(store)) == 1


async def test_a_refused_share_that_is_let_be_leaves_nothing_to_delete(store: Store, me: Me) -> None:
    result, due = await underway(store, me)
    await store.write(outbox.dead, due, "50013")

    assert await store.write(shares.take_back, me, result) == 1
    assert await claim(store) == []


async def test_a_doubtful_share_is_posted_again_only_by_its_member(store: Store, me: Me, somebody: Me) -> None:
    result, due = await underway(store, me)
    await store.write(outbox.uncertain, due)
    (doubtful,) = await store.read(shares.of_result, me, result)
    assert doubtful.state is ShareState.DOUBTFUL
    assert await claim(store, at=REAL + 2 * LEASE) == []

    assert await store.write(shares.post_again, somebody, doubtful.id) is False
    assert await store.write(shares.post_again, me, doubtful.id) is True
    assert await store.write(shares.post_again, me, doubtful.id) is False
    assert [again.id for again in await claim(store)] == [due.id]


async def test_what_is_shared_outlives_the_week_in_which_sent_messages_are_kept(
    store: Store, me: Me, clock: Clock
) -> None:
    result, due = await underway(store, me)
    await store.write(outbox.sent, due, "m1")
    clock.move(dt.timedelta(days=400))

    await store.write(outbox.prune)
    await store.write(shares.take_back, me, result)
    await store.write(outbox.prune)

    (deletion,) = await claim(store)
    assert await store.read(taking_back.whereabouts, deletion.ids) == There("m1")


async def test_a_post_that_could_not_be_taken_back_is_remembered_until_somebody_settles_it(
    store: Store, me: Me, clock: Clock
) -> None:
    result, due = await underway(store, me)
    await store.write(outbox.sent, due, "m1")
    await store.write(shares.take_back, me, result)
    (deletion,) = await claim(store)
    await store.write(outbox.dead, deletion, "50001")
    clock.move(dt.timedelta(days=400))

    await store.write(outbox.prune)

    (left,) = await store.read(doubts.of_community, me.community)
    assert left.leftover
    await store.write(doubts.settle, me.community, left.id)
    assert await store.read(doubts.of_community, me.community) == []


@pytest.mark.parametrize(
    ("end", "left"),
    [
        ("waiting", []),
        ("dead", []),
        ("sent", [(TAKE_BACK, "waiting")]),
        ("uncertain", [(TAKE_BACK, "waiting")]),
        ("claimed", [("result.shared", "claimed"), (TAKE_BACK, "waiting")]),
    ],
)
async def test_of_a_member_who_is_forgotten_only_what_the_deletion_needs_stays(
    store: Store, me: Me, end: str, left: list[tuple[str, str]]
) -> None:
    result = await have_result(store, me, Outcome.HYBRID)
    await share(store, me, result)
    if end != "waiting":
        (due,) = await claim(store)
        ends = {"dead": (outbox.dead, "no"), "sent": (outbox.sent, "m1"), "uncertain": (outbox.uncertain,)}
        if end in ends:
            work, *given = ends[end]
            await store.write(work, due, *given)  # type: ignore[arg-type]  # each with what it takes

    assert (await store.write(members.forget, me)).shares == 1

    found = await rows(store)
    assert [row[:2] for row in found] == left
    assert me.name not in str(found)
    assert me.uid not in str(found)
