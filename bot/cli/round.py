"""`pmpath round solve`: one round of mentors from a file into a file, by the same code as a matching day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from bot.cli.stop import CANNOT, WRONG, stop
from commands.mentor.matching.instance import Instance, InstanceError
from commands.mentor.matching.reading import read, written
from commands.mentor.matching.solve import Solution, solve

app = typer.Typer(help="Mentors and mentees matched, from a file.")


@app.callback()
def rounds() -> None:
    """Mentors and mentees matched, from a file."""


@app.command("solve")
def solve_file(
    instance: Annotated[Path, typer.Argument(help="A JSON file with “mentors” and “mentees”.")],
    out: Annotated[Path, typer.Argument(help="Where the pairs are written, as JSON.")],
    progress: Annotated[bool, typer.Option("--progress", help="Shows how much is done.")] = False,
) -> None:
    """Matches as many as possible, those who waited longest first, then for the highest total; with the proof."""
    given = _instance_or_stop(instance)
    solution = _shown(given) if progress else solve(given)
    try:
        out.write_text(json.dumps(written(given, solution)) + "\n", "utf-8")
    except OSError as error:
        stop(f"{out} cannot be written: {error.strerror}.", code=CANNOT)
    typer.echo(_said(given, solution))


def _said(instance: Instance, solution: Solution) -> str:
    count = f"{solution.matched} of {len(instance.mentees)} mentees have a mentor"
    return f"{count}; no other arrangement would match more. Within {solution.gap:.3%} of the best possible total."


def _shown(instance: Instance) -> Solution:
    """With a bar, on standard error."""
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("Round", total=1.0)
        return solve(instance, tell=lambda done: bar.update(task, completed=done))


def _instance_or_stop(file: Path) -> Instance:
    try:
        return read(_json(file))
    except InstanceError as error:
        stop(f"{file}: {error}", code=WRONG)


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text("utf-8"))
    except OSError as error:
        stop(f"{file} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        stop(f"{file} is no text in UTF-8.", code=WRONG)
    except json.JSONDecodeError as error:
        stop(f"{file}:{error.lineno}: expected JSON ({error.msg}, column {error.colno})", code=WRONG)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, lists in lists in lists
        stop(f"{file} cannot be read as JSON ({error}).", code=WRONG)
