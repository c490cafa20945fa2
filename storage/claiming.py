"""Claims on what the outbox holds, each message with its turn in a pace that all processes keep together."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from operator import itemgetter

from storage import outbox, paces
from storage.due import Due
from storage.outbox import Lane
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly a lane of one platform may be sent: all of it, or each community's, by `apart`."""

    platform: str
    lane: Lane
    seconds: float
    apart: bool

    @property
    def prefix(self) -> str:
        """What the names of its paces begin with."""
        return f"{self.platform}:{self.lane.value}:"

    def name(self, community_ext: str) -> str:
        """The pace in which messages of this community go."""
        return self.prefix + (community_ext if self.apart else "")


@dataclass(frozen=True, slots=True)
class Claimed:
    """Messages to send, the first to come first, and by the names of their paces as many turns, in real time."""

    dues: list[Due]
    turns: dict[str, list[dt.datetime]]


def claim(unit: Unit, owner: str, limit: int, lease: dt.timedelta, pace: Pace, *, real_now: dt.datetime) -> Claimed:
    """As `outbox.claim`, but only what has its turn within half the lease."""
    last = real_now + lease / 2 - dt.timedelta(seconds=pace.seconds)
    full = paces.full(unit, pace.prefix, last, real_now=real_now) if pace.seconds else set()
    if pace.prefix in full:
        return Claimed([], {})
    but = [name.removeprefix(pace.prefix) for name in full]
    lanes, platforms = (pace.lane,), (pace.platform,)
    dues = outbox.claim(unit, owner, limit, lease, real_now=real_now, lanes=lanes, platforms=platforms, but=but)
    if not pace.seconds:
        return Claimed(dues, {})
    wanted = Counter(pace.name(due.place.ext_id) for due in dues)
    turns = paces.take(unit, wanted, pace.seconds, last, real_now=real_now)
    rest = {name: iter(taken) for name, taken in turns.items()}
    with_turns = [(next(rest[pace.name(due.place.ext_id)], None), due) for due in dues]
    outbox.unclaim(unit, [due for at, due in with_turns if at is None])
    in_turn = sorted(((at, due) for at, due in with_turns if at is not None), key=itemgetter(0))
    return Claimed([due for _at, due in in_turn], turns)
