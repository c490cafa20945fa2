"""Boards: what everybody sees is what a plain count says, and who is hidden leaves no trace but closed ranks."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from content.boards import Board, Season
from content.outcomes import Outcome
from content.text import Language
from storage import appearances, boards, communities, members
from storage.boards import Page, Row
from storage.members import Me
from storage.store import Store, Unit
from storage.unit import in_one_hop
from tests.storage import crowd, reckoned

TODAY = dt.date(2026, 11, 23)
EDGES = (-5, 0, 1, 1, 2, 3, 255, 256, 257, 511, 512, 513, 70_000)
DAYS = (TODAY, TODAY - dt.timedelta(days=1), TODAY - dt.timedelta(days=20), TODAY - dt.timedelta(days=400))
VIEWS = [(board, season) for board in Board for season in Season]
STRANGER = "u-nobody"


def ledger(chance: random.Random) -> list[crowd.Line]:
    lines = range(chance.randint(0, 4))
    return [(chance.choice([None, *Outcome]), chance.choice(EDGES), chance.choice(DAYS)) for _ in lines]


def compare(unit: Unit, me: Me, board: Board, season: Season) -> list[str]:
    """Wherever I am told something else than a plain count says."""
    lines = reckoned.board(unit, me.community, board, season)
    seen = [replace(line, me=line.uid == me.uid) for line in lines]
    found = []
    if boards.page(unit, me, "UTC", board, season) != reckoned.page(lines, me):
        found.append(f"page of {me.uid}: {boards.page(unit, me, 'UTC', board, season)}")
    for size in (7, 10):
        pages = [boards.rows(unit, me, "UTC", board, season, first, size) for first in range(0, len(lines), size)]
        if [row for page, _ in pages for row in page] != seen or {total for _, total in pages} > {len(lines)}:
            found.append(f"pages of {size} of {me.uid}: {pages}")
    beyond = [boards.rows(unit, me, "UTC", board, season, first, 10) for first in (-1, len(lines), len(lines) + 10)]
    if beyond != [((), len(lines))] * 3:
        found.append(f"beyond the ends: {beyond}")
    mine = [line for line in seen if line.me]
    earned = boards.earned(unit, me, "UTC", board, season)
    if mine and (mine[0].points, mine[0].rank) != (earned, boards.rank_of(unit, me, "UTC", board, season, earned)):
        found.append(f"{me.uid} earned {earned} and stands as {mine[0]}")
    return found


@in_one_hop
def wrong(unit: Unit, people: list[Me]) -> list[str]:
    return [fault for me in people for board, season in VIEWS for fault in compare(unit, me, board, season)]


@pytest.mark.parametrize("size", [0, 1, 2, 26])
async def test_boards_are_what_a_plain_count_says(store: Store, size: int) -> None:
    """For the first and the last, for one alone, tied, absent or without points; at the edges of buckets."""
    chance = random.Random(size)
    here = await store.write(communities.seen, "discord", f"guild-{size}", "Makers", Language.EN)
    elsewhere = await store.write(communities.seen, "discord", "other", "Others", Language.EN)
    people: list[Me] = []
    if size:
        people = await store.write(crowd.come, here.id, [ledger(chance) for _ in range(size)])
        await store.write(crowd.come, elsewhere.id, [ledger(chance) for _ in range(3)])

    seen_by = [*chance.sample(people, min(size, 9)), Me(here.id, STRANGER, "Nobody")]
    assert await store.read(wrong, seen_by) == []


async def test_ties_share_a_rank_and_neighbours_are_the_two_each_side(store: Store) -> None:
    """Said in numbers, beside the plain count: 256 and 255 lie in different buckets, none stands with nothing."""
    here = await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)
    points = [300, 256, 256, 255, 255, 255, 1, 0, -4]
    people = await store.write(crowd.come, here.id, [[(None, each, TODAY)] for each in points])

    def ranks(rows: tuple[Row, ...]) -> list[tuple[int, int]]:
        return [(row.rank, row.points) for row in rows]

    seen = [await store.read(boards.page, me, "UTC", Board.ALL, Season.WEEK) for me in people]
    assert ranks(seen[0].top) == [(1, 300), (2, 256), (2, 256), (4, 255), (4, 255), (4, 255), (7, 1)]
    assert {page.total for page in seen} == {7}
    assert ranks(seen[0].around) == [(1, 300), (2, 256), (2, 256)]
    assert ranks(seen[4].around) == [(2, 256), (4, 255), (4, 255), (4, 255), (7, 1)]
    assert ranks(seen[6].around) == [(4, 255), (4, 255), (7, 1)]
    assert [page.around for page in seen[7:]] == [(), ()]
    assert await store.read(boards.earned, people[8], "UTC", Board.ALL, Season.WEEK) == -4
    assert [await store.read(boards.rank_of, people[8], "UTC", Board.ALL, Season.WEEK, n) for n in (-4, 0, 256)] == [
        8,
        8,
        2,
    ]
    assert await store.read(boards.rows, people[3], "UTC", Board.ALL, Season.WEEK, 4, 2) == (seen[3].top[4:6], 7)


# Who is hidden

Views = dict[tuple[str, Board, Season], tuple[Page, list[Row]]]


@in_one_hop
def views(unit: Unit, people: list[Me]) -> Views:
    """All that anybody sees of any board, its every page included."""
    found = {}
    for me in people:
        for board, season in VIEWS:
            pages = [boards.rows(unit, me, "UTC", board, season, first, 3)[0] for first in (0, 3)]
            page = boards.page(unit, me, "UTC", board, season)
            found[me.uid, board, season] = (page, [row for rows in pages for row in rows])
    return found


def closed(rows: list[Row], uid: str) -> list[Row]:
    """Lines without this member's, and those below one up."""
    gone = [row.points for row in rows if row.uid == uid]
    return [replace(row, rank=row.rank - sum(row.points < points for points in gone)) for row in rows if row.uid != uid]


def hide(unit: Unit, me: Me) -> None:
    appearances.hide(unit, me)


def leave_out(unit: Unit, me: Me) -> None:
    appearances.leave_out(unit, me.community, [me.uid])


def go(unit: Unit, me: Me) -> None:
    appearances.looked_for(unit, me.community, [], [me.uid])


def forget(unit: Unit, me: Me) -> None:
    members.forget(unit, me)


def back(unit: Unit, me: Me) -> None:
    appearances.leave_out(unit, me.community, [])
    appearances.show(unit, me)


@pytest.mark.parametrize("vanish", [hide, leave_out, go, forget])
async def test_who_vanishes_changes_no_view_but_for_closed_ranks(
    store: Store, vanish: Callable[[Unit, Me], None]
) -> None:
    """Every view of every board and season by everybody, the one who vanished and a stranger included."""
    here = await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)
    of = [(7, "hybrid", 0), (3, "platform", 1), (3, "platform", 0), (3, None, 0), (1, "technical", 2)]
    old = [("business", 2, DAYS[3])]
    people = await store.write(crowd.come, here.id, [[(name, n, DAYS[day]), *old] for n, name, day in of])
    seen_by = [*people, Me(here.id, STRANGER, "Nobody")]
    before = await store.read(views, seen_by)

    for one in people:
        await store.write(vanish, one)
        after = await store.read(views, seen_by)

        assert after.keys() == before.keys()
        for (uid, board, season), (page, rows) in after.items():
            _, rows_before = before[uid, board, season]
            expected = closed(rows_before, one.uid)
            viewer = next(me for me in seen_by if me.uid == uid)
            assert rows == expected, (vanish, one.uid, uid, board, season)
            assert page == reckoned.page(expected, viewer)
        if vanish is forget:
            seen_by.remove(one)
            before = {view: seen for view, seen in after.items() if view[0] != one.uid}
        else:
            await store.write(back, one)
    last = await store.read(views, seen_by)
    assert last == {view: before[view] for view in last}
