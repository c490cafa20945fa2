"""Boards are compared with the ledger, mended where they differ, and lose the windows that nobody looks at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from sqlalchemy import Executable, Table, delete, select, update

from content.boards import Board, Season
from content.outcomes import Outcome
from content.points import Deed
from content.text import Language
from storage import (
    appearances,
    awards,
    board_check,
    board_mend,
    boards,
    communities,
    members,
    old_windows,
    seasons,
    upkeep,
)
from storage.board_check import Compared
from storage.communities import Community
from storage.members import Me
from storage.store import Store, Unit
from storage.tables import histogram, standing
from tests.storage.conftest import Clock

ZONES = ("Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago")
NOW = dt.datetime(2026, 11, 30, 10, 30, tzinfo=dt.UTC)  # there it is Tuesday, Monday and Sunday
KEPT = {
    1: {"ever", "2026-12", "2026-11", "2026-W49", "2026-W48"},
    2: {"ever", "2026-11", "2026-10", "2026-W49", "2026-W48"},
    3: {"ever", "2026-11", "2026-10", "2026-W48", "2026-W47"},
}


def look(unit: Unit) -> Compared:
    return board_check.check(unit, lambda part: None)


def rows(unit: Unit) -> list[Sequence[object]]:
    """All standings that count and the histogram, of windows that are kept."""
    here = select(standing).where(standing.c.points != 0).order_by(*standing.primary_key)
    counted = select(histogram).where(histogram.c.members != 0).order_by(*histogram.primary_key)
    found = (*unit.execute(here), *unit.execute(counted))
    return [tuple(row) for row in found if row.season in KEPT[row.community_id]]


def live(unit: Unit, everybody: Sequence[Me], month: int) -> None:
    """Some deeds of each, of no outcome, one, or several."""
    for number, me in enumerate(everybody):
        member_id = members.ensure(unit, me)
        awards.give(unit, member_id, None, (Deed.ASSESSMENT, "first"))
        for outcome in list(Outcome)[: number % 5]:
            awards.give(unit, member_id, outcome, (Deed.TIP, f"{outcome}-{month}"), (Deed.SUGGESTION, f"{month}"))


def change(unit: Unit, *statements: Executable) -> None:
    for each in statements:
        unit.execute(each)


def mend(unit: Unit) -> int:
    return board_mend.standings(unit, 1, 500) + board_mend.histograms(unit, 1, 200)


@pytest.fixture
async def lived(store: Store, clock: Clock) -> list[Me]:
    """Three communities on three days of the world: members of two months, one hidden, one left out, one away."""
    everybody = []
    for number, zone in enumerate(ZONES):
        place: Community = await store.write(communities.seen, "discord", zone, "Makers", Language.EN)
        await store.write(communities.set_zone, place.id, zone)
        everybody += [Me(place.id, f"{number}-{name}", name) for name in ("Ann", "Bob", "Cem", "Dee", "Eve")]
    clock.moment = NOW - dt.timedelta(days=68)
    await store.write(lambda unit: [appearances.show(unit, me) for me in everybody])
    for month in range(3):
        await store.write(live, everybody, month)
        clock.move(dt.timedelta(days=34))
    clock.moment = NOW
    await store.write(appearances.hide, everybody[0])
    await store.write(appearances.leave_out, everybody[5].community, [everybody[6].uid])
    await store.write(appearances.looked_for, everybody[10].community, [], [everybody[12].uid])
    await store.write(lambda unit: awards.adjust(unit, members.ensure(unit, everybody[3]), -400, "mistaken"))
    return everybody


async def test_what_was_lived_agrees_with_the_ledger_and_is_made_anew_from_it(store: Store, lived: list[Me]) -> None:
    found = await store.read(look)
    before = await store.read(rows)

    await store.write(change, delete(standing), delete(histogram))
    empty = await store.read(look)
    mended = await store.write(mend)

    assert (found.different, found.first) == (0, [])
    assert found.standings > 20
    assert found.histogram > 20
    assert empty.different == found.standings
    assert mended == found.standings + found.histogram
    assert await store.read(rows) == before
    assert {str(row[2]) for row in before} == set().union(*KEPT.values()) - {"2026-W47"}


@pytest.mark.parametrize("table", [standing, histogram])
async def test_a_damaged_line_is_named_and_mended(store: Store, lived: list[Me], table: Table) -> None:
    column = "points" if table is standing else "members"
    before = await store.read(rows)
    one = (await store.read(lambda unit: unit.execute(select(table).where(table.c[column] > 0)).all()))[-1]
    keys = [each for each in table.primary_key if each.name != column]
    this = [key == getattr(one, key.name) for key in keys]
    await store.write(change, update(table).where(*this).values({column: one[-1] + 7}))

    found = await store.read(look)
    mended = await store.write(mend)

    assert found.different >= 1
    assert (found.first[0].stored, found.first[0].wanted) == (one[-1] + 7, one[-1])
    assert mended >= 1
    assert (await store.read(look)).different == 0
    assert await store.read(rows) == before
    assert await store.write(mend) == 0


async def test_windows_that_nobody_looks_at_any_more_are_forgotten_and_the_others_stay(
    store: Store, lived: list[Me], clock: Clock
) -> None:
    async def windows() -> set[str]:
        found = await store.read(
            lambda unit: (
                unit.execute(select(standing.c.season).where(standing.c.points > 0).distinct()).scalars().all(),
                unit.execute(select(histogram.c.season).distinct()).scalars().all(),
            )
        )
        assert set(found[0]) == set(found[1])
        return set(found[0])

    before = await windows()
    while await store.write(upkeep.prune):
        pass

    old = {"2026-09", "2026-W39", "2026-W44"}
    assert await windows() == before - old
    assert before > old
    clock.moment = dt.datetime(2027, 1, 4, 8, tzinfo=dt.UTC)
    while await store.write(upkeep.prune):
        pass
    assert await windows() == {"2026-12", "ever"}
    assert (await store.read(look)).different == 0
    assert (await store.read(boards.rows, lived[5], "UTC", Board.ALL, Season.EVER, 0, 10))[1] == 4


def test_a_window_is_old_when_its_days_are_before_all_that_is_kept() -> None:
    """Every window of four years, looked at from every day of two."""
    first = dt.date(2025, 1, 1)
    every = {each for day in range(4 * 365) for each in seasons.windows(first + dt.timedelta(day))}
    for number in range(365, 3 * 365):
        kept = seasons.kept(first + dt.timedelta(number))
        ends = old_windows.spans(kept)
        spans = [(ends[f"from_{each}"], ends[f"before_{each}"]) for each in old_windows.SPANS]
        found = {each for each in every if any(low <= each < end for low, end in spans)}
        wanted = set()
        for kind in ("-W", "-"):
            same = [each for each in every if kind in each and (kind == "-W") == ("W" in each)]
            least = min(seasons.days(each)[0] for each in kept if each in same)
            wanted |= {each for each in same if seasons.days(each)[0] < least}
        assert found == wanted
