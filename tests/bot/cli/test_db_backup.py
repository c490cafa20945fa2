"""`pmpath db backup`: one file that is whole, made beside a running bot, or no file at all."""

from __future__ import annotations

import os
import resource
import sqlite3
import stat
from pathlib import Path

import pytest

from storage import backups, room, soundness
from storage.errors import StoreError
from tests.bot.cli import backed_up
from tests.bot.cli.conftest import Shell


async def test_beside_a_running_bot_it_is_whole_and_the_owners_alone(shell: Shell) -> None:
    (shell.folder / "data").mkdir()
    store = await backed_up.opened(f"sqlite:///{shell.folder}/data/pmpath.sqlite3")
    await store.write(backed_up.two_members)

    said = await shell.run("db", "backup")
    await store.close()

    assert (said.code, said.err) == (0, "")
    backup, listed = sorted((shell.folder / "data" / "backups").iterdir())
    if backup.suffix == ".erased":
        backup, listed = listed, backup
    assert backup.name.startswith("pmpath-20")
    assert "looked at from the first page to the last, all is well" in said.out
    assert stat.S_IMODE(backup.stat().st_mode) == stat.S_IMODE(listed.stat().st_mode) == 0o600
    assert soundness.check(backup, "it").counts["member"] == 3
    assert backup.read_bytes()[18:20] == b"\x01\x01"  # no log belongs to it: it can be read on a read-only disk


async def test_what_is_written_meanwhile_is_in_the_next_one(shell: Shell, sqlite_url: str) -> None:
    store = await backed_up.opened(sqlite_url)
    await store.write(backed_up.two_members)
    source = Path(sqlite_url.removeprefix("sqlite:///"))
    to = shell.folder / "b.sqlite3"
    meanwhile = sqlite3.connect(source, isolation_level=None, check_same_thread=False)

    meanwhile.execute(f"INSERT INTO note (name, value) VALUES ('long', hex(zeroblob({backups.PAGES * 4096})))")
    heard: list[float] = []

    def told(part: float) -> None:
        heard.append(part)
        meanwhile.execute("INSERT INTO note (name, value) VALUES (?, '')", (f"meanwhile {len(heard)}",))

    made = await backups.make(sqlite_url, to, told)
    meanwhile.close()
    await store.close()

    assert made.sound.counts["note"] == 1
    assert soundness.check(source, "it").counts["note"] == 1 + len(heard) > 2


async def test_from_a_server_it_is_the_same_kind_of_file(shell: Shell, postgres_url: str) -> None:
    store = await backed_up.opened(postgres_url)
    await store.write(backed_up.two_members)

    said = await shell.run("db", "backup", "b.sqlite3", DATABASE_URL=postgres_url)
    await store.close()

    assert (said.code, said.err) == (0, "")
    assert soundness.check(shell.folder / "b.sqlite3", "it").counts["member"] == 3


@pytest.mark.parametrize("size", [400_000, 0])
async def test_a_disk_that_fills_up_leaves_no_file_and_a_sentence(shell: Shell, sqlite_url: str, size: int) -> None:
    store = await backed_up.opened(sqlite_url)
    await store.write(backed_up.two_members)
    await store.close()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        with pytest.raises(StoreError) as refused:
            await backups.make(sqlite_url, shell.folder / "b.sqlite3", lambda _part: None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert ("The backup was not kept" if size else "cannot be written") in refused.value.sentence
    assert os.listdir(shell.folder) == []


async def test_no_backup_is_written_over_and_what_a_killed_one_left_goes(shell: Shell, sqlite_url: str) -> None:
    for name in ("b.sqlite3", "film.mkv.part", "c.sqlite3.part", "c.sqlite3.part-wal"):
        (shell.folder / name).write_text("not ours, but for what has the name of this backup")
    for name in ("old.sqlite3.part", "old.sqlite3.part-wal", "old.sqlite3.part.lock"):
        (shell.folder / name).write_text("members' data")

    refused = await shell.run("db", "backup", "b.sqlite3", DATABASE_URL=sqlite_url)
    made = await shell.run("db", "backup", "c.sqlite3", DATABASE_URL=sqlite_url)
    nowhere = await shell.run("db", "backup", "a/b/c.sqlite3", DATABASE_URL=sqlite_url)
    missing = await shell.run("db", "backup", "d.sqlite3")

    assert (refused.code, made.code, nowhere.code, missing.code) == (2, 0, 2, 2)
    assert "is there already, and no backup is ever written over" in refused.err
    assert "cannot be written (No such file or directory)" in nowhere.err
    assert "The folder" in missing.err
    assert {each.name for each in shell.folder.iterdir()} == {
        "b.sqlite3", "c.sqlite3", "film.mkv.part", "pmpath.sqlite3.erased",
    }  # fmt: skip


def test_room_is_looked_for_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"MB are free there\. Make room first; nothing was changed"):
        room.check(tmp_path, 10**15)
