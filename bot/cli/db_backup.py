"""`pmpath db backup`: everything in one file, made beside a running bot and looked at before it counts."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.going_on import going_on
from bot.cli.stop import settings_or_stop, stop
from bot.clock import real_now
from storage import backups, erasures
from storage.backups import Backup
from storage.errors import StoreError


def backup(
    file: Annotated[
        Path | None,
        typer.Argument(help="Where to; by itself a file in backups/ in the data folder.", show_default=False),
    ] = None,
) -> None:
    """Writes all that is stored at this moment into one file and looks at it; also beside a running bot.

    From PostgreSQL it is the same kind of file. Holds members' data: keep it where only you can read it, for 30 days
    at most.
    """
    settings = settings_or_stop()
    to = (file or backups.named(settings.data_dir, real_now())).absolute()
    try:
        with going_on("Backup") as told:
            made = asyncio.run(backups.make(settings.database_url, to, told))
        ours, of_backups = erasures.lists(settings.database_url, settings.data_dir)
        listed = to.with_name(of_backups.name)
        erasures.add(listed, backups.erased_before(to))
    except StoreError as error:
        stop(error.sentence)
    typer.echo(_said(made))
    if listed.absolute() == of_backups.absolute():
        typer.echo(f"Who is erased later is listed in {listed.name} beside it: pmpath db restore erases them again.")
    else:
        typer.echo(f"Who is erased later is listed in {ours}: carry that file along, for pmpath db restore.")


def _said(made: Backup) -> str:
    whole = f"{made.sound.rows:,} rows, {made.size / 1e6:,.1f} MB, revision {made.sound.revision}"
    return f"{made.path}: {whole}; looked at from the first page to the last, all is well."
