"""A worker that never gets on."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.round_worker import main
from commands.mentor.matching.instance import Instance
from tests.bot.rounds.greedy import Solution


def solve(instance: Instance, *, seed: int = 0, tell: Callable[[float], None] | None = None) -> Solution:
    while True:
        time.sleep(0.3)
        if tell is not None:
            tell(0.5)


if __name__ == "__main__":
    main(solve)
