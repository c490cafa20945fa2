"""`pmpath db copy`: from SQLite to PostgreSQL, or back, every row compared."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from bot.cli.going_on import going_on
from bot.cli.stop import settings_or_stop, stop
from storage import copying
from storage.copying import Table
from storage.errors import StoreError

ENV = "env"  # the database of the settings


def copy(
    source: Annotated[str, typer.Argument(help="sqlite:///data/pmpath.sqlite3, postgresql://…, or env.")],
    target: Annotated[str, typer.Argument(help="An empty one, written the same way.")],
) -> None:
    """Copies a database into an empty one, from SQLite to PostgreSQL or back; stop the bot first.

    Then both are compared, row by row. Cut off, it goes on where it was when it is called once more; until it is
    whole, nothing can be started on the copy.
    """
    settings, began = settings_or_stop(), time.monotonic()
    here = settings.database_url
    try:
        with going_on("Copy") as told:
            tables = asyncio.run(
                copying.between(here if source == ENV else source, here if target == ENV else target, told)
            )
    except StoreError as error:
        stop(error.sentence)
    for line in _said(tables, time.monotonic() - began):
        typer.echo(line)


def _said(tables: Sequence[Table], seconds: float) -> Iterator[str]:
    for each in tables:
        if each.rows:
            yield f"{each.name:<20} {each.rows:>12,} rows  sha256 {each.digest[:16]}"
    rows = sum(each.rows for each in tables)
    yield f"{rows:,} rows are the same on both sides, in {seconds:.0f} s. Now name the copy in DATABASE_URL."
    yield (
        "What it was copied from, and copies beside it, keep whoever is erased from now on: delete them within 30 days."
    )
