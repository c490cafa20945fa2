"""One process per SQLite file: a lock that the system takes back when its holder dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import StoreError

LOCK = ".lock"


class FileLock:
    """Holds `<database>.lock` from `take` to `release`."""

    __slots__ = ("_descriptor",)

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, database: Path) -> FileLock:
        """The lock of this database. Raises StoreError while another process holds it."""
        path = database.with_name(database.name + LOCK)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
        except OSError as error:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise StoreError(_taken(database, holder)) from error
        try:
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        except OSError:
            os.close(descriptor)
            raise
        return cls(descriptor)

    @classmethod
    @contextmanager
    def held(cls, database: Path) -> Iterator[None]:
        """The lock while the work inside goes on."""
        lock = cls.take(database)
        try:
            yield
        finally:
            lock.release()

    def release(self) -> None:
        """Let the next process have the file. The lock file stays: removing it would race."""
        os.close(self._descriptor)


def _taken(database: Path, holder: str) -> str:
    process = f" (process {holder})" if holder.isdigit() else ""
    return (
        f"Another pmpath{process} is already using {database}. "
        "Stop that one first, or give this one a folder of its own in PMPATH_DATA_DIR"
        " (or a file of its own in DATABASE_URL, where that is set)."
    )


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        """Lock a byte far behind the process number, which others must be able to read."""
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
