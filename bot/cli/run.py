"""`pmpath run`: starts every configured surface, and stops cleanly when told to."""

from __future__ import annotations

import asyncio
import gc
import secrets
import signal
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Protocol

import structlog
import typer
from pydantic import SecretStr

from bot import logs
from bot.cli import ports
from bot.cli.stop import CANNOT, WRONG, settings_or_stop
from bot.settings import Settings
from bot.surface import CannotStart
from content.source import ContentError
from storage.errors import StoreError, Unavailable

LOG = structlog.get_logger()
FIRST_SECONDS = 5.0  # by then surfaces are connected
SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Parts(Protocol):
    """Everything that runs, once its context is entered; leaving it takes no more, drains and closes."""

    async def serve(self) -> None:
        """Returns never by itself; raises where a part has failed for good."""


def run() -> None:
    """Starts every surface that is configured: Discord, Slack, or the rehearsal page where neither is."""
    from bot.program import open_parts  # here: discord and slack take long to import, `--help` should not

    settings = settings_or_stop()
    set_up_log(settings)
    raise typer.Exit(asyncio.run(until_stopped(open_parts(settings), settings)))


def set_up_log(settings: Settings) -> None:
    """The log with this process's own key, and with every secret of the settings taken out."""
    hidden = [value.get_secret_value() for _name, value in settings if isinstance(value, SecretStr)]
    keys = [key.get_secret_value() for key in settings.secret_keys]
    hidden += keys
    key = keys[0].encode() if keys else secrets.token_bytes()
    logs.set_up(settings.log, key=key, secrets=hidden)


async def until_stopped(parts: AbstractAsyncContextManager[Parts], settings: Settings) -> int:
    """Runs until SIGTERM or SIGINT; the exit code. A second signal does not wait for the drain."""
    serving = asyncio.get_running_loop().create_task(_serve(parts))
    with _cancelled_by_signals(serving):
        try:
            await serving
        except asyncio.CancelledError:
            LOG.info("stopped")
            return 0
        except Unavailable as error:
            _say(error.sentence)
            return WRONG  # whoever started it may start it again
        except (StoreError, CannotStart) as error:
            return _say(error.sentence)
        except ContentError as error:
            way_out = "Correct these lines; pmpath content check tells whether they are right."
            return _say(*map(str, error.problems), way_out)
        except OSError as error:
            sentence = ports.sentence_for(error, settings.host, settings.port)
            if sentence is None:
                raise
            return _say(sentence)
    return WRONG


async def _serve(parts: AbstractAsyncContextManager[Parts]) -> None:
    async with parts as running:
        gc.collect()
        _set_aside(FIRST_SECONDS)
        await running.serve()


def _set_aside(after: float) -> None:
    """Takes what is there out of what garbage is looked for in, now, after so many seconds, and ever more rarely.

    Nearly all of it stays (libraries, content, statements, Discord's servers), and looking through it holds the loop
    for tens of milliseconds. What goes all the same is freed, unless it hangs on itself: hence not at every look.
    """
    gc.freeze()
    asyncio.get_running_loop().call_later(after, _set_aside, after * 2)


def _say(*sentences: str) -> int:
    for sentence in sentences:
        typer.echo(sentence, err=True)
    return CANNOT


@contextmanager
def _cancelled_by_signals(task: asyncio.Task[None]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, task.cancel)
    try:
        yield
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
