"""The same answers and finishes, stored by our store and by the two floors it is held against."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol

import asyncpg
from sqlalchemy import bindparam, event, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from content.outcomes import Outcome
from content.text import Language
from storage import communities, members, pragmas, runs, tables
from storage.members import Me
from storage.runs import Choice, Finished, Judged, Saved
from storage.store import Store
from storage.unit import Unit

TASKS = 64
ITEMS = tuple(f"item{number:02}" for number in range(10))
VERSION = "1"
SUMMARY = json.dumps({"probabilities": {outcome.value: 0.25 for outcome in Outcome}, "reasons": ["x" * 40] * 4})
BATCH_LIMIT = 64
Judge = Callable[[str, Mapping[str, Choice]], Judged | None]


def go_on(_version: str, _answers: Mapping[str, Choice]) -> None:
    """There is more to ask."""


def end(_version: str, _answers: Mapping[str, Choice]) -> Judged:
    """That was the last answer."""
    return Judged(Outcome.HYBRID, SUMMARY, "0" * 16)


class Variant(Protocol):
    """One way to store. A member is a number from 1 on; each has one open run."""

    async def answer(self, member: int, run: int, revision: int, item: str) -> None:
        """Acknowledged, that is committed, when it returns."""

    async def finish(self, member: int, run: int) -> None:
        """The last answer with its result, committed when it returns."""

    async def begin(self, count: int) -> list[int]:
        """A new run for each of the first members, earlier ones ended; not measured."""

    async def close(self) -> None: ...


def now() -> datetime:
    return datetime.now(UTC)


def me(member: int) -> Me:
    return Me(1, f"1184207365{member:08}", f"Member {member}")


def seed(unit: Unit, count: int) -> None:
    """The community and its members, with ids from 1 on."""
    communities.seen(unit, "discord", "1184207365000000000", "PM Talk", Language.EN)
    for member in range(1, count + 1):
        members.ensure(unit, me(member))


class Ours:
    """The store as the program uses it, on either database."""

    def __init__(self, store: Store, judge: Judge = go_on, choices: Mapping[str, Choice] | None = None) -> None:
        self._store = store
        self._judge = judge
        self._choices = choices or {}

    async def answer(self, member: int, run: int, revision: int, item: str) -> None:
        stored = await self._store.write(
            runs.answer, me(member), run, revision, {item: self._choices.get(item, "a")}, self._judge
        )
        assert isinstance(stored, Saved)

    async def finish(self, member: int, run: int) -> None:
        stored = await self._store.write(runs.answer, me(member), run, 0, {ITEMS[0]: "a"}, end)
        assert isinstance(stored, Finished)

    async def begin(self, count: int) -> list[int]:
        return await self._store.write(begin_runs, count)

    async def close(self) -> None:
        await self._store.close()


def begin_runs(unit: Unit, count: int) -> list[int]:
    unit.execute(END_ALL)
    return [runs.start(unit, me(member), VERSION).id for member in range(1, count + 1)]


class CoreWithLock:
    """SQLAlchemy Core over aiosqlite, one connection, a lock around each transaction."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine = _engine(path)
        self._lock = asyncio.Lock()

    async def answer(self, member: int, run: int, revision: int, item: str) -> None:
        async with self._lock, self._engine.begin() as connection:
            await self._store(connection, member, run, revision, item)

    async def _store(self, connection: AsyncConnection, member: int, run: int, revision: int, item: str) -> None:
        at = time.time_ns() // 1000
        mine = {"community": 1, "uid": me(member).uid, "run": run, "revision": revision, "now": at}
        advanced = await connection.execute(ADVANCE, mine)
        place = advanced.one()[2]
        await connection.execute(ANSWER, {"run_id": run, "item": item, "choice": '"a"', "place": place, "at": at})
        (await connection.execute(ANSWERS, {"run": run})).all()

    async def finish(self, member: int, run: int) -> None:
        async with self._lock, self._engine.begin() as connection:
            await self._store(connection, member, run, 0, ITEMS[0])
            await connection.execute(FINISH, {"run": run})
            (await connection.execute(RESULT, result_of(member, run))).scalar_one()

    async def begin(self, count: int) -> list[int]:
        return begin_raw(self._path, count)

    async def close(self) -> None:
        await self._engine.dispose()


class RawGroupCommit:
    """The sqlite3 module in one thread: all who wait share a transaction, no savepoints, statements as text."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = pragmas.connect(str(path), pragmas.WRITER)
        self._orders: SimpleQueue[tuple[Any, ...] | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    async def answer(self, member: int, run: int, revision: int, item: str) -> None:
        await self._order(member, run, revision, item, False)

    async def finish(self, member: int, run: int) -> None:
        await self._order(member, run, 0, ITEMS[0], True)

    def _order(self, *order: Any) -> asyncio.Future[None]:
        future: asyncio.Future[None] = self._loop.create_future()
        self._orders.put((future, *order))
        return future

    def _serve(self) -> None:
        while (order := self._orders.get()) is not None:
            batch = [order]
            while len(batch) < BATCH_LIMIT and not self._orders.empty():
                more = self._orders.get()
                assert more is not None
                batch.append(more)
            self._connection.execute("BEGIN IMMEDIATE")
            for each in batch:
                self._do(*each[1:])
            self._connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_tell, [each[0] for each in batch])

    def _do(self, member: int, run: int, revision: int, item: str, finishes: bool) -> None:
        at, execute = time.time_ns() // 1000, self._connection.execute
        place = execute(RAW_ADVANCE, (at, run, 1, me(member).uid, revision)).fetchone()[2]
        execute(RAW_ANSWER, (run, item, '"a"', place, at))
        execute(RAW_ANSWERS, (run,)).fetchall()
        if finishes:
            execute(RAW_FINISH, (run,))
            execute(RAW_RESULT, tuple(result_of(member, run).values())).fetchone()

    async def begin(self, count: int) -> list[int]:
        return begin_raw(self._path, count)

    async def close(self) -> None:
        self._orders.put(None)
        self._thread.join()
        self._connection.close()


class RawPostgres:
    """asyncpg with sixteen connections, statements as text, a transaction each."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def answer(self, member: int, run: int, revision: int, item: str) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await self._store(connection, member, run, revision, item)

    async def _store(self, connection: Any, member: int, run: int, revision: int, item: str) -> None:
        at = time.time_ns() // 1000
        place = (await connection.fetchrow(_dollars(RAW_ADVANCE), at, run, 1, me(member).uid, revision))[2]
        await connection.execute(_dollars(RAW_ANSWER), run, item, '"a"', place, at)
        await connection.fetch(_dollars(RAW_ANSWERS), run)

    async def finish(self, member: int, run: int) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await self._store(connection, member, run, 0, ITEMS[0])
            await connection.execute(_dollars(RAW_FINISH), run)
            await connection.fetchval(_dollars(RAW_RESULT), *result_of(member, run).values())

    async def begin(self, count: int) -> list[int]:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(RAW_END_ALL)
            await connection.executemany(_dollars(RAW_BEGIN), [(member,) for member in range(1, count + 1)])
            found = await connection.fetch("SELECT id FROM run WHERE status = 'open' ORDER BY member_id")
            return [row[0] for row in found]

    async def close(self) -> None:
        await self._pool.close()


@lru_cache
def _dollars(statement: str) -> str:
    """With PostgreSQL's own placeholders."""
    numbers = itertools.count(1)
    return re.sub(r"\?", lambda _found: f"${next(numbers)}", statement)


def _tell(futures: Sequence[asyncio.Future[None]]) -> None:
    for future in futures:
        future.set_result(None)


def begin_raw(path: Path, count: int) -> list[int]:
    """A new run for each of the first members, in one transaction beside the variant."""
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute(RAW_END_ALL)
            connection.executemany(RAW_BEGIN, [(member,) for member in range(1, count + 1)])
            found = connection.execute("SELECT id FROM run WHERE status = 'open' ORDER BY member_id")
            return [row[0] for row in found]
    finally:
        connection.close()


def result_of(member: int, run: int) -> dict[str, Any]:
    return {
        "member_id": member,
        "run_id": run,
        "bank_version": VERSION,
        "outcome": "hybrid",
        "summary": SUMMARY,
        "texts_hash": "0" * 16,
        "at": 1,
    }


def _engine(path: Path) -> AsyncEngine:
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", pool_size=1, max_overflow=0)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas.WRITER:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


_run, _member, _answer = tables.run, tables.member, tables.answer
_my_id = (
    select(_member.c.id)
    .where(_member.c.community_id == bindparam("community"), _member.c.uid == bindparam("uid"))
    .scalar_subquery()
)
ADVANCE = (
    update(_run)
    .where(
        _run.c.id == bindparam("run"),
        _run.c.member_id == _my_id,
        _run.c.status == "open",
        _run.c.rev == bindparam("revision"),
    )
    .values(rev=_run.c.rev + 1, updated_at=bindparam("now"))
    .returning(_run.c.member_id, _run.c.bank_version, _run.c.rev)
)
_new = upsert(_answer)
ANSWER = _new.on_conflict_do_update(
    index_elements=["run_id", "item"], set_={"choice": _new.excluded.choice, "at": _new.excluded.at}
)
ANSWERS = (
    select(_answer.c.item, _answer.c.choice, _answer.c.at)
    .where(_answer.c.run_id == bindparam("run"))
    .order_by(_answer.c.place, _answer.c.item)
)
END_ALL = update(_run).where(_run.c.status == "open").values(status="ended")
FINISH = update(_run).where(_run.c.id == bindparam("run")).values(status="finished")
RESULT = insert(tables.result).returning(tables.result.c.id)

RAW_BEGIN = (
    "INSERT INTO run (member_id, bank_version, rev, status, started_at, updated_at) VALUES (?, '1', 0, 'open', 1, 1)"
)
RAW_END_ALL = "UPDATE run SET status = 'ended' WHERE status = 'open'"
RAW_ADVANCE = (
    "UPDATE run SET rev = rev + 1, updated_at = ? WHERE id = ? AND member_id = "
    "(SELECT id FROM member WHERE community_id = ? AND uid = ?) AND status = 'open' AND rev = ? "
    "RETURNING member_id, bank_version, rev"
)
RAW_ANSWER = (
    "INSERT INTO answer (run_id, item, choice, place, at) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (run_id, item) DO UPDATE SET choice = excluded.choice, at = excluded.at"
)
RAW_ANSWERS = "SELECT item, choice, at FROM answer WHERE run_id = ? ORDER BY place, item"
RAW_FINISH = "UPDATE run SET status = 'finished' WHERE id = ?"
RAW_RESULT = (
    "INSERT INTO result (member_id, run_id, bank_version, outcome, summary, texts_hash, at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id"
)
