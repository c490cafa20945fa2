"""`pmpath db upgrade`: brings the database to this version without starting anything else."""

from __future__ import annotations

import asyncio
import datetime as dt

import typer

from bot.cli.stop import settings_or_stop, stop
from bot.settings import Settings
from storage.errors import StoreError
from storage.look import look
from storage.store import Store

app = typer.Typer(help="The database.")


@app.callback()
def db() -> None:
    """The database."""


@app.command()
def upgrade() -> None:
    """Brings the database to this version, after a copy of an SQLite file; `pmpath run` does the same."""
    settings = settings_or_stop()
    try:
        typer.echo(f"The database {asyncio.run(_upgrade(settings))}.")
    except StoreError as error:
        stop(error.sentence)
    except OSError as error:
        stop(
            f"The data folder {settings.data_dir} can't be made ({error.strerror}). "
            "Give pmpath the right to write there, or name another one in PMPATH_DATA_DIR."
        )


async def _upgrade(settings: Settings) -> str:
    if settings.database is None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    store = await Store.open(settings.database_url, now=lambda: dt.datetime.now(dt.UTC))
    await store.close()
    return await look(settings.database_url)
