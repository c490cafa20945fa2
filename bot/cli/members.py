"""`pmpath members`: names people as mentors from a table, who say themselves whether they are; `export`, `erase`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import mentor_rows, one_member
from bot.cli.going_on import GoingOn, going_on
from bot.cli.mentor_rows import COLUMNS, Table
from bot.cli.stop import WRONG, settings_or_stop, stop
from bot.clock import real_now
from bot.settings import Settings
from bot.web.sandbox import SandboxClock
from commands.kit.request import Platform
from content.load import ContentError, read_content
from storage import communities, invitations
from storage.communities import Community
from storage.errors import StoreError
from storage.invitations import Named
from storage.look import read
from storage.store import Store

AT_ONCE = 200  # in one unit
app = typer.Typer(help="Members.")


@app.callback()
def members() -> None:
    """Members."""


app.command("export")(one_member.export)
app.command("erase")(one_member.erase)


@app.command("import")
def import_mentors(
    file: Annotated[Path, typer.Argument(help="A CSV file with one mentor a line; the first line has the headings.")],
    community: Annotated[
        str, typer.Option("--community", help="Where: discord:SERVER, slack:WORKSPACE or web:sandbox.")
    ],
    column: Annotated[
        list[str] | None, typer.Option("--column", help="A column that is called otherwise there: ours=theirs.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only look at the file; also beside a running bot.")
    ] = False,
) -> None:
    """Names people as mentors. Nobody is told: each finds it on their own Home, and is listed only if they say yes.

    Everything that is wrong is told at once, and nothing is kept then. Stop the bot first, unless on PostgreSQL.
    """
    settings, (platform, ext_id) = settings_or_stop(), _place(community)
    table = _table(settings, file, platform, theirs(column or []))
    if table.left_out:
        typer.echo(f"Columns that nobody asked for: {', '.join(table.left_out)}.")
    if table.faults:
        count = f"{_count(len(table.faults), 'thing is', 'things are')} wrong; nothing was kept."
        stop(*(_sentence(f"{file.name}, {fault}") for fault in table.faults), count, code=WRONG)
    url = settings.sandbox_url if platform is Platform.WEB else settings.database_url
    try:
        here = asyncio.run(read(url, partial(communities.find, platform=platform.value, ext_id=ext_id)))
        if here is None:
            stop(f"No community {community} is known here yet. Somebody there has to open /pmpath once.")
        if dry_run:
            right = _count(len(table.named), "row is", "rows are")
            typer.echo(f"{right} right, for {here.name or community}. Nothing was changed.")
            return
        with going_on("Mentors") as told:
            invited = asyncio.run(_invite(url, platform, here, table.named, told))
    except StoreError as error:
        stop(error.sentence)
    for line in _said(len(table.named), invited, here.name or community):
        typer.echo(line)


def _sentence(words: str) -> str:
    return words if words.endswith(("?", ".")) else f"{words}."


def _place(community: str) -> tuple[Platform, str]:
    platform, _colon, ext_id = community.partition(":")
    if platform not in set(Platform) or not ext_id:
        stop(f"--community {community}: expected discord:SERVER, slack:WORKSPACE or web:sandbox.")
    return Platform(platform), ext_id


def theirs(column: Sequence[str]) -> dict[str, str]:
    """The headings that are theirs, by ours."""
    pairs = [each.partition("=") for each in column]
    wrong = [
        f"--column {ours}{equals}{theirs}: expected ours=theirs, ours being one of {', '.join(COLUMNS)}."
        for ours, equals, theirs in pairs
        if ours.strip() not in COLUMNS or not theirs.strip()
    ]
    if wrong:
        stop(*wrong)
    return {ours.strip(): theirs.strip() for ours, _equals, theirs in pairs}


def _table(settings: Settings, file: Path, platform: Platform, theirs: Mapping[str, str]) -> Table:
    try:
        content = read_content(settings.content_dir)
        return mentor_rows.read(content, platform, file.read_bytes().decode("utf-8-sig"), theirs)
    except ContentError as error:
        stop(*map(str, error.problems))
    except UnicodeDecodeError:
        stop(f"{file} is not in UTF-8. Save it as “CSV UTF-8”.")
    except OSError as error:
        stop(f"{file} cannot be read ({error.strerror}).")


async def _invite(url: str, platform: Platform, here: Community, named: Sequence[Named], told: GoingOn) -> int:
    """How many of them are invited now."""
    clock = SandboxClock(real_now)
    store = await Store.open(url, now=clock.now if platform is Platform.WEB else real_now)
    try:
        if platform is Platform.WEB:
            await clock.resume(store)
        invited = 0
        for first in range(0, len(named), AT_ONCE):
            invited += await store.write(invitations.invite, here.id, named[first : first + AT_ONCE])
            told(min(1.0, (first + AT_ONCE) / len(named)))
        return invited
    finally:
        await store.close()


def _said(rows: int, invited: int, where: str) -> Iterator[str]:
    named = _count(invited, "person is named as a mentor", "people are named as mentors")
    yield f"{named} in {where}. Each finds it on their own Home; nobody was told."
    if rows > invited:
        yield f"{_count(rows - invited, 'offers', 'offer')} time already; nothing of that was changed."
    yield "Nobody is listed before they press “I offer this”. What is not answered is erased after 30 days."


def _count(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
