"""What rows of matching days can be; the values are stored."""

from __future__ import annotations

from enum import StrEnum


class RoundState(StrEnum):
    """Ordered, worked out, ready for *Run*, run; or it came to nothing."""

    ORDERED = "ordered"
    SOLVING = "solving"
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"

    @property
    def live(self) -> bool:
        """Whether anything is still to come of it; there is one such a community."""
        return self not in {RoundState.DONE, RoundState.FAILED, RoundState.DROPPED}

    @property
    def being_solved(self) -> bool:
        """Whether its pairs are still being worked out."""
        return self in {RoundState.ORDERED, RoundState.SOLVING}


class PairState(StrEnum):
    """A pair is proposed, left out or kept by a moderator, and then made or gone.

    Who is left over stands as a pair with themselves, `left` until that was counted, then `passed`; a pair that
    moderators left out is `unmade` once it was counted.
    """

    PROPOSED = "proposed"
    OUT = "out"
    KEPT = "kept"
    MADE = "made"
    GONE = "gone"
    UNMADE = "unmade"
    LEFT = "left"
    PASSED = "passed"


class Failure(StrEnum):
    """Why pairs could not be worked out."""

    CRASHED = "crashed"
    TOO_MANY = "too-many"


TRIES_MOST = 3
"""How often a round's worker may die with the whole program before the round is given up."""
