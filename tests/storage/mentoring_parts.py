"""What the model of mentoring is made of; everybody goes by name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(slots=True)
class Offer:
    capacity: int
    reach: str = "asked"
    approval: str = "approved"
    paused: str | None = None
    until: dt.datetime | None = None
    silent: dt.datetime | None = None

    @property
    def listed(self) -> bool:
        return (self.reach, self.approval, self.paused) == ("open", "approved", None)


@dataclass(slots=True)
class Ask:
    waiting: dt.datetime | None = None
    rounds: int = 0


@dataclass(slots=True)
class Wish:
    id: int
    mentee: str
    mentor: str
    state: str = "wished"
    due: dt.datetime | None = None


@dataclass(slots=True)
class Match:
    id: int
    mentor: str
    mentee: str
    at: dt.datetime
    check: dt.datetime | None
    release_rounds: int | None
    state: str = "on"
    checks: int = 0
    sessions: int = 0
    said: set[str] = field(default_factory=set)
    week: str | None = None
