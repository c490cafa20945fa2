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
        str | None, typer.Option("--url", help="This program's public https:// address: for signed HTTP, and --many.")
    ] = None,
    many: Annotated[bool, typer.Option("--many", help="For many workspaces, which install it at --url.")] = False,
    org: Annotated[bool, typer.Option("--org", help="With --many: whole organisations may install it too.")] = False,
    rotate: Annotated[
        bool, typer.Option("--rotate", help="With --many: tokens expire. Slack never takes this back.")
    ] = False,
) -> None:
    """Prints the manifest of the Slack app as JSON; for Socket Mode unless --url is given."""
    if many and url is None:
        stop("--many needs --url: browsers come back to it. For example --url https://pmpath.example.org")
    if (org or rotate) and not many:
        stop("--org and --rotate go with --many: a single token is neither an organisation's nor renewed.")
    if socket and url and not many:
        stop("--socket and --url exclude each other: Socket Mode needs no address, but for --many.")
    if url is not None:
        url = _public(url)
    printed = slack_manifest(url, socket=socket, many=many, org=org, rotate=rotate)
    typer.echo(json.dumps(printed, indent=2, ensure_ascii=False))


def _public(url: str) -> str:
    try:
        url = address(url)
    except ValueError as error:
        stop(f"--url {error}. For example --url https://pmpath.example.org")
    if not url.startswith("https://"):
        stop("Slack calls https:// addresses only. For example --url https://pmpath.example.org")
    return url
