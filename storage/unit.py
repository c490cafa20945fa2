"""A unit of work: what a storage function is given to read and write with."""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import (
    ClauseElement,
    Connection,
    CursorResult,
    Executable,
    Table,
    bindparam,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler

from content.points import Points
from storage import tables
from storage.moments import micros

AnyInsert = sqlite.Insert | postgresql.Insert
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]
PARAMETER = re.compile(r":(\w+)")
PLAIN = re.compile(r"[\w-]+")
Work = TypeVar("Work", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Changed:
    """What a unit changed that memory may hold: a community, or with `uid` one member of it.

    `erased`: it is gone for good, and so must be whatever memory or a file still has of it.
    """

    community: int
    uid: str | None
    erased: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Upsert:
    """One insert with its ON CONFLICT clause, built for both dialects when its module is loaded."""

    sqlite: Executable
    postgresql: Executable


def upsert(table: Table, build: Callable[[AnyInsert], Executable]) -> Upsert:
    """The statement that `build` makes of an empty insert, for both dialects."""
    return Upsert(build(sqlite.insert(table)), build(postgresql.insert(table)))


class Prepared:
    """A statement that the writing thread gives to SQLite as text, compiled once.

    For the answers, awards and boards alone: there, what SQLAlchemy does around a statement costs several times
    the statement. With `same_text` PostgreSQL gets that text too: SQLAlchemy compiles several rows of values anew
    each time.
    """

    __slots__ = ("statement", "text", "values")

    def __init__(self, statement: Executable | Upsert, *, same_text: bool = False) -> None:
        for_sqlite = statement.sqlite if isinstance(statement, Upsert) else statement
        assert isinstance(for_sqlite, ClauseElement)
        compiled = for_sqlite.compile(dialect=sqlite.dialect(paramstyle="named"))
        assert isinstance(compiled, SQLCompiler)
        ours = {name: _literal(bound.value) for bound, name in compiled.bind_names.items() if not bound.required}
        named = PARAMETER.sub(lambda found: ours.get(found[1], found[0]), str(compiled))
        self.text = PARAMETER.sub("?", named)
        self.values = _in_order(PARAMETER.findall(named))
        self.statement: Executable | Upsert = text(named) if same_text else statement


def _literal(value: object) -> str:
    """A value of ours as it stands in the statement: each parameter costs time whenever it runs."""
    match value:
        case None:
            return "NULL"
        case int():
            return str(int(value))
        case str() if PLAIN.fullmatch(value):
            return f"'{value}'"
    raise TypeError(f"{value!r} cannot stand in a statement")


def _in_order(names: list[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Takes these parameters out of all, as the text asks for them."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda parameters: [parameters[name] for name in names]


ONE_HOP = "_in_one_hop"


def in_one_hop(work: Work) -> Work:
    """Marks a read that SQLite does in a thread of its own, without a turn of the loop for each statement."""
    setattr(work, ONE_HOP, True)
    return work


AT_ONCE = "_at_once"


def at_once(work: Work) -> Work:
    """Marks a read of a handful of rows, which SQLite does in the loop itself: it costs less than waking a thread.

    Only for what reads as little however much is stored: a disk that keeps it waiting keeps everybody waiting.
    """
    setattr(work, AT_ONCE, True)
    return work


_LOCK = (
    select(tables.member.c.id)
    .where(tables.member.c.id.in_(bindparam("them", expanding=True)))
    .order_by(tables.member.c.id)  # so that no two units wait for each other
    .with_for_update(key_share=True)  # units may tell them at the same time
)
_LOCK_COMMUNITY = (
    select(tables.community.c.id)
    .where(tables.community.c.id == bindparam("this", type_=tables.BI))
    .with_for_update(key_share=True)  # members may be added meanwhile
)
_TELL = insert(tables.outbox).from_select(
    ["key", "community_id", "member_id", "notice", "ids", "due_at", "state", "attempt", "at"],
    select(
        bindparam("new_key", type_=tables.outbox.c.key.type),
        tables.member.c.community_id,
        tables.member.c.id,
        bindparam("new_notice", type_=tables.outbox.c.notice.type),
        bindparam("new_ids", type_=tables.outbox.c.ids.type),
        bindparam("now", type_=tables.BI),
        literal("waiting"),
        literal(0, tables.BI),
        bindparam("now", type_=tables.BI),
    ).where(tables.member.c.id == bindparam("to_member", type_=tables.BI)),
)
_POST = upsert(
    tables.outbox,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["key"],
        set_={"state": "waiting", "attempt": 0, "due_at": insert.excluded.due_at, "unsure_since": None},
        where=tables.outbox.c.state == "dead",
    ).returning(tables.outbox.c.id),
)


class Unit:
    """One transaction's connection, the moment it happens in, and what others learn from its commit.

    Functions over a unit have no other effect than on the unit: on PostgreSQL they may run again.
    """

    __slots__ = ("_driver", "_results", "changes", "connection", "now", "now_us", "points")

    def __init__(
        self,
        connection: Connection,
        now: dt.datetime,
        now_us: int | None = None,
        driver: sqlite3.Connection | None = None,
        points: Points | None = None,
    ) -> None:
        self.connection = connection
        self._driver = driver
        self.points = points
        self.now = now
        self.now_us = micros(now) if now_us is None else now_us
        self.changes: list[Changed] = []
        self._results: list[CursorResult[*tuple[Any, ...]]] = []

    def execute(
        self, statement: Executable | Upsert, parameters: Parameters | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run one statement; several sets of parameters run it once for each."""
        if isinstance(statement, Upsert):
            statement = statement.sqlite if self._is_sqlite else statement.postgresql
        result = self.connection.execute(statement, parameters)
        self._results.append(result)
        return result

    def rows(self, prepared: Prepared, parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """All rows of a prepared statement, as plain tuples; none if it returns none."""
        if self._driver is not None:
            return self._driver.execute(prepared.text, prepared.values(parameters)).fetchall()
        result = self.execute(prepared.statement, parameters)
        return result.all() if result.returns_rows else []

    def lock(self, *member_ids: int) -> None:
        """Other units about these members wait until this one ends; SQLite's are one after another anyway."""
        if not self._is_sqlite:
            self.execute(_LOCK, {"them": member_ids}).all()

    def lock_community(self, community_id: int) -> None:
        """Other units that do so of this community wait until this one ends."""
        if not self._is_sqlite:
            self.execute(_LOCK_COMMUNITY, {"this": community_id}).all()

    def drop_results(self) -> None:
        """Close what the unit left unread: SQLite cannot commit while such a statement is in progress."""
        for result in self._results:
            result.close()
        self._results.clear()

    def insert(self, table: Table) -> AnyInsert:
        """The dialect's own insert, which has `on_conflict_do_update` and `on_conflict_do_nothing`."""
        return sqlite.insert(table) if self._is_sqlite else postgresql.insert(table)

    def tell(self, member_id: int, notice: str, **ids: int | str) -> None:
        """Put a message to a member into the outbox; a member who is gone is told nothing."""
        self.execute(
            _TELL,
            {
                "new_key": f"tell:{uuid.uuid4().hex}",
                "to_member": member_id,
                "new_notice": notice,
                "new_ids": encode_ids(ids),
                "now": self.now_us,
            },
        )

    def post(self, community_id: int, channel: str, notice: str, *, key: str, **ids: int | str) -> None:
        """Put a public message into the outbox. Of a key already there nothing comes, unless it was given up."""
        self.post_for(None, community_id, channel, notice, key, ids)

    def post_for(
        self, post_at: int | None, community_id: int, channel: str, notice: str, key: str, ids: Mapping[str, int | str]
    ) -> int | None:
        """As `post`, for a stored moment: a platform that can is given it ahead.

        Answers the row's id, None where nothing comes of it.
        """
        made = self.execute(
            _POST,
            {
                "key": f"post:{key}",
                "community_id": community_id,
                "channel": channel,
                "notice": notice,
                "ids": encode_ids(ids),
                "due_at": self.now_us,
                "post_at": post_at,
                "state": "waiting",
                "attempt": 0,
                "at": self.now_us,
            },
        ).scalar_one_or_none()
        return None if made is None else int(made)

    def changed(self, change: Changed) -> None:
        """Say what memory may no longer trust; listeners hear of it after the commit."""
        self.changes.append(change)

    @property
    def _is_sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"


def encode_ids(ids: Mapping[str, int | str]) -> str:
    """The stored form of a notice's ids, the same bytes for the same ids."""
    return json.dumps(ids, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
