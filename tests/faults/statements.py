"""Which statements the real store gives to SQLite while members write, with their values."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from content.load import read_content
from content.text import Language
from storage import communities
from storage.members import Me
from storage.store import Store, Unit
from tests.faults.writing import GUILD, MEMBERS, assess_for_ever


async def statements_of_writers(path: Path, *, most: int) -> tuple[bytes, Sequence[str]]:
    """A new file as it was before, and all statements of so many transactions."""
    store = await Store.open(f"sqlite:///{path}", now=lambda: dt.datetime.now(dt.UTC), points=read_content().points)
    community = await store.write(communities.seen, "discord", GUILD, "Makers", Language.EN)
    await store.scrub()
    base, statements, enough = await asyncio.to_thread(path.read_bytes), list[str](), asyncio.Event()
    loop = asyncio.get_running_loop()

    def listen(statement: str) -> None:
        statements.append(statement)
        if statement == "COMMIT" and statements.count("COMMIT") >= most:
            loop.call_soon_threadsafe(enough.set)

    def trace(unit: Unit, to: Callable[[str], None] | None) -> None:
        driver = unit.connection.connection.dbapi_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_trace_callback(to)

    await store.write(trace, listen)
    people = [Me(community.id, f"u{number}", f"Member {number}") for number in range(MEMBERS)]
    async with asyncio.timeout(60):
        members = [asyncio.create_task(assess_for_ever(store, me, lambda _line: None, control=False)) for me in people]
        await enough.wait()
    await store.write(trace, None)
    await store.close()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.wait(members)
    whole = statements[statements.index("BEGIN IMMEDIATE") :]
    return base, [each for each in whole if not each.startswith("--")]
