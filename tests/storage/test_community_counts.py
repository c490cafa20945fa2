"""What is counted of a community, and when it has changed enough to be shown anew."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import insert

from content.outcomes import Outcome
from storage import community_counts, learning, members, tables
from storage.community_figures import Counted, Group
from storage.learning import SkillState
from storage.members import Me
from storage.moments import micros
from storage.postings import Done
from storage.store import Store
from storage.unit import Unit
from tests.storage.conftest import Clock
from tests.storage.test_common_gaps import PROOFS, WANTED, community, finish

ZONE = "Asia/Shanghai"


def press(unit: Unit, me: Me, tip: str, deed: Done) -> None:
    """A tip that went out is done or put aside."""
    row = {"member_id": members.ensure(unit, me), "tip": tip, "deed": deed.value, "at": unit.now_us}
    unit.execute(insert(tables.tip_deed), row)


async def count(store: Store, here: int, since: dt.datetime | None = None) -> Counted | None:
    return await store.read(community_counts.count, here, ZONE, WANTED, PROOFS, since)


async def test_groups_plans_and_gaps_are_counted_by_the_latest_result(store: Store, clock: Clock) -> None:
    here, there = await community(store), await community(store, "there")
    everybody = [await finish(store, here, f"p{number}", Outcome.TECHNICAL) for number in range(5)]
    clock.move(dt.timedelta(days=1))
    for number in range(4):
        await finish(store, here, f"p{number}", Outcome.PLATFORM)
    await finish(store, here, "little", Outcome.PLATFORM, words="not-enough")
    await finish(store, there, "elsewhere", Outcome.PLATFORM)
    states = (SkillState.DOING, SkillState.DONE, SkillState.HAD, SkillState.SKIPPED)
    for me, state in zip(everybody, states, strict=False):
        await store.write(learning.set_skill, me, "sql", state)
    await store.write(press, everybody[0], "a", Done.PLANNED)
    await store.write(press, everybody[4], "a", Done.PLANNED)
    await store.write(press, everybody[3], "a", Done.DONE)

    found = await count(store, here)

    assert found is not None
    assert found.groups == {
        Outcome.PLATFORM: Group(4, 2, {"kubernetes": 4, "sql": 1}),
        Outcome.TECHNICAL: Group(1, 1, {"python": 1, "sql": 1}),
    }
    assert (found.begun[-2:], found.tips[-2:]) == ((0, 6), (0, 1))


async def test_months_are_those_of_the_community_and_count_each_member_once(store: Store, clock: Clock) -> None:
    here = await community(store)
    october_there = dt.datetime(2026, 9, 30, 16, tzinfo=dt.UTC)
    for at, uids in ((dt.timedelta(0), "bc"), (-dt.timedelta(microseconds=1), "a"), (dt.timedelta(days=40), "ad")):
        clock.moment = october_there + at
        for uid in uids:
            await store.write(press, await finish(store, here, uid, Outcome.PLATFORM), str(at), Done.DONE)

    found = await count(store, here)

    assert found is not None
    assert found.months == ("2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11")
    assert found.begun == found.tips == (0, 0, 0, 1, 3, 4)


async def test_nothing_new_is_told_of_one_to_four_members_of_any_kind(store: Store, clock: Clock) -> None:
    here = await community(store)
    everybody = [await finish(store, here, f"p{number}", Outcome.PLATFORM) for number in range(6)]
    at = clock.moment

    async def told() -> bool:
        return await count(store, here, at) is not None

    clock.move(dt.timedelta(days=1))
    assert not await told()
    for number, me in enumerate(everybody[:5]):
        assert not await told()
        await store.write(press, me, "a", Done.DONE)
        await store.write(press, me, f"own-{number}", Done.DONE)
    assert await told()

    await store.write(learning.set_skill, everybody[0], "sql", SkillState.DOING)
    assert not await told()
    for me in everybody[1:5]:
        await store.write(learning.set_skill, me, "sql", SkillState.HAD)
    assert await told()

    for uid in "vwxyz":
        await store.write(begin, Me(here, uid, uid))
        assert await told() is (uid == "z")
    for number in range(5):
        await finish(store, here, f"p{number}", Outcome.TECHNICAL)
        assert await told() is (number == 4)
    there = await community(store, "there")
    assert await count(store, there, at) is None


def begin(unit: Unit, me: Me) -> None:
    """An assessment that was only begun."""
    run = {"member_id": members.ensure(unit, me), "bank_version": "2", "rev": 0, "status": "open"}
    unit.execute(insert(tables.run), {**run, "started_at": unit.now_us, "updated_at": micros(unit.now)})
