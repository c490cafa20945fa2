"""`pmpath db`: the database brought up to date, its boards compared and mended; backup, restore and copy beside."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import Annotated

import typer

from bot.cli.db_backup import backup
from bot.cli.db_copy import copy
from bot.cli.db_restore import restore
from bot.cli.going_on import GoingOn, going_on
from bot.cli.stop import WRONG, settings_or_stop, stop
from bot.clock import real_now
from bot.night_worker import REBUILD, boards
from bot.settings import Settings
from bot.web.sandbox import SandboxClock
from storage import address, board_check, board_mend, faults, going_back
from storage.board_check import Compared, Difference
from storage.errors import StoreError
from storage.look import look, read
from storage.standings import BUCKET
from storage.store import Store

app = typer.Typer(help="The database.")
app.command()(backup)
app.command()(restore)
app.command()(copy)


@app.callback()
def db() -> None:
    """The database."""


@app.command()
def upgrade(
    to: Annotated[str | None, typer.Option(help="An earlier revision, to go back to an earlier pmpath.")] = None,
    erase: Annotated[bool, typer.Option(help="Going back, erase what that version can't keep.")] = False,
) -> None:
    """Brings the database to this version, after a copy of an SQLite file; `pmpath run` does the same."""
    settings = settings_or_stop()
    try:
        if to is not None:
            typer.echo(_went_back(to, asyncio.run(going_back.go_back(settings.database_url, to, erase=erase))))
            return
        typer.echo(f"The database {asyncio.run(_upgrade(settings))}.")
    except StoreError as error:
        stop(error.sentence)


@app.command()
def check() -> None:
    """Compares the boards with the ledger of points, line by line; changes nothing, also beside a running bot.

    Looks at the database and at the rehearsal room's, as far as they are there. Ends with 1 when a line is wrong.
    """
    wrong = False
    for url in _there_or_stop():
        try:
            with going_on("Boards") as told:
                compared = asyncio.run(read(url, partial(boards, told=told)))
        except StoreError as error:
            stop(error.sentence)
        for line in _compared(url, compared):
            typer.echo(line)
        wrong = wrong or compared.different > 0
    if wrong:
        typer.echo(REBUILD)
        raise typer.Exit(WRONG)


@app.command()
def rebuild() -> None:
    """Makes boards anew from the ledger of points where they differ; stop the bot first."""
    for url in _there_or_stop():
        try:
            with going_on("Boards") as told:
                standings, histogram = asyncio.run(_rebuild(url, told))
        except StoreError as error:
            stop(error.sentence)
        mended = f"{standings:,} standings and {histogram:,} lines of the histogram were mended"
        typer.echo(f"{address.parse(url).name}: {mended if standings or histogram else 'the boards were right'}.")


def _went_back(revision: str, gone: going_back.Rows) -> str:
    erased = f"Erased: {going_back.told(gone)}." if gone else "Nothing had to be erased."
    again = "Install the version that you go back to now; this one would bring the database up to date again."
    return f"The database is back at revision {revision}. {erased} {again}"


async def _upgrade(settings: Settings) -> str:
    if settings.database is None:
        faults.make_folder(settings.data_dir)
    store = await Store.open(settings.database_url, now=real_now)
    await store.close()
    return await look(settings.database_url)


async def _rebuild(url: str, told: GoingOn) -> tuple[int, int]:
    """A thousand members in one unit, then the histogram of a few hundred communities in one."""
    clock = SandboxClock(real_now)
    store = await Store.open(url, now=clock.now)
    try:
        await clock.resume(store)
        members = await store.read(board_check.members, board_mend.MEMBERS_AT_ONCE)
        communities = await store.read(board_check.communities)
        standings = histogram = 0
        for number, (first, last) in enumerate(members, 1):
            standings += await store.write(board_mend.standings, first, last)
            told(number / (len(members) + 1))
        for first, last in communities:
            histogram += await store.write(board_mend.histograms, first, last)
        return standings, histogram
    finally:
        await store.close()


def _there_or_stop() -> list[str]:
    """The databases that are there: the one that is set, ours, and the rehearsal room's."""
    settings = settings_or_stop()
    urls = [settings.database_url, settings.sandbox_url]
    there = [url for url in urls if url == _set(settings) or _is_there(url)]
    if not there:
        stop(f"There is no database in {settings.data_dir} yet. Start the bot first, or name another folder.")
    return there


def _is_there(url: str) -> bool:
    match address.parse(url):
        case address.SqliteFile(path):
            return path.exists()
        case address.PostgresServer():
            return True


def _set(settings: Settings) -> str | None:
    return settings.database.get_secret_value() if settings.database else None


def _compared(url: str, compared: Compared) -> Iterator[str]:
    lines = f"{compared.standings:,} standings and {compared.histogram:,} lines of the histogram"
    verdict = f"{compared.different:,} lines are wrong" if compared.different else "all as the ledger says"
    yield f"{address.parse(url).name}: {lines} compared, {verdict}."
    for each in compared.first:
        yield f"  {_said(each)}"
    if compared.different > len(compared.first):
        yield f"  and {compared.different - len(compared.first):,} more"


def _said(each: Difference) -> str:
    where = f"community {each.community}, {each.board}, {each.season}"
    stored, wanted = ("no" if count is None else f"{count:,}" for count in (each.stored, each.wanted))
    if each.member is not None:
        return f"member {each.member} ({where}): {stored} points, {wanted} by the ledger"
    low = each.points << (BUCKET if each.level else 0)
    many = f"{low:,} points{' or up to 255 more' if each.level else ''}"
    return f"members with {many} ({where}): {stored} stored, {wanted} counted"
