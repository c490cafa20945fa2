"""`pmpath members export` and `erase`."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest

from bot.clock import real_now
from content.text import Language
from storage import audit, communities, members
from storage.members import Kept, Me
from storage.store import Store
from tests.bot.cli.conftest import Said, Shell, command, environ
from tests.bytes import left
from tests.storage.test_members import fill

ADA, BEN = "discord:900000000000000001:813579246813579246", "discord:900000000000000001:800000000000000002"
NAME = "Ada Zwölfbein"
SQLITE_ONLY = "Copies from before an upgrade still have it, 30 days at most."


async def known(url: str) -> Store:
    """Two members of whom there is much."""
    store = await Store.open(url, now=real_now)
    here = await store.write(communities.seen, "discord", ADA.split(":")[1], "Guild", Language.EN)
    for who, name in ((BEN, "Ben"), (ADA, NAME)):
        await fill(store, Me(here.id, who.split(":")[2], name))
    await store.write(members.set_language, Me(here.id, ADA.split(":")[2], NAME), Language.ZH)
    return store


async def kept(store: Store, who: str) -> Kept:
    here = await store.read(communities.find, *who.split(":")[:2])
    assert here is not None
    return await store.read(members.kept, Me(here.id, who.split(":")[2], ""))


async def test_the_export_is_that_of_the_member_beside_a_running_bot(shell: Shell, database_url: str) -> None:
    store = await known(database_url)
    try:
        said = await shell.run("members", "export", ADA, DATABASE_URL=database_url)
        again = await shell.run("members", "export", ADA, DATABASE_URL=database_url)
    finally:
        await store.close()

    assert (said.code, said.lines[:2]) == (0, ["pmpath-export.json", "pmpath-export.html"])
    found = json.loads((shell.folder / "pmpath-export.json").read_text())
    assert (found["member"]["name"], found["named_moderator"], len(found["answers"])) == (NAME, True, 2)
    assert 'lang="zh' in (shell.folder / "pmpath-export.html").read_text()
    assert {(shell.folder / name).stat().st_mode & 0o777 for name in said.lines[:2]} == {0o600}
    assert (again.code, again.err) == (
        2,
        "pmpath-export.json cannot be written (File exists). Name another folder with --to.\n",
    )


async def test_erasing_takes_one_member_and_says_what_is_not_gone(shell: Shell, database_url: str) -> None:
    await (await known(database_url)).close()

    said = await shell.run("members", "erase", ADA, "--yes", DATABASE_URL=database_url)

    assert said.code == 0, said.err
    assert said.lines[0] == f"This is stored about {ADA}:"
    assert {"  Answers: 2 answers", "  Shared with a channel: 1 post"} < set(said.lines)
    assert not any("0 " in line for line in said.lines[1:-4])
    on_sqlite = database_url.startswith("sqlite")
    assert ("Erased: not a byte of it is left in the database's files." in said.lines) is on_sqlite
    assert (SQLITE_ONLY in said.lines) is on_sqlite
    store = await Store.open(database_url, now=real_now)
    assert (await kept(store, ADA), (await kept(store, BEN)).results) == (Kept(), 1)
    lines = (await store.read(audit.of_community, 1, 0, 9)).lines
    assert [(line.deed, line.name, line.ids) for line in lines] == [("member.erased", None, {})]
    await store.close()
    if on_sqlite:
        assert left(Path(database_url.removeprefix("sqlite:///")), ADA.split(":")[2], NAME) == 0
    gone = await shell.run("members", "erase", ADA, "--yes", DATABASE_URL=database_url)
    assert (gone.code, gone.err.startswith(f"Nothing is stored about {ADA}.")) == (1, True)


async def asked(shell: Shell, url: str, *typed: str) -> Said:
    """At a terminal, where the id is typed."""
    ours, theirs = os.openpty()
    process = await asyncio.create_subprocess_exec(
        *command("members", "erase", ADA), cwd=shell.folder, env=environ({"DATABASE_URL": url}), stdin=theirs,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    os.write(ours, "".join(f"{each}\n" for each in typed).encode())
    out, err = await asyncio.wait_for(process.communicate(), 60)
    os.close(ours)
    os.close(theirs)
    assert process.returncode is not None
    return Said(process.returncode, out.decode(), err.decode())


async def test_it_asks_for_the_id_again_and_stops_beside_a_running_bot(shell: Shell, sqlite_url: str) -> None:
    store = await known(sqlite_url)
    beside = await shell.run("members", "erase", ADA, "--yes", DATABASE_URL=sqlite_url)
    silent = await shell.run("members", "erase", ADA, DATABASE_URL=sqlite_url)
    await store.close()
    right = await asked(shell, sqlite_url, BEN.split(":")[2], ADA.split(":")[2])

    assert [each.code for each in (beside, silent, right)] == [2, 2, 0]
    assert "is already using" in beside.err
    assert beside.err.endswith("With the bot running a member erases it themselves: /pmpath privacy.\n")
    assert silent.err == "Nothing was erased.\nWithout a terminal to ask at it takes --yes.\n"
    assert "That is another id." in right.out.partition("Erased: not a byte of it is left")[0]
    assert "Erased: not a byte of it is left" in right.out


@pytest.mark.parametrize("who", ["ada", "discord:1", "discord:1:", "irc:1:2", "web:sandbox:ada"])
async def test_whom_it_is_about_is_said_whole(shell: Shell, who: str) -> None:
    said = await shell.run("members", "export", who)
    assert (said.code, len(said.err.splitlines())) == (2, 1)
