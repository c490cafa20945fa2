"""An erased member: no byte left in the SQLite files, and nothing said of it before it is so."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete, text

from content.text import Language
from storage import communities, drafts, erasures, members, scrubbing
from storage.members import Me
from storage.scrubbing import Scrubber
from storage.store import Store, Traces, Unit
from storage.tables import histogram, member
from tests.bytes import left, traces
from tests.storage import whole_member
from tests.storage.conftest import Clock

SECRET_ID = "uid-7f3a9c51-ü"
SECRET_NAME = "Zwölfbein-名字-\N{EXTRATERRESTRIAL ALIEN}"
LIMIT = 20.0


async def lived(store: Store) -> Me:
    """A member with a row in every table, rewritten thirty times, among two hundred others."""
    community = await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)
    me = Me(community.id, SECRET_ID, SECRET_NAME)
    people = [Me(community.id, f"other-{number}", f"Other {number}") for number in range(200)]
    for person in (*people[:100], me, *people[100:]):
        await store.write(whole_member.fill if person is me else members.ensure, person)
    await store.write(communities.set_moderators, community.id, [me.uid], ["role"])
    for again in range(30):
        long = ("x" * 9_000, SECRET_NAME, SECRET_ID, "y" * again * 300)
        await store.write(drafts.keep, me, f"{SECRET_ID}-{again}", {SECRET_NAME: long})
        await store.write(members.ensure, Me(me.community, me.uid, f"{SECRET_NAME} {'y' * again}"))
    return me


def forget(unit: Unit, me: Me) -> None:
    """Boards have invented names here, which the histogram keeps: it counts members and names none."""
    members.forget(unit, me)
    unit.execute(delete(histogram))


@asynccontextmanager
async def reader(path: Path) -> AsyncIterator[None]:
    """Somebody who still reads what there was."""
    driver = sqlite3.connect(path, isolation_level=None)
    driver.execute("BEGIN")
    driver.execute("SELECT count(*) FROM member").fetchone()
    try:
        yield
    finally:
        driver.close()


def as_it_stands(path: Path, there: Path) -> None:
    """What a process that is killed now leaves on the disk."""
    there.parent.mkdir()
    for end in ("", "-wal"):
        there.with_name(there.name + end).write_bytes(path.with_name(path.name + end).read_bytes())


def written(path: Path) -> int:
    return path.stat().st_mtime_ns


async def until_clean(store: Store) -> None:
    for _try in range(1000):
        if store.traces is Traces.NONE:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("traces are left after twenty seconds")


async def test_no_byte_of_an_erased_member_is_left_once_it_is_said_so(sqlite_store: Store, sqlite_path: Path) -> None:
    me = await lived(sqlite_store)
    assert left(sqlite_path, SECRET_ID, SECRET_NAME) > 100
    said = [sqlite_store.traces]

    await sqlite_store.write(forget, me)
    said += [sqlite_store.traces, await sqlite_store.scrubbed(), sqlite_store.traces]

    assert said == [Traces.NONE, Traces.SOME, Traces.NONE, Traces.NONE]

    found = traces(sqlite_path, SECRET_ID, SECRET_NAME)
    assert found == dict.fromkeys((sqlite_path.name + end for end in ("", "-wal", "-shm", ".lock")), 0)


async def test_while_somebody_reads_it_is_not_said_and_goes_by_itself_when_they_end(
    sqlite_store: Store, sqlite_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # two seconds otherwise, and two more until it is tried again
    monkeypatch.setattr(scrubbing, "PATIENCE", 0.3)
    # forty otherwise
    monkeypatch.setattr(scrubbing, "QUICK_TRIES", 3)
    me = await lived(sqlite_store)
    async with reader(sqlite_path):
        await sqlite_store.write(forget, me)
        assert await sqlite_store.scrubbed() is Traces.SOME
        assert left(sqlite_path, SECRET_ID, SECRET_NAME) > 0
        await asyncio.wait_for(sqlite_store.write(members.ensure, me), LIMIT)  # nobody else waits for that reader
        await sqlite_store.write(forget, me)
    await until_clean(sqlite_store)
    assert left(sqlite_path, SECRET_ID, SECRET_NAME) == 0


async def test_what_a_killed_process_left_in_the_log_is_gone_at_the_next_start(
    sqlite_url: str, sqlite_path: Path, tmp_path: Path, clock: Clock
) -> None:
    store = await Store.open(sqlite_url, now=clock)
    me = await lived(store)
    async with reader(sqlite_path):
        await store.write(forget, me)
        there = tmp_path / "next" / sqlite_path.name
        as_it_stands(sqlite_path, there)
    await store.close()
    assert left(there, SECRET_ID, SECRET_NAME) > 0

    again = await Store.open(f"sqlite:///{there}", now=clock)
    assert (again.traces, left(there, SECRET_ID, SECRET_NAME)) == (Traces.NONE, 0)
    await again.close()


async def test_a_file_that_was_made_without_overwriting_is_written_anew_once(
    sqlite_url: str, sqlite_path: Path, clock: Clock
) -> None:
    store = await Store.open(sqlite_url, now=clock)
    me = await lived(store)
    await store.close()
    elsewhere = sqlite3.connect(sqlite_path, isolation_level=None)
    elsewhere.execute("PRAGMA secure_delete=OFF")
    elsewhere.execute("PRAGMA foreign_keys=ON")
    elsewhere.execute("DELETE FROM member WHERE uid = ?", (me.uid,))
    elsewhere.execute("DELETE FROM moderator")
    elsewhere.execute("DELETE FROM mentor_invitation")
    elsewhere.execute("PRAGMA application_id=0")  # a dump read into a new file has none
    elsewhere.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    elsewhere.close()
    assert left(sqlite_path, SECRET_ID, SECRET_NAME) > 0  # that the scanner sees what is not overwritten

    for _start in range(2):
        store = await Store.open(sqlite_url, now=clock)
        assert (store.traces, left(sqlite_path, SECRET_ID, SECRET_NAME)) == (Traces.NONE, 0)
        await store.close()
        before = written(sqlite_path)
    await (await Store.open(sqlite_url, now=clock)).close()
    assert written(sqlite_path) == before  # not written anew each time


async def test_on_postgres_only_what_is_so_is_said(postgres_url: str, clock: Clock) -> None:
    store = await Store.open(postgres_url, now=clock)
    here = await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)
    await store.write(members.forget, Me(here.id, "u", "U"))
    assert (await store.scrubbed(), await store.scrub(), store.traces) == (Traces.SERVER,) * 3
    await store.close()


async def test_a_flood_of_deletions_shares_the_emptying_and_each_hears_when_its_own_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # a second otherwise
    monkeypatch.setattr(scrubbing, "APART", 0.1)
    begun: list[float] = []
    fails = iter([True, False, True])

    async def empty() -> bool:
        begun.append(asyncio.get_running_loop().time())
        await asyncio.sleep(0.01)
        return not next(fails, False)

    scrubber = Scrubber(empty)

    async def delete(after: float) -> bool:
        await asyncio.sleep(after)
        scrubber.erased()
        return await scrubber.wait()

    assert scrubber.clean
    assert all(await asyncio.gather(*(delete(number / 500) for number in range(200))))
    assert scrubber.clean
    succeeded = [begun[1], *begun[3:]]
    assert min(later - earlier for earlier, later in itertools.pairwise(succeeded)) >= scrubbing.APART


async def test_an_erasure_leaves_a_number_and_a_moment_and_nothing_else(store: Store, me: Me, clock: Clock) -> None:
    row = await store.write(members.ensure, me)
    await store.write(members.forget, me)
    await store.write(members.forget, me)

    (stone,) = await store.read(erasures.every)
    assert (stone.kind, stone.row_id) == (erasures.MEMBER, row)
    clock.move(dt.timedelta(microseconds=1))

    def made(unit: Unit) -> int:
        again = members.ensure(unit, me)
        return int(unit.execute(member.select().where(member.c.id == again)).one().created_at)

    assert await store.write(made) >= stone.at  # who comes back is not the one who lies there
    assert me.uid not in str(await store.read(lambda unit: unit.execute(text("SELECT * FROM tombstone")).all()))
