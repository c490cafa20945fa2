"""`pmpath doctor`: looks at everything that could keep the program from running; changes nothing."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import typer

from bot.cli import ports, tokens
from bot.cli.finding import Finding, fine, wrong
from bot.cli.stop import WRONG
from bot.settings import ENV_FILE, Settings, Wrong
from content.load import read_content
from content.source import ContentError
from storage.errors import StoreError
from storage.look import look

T = TypeVar("T")


def doctor() -> None:
    """Looks for what could keep pmpath from running: one line each, and a way out where something is wrong.

    Changes nothing and may be run beside a running bot. Ends with 1 when something is wrong.
    """
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
    for finding in _settings(settings, refused):
        yield finding
    yield _folder(settings.data_dir)
    yield await _database(settings.database_url)
    for finding in _content(settings.content_dir):
        yield finding
    yield await ports.examine(settings.host, settings.port)
    if settings.discord:
        yield await _token("DISCORD_TOKEN", tokens.ask_discord, settings.discord)
    if settings.slack:
        yield await _token("SLACK_BOT_TOKEN", tokens.ask_slack, settings.slack)
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
    nearest = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        return wrong(
            f"Nothing can be written in {nearest} ({error.strerror}). "
            "Give the user that runs pmpath the right to, or name another folder in PMPATH_DATA_DIR."
        )
    return fine(f"The data folder {folder} {'can be written' if nearest == folder.absolute() else 'will be made'}.")


async def _database(url: str) -> Finding:
    try:
        return fine(f"The database {await look(url)}.")
    except StoreError as error:
        return wrong(error.sentence)


def _content(folder: Path | None) -> Iterator[Finding]:
    try:
        read_content(folder)
    except ContentError as error:
        for problem in error.problems:
            yield wrong(f"{problem}. Correct that line; pmpath content check tells whether it is right.")
        return
    yield fine(f"The content{f' with {folder} over it' if folder else ''} is sound.")


async def _token(variable: str, ask: Callable[[T], Awaitable[str]], access: T) -> Finding:
    try:
        return fine(f"{variable} is known: {await ask(access)}.")
    except tokens.TokenError as error:
        return wrong(error.sentence)
