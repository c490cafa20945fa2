"""The process that works out one matching day: reads the database itself, and says line by line what it finds.

It gets its job as a line of JSON and ends when its keeper goes. What it says are lines of JSON too, each small
enough to be stored in one unit.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot import worker
from bot.worker import Say, speaker
from commands.mentor.matching.compass import compass
from commands.mentor.matching.entries import instance_from
from commands.mentor.matching.instance import Instance, InstanceError
from commands.mentor.matching.pair import parts_at
from commands.mentor.matching.solve import solve
from commands.mentor.matching.why import reasons
from storage import look, round_input
from storage.round_pairs import AT_ONCE
from storage.round_states import Failure

SAID_EVERY = 0.25  # seconds


class Solution(Protocol):
    """What is needed of a round's solution."""

    @property
    def pairs(self) -> NDArray[np.int64]: ...
    @property
    def score(self) -> int: ...
    @property
    def bound(self) -> int: ...
    @property
    def gap(self) -> float: ...
    @property
    def proven(self) -> bool: ...
    @property
    def digest(self) -> str: ...


class Solve(Protocol):
    """The matching itself."""

    def __call__(
        self, instance: Instance, *, seed: int = 0, tell: Callable[[float], None] | None = None
    ) -> Solution: ...


def main(solver: Solve) -> None:
    """Does the one job that stands on standard input."""
    say, job = speaker(), worker.job()
    now = dt.datetime.fromisoformat(job["now"])
    found = asyncio.run(look.read(job["url"], lambda unit: round_input.entries(unit, job["community"]), now))
    try:
        instance = instance_from(found, now.date())
    except InstanceError:
        say({"failed": Failure.TOO_MANY})
        return
    del found
    # after an installation this compiles for eleven seconds: here, in no process that answers members
    solution = solver(instance, seed=job["seed"], tell=_teller(say))
    for line in lines(instance, solution):
        say(line)


def lines(instance: Instance, solution: Solution) -> Iterator[dict[str, Any]]:
    """The pairs, who is left over and why, and last the figures."""
    mentors, mentees = instance.mentors, instance.mentees
    scores = []
    for some in _batched(solution.pairs.tolist()):
        rows = []
        for mentee, mentor in some:
            parts = parts_at(instance, mentee, mentor)
            assert parts is not None  # it is a pair
            scores.append(parts.score)
            each = (parts.track, parts.gaps, parts.hours, parts.seniority, parts.novelty)
            rows.append((mentees.ids[mentee], mentors.ids[mentor], parts.score, each))
        yield {"pairs": rows}
    over = np.setdiff1d(np.arange(len(mentees)), solution.pairs[:, 0])
    why = reasons(instance, over)
    for some in _batched(zip(over.tolist(), why, strict=True)):
        yield {"left": [(mentees.ids[mentee], word) for mentee, word in some]}
    figures = {
        "matched": len(solution.pairs),
        "waiting": len(mentees),
        "mentors": len(mentors),
        "places": int(mentors.capacity.sum()),
        "score": solution.score,
        "bound": solution.bound,
        "gap": solution.gap,
        "proven": solution.proven,
        "worst": min(scores, default=0),
        "left": {word: why.count(word) for word in dict.fromkeys(why)},
    }
    yield {"figures": figures, "digest": solution.digest, "compass": _compass(instance, solution.pairs)}


def _compass(instance: Instance, pairs: NDArray[np.int64]) -> list[dict[str, Any]]:
    mentor_of = np.full(len(instance.mentees), -1, np.int64)
    mentor_of[pairs[:, 0]] = pairs[:, 1]
    return [asdict(kind) for kind in compass(instance, mentor_of).kinds if kind.matches]


def _batched(rows: Iterable[Any]) -> Iterator[Sequence[Any]]:
    rows = iter(rows)
    while some := list(islice(rows, AT_ONCE)):
        yield some


def _teller(say: Say) -> Callable[[float], None]:
    last = time.monotonic()

    def tell(done: float) -> None:
        nonlocal last
        if time.monotonic() - last >= SAID_EVERY:
            last = time.monotonic()
            say({"progress": done})

    return tell


if __name__ == "__main__":
    main(solve)
