"""Standings and histogram, in numbers: what one member's points change, and nothing else."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from content.outcomes import Outcome
from storage import appearances, awards, members
from storage.members import Me
from storage.store import Store, Unit
from storage.tables import histogram, standing
from tests.storage import crowd, reckoned
from tests.storage.conftest import Clock

DAY = dt.timedelta(days=1)


def counted(unit: Unit) -> set[tuple[int, int, int]]:
    """Level, points and members of the board of all points ever."""
    here = select(histogram.c.level, histogram.c.points, histogram.c.members).where(
        histogram.c.board == "all", histogram.c.season == "ever", histogram.c.members != 0
    )
    return {(row.level, row.points, row.members) for row in unit.execute(here)}


async def test_a_member_moves_from_one_number_of_points_to_the_next_and_with_none_stands_nowhere(
    store: Store, me: Me, clock: Clock
) -> None:
    await store.write(crowd.come, me.community, [[(None, 255, clock().date())], [(None, 300, clock().date())]])
    await store.write(appearances.show, me)
    others = {(0, 255, 1), (0, 300, 1), (1, 1, 1)}
    seen = []
    for points in (255, 1, 300, -1, -556, 3):
        await store.write(awards.adjust, await store.write(members.ensure, me), points, "a reason")
        seen.append(await store.read(counted) - others)

    assert seen == [
        {(0, 255, 2), (1, 0, 2)},
        {(0, 256, 1), (1, 0, 1), (1, 1, 2)},
        {(0, 556, 1), (1, 0, 1), (1, 2, 1)},
        {(0, 555, 1), (1, 0, 1), (1, 2, 1)},
        {(1, 0, 1)},
        {(0, 2, 1), (1, 0, 2)},
    ]
    assert await store.read(reckoned.faults) == []


async def test_who_enters_stands_everywhere_at_once_and_who_leaves_takes_all_of_it_along(
    store: Store, me: Me, clock: Clock
) -> None:
    """More rows of the histogram than go into one statement."""
    today = clock().date()
    days = [today, today - 7 * DAY, today - 30 * DAY, today - 400 * DAY]
    many = [(outcome, 300 + 7 * place, day) for place, outcome in enumerate(Outcome) for day in days]
    [one, other] = await store.write(crowd.come, me.community, [many, many])

    async def rows() -> tuple[int, int]:
        def count(unit: Unit) -> tuple[int, int]:
            members_there = unit.execute(select(histogram.c.members)).scalars().all()
            return len(unit.execute(select(standing)).all()), sum(members_there)

        assert await store.read(reckoned.faults) == []
        return await store.read(count)

    both = await rows()
    assert both == (2 * 5 * 5, 2 * 2 * 5 * 5), "five boards; this and the last week and month, and ever; two levels"
    await store.write(appearances.hide, one)
    assert await rows() == (25, 50)
    await store.write(members.forget, other)
    assert await rows() == (0, 0)
    await store.write(appearances.show, one)
    assert await rows() == (25, 50)
