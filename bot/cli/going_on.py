"""How far long work is: a bar at a terminal, plain lines elsewhere; both on standard error."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import Progress

LINE_SECONDS = 10.0

GoingOn = Callable[[float], None]
"""Hears which part of the work is done, from 0 to 1; from any thread."""


@contextmanager
def going_on(what: str, console: Console | None = None) -> Iterator[GoingOn]:
    """Shows it while the work inside goes on; work of a few seconds has no lines."""
    console = console or Console(stderr=True)
    if console.is_terminal:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task(what, total=1.0)
            yield lambda part: progress.update(task, completed=part)
        return
    said = time.monotonic()

    def tell(part: float) -> None:
        nonlocal said
        if time.monotonic() - said >= LINE_SECONDS:
            said = time.monotonic()
            typer.echo(f"{what}: {part:.0%}", err=True)

    yield tell
