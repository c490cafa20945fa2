"""Migrations: an empty file, a filled one, one of a newer program, two processes at once."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import shutil
import sqlite3
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from content.text import Language
from storage import communities, copies, members, migrate, runs
from storage.members import Me
from storage.store import Store, StoreError, Unit
from storage.tables import metadata
from tests.storage.conftest import Clock

REBUILD = """
from alembic import op
import sqlalchemy as sa

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    strict = {"sqlite_strict": True, "sqlite_autoincrement": True}
    with op.batch_alter_table("member", recreate="auto", table_kwargs=strict) as table:
        table.add_column(sa.Column("pronoun", sa.Text(), nullable=False, server_default="they"))
        table.alter_column("zone", new_column_name="time_zone")
    with op.batch_alter_table("run", recreate="auto", table_kwargs=strict) as table:
        table.alter_column("bank_version", nullable=True)
"""
FAIL = REBUILD + "    op.execute('INSERT INTO nowhere VALUES (1)')\n"


@pytest.fixture
def revisions(tmp_path: Path) -> Path:
    """A copy of our revisions, for a test to add the next one to."""
    folder = tmp_path / "revisions"
    shutil.copytree(migrate.REVISIONS, folder)
    return folder


def add(revisions: Path, source: str) -> Path:
    (revisions / "versions" / "r0007_next.py").write_text(source)
    return revisions


async def fill(url: str, clock: Clock) -> Me:
    """A database with a row in every table that hangs on a member, and the largest member and run erased."""
    store = await Store.open(url, now=clock)
    community = await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)
    me, erased = Me(community.id, "u-ann", "Ann"), Me(community.id, "u-bob", "Bob")
    run = await store.write(runs.start, me, "bank-1")
    await store.write(runs.answer, me, run.id, 0, {"q1": "a", "q2": None}, lambda *_: None)
    await store.write(lambda unit: unit.tell(members.ensure(unit, me), "n", of=1))
    await store.write(runs.start, erased, "bank-1")
    await store.write(members.forget, erased)
    await store.close()
    return me


# Both databases


async def test_the_migrations_make_what_the_tables_say(store: Store) -> None:
    def differences(unit: Unit) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(unit.connection), metadata))

    assert await store.read(differences) == []


async def test_a_filled_database_keeps_every_row_when_its_tables_are_rebuilt(
    database_url: str, revisions: Path, clock: Clock
) -> None:
    me = await fill(database_url, clock)

    store = await Store.open(database_url, now=clock, revisions=add(revisions, REBUILD))

    def pronouns(unit: Unit) -> list[str]:
        return list(unit.execute(text("SELECT pronoun FROM member")).scalars())

    kept = await store.read(members.kept, me)
    assert (kept.runs, kept.answers, kept.messages) == (1, 2, 1)
    assert await store.read(pronouns) == ["they"]
    await store.close()


async def test_ids_of_erased_rows_stay_unused_when_their_table_was_rebuilt(
    database_url: str, revisions: Path, clock: Clock
) -> None:
    me = await fill(database_url, clock)  # Ann and her run are 1, the erased ones 2

    store = await Store.open(database_url, now=clock, revisions=add(revisions, REBUILD))

    new = Me(me.community, "u-new", "New")
    assert await store.write(members.ensure, new) > 2
    assert (await store.write(runs.start, new, "bank-1")).id > 2
    await store.close()


async def test_a_migration_that_fails_changes_nothing(database_url: str, revisions: Path, clock: Clock) -> None:
    me = await fill(database_url, clock)

    with pytest.raises(Exception, match="nowhere"):
        await Store.open(database_url, now=clock, revisions=add(revisions, FAIL))

    store = await Store.open(database_url, now=clock)
    assert (await store.read(members.kept, me)).answers == 2
    await store.close()


async def test_a_database_of_a_newer_program_is_refused(database_url: str, revisions: Path, clock: Clock) -> None:
    await (await Store.open(database_url, now=clock, revisions=add(revisions, REBUILD))).close()

    with pytest.raises(StoreError, match=r"(?:\.sqlite3|The database) was written by a newer pmpath \(revision 0007\)"):
        await Store.open(database_url, now=clock)


# PostgreSQL


async def test_replicas_that_start_together_on_an_empty_database_all_start(
    empty_postgres_url: str, clock: Clock
) -> None:
    stores = await asyncio.gather(*(Store.open(empty_postgres_url, now=clock) for _ in range(4)))

    for store in stores:
        await store.ping()
        await store.close()


async def test_a_server_database_of_another_program_is_refused(empty_postgres_url: str, clock: Clock) -> None:
    store = await Store.open(empty_postgres_url, now=clock)

    def somebody_elses(unit: Unit) -> None:
        unit.execute(text("DROP TABLE alembic_version"))

    await store.write(somebody_elses)
    await store.close()

    with pytest.raises(StoreError, match="tables that are not pmpath's"):
        await Store.open(empty_postgres_url, now=clock)


# SQLite


def schema(path: Path) -> dict[str, list[str]]:
    """The lines that made each table and index; constraints may stand in another order, a rebuilt name in quotes."""
    connection = sqlite3.connect(path)
    asked = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'"
    found = connection.execute(asked).fetchall()
    connection.close()
    as_made = {name: sql.replace(f'CREATE TABLE "{name}"', f"CREATE TABLE {name}") for name, sql in found}
    return {name: sorted(line.strip(" ,\t") for line in sql.splitlines()) for name, sql in as_made.items()}


def test_the_migrated_file_is_word_for_word_what_the_tables_say(sqlite_path: Path, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/made.sqlite3")
    metadata.create_all(engine)
    engine.dispose()
    made = schema(tmp_path / "made.sqlite3")

    assert schema(sqlite_path) == made
    tables = [lines for name, lines in made.items() if name in metadata.tables]
    assert len(tables) == len(metadata.tables)
    assert all({"STRICT", "WITHOUT ROWID, STRICT"} & set(lines) for lines in tables)


async def test_a_rebuilt_table_stays_strict(sqlite_url: str, sqlite_path: Path, revisions: Path, clock: Clock) -> None:
    await fill(sqlite_url, clock)
    await (await Store.open(sqlite_url, now=clock, revisions=add(revisions, REBUILD))).close()

    rebuilt = {name: "\n".join(lines) for name, lines in schema(sqlite_path).items()}
    assert "pronoun" in rebuilt["member"]
    assert "bank_version TEXT\n" in rebuilt["run"]
    assert "STRICT" in rebuilt["run"]
    assert "AUTOINCREMENT" in rebuilt["run"]
    assert "WHERE status = 'open'" in rebuilt["uq_run_open"]


async def test_a_file_is_copied_whole_before_it_is_migrated(
    sqlite_url: str, sqlite_path: Path, revisions: Path, clock: Clock
) -> None:
    await fill(sqlite_url, clock)
    assert copies_of(sqlite_path) == []

    await (await Store.open(sqlite_url, now=clock, revisions=add(revisions, REBUILD))).close()

    today = dt.datetime.now(dt.UTC).date().isoformat()
    assert copies_of(sqlite_path) == [f"pmpath.sqlite3.before-0007-{today}"]
    copy = sqlite_path.with_name(copies_of(sqlite_path)[0])
    assert content_of(copy) == ("ok", "0006", 2)
    assert copy.stat().st_mode & 0o077 == 0


def content_of(path: Path) -> tuple[str, str, int]:
    connection = sqlite3.connect(path)
    asked = ("PRAGMA integrity_check", "SELECT version_num FROM alembic_version", "SELECT count(*) FROM answer")
    found = tuple(connection.execute(statement).fetchone()[0] for statement in asked)
    connection.close()
    return found


async def test_a_copy_that_was_put_back_works(
    sqlite_url: str, sqlite_path: Path, revisions: Path, clock: Clock
) -> None:
    me = await fill(sqlite_url, clock)
    await (await Store.open(sqlite_url, now=clock, revisions=add(revisions, REBUILD))).close()
    shutil.move(sqlite_path.with_name(copies_of(sqlite_path)[0]), sqlite_path)

    store = await Store.open(sqlite_url, now=clock)

    assert (await store.read(members.kept, me)).answers == 2
    assert (await store.read(journal_mode)) == "wal"
    await store.close()


def journal_mode(unit: Unit) -> str:
    return str(unit.connection.exec_driver_sql("PRAGMA journal_mode").scalar())


async def test_opening_a_file_that_needs_no_migration_copies_nothing(
    sqlite_url: str, sqlite_path: Path, clock: Clock
) -> None:
    await fill(sqlite_url, clock)
    await (await Store.open(sqlite_url, now=clock)).close()

    assert copies_of(sqlite_path) == []


def test_the_last_three_copies_are_kept_and_none_over_30_days(sqlite_path: Path) -> None:
    for days, name in ((1, "e"), (2, "d"), (3, "c"), (4, "b")):
        age(sqlite_path, name, days)
    copies.prune(sqlite_path)
    assert copies_of(sqlite_path) == [f"pmpath.sqlite3.before-{name}" for name in "cde"]

    age(sqlite_path, "c", 31)
    copies.prune(sqlite_path)
    assert copies_of(sqlite_path) == [f"pmpath.sqlite3.before-{name}" for name in "de"]


def test_of_a_copy_nothing_stays_beside_it_and_half_a_copy_is_none(sqlite_path: Path) -> None:
    for name in ("new", "new-wal", "half.part"):
        age(sqlite_path, name, 1)
    assert [each.name for each in copies.all_of(sqlite_path)] == ["pmpath.sqlite3.before-new"]
    copies.prune(sqlite_path)
    assert copies_of(sqlite_path) == [f"pmpath.sqlite3.before-{name}" for name in ("new", "new-wal")]

    age(sqlite_path, "new", 31)
    copies.prune(sqlite_path)
    assert copies_of(sqlite_path) == []


def test_a_log_that_was_put_by_without_its_file_goes_after_30_days_too(sqlite_path: Path) -> None:
    for days, left in ((29, ["pmpath.sqlite3.before-restore-wal"]), (31, [])):
        age(sqlite_path, "restore-wal", days)
        copies.prune(sqlite_path)
        assert copies_of(sqlite_path) == left


def test_what_was_put_by_before_a_restore_has_its_thirty_days_from_then(sqlite_path: Path) -> None:
    then = time.time() - 40 * 86_400
    os.utime(sqlite_path, (then, then))

    copy = copies.put_by(sqlite_path, "2026-11-23")
    assert copy is not None
    copies.prune(sqlite_path)

    assert copies_of(sqlite_path) == [copy.name] == ["pmpath.sqlite3.before-restore-2026-11-23"]


def test_what_a_killed_restore_left_is_forgotten_too(sqlite_path: Path) -> None:
    for name in ("restoring", "restoring-wal", "restored", "restored.lock"):
        sqlite_path.with_name(f"{sqlite_path.name}.{name}").write_text("members' data")

    copies.prune(sqlite_path)

    assert list(sqlite_path.parent.glob(f"{sqlite_path.name}.resto*")) == []


async def test_an_open_store_forgets_old_copies_when_asked(sqlite_store: Store, sqlite_path: Path) -> None:
    age(sqlite_path, "old", 31)

    await sqlite_store.prune_copies()

    assert copies_of(sqlite_path) == []


def test_copies_of_one_day_do_not_replace_each_other(sqlite_path: Path) -> None:
    source = sqlite3.connect(sqlite_path, isolation_level=None)
    made = [copies.make(source, sqlite_path, "0002", "2026-11-23").name for _ in range(2)]
    source.close()

    ending = "before-0002-2026-11-23"
    assert made == [f"pmpath.sqlite3.{ending}", f"pmpath.sqlite3.{ending}-2"]


async def test_a_file_of_another_program_is_refused(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "other.sqlite3"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipes (name TEXT)")
    other.commit()
    other.close()

    with pytest.raises(StoreError, match=r"tables that are not pmpath's \(recipes\)"):
        await Store.open(f"sqlite:///{path}", now=clock)


async def test_an_upgrade_that_would_orphan_rows_is_undone(
    sqlite_url: str, sqlite_path: Path, revisions: Path, clock: Clock
) -> None:
    me = await fill(sqlite_url, clock)
    orphans = REBUILD + "    op.execute('DELETE FROM run')\n"

    with pytest.raises(StoreError, match="rows in answer that belong to nothing; it was undone"):
        await Store.open(sqlite_url, now=clock, revisions=add(revisions, orphans))

    store = await Store.open(sqlite_url, now=clock)
    assert (await store.read(members.kept, me)).answers == 2
    await store.close()


def copies_of(path: Path) -> list[str]:
    return sorted(copy.name for copy in path.parent.glob("*.before-*"))


def age(path: Path, name: str, days: int) -> None:
    copy = path.with_name(f"{path.name}.before-{name}")
    copy.touch()
    then = time.time() - days * 86_400
    os.utime(copy, (then, then))
