"""`pmpath db copy`: what an operator reads of it, and a copy that was killed."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
import time
from pathlib import Path

from tests.bot.cli import backed_up
from tests.bot.cli.conftest import Shell, environ


async def test_it_names_what_was_copied_and_what_to_do_now(shell: Shell, empty_postgres_url: str) -> None:
    (shell.folder / "data").mkdir()
    store = await backed_up.opened(f"sqlite:///{shell.folder}/data/pmpath.sqlite3")
    await store.write(backed_up.two_members)
    await store.close()

    there = await shell.run("db", "copy", "env", empty_postgres_url)
    back = await shell.run("db", "copy", empty_postgres_url, "sqlite:///back.sqlite3")
    again = await shell.run("db", "copy", empty_postgres_url, "sqlite:///back.sqlite3")

    assert (there.code, back.code, again.code) == (0, 0, 2), there.err + back.err
    assert there.lines[:-2] == back.lines[:-2]
    assert any(line.startswith("member ") and " 3 rows  sha256 " in line for line in there.lines)
    assert "rows are the same on both sides" in there.lines[-2]
    assert "Now name the copy in DATABASE_URL." in there.lines[-2]
    assert "within 30 days" in there.lines[-1]
    assert "is not empty" in again.err


async def test_from_a_damaged_file_nothing_is_copied_and_a_sentence_says_why(shell: Shell, sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    backed_up.damage_revision(path)

    said = await shell.run("db", "copy", sqlite_url, "sqlite:///target.sqlite3")

    assert (said.code, f"{path} is damaged." in said.err) == (2, True)


async def test_killed_in_the_middle_it_goes_on_and_the_bot_does_not_start_before(shell: Shell, sqlite_url: str) -> None:
    rows = [(f"n{number}", "x" * 50) for number in range(60_000)]
    driver = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    driver.executemany("INSERT INTO note (name, value) VALUES (?, ?)", rows)
    driver.commit()
    driver.close()
    target = shell.folder / "target.sqlite3"
    words = ("db", "copy", sqlite_url, f"sqlite:///{target}")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, cwd=shell.folder, env=environ({}), stderr=asyncio.subprocess.DEVNULL
    )
    await asyncio.wait_for(asyncio.to_thread(wait_for_rows, target), 60)
    process.send_signal(signal.SIGKILL)
    assert await process.wait() == -signal.SIGKILL

    started = await shell.run("db", "upgrade", DATABASE_URL=f"sqlite:///{target}")
    gone_on = await shell.run(*words)

    assert started.code == 2
    assert "a copy that was cut off" in started.err
    assert "Call pmpath db copy, or the pmpath db restore that it was, once more as before" in started.err
    assert (gone_on.code, arrived(target)) == (0, 60_000)


def wait_for_rows(target: Path) -> None:
    while arrived(target) == 0:
        time.sleep(0.001)


def arrived(target: Path) -> int:
    """How many rows are there, as somebody else sees it."""
    try:
        driver = sqlite3.connect(f"file:{target}?mode=ro", uri=True)
    except sqlite3.OperationalError:
        return 0
    try:
        return int(driver.execute("SELECT count(*) FROM note").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        driver.close()
