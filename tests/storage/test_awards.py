"""The ledger: each deed once, no more than a week's limit, adjusts that can be taken back, weeks in a row."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import Executable, insert, select, update
from sqlalchemy.exc import IntegrityError

from content.boards import Board, Season
from content.load import Content
from content.outcomes import Outcome
from content.points import Deed
from storage import appearances, awards, boards, learning, members
from storage.learning import SkillState
from storage.members import Me
from storage.store import Store, Unit
from storage.tables import allowance, award
from tests.storage import press_run, reckoned
from tests.storage.conftest import Clock
from tests.storage.press_run import LIMITS, Press
from tests.storage.weekly import written

WEEK = dt.timedelta(weeks=1)


@pytest.fixture
async def stores(store: Store, database_url: str, clock: Clock, content: Content) -> AsyncIterator[list[Store]]:
    """What two processes have open; an SQLite file lets in only one."""
    if database_url.startswith("sqlite"):
        yield [store]
        return
    second = await Store.open(database_url, now=clock, points=content.points)
    yield [store, second]
    await second.close()


async def earned(store: Store, me: Me, season: Season = Season.EVER, board: Board = Board.ALL) -> int:
    return await store.read(boards.earned, me, "UTC", board, season)


async def give(store: Store, me: Me, *deeds: tuple[Deed, str]) -> int:
    return await store.write(awards.give, await store.write(members.ensure, me), Outcome.HYBRID, *deeds)


@pytest.mark.parametrize("press", LIMITS, ids=lambda press: press.__name__)
async def test_64_presses_at_once_come_to_one_award(stores: list[Store], me: Me, press: Press) -> None:
    store = stores[0]
    await store.write(press_run.prepare, me)
    await store.write(appearances.show, me)

    await press_run.press_all(press, me, *stores)

    assert await earned(store, me) == LIMITS[press]
    assert await store.read(reckoned.faults) == []


async def test_a_week_gives_25_with_the_last_one_cut_to_what_is_left_and_the_next_week_gives_again(
    store: Store, me: Me, clock: Clock
) -> None:
    async def step(skill: str, said: str | None = None) -> int:
        return await store.write(learning.set_skill, me, skill, SkillState.DONE, said)

    assert [await step(f"s{number}", "a line") for number in range(4)] == [5, 5, 5, 5]
    assert [await step(f"one-{number}") for number in range(4)] == [1, 1, 1, 1]
    assert [await step("late", "a line"), await step("late", "a line"), await step("more")] == [1, 0, 0]
    assert await give(store, me, (Deed.TIP, "t1"), (Deed.ASSESSMENT, "first")) == 23, "the limit is not of all deeds"

    clock.move(WEEK)
    assert [await step("late", "a line"), await step("more"), await step("s0", "a line")] == [4, 1, 0]
    assert await store.write(learning.set_resource, me, "peft", done=True, said="notes") == 5
    assert await earned(store, me, Season.WEEK) == 10
    assert await store.read(reckoned.faults) == []


def do(unit: Unit, statement: Executable) -> None:
    unit.execute(statement)


async def test_the_database_itself_refuses_a_second_award_and_more_than_a_week_gives(store: Store, me: Me) -> None:
    await give(store, me, (Deed.STEP, "sql"))
    member_id = await store.write(members.ensure, me)
    line = {"member_id": member_id, "deed": "step", "key": "sql", "points": 1, "day": 1, "at": 0}
    more = update(allowance).values(used=allowance.c.most + 1)
    other_week = {"member_id": member_id, "week": "2026-W01", "used": 26, "most": 25}

    statements: list[Executable] = [insert(award).values(line), more, insert(allowance).values(other_week)]
    for refused in statements:
        with pytest.raises(IntegrityError):
            await store.write(do, refused)
    await store.write(do, insert(award).values({**line, "key": "lora"}))


async def test_an_adjust_is_taken_back_once_in_the_windows_of_its_own_day(store: Store, me: Me, clock: Clock) -> None:
    """Also when nothing keeps those windows any more."""
    member_id = await store.write(members.ensure, me)
    await store.write(appearances.show, me)
    made = await store.write(awards.adjust, member_id, 300, "thanks")
    await give(store, me, (Deed.TIP, "t1"))
    assert made is not None
    clock.move(10 * WEEK)
    await give(store, me, (Deed.TIP, "t2"))

    undone = await asyncio.gather(*(store.write(awards.take_back, made) for _ in range(16)))

    assert len([each for each in undone if each is not None]) == 1
    lines = await store.read(awards.mine, me, 0, 10)
    assert [(line.deed, line.points, line.reason) for line in lines] == [
        ("taken-back", -300, "thanks"),
        ("tip", 3, None),
        ("tip", 3, None),
        ("adjusted", 300, "thanks"),
    ]
    assert lines[0].day == lines[3].day == dt.date(2026, 11, 23)
    assert lines == [line for first in range(4) for line in await store.read(awards.mine, me, first, 1)]
    assert [await earned(store, me, season) for season in Season] == [3, 3, 6]
    for season, points in zip(Season, (3, 3, 6), strict=True):
        page = await store.read(boards.page, me, "UTC", Board.ALL, season)
        assert [row.points for row in page.top] == [points]
    assert await store.write(awards.take_back, 10_000) is None
    assert await store.read(reckoned.faults) == []


async def test_an_adjust_counts_on_the_board_of_all_points_alone(store: Store, me: Me) -> None:
    await store.write(appearances.show, me)
    await give(store, me, (Deed.TIP, "t1"))
    await store.write(awards.adjust, await store.write(members.ensure, me), -1, "a mistake")

    assert (await earned(store, me), await earned(store, me, board=Board.HYBRID)) == (2, 3)
    assert await earned(store, me, board=Board.PLATFORM) == 0
    assert await store.read(reckoned.faults) == []


async def test_who_is_gone_gets_nothing_and_stays_gone(store: Store, me: Me) -> None:
    member_id = await store.write(members.ensure, me)
    made = await store.write(awards.adjust, member_id, 5, "thanks")
    assert made is not None
    await store.write(members.forget, me)

    assert await store.write(awards.give, member_id, None, (Deed.TIP, "t1")) == 0
    assert await store.write(awards.adjust, member_id, 5, "thanks") is None
    assert await store.write(awards.take_back, made) is None
    assert await store.read(lambda unit: unit.execute(select(award)).all()) == []


async def test_without_points_no_deed_gives_any(database_url: str, clock: Clock, me: Me, store: Store) -> None:
    member_id = await store.write(members.ensure, me)
    await store.close()
    plain = await Store.open(database_url, now=clock)
    assert await plain.write(awards.give, member_id, None, (Deed.TIP, "t1")) == 0
    await plain.close()


async def test_a_streak_is_of_weeks_in_a_row_with_a_deed_and_last_week_still_counts(
    store: Store, me: Me, somebody: Me, clock: Clock
) -> None:
    async def streak(days_later: int = 0) -> int:
        return await store.read(awards.streak, me, clock().date() + dt.timedelta(days=days_later))

    assert await streak() == 0
    for week in range(6):
        if week != 2:
            await give(store, me, (Deed.TIP, f"t{week}"), (Deed.STEP, f"s{week}"))
        await give(store, somebody, (Deed.TIP, f"t{week}"))
        clock.move(WEEK)
    clock.move(-WEEK)

    assert await streak() == 3, "over the turn of the year, since the week that was missed"
    assert [await streak(6), await streak(7), await streak(13), await streak(14)] == [3, 3, 3, 0]
    clock.move(2 * WEEK)
    await store.write(awards.adjust, await store.write(members.ensure, me), 5, "thanks")
    assert await streak() == 0, "what moderators give is no deed of mine"


async def test_a_deed_says_its_line_with_the_outcome_it_belongs_to(store: Store, me: Me) -> None:
    await give(store, me, (Deed.STEP, "sql"), (Deed.STEP_WITH_LINE, "sql"))

    second, first = await store.read(awards.mine, me, 0, 10)
    assert (first.deed, first.key, first.points, first.outcome) == ("step", "sql", 1, Outcome.HYBRID)
    assert (second.deed, second.points, second.at) == ("step-with-line", 4, first.at)


async def test_each_deed_counts_on_the_board_of_its_own_track_and_the_assessment_on_none(store: Store, me: Me) -> None:
    await store.write(press_run.prepare, me)
    for press in (press_run.step, press_run.tip_done, press_run.assessment, press_run.suggestion):
        await store.write(press, me, 0)
    await store.write(learning.set_resource, me, "peft", done=True, said="notes", of=Outcome.PLATFORM)

    lines = {each.deed: each.outcome for each in await store.read(awards.mine, me, 0, 10)}

    assert lines == {
        Deed.STEP: Outcome.TECHNICAL,
        Deed.TIP: Outcome.HYBRID,
        Deed.ASSESSMENT: None,
        Deed.SUGGESTION: written("").outcome,
        Deed.RESOURCE: Outcome.PLATFORM,
        Deed.RESOURCE_WITH_LINE: Outcome.PLATFORM,
    }


async def test_a_week_that_has_begun_keeps_the_lower_of_its_two_limits(
    store: Store, me: Me, clock: Clock, content: Content
) -> None:
    def give_with(unit: Unit, week_most: int, number: int) -> int:
        unit.points = replace(content.points, week_most=week_most)
        return awards.give(unit, members.ensure(unit, me), None, (Deed.STEP, f"s{number}"))

    given = [await store.write(give_with, most, number) for number, most in enumerate((2, 3, 3, 1, 3))]
    assert given == [1, 1, 0, 0, 0]
    clock.move(WEEK)
    assert [await store.write(give_with, most, 9 + number) for number, most in enumerate((3, 3, 2, 3))] == [1, 1, 0, 1]
