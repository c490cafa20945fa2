"""`pmpath content check`: whether a content pack can be used, every fault by file and line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.stop import WRONG, stop
from bot.settings import Settings
from content.load import ContentError, read_content

app = typer.Typer(help="The questionnaire, tracks, skills and resources.")


@app.callback()
def content() -> None:
    """The questionnaire, tracks, skills and resources."""


@app.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Your pack, laid over ours; PMPATH_CONTENT_DIR if left out.", show_default=False),
    ] = None,
) -> None:
    """Reads the content as the program would and prints each fault as `file:line: expected …`."""
    if folder is not None and not folder.is_dir():
        stop(f"{folder} is not a folder. Name the folder that holds your YAML files.")
    try:
        found = read_content(folder or _of_the_settings())
    except ContentError as error:
        stop(*(f"{one.file}:{one.line}: expected {one.expected}" for one in error.problems), code=WRONG)
    bank = found.questionnaire
    typer.echo(f"ok: questionnaire {bank.version} with {len(bank.items)} items")


def _of_the_settings() -> Path | None:
    """The operator's own pack; other settings may be wrong here."""
    settings, refused = Settings.read_what_is_right(os.environ)
    wrong = [one.sentence for one in refused if one.variable == "PMPATH_CONTENT_DIR"]
    if wrong:
        stop(*wrong)
    return settings.content_dir
