"""A worker with the plainest of solvers, for tests of all that stands around the real one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.round_worker import main
from commands.mentor.matching.instance import Instance
from commands.mentor.matching.pair import parts_at


@dataclass(frozen=True, slots=True)
class Solution:
    pairs: NDArray[np.int64]
    score: int
    digest: str
    proven: bool = True

    @property
    def bound(self) -> int:
        return self.score

    @property
    def gap(self) -> float:
        return 0.0


def solve(instance: Instance, *, seed: int = 0, tell: Callable[[float], None] | None = None) -> Solution:
    """The best pair first, until none is left."""
    found = [
        (-parts.score, mentee, mentor)
        for mentee in range(len(instance.mentees))
        for mentor in range(len(instance.mentors))
        if (parts := parts_at(instance, mentee, mentor))
    ]
    free, taken, score = instance.mentors.capacity.copy(), set[int](), 0
    pairs = []
    for minus, mentee, mentor in sorted(found):
        if mentee not in taken and free[mentor]:
            taken.add(mentee)
            free[mentor] -= 1
            score -= minus
            pairs.append((mentee, mentor))
    if tell is not None:
        tell(1.0)
    return Solution(np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2), score, instance.digest)


if __name__ == "__main__":
    main(solve)
