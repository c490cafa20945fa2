"""`pmpath run` as it is, but for members who are programs and press more quickly than people do."""

from __future__ import annotations

import asyncio

from bot.cli.run import set_up_log, until_stopped
from bot.cli.stop import settings_or_stop
from bot.program import open_parts


def main() -> int:
    settings = settings_or_stop()
    set_up_log(settings)
    return asyncio.run(until_stopped(open_parts(settings, paced=False), settings))


if __name__ == "__main__":
    raise SystemExit(main())
