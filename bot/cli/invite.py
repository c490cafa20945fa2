"""`pmpath invite discord`: the address that asks for the least rights."""

from __future__ import annotations

import base64
from typing import Annotated

import discord
import typer

from bot.cli.stop import settings_or_stop, stop

RIGHTS = discord.Permissions(view_channel=True, send_messages=True, embed_links=True, attach_files=True)
SCOPES = ("bot", "applications.commands")

app = typer.Typer(help="The address with which a moderator brings the bot in.")


@app.callback()
def invite() -> None:
    """The address with which a moderator brings the bot in."""


@app.command("discord")
def invite_discord(
    application: Annotated[
        str | None,
        typer.Option("--application", help="The application's id; read from DISCORD_TOKEN if left out."),
    ] = None,
) -> None:
    """Prints the address that adds the bot to a server, with the least rights it can work with."""
    if application is None:
        token = settings_or_stop().discord_token
        if token is None:
            stop(
                "DISCORD_TOKEN is not set, so the application is not known. "
                "Set it, or give the id from the General Information page: "
                "pmpath invite discord --application 123456789012345678"
            )
        application = application_of(token.get_secret_value())
    if application is None or not _is_number(application):
        stop("The application's id is a number; copy it from the General Information page into --application.")
    typer.echo(discord.utils.oauth_url(application, permissions=RIGHTS, scopes=SCOPES))


def application_of(token: str) -> str | None:
    """The application's id, which a bot token's first part holds in base64."""
    first = token.partition(".")[0]
    try:
        found = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except ValueError:
        return None
    return found if _is_number(found) else None


def _is_number(words: str) -> bool:
    return words.isascii() and words.isdigit()
