"""Communities that remove the bot: nothing is sent there, 30 days for a return, then nothing is left."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from content.outcomes import Outcome
from content.text import Language
from storage import (
    communities,
    departures,
    members,
    mentor_times,
    notes,
    offers,
    outbox,
    postings,
    requests,
    taking_back,
    tip_states,
    wishes,
)
from storage.communities import Community
from storage.departures import Place
from storage.due import Due
from storage.members import Me
from storage.outbox_states import DEAD, UNCERTAIN, WAITING
from storage.store import Changed, Store, Traces, Unit
from storage.tables import answer, community, member, metadata, run
from storage.tables import outbox as outbox_table
from tests.bytes import left as left_in
from tests.storage import weekly, whole_member
from tests.storage.conftest import Clock
from tests.storage.mentoring import TERMS, mentee, mentor, person

DAY = dt.timedelta(days=1)
LEASE = dt.timedelta(seconds=60)
REAL = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


def send(unit: Unit, me: Me, key: str = "1") -> None:
    """A notice to a member and a post."""
    unit.tell(members.ensure(unit, me), "test.told", of=1)
    unit.post(me.community, "C1", "test.posted", key=f"{me.community}:{key}")


def states(unit: Unit, community_id: int) -> list[tuple[str, str, str | None]]:
    columns = (outbox_table.c.notice, outbox_table.c.state, outbox_table.c.error)
    chosen = select(*columns).where(outbox_table.c.community_id == community_id).order_by(outbox_table.c.id)
    return [tuple(row) for row in unit.execute(chosen)]


async def claim(store: Store, *platforms: str) -> list[Due]:
    return await store.write(outbox.claim, "o", 9, LEASE, real_now=REAL, platforms=platforms or None)


async def leave(store: Store, here: Community) -> int | None:
    return await store.write(departures.left, here.platform, here.ext_id)


async def erase(store: Store) -> int:
    """All that is overdue; in how many units."""
    units = 1
    while await store.write(departures.erase):
        units += 1
    return units


async def test_who_spoke_before_it_left_does_not_bring_it_back_and_who_speaks_after_does(
    store: Store, here: Community, clock: Clock
) -> None:
    await leave(store, here)
    clock.move(dt.timedelta(seconds=1))
    said = (here.platform, here.ext_id, here.name, Language.EN)
    for seconds, left in ((1.5, True), (0.5, False)):
        met = await store.write(communities.seen, *said, dt.timedelta(seconds=seconds))
        assert met.left is left
        assert await store.read(communities.find, here.platform, here.ext_id) == met


async def test_what_waits_for_a_community_that_left_is_given_up_with_the_reason(store: Store, me: Me) -> None:
    elsewhere = await store.write(communities.seen, "discord", "guild-2", "Others", Language.EN)
    await store.write(send, me)
    await store.write(send, Me(elsewhere.id, me.uid, me.name))

    assert await store.write(departures.left, "discord", "guild-1") == me.community

    gone = [("test.told", DEAD, departures.REMOVED), ("test.posted", DEAD, departures.REMOVED)]
    assert await store.read(states, me.community) == gone
    assert {due.place.community for due in await claim(store)} == {elsewhere.id}


@pytest.mark.parametrize("platforms", [(), ("discord",)])
async def test_nothing_is_claimed_for_a_community_that_left_until_it_is_back(
    store: Store, me: Me, here: Community, platforms: tuple[str, ...]
) -> None:
    await leave(store, here)
    await store.write(send, me)
    assert await claim(store, *platforms) == []

    await store.write(communities.seen, here.platform, here.ext_id, "", Language.EN)
    assert await claim(store, *platforms) == []  # what was made while it was away does not come late
    await store.write(send, me, "2")
    assert len(await claim(store, *platforms)) == 2


async def test_what_a_member_took_back_is_deleted_after_the_return(store: Store, me: Me, here: Community) -> None:
    def shared_and_taken_back(unit: Unit) -> None:
        unit.post(me.community, "C1", "test.posted", key="1")
        post = unit.execute(select(outbox_table.c.id)).scalar_one()
        unit.execute(outbox_table.update().values(state="sent", remote_id="9"))
        taking_back.take_back(unit, [post])

    await store.write(shared_and_taken_back)
    await leave(store, here)
    assert await claim(store) == []

    await store.write(departures.arrived, here.platform, here.ext_id, "")
    assert [due.notice for due in await claim(store)] == [taking_back.TAKE_BACK]


async def test_a_weekly_tip_that_waits_is_given_back_to_the_queue(store: Store, me: Me, here: Community) -> None:
    def due(unit: Unit) -> int:
        at = unit.now_us
        made = postings.insert(
            unit, here.id, "s1", schedule_id=None, outcome=Outcome.HYBRID, tip="library-1", channel="C1",
            post_at=at, state=tip_states.DUE,
        )  # fmt: skip
        assert made is not None
        postings.put_out(unit, here.id, made, "s1", "C1", None)
        return made

    made = await store.write(due)
    await leave(store, here)

    found = await store.read(postings.find, here.id, made)
    assert found is not None
    assert found.state == tip_states.FAILED


async def test_a_post_that_may_have_arrived_before_is_left_to_the_moderators(
    store: Store, me: Me, here: Community
) -> None:
    await store.write(send, me)

    def unsure(unit: Unit) -> None:
        unit.execute(outbox_table.update().values(unsure_since=1))

    await store.write(unsure)
    await leave(store, here)

    kept = await store.read(states, me.community)
    assert [state for _notice, state, _error in kept] == [DEAD, UNCERTAIN]


async def test_leaving_twice_counts_from_the_first_time(store: Store, me: Me, here: Community, clock: Clock) -> None:
    await store.write(members.ensure, me)
    assert await leave(store, here) == here.id
    clock.move(29 * DAY)
    assert await leave(store, here) is None
    clock.move(2 * DAY)
    await erase(store)

    assert await store.read(communities.by_id, here.id) is None


async def test_a_place_that_we_never_met_leaves_and_arrives_without_a_trace(store: Store) -> None:
    assert await store.write(departures.left, "discord", "guild-9") is None
    await store.write(departures.arrived, "discord", "guild-9", "Nine")

    assert await store.read(departures.places, "discord") == []


async def test_who_arrives_takes_the_name_and_who_has_none_keeps_it(store: Store, here: Community) -> None:
    heard: list[Changed] = []
    store.listen(heard.append)
    await store.write(departures.arrived, here.platform, here.ext_id, "")
    await store.write(departures.arrived, here.platform, here.ext_id, here.name)
    assert heard == []

    await store.write(departures.arrived, here.platform, here.ext_id, "Renamed")
    assert heard == [Changed(here.id, None)]
    assert await store.read(departures.places, here.platform) == [Place(here.ext_id, "Renamed", left=False)]


@pytest.mark.parametrize("way", ["arrives", "speaks"])
async def test_a_return_after_29_days_finds_everything(
    store: Store, me: Me, here: Community, clock: Clock, way: str
) -> None:
    await store.write(whole_member.fill_everywhere, me)
    await store.write(communities.set_moderators, here.id, ["u-bob"], ["r1"])
    before = await store.read(whole_member.rows, me)
    as_it_was = await store.read(communities.by_id, here.id)
    assert as_it_was is not None
    await leave(store, here)
    away = await store.read(communities.by_id, here.id)
    assert away is not None
    assert away.left
    clock.move(29 * DAY)
    await erase(store)

    if way == "arrives":
        await store.write(departures.arrived, here.platform, here.ext_id, here.name)
    else:
        assert await store.write(communities.seen, here.platform, here.ext_id, "", Language.ZH) == as_it_was
    clock.move(60 * DAY)
    await erase(store)

    assert await store.read(communities.by_id, here.id) == as_it_was
    assert await store.read(whole_member.rows, me) == before > len(metadata.tables) // 2


async def test_after_31_days_nothing_is_left_of_it_and_nothing_of_others_is_touched(
    store: Store, me: Me, here: Community, clock: Clock
) -> None:
    elsewhere = await store.write(communities.seen, "discord", "guild-2", "Others", Language.EN)
    there = Me(elsewhere.id, "u-eve", "Eve")
    await store.write(whole_member.fill_everywhere, me)
    await store.write(whole_member.fill_everywhere, there)
    theirs = await store.read(whole_member.rows, there)
    await leave(store, here)
    clock.move(31 * DAY)
    await erase(store)

    def left_over(unit: Unit) -> dict[str, int]:
        counts = {name: unit.execute(select(func.count()).select_from(t)).scalar_one() for name, t in tables.items()}
        return {name: count for name, count in counts.items() if count != 1}

    tables = {name: table for name, table in metadata.tables.items() if name not in whole_member.OF_NOBODY}
    assert await store.read(left_over) == {}  # one row each: the other community's
    assert await store.read(whole_member.rows, me) == 0
    assert await store.read(whole_member.rows, there) == theirs


async def test_who_returns_while_it_is_being_erased_begins_anew(
    store: Store, me: Me, here: Community, clock: Clock
) -> None:
    await store.write(whole_member.fill_everywhere, me)
    await leave(store, here)
    clock.move(30 * DAY)
    assert await store.write(departures.erase)

    new = await store.write(communities.seen, here.platform, here.ext_id, "Makers", Language.ZH)
    await erase(store)

    assert new.id != here.id
    assert new == await store.read(communities.find, here.platform, here.ext_id)
    assert await store.read(communities.by_id, here.id) is None
    assert await store.read(whole_member.rows, me) == 0


async def test_much_is_given_up_and_erased_in_parts(store: Store, here: Community, clock: Clock) -> None:
    def crowd(unit: Unit) -> None:
        people = [
            {"community_id": here.id, "uid": f"u{n}", "name": "n", "tell_here": 0, "created_at": 1, "seen_at": 1}
            for n in range(60)
        ]
        unit.execute(insert(member), people)
        every = unit.execute(select(member.c.id)).scalars().all()
        runs = [
            {"member_id": one, "bank_version": "b", "rev": 1, "status": "ended", "started_at": 1, "updated_at": 1}
            for one in every
            for _again in range(2)
        ]
        unit.execute(insert(run), runs)
        kept = unit.execute(select(run.c.id)).scalars().all()
        unit.execute(
            insert(answer),
            [{"run_id": one, "item": f"q{q}", "choice": '"a"', "place": q, "at": 1} for one in kept for q in range(20)],
        )
        for number in range(departures.AT_ONCE + 20):
            unit.post(here.id, "C1", "test.posted", key=f"{number}")

    await store.write(crowd)
    assert await leave(store, here) == here.id
    waiting = [state for _notice, state, _error in await store.read(states, here.id) if state == WAITING]
    assert len(waiting) == 20
    assert not await store.write(departures.drop, here.id)
    clock.move(31 * DAY)

    def rows(unit: Unit) -> int:
        return sum(
            unit.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.tables.values()
            if table.name not in whole_member.OF_NOBODY
        )

    left_over = [await store.read(rows)]
    while await store.write(departures.erase):
        left_over.append(await store.read(rows))

    at_once = [before - after for before, after in itertools.pairwise(left_over)]
    assert left_over[0] > 3000
    assert left_over[-1] == 0
    assert max(at_once) <= departures.AT_ONCE + departures.MEMBERS_AT_ONCE


async def test_no_slot_of_the_weekly_tip_that_passed_meanwhile_is_made_up_for(
    store: Store, me: Me, here: Community, clock: Clock
) -> None:
    found = await weekly.switch_on(store, me)
    await leave(store, here)
    clock.moment = found.next_at + 2 * weekly.WEEK + dt.timedelta(hours=1)

    await store.write(departures.arrived, here.platform, here.ext_id, here.name)

    assert await weekly.fire(store) == 0
    assert await weekly.told(store, me) == []
    clock.moment = found.next_at + 3 * weekly.WEEK
    assert await weekly.fire(store) == 1


async def test_a_return_brings_nothing_late_even_where_the_leaving_was_cut_short(store: Store, here: Community) -> None:
    def crowd(unit: Unit) -> None:
        for number in range(2 * departures.AT_ONCE + 20):
            unit.post(here.id, "C1", "test.posted", key=f"{number}")

    await store.write(crowd)
    await leave(store, here)

    await store.write(departures.arrived, here.platform, here.ext_id, here.name)

    assert await claim(store) == []


async def test_mentoring_stands_still_meanwhile_and_a_proof_that_was_not_sent_can_be_tried_again(
    store: Store, me: Me, here: Community, clock: Clock
) -> None:
    new, ada = person(me, "New"), await mentor(store, person(me, "Ada"))
    row = await mentee(store, me)
    await store.write(requests.ask, me, ada.id, [])
    await store.write(offers.save, new, TERMS, approved=True)

    await leave(store, here)
    clock.move(dt.timedelta(days=29))
    assert not await store.read(mentor_times.anything)
    await store.write(departures.back, me.community)
    assert not await store.read(mentor_times.anything)

    (wish,) = await store.read(wishes.live, row)
    assert wish.due == clock() + dt.timedelta(hours=72)
    assert await store.write(offers.prove, new)


async def test_several_processes_may_erase_at_once(store: Store, me: Me, here: Community, clock: Clock) -> None:
    await store.write(whole_member.fill_everywhere, me)
    await leave(store, here)
    clock.move(31 * DAY)
    await asyncio.gather(*(erase(store) for _ in range(8)))

    def count(unit: Unit) -> int:
        return len(unit.execute(select(community.c.id)).all())

    assert await store.read(count) == 0


async def test_no_byte_of_it_is_left_in_the_file(sqlite_store: Store, clock: Clock, sqlite_path: Path) -> None:
    here = await sqlite_store.write(communities.seen, "discord", "guild-77-rare", "Very rare name", Language.EN)
    me = Me(here.id, "u-very-rare", "Ann")
    await sqlite_store.write(whole_member.fill_everywhere, me)
    await sqlite_store.write(notes.keep, "slack.workspace:1", "guild-77-rare")
    await leave(sqlite_store, here)
    clock.move(31 * DAY)
    await erase(sqlite_store)
    assert await sqlite_store.scrubbed() is Traces.NONE

    assert left_in(sqlite_path, "u-very-rare", "Very rare name", "guild-77-rare") == 0
