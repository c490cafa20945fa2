"""What a driver's exception means for the operator, in one sentence and a way on."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from storage import copies
from storage.errors import StoreError, Unavailable

_SQLITE = {
    "SQLITE_FULL": "The disk that holds {where} is full. Make room on it; pmpath goes on by itself then.",
    "SQLITE_BUSY": "Another program holds {where} open for writing. Close it and try again.",
    "SQLITE_NOTADB": "{where} is not an SQLite database any more, or never was one. {copies}",
    "SQLITE_CORRUPT": "{where} is damaged. {copies}",
    "SQLITE_CANTOPEN": "{where} cannot be opened. Check that pmpath may read and write it and its folder.",
    "SQLITE_READONLY": "{where} may not be written. Let the user that runs pmpath write it and its folder.",
    "SQLITE_IOERR": (
        "The disk that holds {where} reports a fault, or gives pmpath no more room (a quota). "
        "Look at the system's log; if this stays when the disk is well again, start pmpath anew."
    ),
}
_POSTGRES = {
    "53100": "The disk of the PostgreSQL server is full. Make room on it; pmpath goes on by itself then.",
    "25006": "The PostgreSQL server may only be read. Make DATABASE_URL name the one that takes writes.",
    "53300": "The PostgreSQL server takes no more connections. Raise its max_connections.",
    "28P01": "The PostgreSQL server refuses the password in DATABASE_URL. Correct it and start again.",
    "28000": "The PostgreSQL server does not let the user in DATABASE_URL in. Correct it and start again.",
    "3D000": "The database named in DATABASE_URL does not exist. Create it, or correct its name.",
    "42501": "The user in DATABASE_URL may not do this in the database. Make it the owner of its schema.",
}
_POSTGRES_CLASSES = {
    "08": "The connection to the PostgreSQL server broke. Check that it runs; pmpath tries again by itself.",
    "57": "The PostgreSQL server is stopping or starting. pmpath tries again by itself.",
    "XX": "The PostgreSQL server found damaged data. Look into its log, and have your latest backup at hand.",
    "58": "The PostgreSQL server reports a fault of its disk. Look into its log.",
}
ONLY_READ = (
    "{where} lies on a disk that may only be read. Look at the system's log why; mount it so that it can be written, "
    "or name another folder in PMPATH_DATA_DIR (or DATABASE_URL, where that is set)."
)
PASSING = frozenset({"08", "53", "57"})
WAY_BACK = "Stop pmpath; pmpath db restore FILE then puts your latest backup in its place."
UNREACHABLE = "The PostgreSQL server does not answer. Check that it runs and that DATABASE_URL names it rightly."


def in_sqlite(error: Exception, path: Path) -> Exception:
    """The sentence for what happened to this file; an error in our own statement stays what it is."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, sqlite3.Error):
        return error
    name = "_".join(getattr(cause, "sqlite_errorname", "").split("_")[:2])
    sentence = _SQLITE.get(name)
    if sentence is None:
        return error
    kind = Unavailable if name in {"SQLITE_FULL", "SQLITE_IOERR"} else StoreError
    if name in {"SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN"} and _only_read(path.parent):
        sentence, kind = ONLY_READ, Unavailable
    return _because(error, kind(sentence.format(where=path, copies=way_back(path))))


def at_start(path: Path) -> Callable[[Exception], Exception]:
    """As `in_sqlite`, of this file; also for what the system itself refuses."""

    def explain(error: Exception) -> Exception:
        return on_disk(error, path) if isinstance(error, OSError) else in_sqlite(error, path)

    return explain


def in_postgres(error: Exception) -> Exception:
    """The sentence for what the server or the way to it said; an error of our own stays what it is."""
    if isinstance(error, OSError):
        return _because(error, Unavailable(UNREACHABLE))
    state = sqlstate(error)
    sentence = _POSTGRES.get(state) or _POSTGRES_CLASSES.get(state[:2])
    if sentence is None and isinstance(error, DBAPIError) and error.connection_invalidated:
        sentence = _POSTGRES_CLASSES["08"]
    if sentence is None:
        return error
    return _because(error, (Unavailable if state[:2] in PASSING else StoreError)(sentence))


@contextmanager
def explained(explain: Callable[[Exception], Exception]) -> Iterator[None]:
    """What a driver raises inside is raised as what it means, by one of these functions."""
    try:
        yield
    except Exception as error:
        meant = explain(error)
        if meant is error:
            raise
        raise meant from error


def on_disk(error: OSError, path: Path) -> StoreError:
    """The sentence for what the system refuses at the start, for this file or its folder."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Unavailable(_SQLITE["SQLITE_FULL"].format(where=path))
    if error.errno == errno.EROFS:
        return Unavailable(ONLY_READ.format(where=path.parent))
    return StoreError(f"pmpath cannot work with {path}: {error.strerror}. Put that right, then start again.")


def make_folder(folder: Path) -> None:
    """The data folder is there afterwards. Raises StoreError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        meant = on_disk(error, folder)
        raise type(meant)(
            f"The data folder {folder} can't be made ({error.strerror}). "
            "Give pmpath the right to write there, or name another one in PMPATH_DATA_DIR."
        ) from error


def sqlstate(error: Exception) -> str:
    """PostgreSQL's five characters for what happened, or nothing."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlstate", None) or ""


def check_folder(path: Path) -> None:
    """Refuse a place where SQLite could only say that it is "unable to open database file", or would begin anew."""
    check_place(path)
    wal = path.with_name(path.name + copies.LOG)
    if not wal.exists() or wal.stat().st_size == 0:
        return
    if not path.exists():
        raise StoreError(
            f"{path} is not there although its log {wal.name} is, which has a part of it. Put the file back, or move "
            f"the log after it. {way_back(path)}"
        )
    if path.stat().st_size == 0:
        raise StoreError(
            f"{path} is empty although {wal.name} beside it is not: its content was lost. {way_back(path)}"
        )


def check_place(path: Path) -> None:
    """Refuse a place where no database of ours can be."""
    folder = path.parent
    if not os.path.isdir(folder):  # unlike Path.is_dir, silent where a folder above may not be read
        raise StoreError(f"The folder {folder} for the database does not exist. Create it, then start again.")
    if path.is_dir():
        raise StoreError(f"{path} is a folder, not a database. Name a file in DATABASE_URL.")
    if _only_read(folder):
        raise Unavailable(ONLY_READ.format(where=folder))
    if not _may(folder, os.W_OK | os.X_OK):
        raise StoreError(
            f"pmpath may not write into {folder}. Give the user that runs it the right to, then start again."
        )
    if path.exists() and not _may(path, os.R_OK | os.W_OK):
        raise StoreError(f"pmpath may not write {path}. Give the user that runs it the right to, then start again.")


def check_there(path: Path) -> None:
    """As `check_folder`, for a database that is to be read."""
    check_folder(path)
    if not path.exists():
        raise StoreError(f"There is no database at {path}.")


def _only_read(folder: Path) -> bool:
    """Whether the disk is mounted so; a fault of it makes some systems do that."""
    return hasattr(os, "statvfs") and bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _may(path: Path, rights: int) -> bool:
    return os.access(path, rights, effective_ids=os.access in os.supports_effective_ids)


def way_back(path: Path) -> str:
    """What there is to put in the place of a database that is lost."""
    if beside := copies.all_of(path):
        return f"Stop pmpath; pmpath db restore {beside[0]} then puts the newest copy in its place."
    return WAY_BACK


def _because(cause: Exception, error: StoreError) -> StoreError:
    error.__cause__ = cause
    return error
