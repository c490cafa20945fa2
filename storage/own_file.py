"""Whether an SQLite file has overwritten what was deleted from its first page on; if not, it is written anew, once.

SQLite's header has room for a program's own number. It stands in every copy that SQLite makes of the file, and in
none that something else has put together.
"""

from __future__ import annotations

import sqlite3

from storage import pragmas

OURS = 0x706D7074  # "pmpt"


def claim_new(driver: sqlite3.Connection) -> None:
    """A file that has nothing in it yet is ours from now on."""
    if not _number(driver, "SELECT count(*) FROM sqlite_master") and _number(driver, "PRAGMA page_count") <= 1:
        driver.execute(f"PRAGMA application_id={OURS}")


def rewrite(driver: sqlite3.Connection) -> bool:
    """Whether nothing old is left in its pages; where that is not known they are all written anew.

    False where the disk has no room for that: it takes about twice the file.
    """
    if _number(driver, "PRAGMA application_id") == OURS:
        return True
    driver.execute("PRAGMA temp_store=FILE")  # a whole copy, which a small machine has no memory for
    try:
        driver.execute("VACUUM")
        driver.execute(f"PRAGMA application_id={OURS}")
    except sqlite3.OperationalError:
        return False
    finally:
        driver.execute("PRAGMA temp_store=MEMORY")
    return True


def empty_log(driver: sqlite3.Connection) -> bool:
    """Whether nothing is left in the log. It does not wait for readers: units would wait with it."""
    driver.execute("PRAGMA busy_timeout=0")
    try:
        return not _number(driver, "PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        driver.execute(f"PRAGMA busy_timeout={pragmas.BUSY_TIMEOUT_MS}")


def _number(driver: sqlite3.Connection, statement: str) -> int:
    return int(driver.execute(statement).fetchone()[0])
