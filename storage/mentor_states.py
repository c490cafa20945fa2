"""What rows of mentoring can be; the values are stored."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum


class Approval(StrEnum):
    """What the moderators say of an offer."""

    WAITING = "waiting"
    APPROVED = "approved"
    REMOVED = "removed"


class Reach(StrEnum):
    """Whether a direct message reaches the mentor: requests come that way."""

    ASKED = "asked"
    OPEN = "open"
    CLOSED = "closed"


class Paused(StrEnum):
    """Who paused an offer."""

    SELF = "self"
    SILENCE = "silence"
    MODERATORS = "moderators"


class RequestState(StrEnum):
    """A wish waits its turn, is open before its mentor, and then is one of the rest."""

    WISHED = "wished"
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    PASSED = "passed"


LIVE = (RequestState.WISHED, RequestState.OPEN)


class MatchState(StrEnum):
    """A match is on until either side ends it; released, it was a matching day's and ended within its first days."""

    ON = "on"
    ENDED = "ended"
    RELEASED = "released"


class Side(StrEnum):
    """Which of the two."""

    MENTOR = "mentor"
    MENTEE = "mentee"

    @property
    def other(self) -> Side:
        """The other one."""
        return Side.MENTEE if self is Side.MENTOR else Side.MENTOR


OPEN_MOST = 2
"""Requests that are before one mentor at a time."""
WISHES_MOST = 3
ANSWER_HOURS = 72
"""How long a request is open, where the moderators set nothing else."""
HOURS_MOST = 24 * 60
SILENT_APART = dt.timedelta(days=7)
"""Two requests that ended in silence so far apart pause their mentor."""
WAITS_FOR = dt.timedelta(days=60)
RELEASE_FOR = dt.timedelta(hours=72)
"""How long either side of a matching day's pair may let go of it, place and priority kept."""
CHECK_AFTER = dt.timedelta(days=7)
"""From a match to the question whether the two have met."""


def answer_hours(stored: object) -> int:
    """How long a request is open, by the setting as it is stored; one that is no such number is as none."""
    if isinstance(stored, int) and not isinstance(stored, bool) and 1 <= stored <= HOURS_MOST:
        return stored
    return ANSWER_HOURS
