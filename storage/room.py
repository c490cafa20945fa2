"""Whether a disk has room for what is about to be written on it."""

from __future__ import annotations

import shutil
from pathlib import Path

from storage.copies import LOG
from storage.errors import StoreError

SPARE = 16_000_000  # bytes beside the file itself: a log, an index
MEGABYTE = 1_000_000


def check(folder: Path, needed: int) -> None:
    """Raises StoreError where so many bytes would not fit."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise StoreError(
            f"This needs {(needed + SPARE) // MEGABYTE:,} MB in {folder}, and {free // MEGABYTE:,} MB are free there. "
            "Make room first; nothing was changed."
        )


def taken_by(path: Path) -> int:
    """The bytes of an SQLite file with its log."""
    log = path.with_name(path.name + LOG)
    return path.stat().st_size + (log.stat().st_size if log.exists() else 0)
