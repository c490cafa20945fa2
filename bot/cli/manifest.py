"""`pmpath manifest slack`: what to paste when the Slack app is created."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot.cli.stop import stop
from bot.settings_values import address
from bot.slack.declare import manifest as slack_manifest

app = typer.Typer(help="What a platform must be told about the app.")


@app.callback()
def manifest() -> None:
    """What a platform must be told about the app."""


@app.command()
def slack(
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode, which needs no public address.")] = False,
    url: Annotated[
        str | None, typer.Option("--url", help="For signed HTTP: this program's public https:// address.")
    ] = None,
) -> None:
    """Prints the manifest of the Slack app as JSON; for Socket Mode unless --url is given."""
    if socket and url:
        stop("--socket and --url exclude each other: Socket Mode needs no address.")
    if url is not None:
        try:
            url = address(url)
        except ValueError as error:
            stop(f"--url {error}. For example --url https://pmpath.example.org")
        if not url.startswith("https://"):
            stop("Slack calls https:// addresses only. For example --url https://pmpath.example.org")
    typer.echo(json.dumps(slack_manifest(url), indent=2, ensure_ascii=False))
