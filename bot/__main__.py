"""The `pmpath` program: one subcommand a file in `bot/cli/`, imported only when it is called."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import typer

COMMANDS = ("run", "assess", "content", "demo", "doctor", "invite", "manifest", "members", "db", "round")


def program(called: Sequence[str]) -> typer.Typer:
    """The program with the subcommand that is called, or with all of them for `--help`."""
    app = typer.Typer(
        help="Which AI product management track fits you, on Discord, in Slack and on a page.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(lambda: None)  # keeps a single subcommand one that has to be named
    named = [word for word in called if word in COMMANDS][:1]
    for name in named or COMMANDS:
        module = importlib.import_module(f"bot.cli.{name}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(getattr(module, name))
    return app


def main() -> None:
    """The console script."""
    program(sys.argv[1:])(prog_name="pmpath")


if __name__ == "__main__":
    main()
