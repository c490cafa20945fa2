"""Members who were away for 24 months: a notice, 30 days, and they are erased; whoever comes stays."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import insert, select

from storage import erasures, fading, members
from storage.communities import Community
from storage.fading import KEPT_UNSEEN, LOOKED_AT_ONCE, NOTICE
from storage.members import Kept, Me
from storage.store import Changed, Store
from storage.tables import member
from storage.unit import Unit
from tests.storage.conftest import Clock
from tests.storage.mentoring import TERMS, listed

DAY = dt.timedelta(days=1)


async def upkeep(store: Store) -> int:
    """A day's work; how many parts it had."""
    parts = 1
    for rule in (fading.mark, fading.erase):
        while await store.write(rule):
            parts += 1
    return parts


async def stored(store: Store, *people: Me) -> list[bool]:
    return [await store.read(members.find, each) is not None for each in people]


async def fades(store: Store, me: Me) -> bool:
    found = await store.read(members.find, me)
    return found is not None and found.fading_at is not None


async def test_who_is_away_for_24_months_fades_and_30_days_later_is_erased_as_by_themselves(
    store: Store, me: Me, somebody: Me, clock: Clock
) -> None:
    await store.write(listed, me, TERMS)
    await store.write(members.ensure, somebody)
    clock.move(KEPT_UNSEEN - DAY)
    await store.write(fading.seen, [somebody, Me(me.community, "u-nobody", "Never stored")])
    await upkeep(store)
    assert not await fades(store, me)

    clock.move(DAY)
    heard: list[Changed] = []
    store.listen(heard.append)
    await upkeep(store)
    assert [await fades(store, each) for each in (me, somebody)] == [True, False]
    assert Changed(me.community, me.uid) in heard  # Home must hear of it
    clock.move(NOTICE - DAY)
    await upkeep(store)
    assert await stored(store, me) == [True]

    clock.move(DAY)
    await upkeep(store)
    assert await stored(store, me, somebody) == [False, True]
    assert await store.read(members.kept, me) == Kept()
    assert len(await store.read(erasures.every)) == 1


async def test_whoever_comes_stays_and_has_the_notice_anew_after_another_24_months(
    store: Store, me: Me, somebody: Me, clock: Clock
) -> None:
    for each in (me, somebody):
        await store.write(members.ensure, each)
    clock.move(KEPT_UNSEEN)
    await upkeep(store)
    clock.move(NOTICE - DAY)
    await store.write(fading.seen, [me, somebody])
    await store.write(fading.stay, somebody)  # has read it on Home; the other one only came
    clock.move(2 * NOTICE)
    await upkeep(store)
    assert await stored(store, me, somebody) == [True, True]
    assert not await fades(store, somebody)

    clock.move(KEPT_UNSEEN)
    assert not await store.write(fading.erase)  # on a day whose look is over already
    await upkeep(store)
    assert await stored(store, me, somebody) == [True, True]
    clock.move(NOTICE)
    await upkeep(store)
    assert await stored(store, me, somebody) == [False, False]


async def test_no_jump_of_a_clock_erases_without_the_notice(store: Store, me: Me, clock: Clock) -> None:
    await store.write(members.ensure, me)
    clock.move(25 * NOTICE)  # of the rehearsal room's, or a machine's that is wrong for a while
    await upkeep(store)
    assert (await stored(store, me), await fades(store, me)) == ([True], True)

    clock.move(-24 * NOTICE)
    await store.write(fading.seen, [me])
    clock.move(20 * NOTICE)
    await store.write(fading.seen, [me])
    clock.move(12 * NOTICE)  # a year after they were here, and long after the notice of the wrong clock
    await upkeep(store)
    assert await stored(store, me) == [True]


async def test_a_day_looks_once_at_everybody_a_part_at_a_time(store: Store, here: Community, clock: Clock) -> None:
    def crowd(unit: Unit) -> None:
        common = {"community_id": here.id, "tell_here": 0, "created_at": 1, "seen_at": 1}
        people = [{**common, "uid": f"u{number}", "name": "n"} for number in range(2 * LOOKED_AT_ONCE + 1)]
        unit.execute(insert(member), people)

    def fading_ones(unit: Unit) -> int:
        return len(unit.execute(select(member.c.id).where(member.c.fading_at.is_not(None))).all())

    await store.write(crowd)
    assert [await store.write(fading.mark), await store.read(fading_ones)] == [True, LOOKED_AT_ONCE]
    assert await upkeep(store) == 3
    assert await store.read(fading_ones) == 2 * LOOKED_AT_ONCE + 1
    assert await upkeep(store) == 1  # not again on that day
    clock.move(DAY)
    assert await upkeep(store) == 4
