"""`pmpath run` as it is, in a process that also watches its loop and says where it listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.cli.run import Parts, set_up_log, until_stopped
from bot.cli.stop import settings_or_stop
from bot.program import open_parts
from bot.settings import Settings
from tests.bench.watch import Watch, say


@asynccontextmanager
async def watched(settings: Settings) -> AsyncIterator[Parts]:
    """The program's parts, with the watch beside them."""
    watching = asyncio.get_running_loop().create_task(Watch().run())
    async with open_parts(settings, paced=False) as program:
        say({"address": program.address})
        yield program
    watching.cancel()


def main() -> int:
    settings = settings_or_stop()
    set_up_log(settings)
    return asyncio.run(until_stopped(watched(settings), settings))


if __name__ == "__main__":
    raise SystemExit(main())
