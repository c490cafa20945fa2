"""How a program command ends that cannot go on: one sentence on standard error, and an exit code."""

from __future__ import annotations

import os
from typing import NoReturn

import typer

from bot.settings import Settings, SettingsError

WRONG = 1  # something was looked at and is wrong
CANNOT = 2  # the command could not begin


def stop(*sentences: str, code: int = CANNOT) -> NoReturn:
    """Says what is the matter and ends the program."""
    for sentence in sentences:
        typer.echo(sentence, err=True)
    raise typer.Exit(code)


def settings_or_stop() -> Settings:
    """The settings of this process; all that is wrong with them, one a line, where they can't be used."""
    try:
        return Settings.read(os.environ)
    except SettingsError as error:
        stop(*(one.sentence for one in error.wrong))
