"""The process that looks at the whole database once a night: its pages, what hangs on what, and the boards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from bot import worker
from bot.web import sandbox
from bot.worker import speaker
from storage import address, board_check, soundness
from storage.board_check import Compared
from storage.errors import StoreError
from storage.look import read
from storage.unit import Unit

REBUILD = "Stop pmpath and run pmpath db rebuild: the ledger is right, and boards are made from it."


def main() -> None:
    """Does the one job that stands on standard input, and says what is wrong."""
    say, job = speaker(), worker.job()
    say({"wrong": list(wrong(job["url"]))})


def wrong(url: str) -> Iterator[str]:
    """A sentence for each thing that is wrong. A damaged file is not looked at any further."""
    try:
        match address.parse(url):
            case address.SqliteFile(path):
                soundness.check(path, str(path), f"Stop pmpath; {soundness.RESTORE}")
        compared = asyncio.run(read(url, boards))
    except StoreError as error:
        yield error.sentence
        return
    if compared.different:
        yield f"{compared.different:,} lines of the boards are not as the ledger of points says. {REBUILD}"


def boards(unit: Unit, told: Callable[[float], None] = lambda _part: None) -> Compared:
    """At the moment that it is there: the rehearsal room's clock may have been moved on."""
    return board_check.check(Unit(unit.connection, unit.now + sandbox.ahead(unit)), told)


if __name__ == "__main__":
    main()
