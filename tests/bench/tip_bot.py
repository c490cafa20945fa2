"""The watched program for weekly tips: one token good for every workspace, since installations come later."""

from __future__ import annotations

from bot.slack import client
from tests.bench.watched_bot import main
from tests.hurried_run import EveryWorkspace, put

if __name__ == "__main__":
    put(client, SlackSurface=EveryWorkspace)
    raise SystemExit(main())
