"""How every SQLite connection is set before its first statement."""

from __future__ import annotations

import sqlite3

BUSY_TIMEOUT_MS = 5000

# secure_delete stands before anything else: it must be on before the first page is ever written.
_EVERY = (
    "secure_delete=ON",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "foreign_keys=ON",
    "synchronous=FULL",
    "trusted_schema=OFF",
    "temp_store=MEMORY",
    "cache_size=-16000",
)
_WRITER = ("journal_mode=WAL", "journal_size_limit=67108864", "wal_autocheckpoint=1000")
_READER = ("query_only=ON",)

READER = _EVERY + _READER
POOLED = (*READER, "cache_size=-4000")  # one of several, which would all keep the same pages
WRITER = _EVERY + _WRITER


def connect(path: str, pragmas: tuple[str, ...], *, create: bool = True) -> sqlite3.Connection:
    """A connection that begins and commits only when told to."""
    mode = "rwc" if create else "rw"
    connection = sqlite3.connect(
        f"file:{_quoted(path)}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_TIMEOUT_MS / 1000,
    )
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()
    except BaseException:
        connection.close()
        raise
    return connection


def _quoted(path: str) -> str:
    """The path with the characters escaped that mean something in SQLite's file addresses."""
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
