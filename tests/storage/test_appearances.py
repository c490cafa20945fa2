"""Who stands on boards: whoever wants to, is not left out and is there; in no order of events anybody else."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
from collections.abc import Callable

import pytest
from sqlalchemy import insert, select

from content.boards import Board, Season
from content.points import Deed
from storage import appearances, awards, boards, members
from storage.appearances import NOWHERE, Appearance
from storage.members import Me
from storage.outbox_states import WAITING
from storage.store import Store, Unit
from storage.tables import digest_line, outbox
from tests.storage import crowd, reckoned
from tests.storage.conftest import Clock

DAY = dt.timedelta(days=1)
TRIES = 48


async def give(store: Store, me: Me, deed: Deed, key: str) -> None:
    await store.write(awards.give, await store.write(members.ensure, me), None, (deed, key))


async def on_board(store: Store, me: Me) -> set[str]:
    page = await store.read(boards.page, me, "UTC", Board.ALL, Season.WEEK)
    return {row.uid for row in page.top}


async def test_nobody_stands_on_boards_who_has_not_asked_to(store: Store, me: Me, somebody: Me) -> None:
    await give(store, me, Deed.TIP, "t1")
    assert await store.read(appearances.mine, me) == NOWHERE
    assert await store.read(appearances.mine, somebody) == NOWHERE
    assert await on_board(store, me) == set()

    assert (await store.write(appearances.show, me)).on_boards
    assert await store.write(appearances.show, me) == Appearance(True, left_out=False, away=False)
    assert await on_board(store, somebody) == {me.uid}
    assert await store.write(appearances.hide, me) == Appearance(False, left_out=False, away=False)
    assert await store.write(appearances.hide, somebody) == Appearance(False, left_out=False, away=False)
    assert await on_board(store, me) == set()


async def test_exactly_those_named_are_left_out_whatever_they_want_themselves(
    store: Store, me: Me, somebody: Me
) -> None:
    for one in (me, somebody):
        await give(store, one, Deed.TIP, "t1")
        await store.write(appearances.show, one)

    first = await store.write(appearances.leave_out, me.community, [me.uid, "u-stranger"])
    assert (len(first), await store.write(appearances.leave_out, me.community, [me.uid])) == (1, [])
    assert await on_board(store, me) == {somebody.uid}
    assert await store.write(appearances.show, me) == Appearance(True, left_out=True, away=False)
    assert await on_board(store, me) == {somebody.uid}
    assert await store.read(appearances.left_out, me.community) == [(me.uid, me.name)]

    assert len(await store.write(appearances.leave_out, me.community, [somebody.uid])) == 2
    assert await on_board(store, me) == {me.uid}


async def test_who_was_not_found_drops_out_until_they_do_something_or_show_themselves(store: Store, me: Me) -> None:
    async def lose() -> None:
        await store.write(appearances.looked_for, me.community, [], [me.uid, "u-stranger"])
        assert await store.read(appearances.mine, me) == Appearance(True, left_out=False, away=True)
        assert await on_board(store, me) == set()

    await give(store, me, Deed.TIP, "t1")
    await store.write(appearances.show, me)
    await lose()
    await give(store, me, Deed.TIP, "t1")
    await store.write(awards.adjust, await store.write(members.ensure, me), 5, "thanks")
    await give(store, me, Deed.SUGGESTION, "7")
    assert await on_board(store, me) == set(), "none of these is anything that they do themselves now"

    await give(store, me, Deed.TIP, "t2")
    assert await on_board(store, me) == {me.uid}
    await lose()
    await store.write(appearances.show, me)
    assert await on_board(store, me) == {me.uid}
    await lose()
    assert (await store.write(appearances.return_to, me)).on_boards
    assert await store.read(reckoned.faults) == []


async def test_a_deed_shows_that_somebody_is_there_also_while_they_are_left_out(store: Store, me: Me) -> None:
    await store.write(appearances.show, me)
    await store.write(appearances.looked_for, me.community, [], [me.uid])
    await store.write(appearances.leave_out, me.community, [me.uid])
    await give(store, me, Deed.TIP, "t1")
    assert await on_board(store, me) == set()

    await store.write(appearances.leave_out, me.community, [])
    assert await on_board(store, me) == {me.uid}
    assert await store.read(reckoned.faults) == []


async def test_nobody_is_looked_for_twice_a_day(store: Store, me: Me, somebody: Me, clock: Clock) -> None:
    asked = [me.uid, somebody.uid, "u-stranger"]
    await store.write(appearances.show, me)
    await store.write(appearances.show, somebody)
    assert await store.read(appearances.to_look_for, me.community, asked) == [me.uid, somebody.uid]

    await store.write(appearances.looked_for, me.community, [me.uid], [somebody.uid])
    assert await store.read(appearances.to_look_for, me.community, asked) == []
    clock.move(DAY)
    assert await store.read(appearances.to_look_for, me.community, [me.uid]) == [me.uid]


@pytest.mark.parametrize("before", ["shown", "left out", "away"])
async def test_who_hides_is_taken_out_of_the_digests_that_are_still_to_come(store: Store, me: Me, before: str) -> None:
    def name_in_digest(unit: Unit) -> None:
        unit.post(me.community, "C1", "points.digest", key="one", window="2026-W47")
        post = unit.execute(select(outbox.c.id)).scalar_one()
        mine = members.ensure(unit, me)
        unit.execute(insert(digest_line).values(outbox_id=post, member_id=mine, rank=1, points=3))

    async def named() -> list[int]:
        return list(await store.read(lambda unit: unit.execute(select(digest_line.c.rank)).scalars().all()))

    await store.write(appearances.show, me)
    await store.write(name_in_digest)
    if before == "left out":
        await store.write(appearances.leave_out, me.community, [me.uid])
    if before == "away":
        await store.write(appearances.looked_for, me.community, [], [me.uid])
    assert await named() == [1]

    await store.write(appearances.hide, me)
    assert await named() == []
    assert await store.read(lambda unit: unit.execute(select(outbox.c.state)).scalar_one()) == WAITING


# At the same time as an award


def hide(unit: Unit, me: Me) -> None:
    appearances.hide(unit, me)


def go(unit: Unit, me: Me) -> None:
    appearances.looked_for(unit, me.community, [], [me.uid])


def leave_out(unit: Unit, me: Me) -> None:
    """As `appearances.leave_out`, for this one alone."""
    row = appearances._BY_UID  # noqa: SLF001 - others are left out by other units meanwhile
    for member_id in unit.execute(row, {"community": me.community, "uids": [me.uid]}).scalars().all():
        appearances._become(unit, member_id, left_out=1)  # noqa: SLF001 - likewise


def settle(unit: Unit, me: Me) -> None:
    row = appearances._BY_UID  # noqa: SLF001 - a read alone: what locks the member is the function's own
    appearances.settle(unit, unit.execute(row, {"community": me.community, "uids": [me.uid]}).scalars().all())


def show(unit: Unit, me: Me) -> None:
    appearances.show(unit, me)


def forget(unit: Unit, me: Me) -> None:
    members.forget(unit, me)


def award(unit: Unit, me: Me) -> None:
    """Points for a member who is known already."""
    for member_id in unit.execute(members._FIND, members.mine(me)).scalars().all():  # noqa: SLF001 - a read alone
        awards.give(unit, member_id, None, (Deed.TIP, "t1"))


async def test_whom_moderators_leave_out_is_found_without_reading_everybody(sqlite_store: Store) -> None:
    def plan(unit: Unit) -> list[str]:
        driver, said = unit.connection.connection.dbapi_connection, list[str]()
        assert isinstance(driver, sqlite3.Connection)
        driver.set_trace_callback(said.append)
        appearances.left_out(unit, 1)
        driver.set_trace_callback(None)
        return [step[3] for sql in said for step in driver.execute(f"EXPLAIN QUERY PLAN {sql}")]

    steps = await sqlite_store.write(plan)

    assert [step for step in steps if step.startswith("SCAN")] == ["SCAN appearance USING INDEX ix_appearance_left_out"]


@pytest.mark.parametrize("change", [hide, go, leave_out, settle, show, forget], ids=lambda change: change.__name__)
async def test_an_award_at_the_same_moment_leaves_no_row_of_who_is_hidden(
    store: Store, me: Me, clock: Clock, change: Callable[[Unit, Me], None]
) -> None:
    """In both orders; and never one row too few or double."""
    day = clock().date()
    people = await store.write(crowd.come, me.community, [[(None, 2, day)], []] * (TRIES // 2))
    if change is show:
        await asyncio.gather(*(store.write(hide, one) for one in people))
    orders = [work for one in people for work in ((change, one), (award, one))]
    orders[1::4], orders[0::4] = orders[0::4], orders[1::4]

    await asyncio.gather(*(store.write(work, one) for work, one in orders))

    assert await store.read(reckoned.faults) == []
    _rows, total = await store.read(boards.rows, me, "UTC", Board.ALL, Season.EVER, 0, 100)
    if change is not go:  # of these some were back before they went
        assert total == (TRIES if change in {settle, show} else 0)
