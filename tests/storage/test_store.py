"""The store: batches, faults, limits, stopping."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from content.text import Language
from storage import communities, faults, notes, tables
from storage.errors import Unavailable
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase
from storage.store import WAITING_LIMIT, Busy, Changed, Store, StoreError, Traces, Unit
from storage.writer import BATCH_LIMIT
from tests.storage.conftest import Clock

LARGE = 600_000  # more than the room that `little_room` leaves


def name_it(unit: Unit, ext_id: str, size: int = 1) -> int:
    return communities.seen(unit, "discord", ext_id, "n" * size, Language.EN).id


def names(unit: Unit) -> list[str]:
    return list(unit.execute(text("SELECT ext_id FROM community ORDER BY id")).scalars())


END_OF_LINE = "SELECT pg_terminate_backend(pg_backend_pid())"


def end_commits(unit: Unit) -> None:
    """From now on the server ends a line in the middle of its commit, if that brings a community."""
    body = f"BEGIN PERFORM ({END_OF_LINE}); RETURN NULL; END"
    unit.execute(text(f"CREATE FUNCTION end_line() RETURNS trigger LANGUAGE plpgsql AS '{body}'"))
    when = "AFTER INSERT ON community DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    unit.execute(text(f"CREATE CONSTRAINT TRIGGER at_commit {when} EXECUTE FUNCTION end_line()"))


def let_commits(unit: Unit) -> None:
    """As before `end_commits`: another test may get this database."""
    unit.execute(text("DROP FUNCTION end_line CASCADE"))


class Gate:
    """Holds the writer inside a unit, so that what is ordered meanwhile shares the next transaction."""

    def __init__(self, store: Store) -> None:
        self._entered = threading.Event()
        self._open = threading.Event()
        self._store = store

    async def __aenter__(self) -> Gate:
        self._held = asyncio.create_task(self._store.write(self._wait))
        await asyncio.to_thread(self._entered.wait, 10)
        return self

    def _wait(self, _unit: Unit) -> None:
        self._entered.set()
        assert self._open.wait(10)

    def open(self) -> None:
        self._open.set()

    async def __aexit__(self, *_error: object) -> None:
        self._open.set()
        await self._held


async def all_at_once(store: Store, *works: Callable[[Unit], object]) -> list[object]:
    """What became of these units, done by one transaction, in this order."""
    async with Gate(store) as gate:
        tasks = [asyncio.create_task(store.write(work)) for work in works]
        await asyncio.sleep(0)  # each of them has ordered its unit now
        gate.open()
        return await asyncio.gather(*tasks, return_exceptions=True)


def naming(ext_id: str, size: int = 1) -> Callable[[Unit], object]:
    return partial(name_it, ext_id=ext_id, size=size)


def naming_plainly(ext_id: str, size: int) -> Callable[[Unit], object]:
    """The same without ON CONFLICT and RETURNING: a full disk then ends the whole transaction."""

    def work(unit: Unit) -> None:
        row = {"platform": "discord", "ext_id": ext_id, "name": "n" * size, "language": "en", "zone": "UTC"}
        unit.execute(insert(tables.community), {**row, "settings": "{}"})

    return work


def little_room(unit: Unit) -> None:
    pages = unit.execute(text("PRAGMA page_count")).scalar_one()
    unit.execute(text(f"PRAGMA max_page_count={pages + 20}"))


def much_room(unit: Unit) -> None:
    unit.execute(text("PRAGMA max_page_count=1000000"))


# Every database


async def test_a_unit_that_raises_leaves_nothing_and_raises_to_its_caller(store: Store) -> None:
    def fail(unit: Unit) -> None:
        name_it(unit, "gone")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.write(fail)
    await store.write(name_it, "kept")

    assert await store.read(names) == ["kept"]


async def test_a_unit_may_raise_what_a_future_cannot_carry(store: Store) -> None:
    def fail(_unit: Unit) -> None:
        raise StopIteration

    with pytest.raises(RuntimeError):
        await asyncio.wait_for(store.write(fail), 30)
    assert await asyncio.wait_for(store.write(name_it, "after"), 30)


async def test_a_broken_rule_of_the_database_fails_only_its_own_unit(store: Store) -> None:
    def orphan(unit: Unit) -> None:
        unit.execute(text("INSERT INTO moderator (community_id, kind, ext_id) VALUES (99, 'person', 'x')"))

    orders = [store.write(name_it, "a"), store.write(orphan), store.write(name_it, "b")]
    ends = await asyncio.gather(*orders, return_exceptions=True)

    assert [type(end).__name__ for end in ends] == ["int", "IntegrityError", "int"]
    assert sorted(await store.read(names)) == ["a", "b"]


async def test_a_unit_that_raises_over_unread_rows_fails_alone(store: Store) -> None:
    def fail(unit: Unit) -> None:
        unread = unit.execute(
            text(
                "INSERT INTO community (platform, ext_id, name, language, zone, settings) "
                "VALUES ('p', 'x', 'n', 'en', 'UTC', '{}'), ('p', 'y', 'n', 'en', 'UTC', '{}') RETURNING id"
            )
        )
        rows = iter(unread)
        raise ValueError(next(rows), rows)

    orders = [store.write(name_it, "a"), store.write(fail), store.write(name_it, "b")]
    ends = await asyncio.gather(*orders, return_exceptions=True)

    assert [type(end).__name__ for end in ends] == ["int", "ValueError", "int"]
    assert sorted(await store.read(names)) == ["a", "b"]


async def test_reading_cannot_write(store: Store) -> None:
    with pytest.raises((DBAPIError, StoreError)):
        await store.read(name_it, "a")
    assert await store.read(names) == []


async def test_a_read_sees_one_moment_of_the_data(store: Store) -> None:
    loop = asyncio.get_running_loop()
    first_done = asyncio.Event()
    second_may = threading.Event()

    def read_twice(unit: Unit) -> tuple[list[str], list[str]]:
        before = names(unit)
        loop.call_soon_threadsafe(first_done.set)
        unit.connection.exec_driver_sql("SELECT 1")  # gives the loop its turn
        if not second_may.is_set():
            for _ in range(2000):
                unit.connection.exec_driver_sql("SELECT 1")
                if second_may.is_set():
                    break
        return before, names(unit)

    reading = asyncio.create_task(store.read(read_twice))
    await first_done.wait()
    await store.write(name_it, "new")
    second_may.set()

    assert await reading == ([], [])
    assert await store.read(names) == ["new"]


async def test_listeners_hear_of_a_change_after_its_commit_and_before_its_caller_goes_on(store: Store) -> None:
    heard: list[Changed] = []
    store.listen(heard.append)

    community = await store.write(name_it, "a")

    assert heard == [Changed(community, None)]


async def test_listeners_hear_nothing_of_a_unit_that_was_undone(store: Store) -> None:
    heard: list[Changed] = []
    store.listen(heard.append)

    def fail(unit: Unit) -> None:
        name_it(unit, "a")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.write(fail)

    assert heard == []


async def test_a_listener_that_fails_is_reported_and_stops_nobody(store: Store) -> None:
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: reported.append(context["exception"]))
    heard: list[Changed] = []
    error = ValueError("no")

    def fail(_change: Changed) -> None:
        raise error

    store.listen(fail)
    store.listen(heard.append)

    community = await store.write(name_it, "a")

    assert heard == [Changed(community, None)]
    assert reported == [error]


async def test_a_caller_who_is_cancelled_does_not_undo_its_unit_or_disturb_others(store: Store) -> None:
    orders = [asyncio.create_task(store.write(name_it, f"{number}")) for number in range(10)]
    await asyncio.sleep(0)
    for order in orders[::2]:
        order.cancel()
    ends = await asyncio.gather(*orders, return_exceptions=True)
    await store.write(name_it, "last")

    cancelled = [isinstance(end, asyncio.CancelledError) for end in ends]
    assert cancelled == [True, False] * 5
    assert sorted(await store.read(names)) == [*(f"{number}" for number in range(10)), "last"]


async def test_the_store_says_busy_at_once_when_too_many_wait(store: Store) -> None:
    all_ordered = threading.Event()

    def take_a_moment(_unit: Unit) -> int:
        all_ordered.wait()
        return 1

    orders = [asyncio.create_task(store.write(take_a_moment)) for _ in range(WAITING_LIMIT + 1_000)]
    await asyncio.sleep(0)
    all_ordered.set()
    ends = await asyncio.gather(*orders, return_exceptions=True)

    refused = sum(isinstance(end, Busy) for end in ends)
    assert isinstance(ends[-1], Busy)
    assert ends[0] == 1
    assert ends.count(1) == len(orders) - refused
    assert await store.write(take_a_moment) == 1


async def test_closing_does_what_waits_and_takes_no_more(store: Store, database_url: str, clock: Clock) -> None:
    orders = [asyncio.create_task(store.write(name_it, f"{number}")) for number in range(200)]
    await asyncio.sleep(0)

    await store.close()

    assert len({await order for order in orders}) == 200
    with pytest.raises(StoreError, match="stopping"):
        await store.write(name_it, "late")
    again = await Store.open(database_url, now=clock)
    assert len(await again.read(names)) == 200
    await again.close()


async def test_however_many_ask_whether_it_is_well_the_database_is_asked_once(
    database_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a second is short
    monkeypatch.setattr("storage.store.PING_KEPT", 60.0)
    asked: list[str] = []

    async def counted(database: SqliteDatabase | PostgresDatabase) -> None:
        asked.append("")
        await database.read(notes.find, ("store.alive",), {})

    for kind in (SqliteDatabase, PostgresDatabase):
        # how often the database is asked shows nowhere else
        monkeypatch.setattr(kind, "ping", counted)
    store = await Store.open(database_url, now=clock)
    await asyncio.gather(*(store.ping() for _caller in range(100)))
    await store.ping()

    assert len(asked) == 1
    assert await store.read(notes.find, "store.alive") == clock().isoformat()
    await store.close()
    with pytest.raises(StoreError, match="stopping"):
        await store.ping()


async def test_closing_waits_for_those_who_read(database_url: str, clock: Clock) -> None:
    store = await Store.open(database_url, now=clock)
    loop = asyncio.get_running_loop()
    begun = asyncio.Event()

    def read_slowly(unit: Unit) -> list[str]:
        loop.call_soon_threadsafe(begun.set)
        for _ in range(50):
            found = names(unit)
        return found

    reading = asyncio.create_task(store.read(read_slowly))
    await begun.wait()
    await store.close()

    assert reading.done()
    assert await reading == []
    with pytest.raises(StoreError, match="stopping"):
        await store.read(names)


async def test_readers_who_are_cancelled_leave_the_connections_usable(store: Store) -> None:
    for _ in range(5):
        reads = [asyncio.create_task(store.read(names)) for _ in range(30)]
        await asyncio.sleep(0.003)
        for read in reads:
            read.cancel()
        await asyncio.gather(*reads, return_exceptions=True)

    assert await asyncio.gather(*(store.read(names) for _ in range(30))) == [[]] * 30


# SQLite: many units share a transaction


async def test_units_that_wait_share_a_transaction_and_each_is_kept(sqlite_store: Store) -> None:
    ends = await all_at_once(sqlite_store, *(naming(f"{number:03}") for number in range(BATCH_LIMIT + 5)))

    assert all(isinstance(end, int) for end in ends)
    assert await sqlite_store.read(names) == [f"{number:03}" for number in range(BATCH_LIMIT + 5)]


def test_a_start_on_a_full_disk_is_worth_another_one(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite3"
    driver = sqlite3.connect(path)
    driver.execute("PRAGMA max_page_count = 1")
    with pytest.raises(sqlite3.OperationalError) as full:
        driver.execute("CREATE TABLE t (a)")
    driver.close()
    no_room, no_right = OSError(errno.ENOSPC, "no room"), OSError(errno.EACCES, "no right")

    assert isinstance(faults.in_sqlite(full.value, path), Unavailable)
    assert isinstance(faults.on_disk(no_room, path), Unavailable)
    assert not isinstance(faults.on_disk(no_right, path), Unavailable)


async def test_a_full_disk_that_undoes_one_statement_fails_one_unit(sqlite_store: Store) -> None:
    await sqlite_store.write(little_room)

    ends = await all_at_once(sqlite_store, naming("one"), naming("two", LARGE), naming("three"), naming("four"))

    assert [type(end) for end in ends] == [int, Unavailable, int, int]
    assert await sqlite_store.read(names) == ["one", "three", "four"]


async def test_a_full_disk_that_ends_the_transaction_fails_all_that_share_it(sqlite_store: Store) -> None:
    await sqlite_store.write(little_room)

    ends = await all_at_once(sqlite_store, naming("one"), naming_plainly("two", LARGE), naming("three"), naming("four"))

    assert [type(end) for end in ends] == [StoreError] * 4
    assert all("is full. Make room" in str(end) for end in ends)
    assert await sqlite_store.read(names) == []


async def test_after_room_is_made_the_store_goes_on(sqlite_store: Store) -> None:
    await sqlite_store.write(name_it, "before")
    await sqlite_store.write(little_room)
    with pytest.raises(StoreError, match="full"):
        await sqlite_store.write(name_it, "large", LARGE)
    assert await sqlite_store.read(names) == ["before"]

    await sqlite_store.write(much_room)
    await sqlite_store.write(name_it, "after", LARGE)

    assert await sqlite_store.read(names) == ["before", "after"]


async def test_a_commit_that_fails_fails_all_of_its_units(sqlite_store: Store) -> None:
    def orphan_until_the_commit(unit: Unit) -> None:
        unit.execute(text("PRAGMA defer_foreign_keys=ON"))
        unit.execute(text("INSERT INTO moderator (community_id, kind, ext_id) VALUES (99, 'person', 'x')"))

    heard: list[Changed] = []
    sqlite_store.listen(heard.append)
    ends = await all_at_once(sqlite_store, naming("one"), orphan_until_the_commit, naming("three"))

    assert [type(end) for end in ends] == [StoreError] * 3
    assert heard == []
    assert await sqlite_store.read(names) == []
    assert await sqlite_store.write(name_it, "after")
    assert await sqlite_store.read(names) == ["after"]


async def test_a_unit_that_ends_the_transaction_itself_fails_all_that_share_it(sqlite_store: Store) -> None:
    def meddle(unit: Unit) -> None:
        unit.connection.exec_driver_sql("ROLLBACK")

    ends = await all_at_once(sqlite_store, naming("one"), meddle, naming("three"))

    assert [type(end) for end in ends] == [StoreError] * 3
    assert await sqlite_store.read(names) == []


async def test_a_clock_that_fails_does_not_stop_the_writer(sqlite_url: str, clock: Clock) -> None:
    broken = False

    def now() -> object:
        if broken:
            raise OSError("no clock")
        return clock()

    store = await Store.open(sqlite_url, now=now)  # type: ignore[arg-type]  # a clock that does not keep its promise
    broken = True
    with pytest.raises(StoreError):
        await store.write(name_it, "a")
    broken = False
    assert await store.write(name_it, "b")
    await store.close()


# SQLite: the file


async def test_a_second_process_on_the_file_is_refused_by_a_sentence(
    sqlite_store: Store, sqlite_url: str, clock: Clock
) -> None:
    with pytest.raises(StoreError, match=r"Another pmpath \(process \d+\) is already using .* Stop that one first"):
        await Store.open(sqlite_url, now=clock)
    assert await sqlite_store.write(name_it, "a")


async def test_a_closed_file_can_be_opened_again_and_is_one_file(
    sqlite_url: str, sqlite_path: Path, clock: Clock
) -> None:
    store = await Store.open(sqlite_url, now=clock)
    await store.write(name_it, "a")
    await store.close()

    left = sorted(path.name for path in sqlite_path.parent.glob("pmpath.sqlite3-*") if path.stat().st_size)
    assert left == []
    again = await Store.open(sqlite_url, now=clock)
    assert await again.read(names) == ["a"]
    await again.close()


async def test_a_program_that_only_reads_may_look_at_the_file_meanwhile(sqlite_store: Store, sqlite_path: Path) -> None:
    await sqlite_store.write(name_it, "a")

    beside = sqlite3.connect(f"file:{sqlite_path}?mode=ro", uri=True)
    assert beside.execute("SELECT ext_id FROM community").fetchall() == [("a",)]
    beside.close()


async def test_what_another_program_locks_is_said(sqlite_store: Store, sqlite_path: Path) -> None:
    def wait_briefly(unit: Unit) -> None:
        unit.execute(text("PRAGMA busy_timeout=50"))

    await sqlite_store.write(wait_briefly)
    beside = sqlite3.connect(sqlite_path, isolation_level=None)
    beside.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="Another program holds"):
        await sqlite_store.write(name_it, "a")
    beside.execute("ROLLBACK")
    beside.close()

    assert await sqlite_store.write(name_it, "b")


async def test_every_connection_has_the_pragmas_that_durability_and_erasure_need(sqlite_store: Store) -> None:
    def pragmas(unit: Unit) -> list[object]:
        asked = ["journal_mode", "synchronous", "foreign_keys", "secure_delete", "query_only", "trusted_schema"]
        return [unit.connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]

    assert await sqlite_store.write(pragmas) == ["wal", 2, 1, 1, 0, 0]
    assert await sqlite_store.read(pragmas) == ["wal", 2, 1, 1, 1, 0]


NO_DATABASE = b"not a database at all" * 1000


@pytest.fixture
def new_file(tmp_path: Path) -> Path:
    return tmp_path / "new.sqlite3"


def put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
    path.write_bytes(content)


async def test_a_new_file_is_for_its_owner_alone(new_file: Path, clock: Clock) -> None:
    store = await Store.open(f"sqlite:///{new_file}", now=clock)
    await store.write(name_it, "a")

    modes = {path.name: path.stat().st_mode & 0o077 for path in new_file.parent.iterdir()}
    assert set(modes.values()) == {0}
    assert len(modes) == 4  # the file, its log, its shared memory, its lock
    await store.close()


async def test_a_missing_folder_is_named(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(StoreError, match=r"The folder .*/absent for the database does not exist\. Create it"):
        await Store.open(f"sqlite:///{tmp_path}/absent/pmpath.sqlite3", now=clock)


async def test_a_folder_that_may_not_be_written_is_named(clock: Clock) -> None:
    folder = tempfile.mkdtemp()
    os.chmod(folder, 0o555)
    try:
        with as_an_ordinary_user(), pytest.raises(StoreError, match=f"may not write into {folder}. Give the user"):
            await Store.open(f"sqlite:///{folder}/pmpath.sqlite3", now=clock)
    finally:
        os.rmdir(folder)


@contextmanager
def as_an_ordinary_user() -> Iterator[None]:
    """Without the rights of root, which may write anywhere."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


async def test_a_folder_in_the_files_place_is_named(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(StoreError, match="is a folder, not a database"):
        await Store.open(f"sqlite:///{tmp_path}", now=clock)


async def test_a_file_that_is_no_database_is_named_with_the_way_back(new_file: Path, clock: Clock) -> None:
    put(new_file, NO_DATABASE)
    put(new_file.with_name("new.sqlite3.before-0002-2026-11-23"), b"")

    with pytest.raises(StoreError, match=r"not an SQLite database any more.*before-0002-2026-11-23") as refused:
        await Store.open(f"sqlite:///{new_file}", now=clock)

    assert refused.value.sentence.endswith(".")


async def test_a_damaged_file_is_refused(sqlite_url: str, sqlite_path: Path, clock: Clock) -> None:
    store = await Store.open(sqlite_url, now=clock)
    for number in range(50):
        await store.write(name_it, f"{number}", 3_000)
    await store.close()
    damage(sqlite_path)

    with pytest.raises(StoreError, match="is damaged"):
        await Store.open(sqlite_url, now=clock)


async def test_an_emptied_file_beside_its_log_is_refused(sqlite_url: str, sqlite_path: Path, clock: Clock) -> None:
    put(sqlite_path, b"")
    put(sqlite_path.with_name(sqlite_path.name + "-wal"), b"log")

    with pytest.raises(StoreError, match="its content was lost"):
        await Store.open(sqlite_url, now=clock)


async def test_rows_that_belong_to_nothing_are_refused(sqlite_url: str, sqlite_path: Path, clock: Clock) -> None:
    other = sqlite3.connect(sqlite_path)
    other.execute("INSERT INTO moderator (community_id, kind, ext_id) VALUES (99, 'person', 'x')")
    other.commit()
    other.close()

    with pytest.raises(StoreError, match="rows in moderator that belong to nothing"):
        await Store.open(sqlite_url, now=clock)


async def test_a_refused_file_is_not_kept_locked(new_file: Path, clock: Clock) -> None:
    put(new_file, NO_DATABASE)
    with pytest.raises(StoreError):
        await Store.open(f"sqlite:///{new_file}", now=clock)
    put(new_file, b"")

    store = await Store.open(f"sqlite:///{new_file}", now=clock)
    await store.close()


async def test_a_path_with_signs_that_mean_something_in_addresses_is_that_path(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "50% #1 ü"
    folder.mkdir()
    path = folder / "p m.sqlite3"
    store = await Store.open(f"sqlite:///{path}", now=clock)
    await store.write(name_it, "a")
    assert await store.read(names) == ["a"]
    await store.close()

    assert path.stat().st_size > 0


# Addresses


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://root@localhost/x", "SQLite or PostgreSQL, not in mysql"),
        ("data/pmpath.sqlite3", "not the address of a database"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:////tmp/x.sqlite3?mode=ro", "takes no options"),
        ("postgresql://u:p@127.0.0.1:1/x", "does not answer. Check that it runs"),
    ],
)
async def test_a_wrong_address_is_refused_by_a_sentence(url: str, sentence: str, clock: Clock) -> None:
    with pytest.raises(StoreError, match=sentence):
        await Store.open(url, now=clock)


async def test_a_database_that_is_not_there_is_named(postgres_url: str, clock: Clock) -> None:
    missing = re.sub(r"/t_\w+", "/absent", postgres_url)
    with pytest.raises(StoreError, match="does not exist"):
        await Store.open(missing, now=clock)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
async def test_every_common_spelling_of_a_postgres_address_works(postgres_url: str, scheme: str, clock: Clock) -> None:
    store = await Store.open(postgres_url.replace("postgresql://", f"{scheme}://", 1), now=clock)
    await store.ping()
    await store.close()


# PostgreSQL


async def test_a_server_that_drops_its_connections_is_found_again(postgres_url: str, clock: Clock) -> None:
    store = await Store.open(postgres_url, now=clock)

    def drop_all(unit: Unit) -> None:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        unit.execute(text(f"{others} AND pid <> pg_backend_pid()"))

    def drop_mine(unit: Unit) -> None:
        unit.execute(text(END_OF_LINE))

    await asyncio.gather(*(store.write(name_it, f"{number}") for number in range(8)))
    await store.write(drop_all)
    assert await asyncio.gather(*(store.read(names) for _ in range(8)))
    with pytest.raises(StoreError, match="tries again by itself"):
        await store.write(drop_mine)

    assert await store.write(name_it, "after")
    assert len(await store.read(names)) == 9
    await store.close()


async def test_a_unit_under_which_the_connection_ends_is_done_again_once(postgres_url: str, clock: Clock) -> None:
    store = await Store.open(postgres_url, now=clock)
    ends: list[int] = []

    def end_first(unit: Unit, times: int) -> int:
        name_it(unit, "one")
        ends.append(times)
        if ends.count(times) <= times:
            unit.execute(text(END_OF_LINE))
        return len(names(unit))

    assert await store.write(end_first, 1) == 1
    with pytest.raises(StoreError, match="tries again by itself"):
        await store.write(end_first, 2)

    assert ends == [1, 1, 2, 2]
    await store.close()


async def test_a_unit_whose_commit_gets_no_answer_is_not_done_again(postgres_url: str, clock: Clock) -> None:
    store = await Store.open(postgres_url, now=clock)
    tried: list[str] = []

    def end_at_commit(unit: Unit) -> None:
        tried.append("once")
        name_it(unit, "one")

    await store.write(end_commits)
    with pytest.raises(StoreError, match="tries again by itself"):
        await store.write(end_at_commit)
    await store.write(let_commits)

    assert tried == ["once"]
    await store.close()


async def test_units_that_lock_each_other_out_are_done_again(postgres_url: str, clock: Clock) -> None:
    store = await Store.open(postgres_url, now=clock)
    one, two = [await store.write(name_it, ext_id) for ext_id in ("one", "two")]
    tried: list[int] = []
    renamed: set[int] = set()

    def rename(unit: Unit, first: int, second: int) -> None:
        tried.append(first)
        rename_one = text("UPDATE community SET name = name || '+' WHERE id = :id")
        unit.execute(rename_one, {"id": first})
        renamed.add(first)
        while len(renamed) < 2:
            unit.execute(text("SELECT pg_sleep(0.01)"))
        unit.execute(rename_one, {"id": second})

    await asyncio.gather(store.write(rename, one, two), store.write(rename, two, one))

    assert len(tried) == 3
    assert (
        await store.read(lambda unit: unit.execute(text("SELECT name FROM community")).scalars().all()) == ["n++"] * 2
    )
    await store.close()


async def test_scrubbing_after_the_end_answers_at_once_that_it_was_not_done(store: Store) -> None:
    await store.close()

    assert (await store.scrub(), await store.scrubbed(), store.traces) == (Traces.SOME,) * 3
