"""`pmpath doctor`: looks at everything that could keep the program from running; changes nothing."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Set
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.cli import communities, discord_app, ports, shards, slack_scopes, tokens, why
from bot.cli.finding import Finding, fine, wrong
from bot.cli.stop import WRONG, settings_or_stop, stop
from bot.pictures.studio import SAMPLE
from bot.settings import ENV_FILE, OAuthAccess, Settings, SlackAccess, Wrong
from bot.vault import Vault, WrongKey
from content.load import read_content
from content.source import ContentError
from storage import nights, slack_installations
from storage.errors import StoreError
from storage.look import look, read

T = TypeVar("T")


def doctor(
    member: Annotated[
        str | None, typer.Option("--member", help="Why can't they? PLATFORM:COMMUNITY:PERSON, as the platform's ids.")
    ] = None,
    command: Annotated[
        str | None, typer.Option("--command", help='With --member: what they want, such as "/pmpath-mod tips add".')
    ] = None,
) -> None:
    """Looks for what could keep pmpath from running: one line each, and a way out where something is wrong.

    With --member it says instead what one person can do here, and what keeps them from the rest.

    Changes nothing and may be run beside a running bot. Ends with 1 when something is wrong.
    """
    if member is not None:
        why.explain(settings_or_stop(), member, command)
        return
    if command is not None:
        stop("--command goes with --member: whose command?")
    findings = asyncio.run(_print_all(*Settings.read_what_is_right(os.environ)))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(WRONG)


async def _print_all(settings: Settings, refused: tuple[Wrong, ...]) -> list[Finding]:
    findings = []
    async for finding in examine(settings, refused):
        typer.echo(finding.line)
        findings.append(finding)
    return findings


async def examine(settings: Settings, refused: tuple[Wrong, ...]) -> AsyncIterator[Finding]:
    """Every finding as it comes. `settings` are those that are right, `refused` the others."""
    bad = {one.variable for one in refused}  # what they mean is not known, so nothing is looked at in their place
    for finding in _settings(settings, refused):
        yield finding
    if "PMPATH_DATA_DIR" not in bad:
        folder = _folder(settings.data_dir)
        yield folder
        for url in _databases(settings, bad, may_write=folder.ok):
            yield await _database(url)
            if night := await _night(url):
                yield night
            for finding in await communities.examine(url):
                yield finding
    if "PMPATH_CONTENT_DIR" not in bad:
        for finding in _content(settings.content_dir):
            yield finding
    yield _pictures()
    if not bad & {"PMPATH_HOST", "PMPATH_PORT"}:
        yield await ports.examine(settings.host, settings.port)
    if settings.discord:
        known = await _token("DISCORD_TOKEN", tokens.ask_discord, settings.discord)
        yield known
        if known.ok:
            yield await shards.examine(settings.discord)
            for finding in await discord_app.examine(settings.discord, settings.database_url):
                yield finding
    if settings.slack:
        if settings.slack.oauth:
            yield await _token("SLACK_CLIENT_ID", tokens.ask_slack_oauth, settings.slack)
            yield await _installations(settings.database_url, settings.slack.oauth)
        else:
            for finding in await _bot_token(settings.slack):
                yield finding
        if settings.slack.socket:
            yield await _token("SLACK_APP_TOKEN", tokens.ask_slack_socket, settings.slack)


def _settings(settings: Settings, refused: tuple[Wrong, ...]) -> Iterator[Finding]:
    for one in refused:
        yield wrong(one.sentence)
    if refused:
        return
    if not settings.has_platform:
        where = "" if ENV_FILE.exists() else " and there is no .env here"
        yield fine(f"No platform is set{where}: the rehearsal page will run.")
    else:
        yield fine(f"Settings. {'; '.join(settings.said_at_start)}.")


def _folder(folder: Path) -> Finding:
    whole = folder.absolute()
    nearest = next(parent for parent in (whole, *whole.parents) if os.path.exists(parent))
    if not os.path.isdir(nearest):
        return wrong(f"{nearest} is a file, so {folder} can't be made in it. Name another folder in PMPATH_DATA_DIR.")
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        return wrong(
            f"Nothing can be written in {nearest} ({error.strerror}). "
            "Give the user that runs pmpath the right to, or name another folder in PMPATH_DATA_DIR."
        )
    return fine(f"The data folder {folder} {'can be written' if nearest == whole else 'will be made'}.")


def _databases(settings: Settings, bad: Set[str], *, may_write: bool) -> Iterator[str]:
    """Those that the program would open, and that can be where they are to be."""
    ours = settings.database is None
    if (settings.has_platform or not ours or bad) and (may_write or not ours) and "DATABASE_URL" not in bad:
        yield settings.database_url
    if settings.web and may_write:
        yield settings.sandbox_url


async def _database(url: str) -> Finding:
    try:
        return fine(f"The database {await look(url)}.")
    except StoreError as error:
        return wrong(error.sentence)


async def _night(url: str) -> Finding | None:
    """What the last check of a night found; nothing where there was none, or what is wrong was told already."""
    try:
        night = await read(url, nights.last)
    except StoreError:
        return None
    if night is None:
        return None
    day = f"The check of the night of {night.at:%Y-%m-%d}"
    return wrong(f"{day}: {' '.join(night.wrong)}") if night.wrong else fine(f"{day} found nothing wrong.")


def _content(folder: Path | None) -> Iterator[Finding]:
    try:
        read_content(folder)
    except ContentError as error:
        for problem in error.problems:
            yield wrong(f"{problem}. Correct that line; pmpath content check tells whether it is right.")
        return
    yield fine(f"The content{f' with {folder} over it' if folder else ''} is sound.")


def _pictures() -> Finding:
    try:
        from bot.pictures.painter import Painter  # here: `--help` does not wait for the library

        Painter().png(SAMPLE)
    except KeyError:  # Pillow's, where it finds no FriBiDi to set text with
        return wrong(
            "No picture can be drawn: the system lacks the library FriBiDi. "
            "Install it, on Debian and Ubuntu apt-get install libfribidi0, and start pmpath again."
        )
    except (ImportError, OSError) as error:  # a font package, or a font
        return wrong(f"No picture can be drawn ({error!r}). Install pmpath's requirements again.")
    return fine("Pictures can be drawn.")


async def _installations(url: str, oauth: OAuthAccess) -> Finding:
    """Whether the keys open every stored token."""
    try:
        stored = await read(url, slack_installations.everything)
    except StoreError:
        return fine("No workspace has installed the app yet, as far as can be seen.")  # why not is said above
    vault = Vault([key.get_secret_value() for key in oauth.keys])
    closed = sum(not vault.opens(each.tokens.token) for each in stored)
    if closed:
        return wrong(f"{closed} of {len(stored)} Slack installations cannot be opened. {WrongKey.sentence}")
    return fine(f"Slack installations: {len(stored)}, all opened by PMPATH_SECRET_KEY.")


async def _bot_token(access: SlackAccess) -> list[Finding]:
    known = await _token("SLACK_BOT_TOKEN", tokens.ask_slack, access)
    if not known.ok or access.bot_token is None:
        return [known]
    return [known, *await slack_scopes.examine(access.bot_token.get_secret_value(), access.api_url)]


async def _token(variable: str, ask: Callable[[T], Awaitable[str]], access: T) -> Finding:
    try:
        return fine(f"{variable} is known: {await ask(access)}.")
    except tokens.TokenError as error:
        return wrong(error.sentence)
