"""`pmpath db upgrade`, `check` and `rebuild`: the tables brought up to date, the boards compared and mended."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import update

from bot.web.sandbox import SandboxClock
from storage.store import Store, Unit
from storage.tables import histogram, standing
from tests.bot.cli.conftest import Shell


async def test_a_fresh_database_is_made_with_its_folder(shell: Shell) -> None:
    said = await shell.run("db", "upgrade", PMPATH_DATA_DIR="new/data")

    file = shell.folder / "new" / "data" / "pmpath.sqlite3"
    assert (said.code, said.out) == (0, f"The database {file} is up to date.\n")
    assert file.is_file()


async def test_twice_is_as_good_as_once_and_makes_no_copy(shell: Shell) -> None:
    first = await shell.run("db", "upgrade")
    second = await shell.run("db", "upgrade")

    assert (first.code, first.out) == (second.code, second.out)
    assert second.code == 0
    assert list((shell.folder / "data").glob("*.before-*")) == []


async def test_beside_a_running_bot_it_asks_to_stop_that_one_first(shell: Shell) -> None:
    file = shell.folder / "pmpath.sqlite3"
    running = await Store.open(f"sqlite:///{file}", now=lambda: dt.datetime.now(dt.UTC))

    said = await shell.run("db", "upgrade", PMPATH_DATA_DIR=".")
    await running.close()

    assert (said.code, said.out) == (2, "")
    assert f"is already using {file}. Stop that one first" in said.err


async def test_a_folder_that_cannot_be_made_is_a_sentence(shell: Shell) -> None:
    (shell.folder / "file").touch()

    said = await shell.run("db", "upgrade", PMPATH_DATA_DIR="file/data")

    assert said.code == 2
    assert said.err.startswith("The data folder file/data can't be made (Not a directory). ")
    assert "PMPATH_DATA_DIR" in said.err


async def test_going_back_names_what_is_erased_and_asks_first(shell: Shell) -> None:
    await shell.run("demo", "--members", "20")
    (shell.folder / "data" / "sandbox.sqlite3").rename(shell.folder / "data" / "pmpath.sqlite3")

    asks = await shell.run("db", "upgrade", "--to", "0003")
    back = await shell.run("db", "upgrade", "--to", "0003", "--erase")
    twice = await shell.run("db", "upgrade", "--to", "0003", "--erase")
    up = await shell.run("db", "upgrade")

    assert asks.code == 2
    assert "of histogram" in asks.err
    assert "Nothing has changed. Make a backup; to go back without these rows, call it again with --erase." in asks.err
    assert back.code == 0
    assert "is back at revision 0003. Erased: " in back.out
    assert "The database is at revision 0003 and can go back to 0001, 0002; 0003 is none of these." in twice.err
    assert up.out.endswith("is up to date.\n")


async def test_an_address_of_no_database_of_ours_is_a_sentence(shell: Shell) -> None:
    said = await shell.run("db", "upgrade", DATABASE_URL="sqlite:///nowhere/at/all.sqlite3")

    assert said.code == 2
    assert said.err == (
        f"The folder {shell.folder}/nowhere/at for the database does not exist. Create it, then start again.\n"
    )


async def test_wrong_settings_are_all_told(shell: Shell) -> None:
    said = await shell.run("db", "upgrade", PMPATH_LOG="loud", DATABASE_URL="mysql://h/d")

    assert said.code == 2
    assert {line.split()[0] for line in said.err.splitlines()} == {"PMPATH_LOG", "DATABASE_URL"}


async def test_a_board_that_differs_from_the_ledger_is_told_beside_a_running_bot_and_mended_after_it(
    shell: Shell,
) -> None:
    await shell.run("demo", "--members", "20")
    store = await Store.open(f"sqlite:///{shell.folder}/data/sandbox.sqlite3", now=lambda: dt.datetime.now(dt.UTC))
    await store.write(damage)

    beside = await shell.run("db", "check")
    refused = await shell.run("db", "rebuild")
    await store.close()
    rebuilt = await shell.run("db", "rebuild")
    after = await shell.run("db", "check")

    assert beside.code == 1
    assert "histogram compared, 5 lines are wrong." in beside.out
    assert "member 1 (community 1, all, ever): 1,000 points, " in beside.out
    assert "Stop pmpath and run pmpath db rebuild" in beside.out
    assert refused.code == 2
    assert "Stop that one first" in refused.err
    assert (rebuilt.code, after.code) == (0, 0)
    assert "1 standings and 1 lines of the histogram were mended" in rebuilt.out
    assert (await shell.run("db", "rebuild")).out.endswith("the boards were right.\n")


async def test_in_the_rehearsal_room_it_goes_by_the_rooms_own_clock(shell: Shell) -> None:
    await shell.run("demo", "--members", "5")
    clock = SandboxClock(lambda: dt.datetime.now(dt.UTC))
    store = await Store.open(f"sqlite:///{shell.folder}/data/sandbox.sqlite3", now=clock.now)
    months = (standing.c.season != "ever") & (standing.c.points > 0)
    await store.write(lambda unit: unit.execute(update(standing).where(months).values(points=9999)).rowcount)
    now = await shell.run("db", "check")
    await clock.move(store, dt.timedelta(days=70))
    later = await shell.run("db", "check")
    await store.close()

    assert now.code == 1
    assert later.code == 0  # nobody looks at those windows any more


async def test_without_a_database_there_is_nothing_to_check(shell: Shell) -> None:
    said = await shell.run("db", "check")

    assert (said.code, said.err) == (
        2,
        "There is no database in data yet. Start the bot first, or name another folder.\n",
    )


async def test_the_database_that_is_set_is_checked_too(shell: Shell, postgres_url: str) -> None:
    said = await shell.run("db", "check", DATABASE_URL=postgres_url)
    rebuilt = await shell.run("db", "rebuild", DATABASE_URL=postgres_url)

    assert (said.code, rebuilt.code) == (0, 0)
    assert ": 0 standings and 0 lines of the histogram compared, all as the ledger says." in said.out


def damage(unit: Unit) -> None:
    """One standing is raised and one line of the histogram, with nothing else changed."""
    this = (standing.c.member_id == 1) & (standing.c.board == "all") & (standing.c.season == "ever")
    unit.execute(update(standing).where(this).values(points=1000))
    this = (histogram.c.board == "all") & (histogram.c.season == "ever") & (histogram.c.level == 1)
    unit.execute(update(histogram).where(this, histogram.c.points == 0).values(members=histogram.c.members + 1))
