"""DATABASE_URL as operators write it, made into the address of one of our two drivers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.errors import StoreError

_EXAMPLES = "Write sqlite:///data/pmpath.sqlite3 or postgresql://user:password@host/name into DATABASE_URL."


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """A database in one file beside the program."""

    path: Path

    @property
    def name(self) -> str:
        """As operators know it."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A database on a PostgreSQL server, reached by asyncpg."""

    url: URL

    @property
    def name(self) -> str:
        """As operators know it."""
        return name_of(self.url)


def name_of(server: URL) -> str:
    """A database and its server, in words."""
    return f"{server.database} on {server.host or 'this machine'}"


def parse(url: str) -> SqliteFile | PostgresServer:
    """The address that `url` means. Raises StoreError where it means none of ours."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreError(f"DATABASE_URL is not the address of a database. {_EXAMPLES}") from error
    backend = parsed.drivername.split("+")[0]
    if backend == "sqlite":
        return _file(parsed)
    if backend in {"postgres", "postgresql"}:
        return PostgresServer(_for_asyncpg(parsed))
    raise StoreError(f"pmpath keeps its data in SQLite or PostgreSQL, not in {backend}. {_EXAMPLES}")


def _file(url: URL) -> SqliteFile:
    if not url.database or url.database == ":memory:":
        raise StoreError(f"The SQLite database needs a file; one in memory would forget everything. {_EXAMPLES}")
    if url.query:
        raise StoreError(f"The address of an SQLite file takes no options after a question mark. {_EXAMPLES}")
    return SqliteFile(Path(url.database).absolute())


def _for_asyncpg(url: URL) -> URL:
    """The same server by asyncpg, which says `ssl` where everybody else says `sslmode`."""
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(drivername="postgresql+asyncpg", query=query)
