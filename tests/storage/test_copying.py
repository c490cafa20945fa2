"""A database copied into one of the other kind and back: every row, every id, gone on with after a cut."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from content.text import Language
from storage import communities, copying, members, tables
from storage.copy_ends import Digest
from storage.members import Me
from storage.shapes import Row
from storage.store import Store, StoreError, Unit
from tests.storage import whole_member
from tests.storage.conftest import Clock
from tests.storage.released import at, rows_of
from tests.storage.released import filled as filled_then

MANY = 12_000  # more than a page
SIGNS = ("a", "B", "é", "林", "😀", "_", "-", "Z")  # a server's own order of these is not SQLite's


def quiet(_part: float) -> None:
    """Nobody looks how far it is."""


def fill_with(unit: Unit) -> None:
    """A row in every table, and one table of several pages by words."""
    here = communities.seen(unit, "discord", "guild-1", "Makers", Language.EN)
    members.ensure(unit, Me(here.id, "u-ann", "Ann"))
    members.ensure(unit, Me(here.id, "u-bob", "Bob"))
    unit.execute(delete(tables.member).where(tables.member.c.uid == "u-bob"))
    whole_member.fill_everywhere(unit, Me(here.id, "u-ann", "Ann"))
    rows = [{"name": f"{SIGNS[number % len(SIGNS)]}{number}", "value": "“x”\n\t\\"} for number in range(MANY)]
    unit.execute(insert(tables.note), rows)
    for table in (each for each in tables.metadata.sorted_tables if each.name in whole_member.OF_NOBODY - {"note"}):
        row = {each.name: 7 if each.type.python_type is int else "seven" for each in table.c if each.name != "id"}
        if not unit.execute(table.select()).first():
            unit.execute(insert(table).values(row))


async def filled(url: str, clock: Clock) -> None:
    store = await Store.open(url, now=clock)
    await store.write(fill_with)
    await store.close()


async def next_id(url: str, clock: Clock) -> int:
    store = await Store.open(url, now=clock)
    try:
        return await store.write(members.ensure, Me(1, "u-new", "New"))
    finally:
        await store.close()


class Cut(Exception):
    """The end of the program, in the middle of its work."""


def cut_after(reports: int) -> Callable[[float], None]:
    """Ends the copy when it reports for so many times."""
    left = reports

    def told(_part: float) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Cut

    return told


async def test_there_and_back_every_table_is_the_same_and_ids_go_on(
    sqlite_url: str, empty_postgres_url: str, tmp_path: Path, clock: Clock
) -> None:
    await filled(sqlite_url, clock)
    back = f"sqlite:///{tmp_path}/back.sqlite3"

    there = await copying.between(sqlite_url, empty_postgres_url, quiet)
    again = await copying.between(empty_postgres_url, back, quiet)

    assert again == there
    assert {table.name for table in there if table.rows == 0} == set()
    assert next(table.rows for table in there if table.name == "note") == MANY
    ids = [await next_id(url, clock) for url in (sqlite_url, empty_postgres_url, back)]
    assert min(ids) > 2  # Bob, who was erased, was 2
    assert len({*ids}) == 1
    assert (tmp_path / "back.sqlite3").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("reports", [2, 48])
async def test_a_copy_that_was_cut_off_starts_nothing_and_goes_on_where_it_was(
    sqlite_url: str, tmp_path: Path, clock: Clock, reports: int
) -> None:
    await filled(sqlite_url, clock)
    target = f"sqlite:///{tmp_path}/target.sqlite3"
    whole = await copying.between(sqlite_url, f"sqlite:///{tmp_path}/whole.sqlite3", quiet)

    with pytest.raises(Cut):
        await copying.between(sqlite_url, target, cut_after(reports))
    with pytest.raises(StoreError, match=r"a copy that was cut off\. Call pmpath db copy"):
        await Store.open(target, now=clock)
    parts: list[float] = []
    assert await copying.between(sqlite_url, target, parts.append) == whole

    assert parts[0] > 0
    await (await Store.open(target, now=clock)).close()


async def test_a_cut_copy_into_a_server_goes_on_too_but_not_with_another_source(
    sqlite_url: str, empty_postgres_url: str, clock: Clock
) -> None:
    await filled(sqlite_url, clock)
    with pytest.raises(Cut):
        await copying.between(sqlite_url, empty_postgres_url, cut_after(48))

    with pytest.raises(StoreError, match="a copy that was cut off"):
        await Store.open(empty_postgres_url, now=clock)
    store = await Store.open(sqlite_url, now=clock)
    late = await store.write(members.ensure, Me(1, "u-late", "Late"))
    await store.close()
    with pytest.raises(StoreError, match="an unfinished copy of something else, or of what this was before it changed"):
        await copying.between(sqlite_url, empty_postgres_url, quiet)
    driver = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    driver.execute("DELETE FROM member WHERE id = ?", (late,))
    driver.execute("UPDATE sqlite_sequence SET seq = seq - 1 WHERE name = 'member'")
    driver.commit()
    driver.close()
    await copying.between(sqlite_url, empty_postgres_url, quiet)

    await (await Store.open(empty_postgres_url, now=clock)).close()


async def test_a_row_that_differs_is_found_and_the_copy_is_of_no_use(
    sqlite_url: str, tmp_path: Path, clock: Clock
) -> None:
    await filled(sqlite_url, clock)
    target = tmp_path / "target.sqlite3"

    def told(part: float) -> None:
        if part >= copying.COPYING:
            driver = sqlite3.connect(target)
            driver.execute("UPDATE note SET value = 'y' WHERE name = 'a0'")
            driver.commit()
            driver.close()

    with pytest.raises(StoreError, match="note differs after the copy"):
        await copying.between(sqlite_url, f"sqlite:///{target}", told)
    with pytest.raises(StoreError, match="a copy that was cut off"):
        await Store.open(f"sqlite:///{target}", now=clock)


async def test_what_cannot_be_copied_is_refused_in_a_sentence(
    sqlite_url: str, postgres_url: str, empty_postgres_url: str, tmp_path: Path, clock: Clock
) -> None:
    async def sentence(source: str, target: str) -> str:
        with pytest.raises(StoreError) as refused:
            await copying.between(source, target, quiet)
        return refused.value.sentence

    nowhere, new = f"sqlite:///{tmp_path}/nowhere.sqlite3", f"sqlite:///{tmp_path}/new.sqlite3"
    assert "cannot be copied into itself" in await sentence(sqlite_url, sqlite_url)
    assert "There is no database at" in await sentence(nowhere, postgres_url)
    running = await Store.open(sqlite_url, now=clock)
    assert "Stop that one first" in await sentence(sqlite_url, empty_postgres_url)
    await running.write(communities.seen, "discord", "guild-1", "Ma\0kers", Language.EN)
    await running.close()
    assert "A text in community has a zero character" in await sentence(sqlite_url, empty_postgres_url)
    running = await Store.open(postgres_url, now=clock)
    assert "A pmpath runs on" in await sentence(postgres_url, new)
    await running.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)
    await running.close()
    assert "is not empty. A copy needs a database of its own" in await sentence(sqlite_url, postgres_url)
    await filled(new, clock)
    assert "is not empty. A copy needs a file that is not there yet" in await sentence(postgres_url, new)


async def test_a_table_in_another_order_or_with_one_row_less_has_another_digest() -> None:
    rows = [(1, "a", None), (2, "b", 3)]
    whole, by_one, less, other = (
        copying_digest(*pages) for pages in ([rows], [rows[:1], rows[1:]], [rows[:1]], [rows[::-1]])
    )

    assert whole == by_one
    assert len({whole, less, other, copying_digest([(1, "a", None), (2, "b", "3")])}) == 4


def copying_digest(*pages: Sequence[Row]) -> str:
    digest = Digest()
    for page in pages:
        digest.add(page)
    return digest.hex


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_full_target_of_an_earlier_version_stays_as_it_is(
    kind: str, sqlite_url: str, empty_postgres_url: str, tmp_path: Path
) -> None:
    target = empty_postgres_url if kind == "postgres" else f"sqlite:///{tmp_path}/wrong.sqlite3"
    then = await filled_then(target, "0005", tmp_path)

    with pytest.raises(StoreError, match="is not empty"):
        await copying.between(sqlite_url, target, quiet)

    store = await at(target, "0005", tmp_path)  # which a newer one would refuse
    assert await store.read(rows_of) == then
    await store.close()
