"""A worker that is killed while it works."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from bot.round_worker import main
from commands.mentor.matching.instance import Instance
from tests.bot.rounds.greedy import Solution


def solve(instance: Instance, *, seed: int = 0, tell: Callable[[float], None] | None = None) -> Solution:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError(instance, seed, tell)


if __name__ == "__main__":
    main(solve)
