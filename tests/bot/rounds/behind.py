"""A worker that works only where it stands behind the bot: in its session, with what nobody else wants of a core."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from bot.round_worker import main
from commands.mentor.matching.instance import Instance
from tests.bot.rounds import greedy


def solve(instance: Instance, *, seed: int = 0, tell: Callable[[float], None] | None = None) -> greedy.Solution:
    assert os.getsid(0) == os.getsid(os.getppid())
    assert os.nice(0) == 19
    assert sys.platform != "linux" or os.sched_getscheduler(0) == os.SCHED_IDLE
    return greedy.solve(instance, seed=seed, tell=tell)


if __name__ == "__main__":
    main(solve)
