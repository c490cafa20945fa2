"""`pmpath db restore`: the backup is there, what was there is kept, and who was erased since is not there again."""

from __future__ import annotations

import resource
import shutil
from pathlib import Path

import pytest

from bot.clock import real_now
from storage import erasures, restoring
from storage.errors import StoreError
from storage.store import Store
from tests.bot.cli import backed_up
from tests.bot.cli.backed_up import ANN, BOB, holding
from tests.bot.cli.conftest import Said, Shell

DATABASE = "data/pmpath.sqlite3"


async def erased_since(shell: Shell, url: str) -> int:
    """A backup `b.sqlite3`, then Bob and a community are erased and somebody comes. The id of the last one."""
    (shell.folder / "data").mkdir(exist_ok=True)
    store = await backed_up.opened(url)
    await store.write(backed_up.two_members)
    await shell.run("db", "backup", "b.sqlite3", DATABASE_URL=url)
    await store.write(backed_up.erase_bob)
    await store.write(backed_up.bury_elsewhere)
    last = await store.write(backed_up.someone_new)
    await store.scrub()
    await store.close()
    return last


async def look_into(url: str) -> tuple[set[str], list[bool], int]:
    """Who is there, what waits, and the next id."""
    store = await backed_up.opened(url)
    try:
        there, waits = await store.read(backed_up.who_is_there), await store.read(backed_up.waiting_posts)
        return there, waits, await store.write(backed_up.someone_later)
    finally:
        await store.close()


async def test_who_was_erased_since_is_erased_again_to_the_last_byte(shell: Shell) -> None:
    last = await erased_since(shell, f"sqlite:///{shell.folder}/{DATABASE}")
    assert holding(shell.folder, BOB.uid) == {"b.sqlite3"}  # and this scan finds what is there

    said = await shell.run("db", "restore", "b.sqlite3")

    assert (said.code, said.err) == (0, "")
    assert ": 1 member and 1 community." in said.out
    assert "1 post waited when it was made and may have gone out since: moderators find them on Home." in said.out
    kept = next((shell.folder / "data").glob("pmpath.sqlite3.before-restore-*"))
    assert f"What was there is kept as {kept}, for 30 days at most." in said.out
    assert holding(shell.folder, BOB.uid) == {"b.sqlite3"}
    assert holding(shell.folder, "u-cleo") == {"b.sqlite3", kept.name}  # there it was only said to be erased
    there, waits, following = await look_into(f"sqlite:///{shell.folder}/{DATABASE}")
    assert (there, waits) == ({ANN.uid}, [True])
    assert following > last  # an old button never means somebody else
    assert sorted(each.name for each in (shell.folder / "data").iterdir()) == [
        "pmpath.sqlite3", kept.name, "pmpath.sqlite3.lock",
    ]  # fmt: skip


async def test_on_a_server_it_goes_into_an_empty_database_and_asks_the_one_of_before(
    shell: Shell, postgres_url: str, empty_postgres_url: str
) -> None:
    last = await erased_since(shell, postgres_url)

    unknown = await shell.run("db", "restore", "b.sqlite3", DATABASE_URL=empty_postgres_url)
    full = await shell.run("db", "restore", "b.sqlite3", "--erased", "none", DATABASE_URL=postgres_url)
    said = await shell.run("db", "restore", "b.sqlite3", "--erased", postgres_url, DATABASE_URL=empty_postgres_url)

    assert (unknown.code, full.code, said.code) == (2, 2, 0), said.err
    assert "Who was erased since this backup is not known here" in unknown.err
    assert "is not empty. A copy needs a database of its own; create another one." in full.err
    assert ": 1 member and 1 community." in said.out
    there, waits, following = await look_into(empty_postgres_url)
    assert (there, waits) == ({ANN.uid}, [True])
    assert following > last
    assert holding(shell.folder, ANN.uid) == {"b.sqlite3"}  # nothing is left of the work on it


@pytest.mark.parametrize("lost", ["damaged", "missing"])
async def test_of_a_lost_database_the_list_beside_it_knows(shell: Shell, lost: str) -> None:
    url = f"sqlite:///{shell.folder}/{DATABASE}"
    last = await erased_since(shell, url)
    store = await backed_up.opened(url)
    erased = frozenset(await store.read(erasures.every))
    await store.close()
    beside, backups = erasures.lists(url, Path("data"))
    database = shell.folder / DATABASE
    if lost == "missing":
        database.unlink()
    else:
        database.write_bytes(b"SQLite format 3\x00" + b"\x07" * 90_000)
    along = shell.folder / "pmpath.sqlite3.erased"
    carried = await shell.run("db", "restore", "b.sqlite3")
    along.unlink()

    async def restore(*words: str) -> Said:
        return await shell.run("db", "restore", "b.sqlite3", *words)

    refused = await restore()
    erasures.add(beside, erased)
    assert BOB.uid not in beside.read_text()
    by_list = await restore()
    there, _waits, following = await look_into(url)
    beside.unlink()
    database.unlink()
    without = await restore("--erased", "none")

    assert (refused.code, by_list.code, without.code) == (2, 0, 0)
    assert (carried.code, f"--erased {along} goes on" in carried.err) == (2, True)
    assert "--erased none goes on" in refused.err
    assert ("What was there is kept as" in by_list.out) == (lost == "damaged")
    assert there == {ANN.uid}
    assert following > last + 900_000  # how many ids were given since is not known then
    assert "members who deleted their data since the backup are there again" in without.out
    assert not backups.exists()


async def begin_anew(url: str) -> Path:
    """A database on an empty folder, where the third member is erased: Cleo's number in the backup. Its list."""
    store = await backed_up.opened(url)
    await store.write(backed_up.third_erased)
    erased = frozenset(await store.read(erasures.every))
    await store.close()
    beside, _backups = erasures.lists(url, Path("data"))
    erasures.add(beside, erased)
    return beside


@pytest.mark.parametrize("survived", [True, False])
async def test_a_database_that_began_anew_is_not_believed(shell: Shell, *, survived: bool) -> None:
    url = f"sqlite:///{shell.folder}/{DATABASE}"
    (shell.folder / "data").mkdir()
    store = await backed_up.opened(url)
    await store.write(backed_up.two_members)
    await shell.run("db", "backup", "b.sqlite3")
    await store.write(backed_up.erase_bob)
    erased = frozenset(await store.read(erasures.every))
    await store.close()
    (shell.folder / DATABASE).unlink()
    (of_before,) = erased
    beside = await begin_anew(url)
    if survived:
        erasures.add(beside, erased)

    first = await shell.run("db", "restore", "b.sqlite3")
    said = first if survived else await shell.run("db", "restore", "b.sqlite3", "--erased", "none")

    assert (first.code, said.code) == (0 if survived else 2, 0)
    if not survived:
        assert f"{shell.folder}/{DATABASE} and {beside} began anew and knows nothing of this backup" in first.err
        assert "--erased none goes on" in first.err
    there, _waits, following = await look_into(url)
    assert there == ({ANN.uid, "u-cleo-11"} if survived else {ANN.uid, BOB.uid, "u-cleo-11"})
    assert following > 900_000
    assert erasures.read(beside) == ({of_before} if survived else set())  # what would erase Cleo the next time is not


@pytest.mark.parametrize("listed", ["nothing", "another", "all"])
async def test_a_list_is_believed_where_it_has_whom_the_backup_has(shell: Shell, listed: str) -> None:
    url = f"sqlite:///{shell.folder}/{DATABASE}"
    (shell.folder / "data").mkdir()
    store = await backed_up.opened(url)
    await store.write(backed_up.two_members)
    await store.write(backed_up.erase_bob)
    erased = await store.read(erasures.every)
    await shell.run("db", "backup", "b.sqlite3")
    await store.close()
    (shell.folder / DATABASE).unlink()
    beside, _backups = erasures.lists(url, Path("data"))
    another = erasures.Erasure("member", 3, 4_000_000_000_000_000)
    erasures.add(beside, {"nothing": set(), "another": {another}, "all": {*erased, another}}[listed])

    said = await shell.run("db", "restore", "b.sqlite3")

    assert said.code == (0 if listed == "all" else 2)
    assert ("began anew and knows nothing of this backup" in said.err) == (listed != "all")


async def test_a_log_whose_file_was_moved_away_is_not_played_onto_the_backup(shell: Shell) -> None:
    url = f"sqlite:///{shell.folder}/{DATABASE}"
    (shell.folder / "data").mkdir()
    store = await backed_up.opened(url)
    await store.write(backed_up.two_members)
    await shell.run("db", "backup", "b.sqlite3")
    await store.write(backed_up.someone_new)
    database = shell.folder / DATABASE
    log = database.with_name(database.name + "-wal")
    killed = log.read_bytes()  # as it stays after a kill -9
    await store.close()
    database.unlink()
    log.write_bytes(killed)
    database.with_name(database.name + "-shm").write_bytes(bytes(32_768))

    with pytest.raises(StoreError, match=r"is not there although its log pmpath\.sqlite3-wal is"):
        await backed_up.opened(url)
    said = await shell.run("db", "restore", "b.sqlite3", "--erased", "none")

    assert (said.code, said.err) == (0, "")
    (kept,) = (shell.folder / "data").glob("*.before-restore-*")
    assert f"What was there is kept as {kept}" in said.out
    assert kept.read_bytes() == killed
    assert not log.exists()
    assert (await look_into(url))[0] == {ANN.uid, BOB.uid, "u-cleo-11"}


async def test_beside_a_running_bot_and_from_what_is_no_backup_nothing_changes(shell: Shell, sqlite_url: str) -> None:
    path = shell.folder.parent / "pmpath.sqlite3"
    await shell.run("db", "backup", "b.sqlite3", DATABASE_URL=sqlite_url)
    (shell.folder / "text").write_text("not a database")
    whole = (shell.folder / "b.sqlite3").read_bytes()
    (shell.folder / "half").write_bytes(whole[: len(whole) // 2])
    shutil.copyfile(shell.folder / "b.sqlite3", shell.folder / "page")
    backed_up.damage_revision(shell.folder / "page")
    (shell.folder / "newer").write_bytes(whole.replace(b"\x000006", b"\x009906").replace(b"0006", b"9906"))
    before = path.read_bytes()

    async def sentence(file: str) -> str:
        said = await shell.run("db", "restore", file, DATABASE_URL=sqlite_url)
        assert (said.code, said.out) == (2, "")
        return said.err

    running = await Store.open(sqlite_url, now=real_now)
    beside = await sentence("b.sqlite3")
    await running.close()

    assert "Stop that one first" in beside
    assert "is not an SQLite database. Name a backup that pmpath db backup made." in await sentence("text")
    assert "cannot be read (No such file or directory)" in await sentence("nowhere")
    assert "half is damaged" in await sentence("half")
    assert "page is damaged (database disk image is malformed). Name another backup." in await sentence("page")
    assert "newer pmpath" in await sentence("newer")
    assert "is the database itself" in await sentence(str(path))
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.before-*"))


async def test_where_the_disk_is_full_in_the_middle_it_says_so_and_nothing_changes(shell: Shell) -> None:
    url = f"sqlite:///{shell.folder}/{DATABASE}"
    (shell.folder / "data").mkdir()
    store = await backed_up.opened(url)
    await store.write(backed_up.two_members)
    await store.write(backed_up.much_of_bob)
    await shell.run("db", "backup", "b.sqlite3")
    await store.write(backed_up.erase_bob)
    await store.close()
    free = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill_disk(_part: float) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, free[1]))

    try:
        with pytest.raises(StoreError, match="gives pmpath no more room"):
            restoring.restore(shell.folder / "b.sqlite3", url, Path("data"), None, real_now(), fill_disk)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, free)

    assert not list((shell.folder / "data").glob("*.resto*"))
    assert (await look_into(url))[0] == {ANN.uid, "u-cleo-11"}


async def test_a_community_that_only_left_waits_its_ten_minutes_after_a_restore_too(shell: Shell) -> None:
    url = f"sqlite:///{shell.folder}/{DATABASE}"
    (shell.folder / "data").mkdir()
    store = await backed_up.opened(url)
    await store.write(backed_up.two_members)
    await store.write(backed_up.long_ago)
    await store.close()
    await shell.run("db", "backup", "b.sqlite3")

    said = await shell.run("db", "restore", "b.sqlite3")

    assert "nobody, none of them is in this backup" in said.out
    assert "u-cleo-11" in (await look_into(url))[0]
