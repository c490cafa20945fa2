"""`pmpath db upgrade`: the tables brought up to date and nothing else started."""

from __future__ import annotations

import datetime as dt

from storage.store import Store
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
