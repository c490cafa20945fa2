"""Claims on what the outbox holds, each message with its turn in a pace that all processes keep together."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from operator import itemgetter

from storage import outbox, paces
from storage.due import Due
from storage.outbox import Lane
from storage.unit import Unit

ROUNDS = 3  # in one unit, which must not hold the writer for long


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
    """As `outbox.claim`, but only what has its turn within half the lease.

    Where a community has more than that waiting, what others have takes the room.
    """
    lanes, platforms = (pace.lane,), (pace.platform,)
    if not pace.seconds:
        return Claimed(outbox.claim(unit, owner, limit, lease, real_now=real_now, lanes=lanes, platforms=platforms), {})
    last = real_now + lease / 2 - dt.timedelta(seconds=pace.seconds)
    full = paces.full(unit, pace.prefix, last, real_now=real_now)
    in_turn: list[tuple[dt.datetime, Due]] = []
    turns: defaultdict[str, list[dt.datetime]] = defaultdict(list)
    for _round in range(ROUNDS):
        if pace.prefix in full or len(in_turn) == limit:
            break
        but, room = [name.removeprefix(pace.prefix) for name in full], limit - len(in_turn)
        dues = outbox.claim(unit, owner, room, lease, real_now=real_now, lanes=lanes, platforms=platforms, but=but)
        names = [pace.name(due.place.ext_id) for due in dues]
        taken = paces.take(unit, Counter(names), pace.seconds, last, real_now=real_now)
        rest = {name: iter(each) for name, each in taken.items()}
        with_turns = [(next(rest[name], None), due) for name, due in zip(names, dues, strict=True)]
        in_turn += [(at, due) for at, due in with_turns if at is not None]
        for name, each in taken.items():
            turns[name] += each
        without = [due for at, due in with_turns if at is None]
        outbox.unclaim(unit, without)
        full |= {pace.name(due.place.ext_id) for due in without}
        if not without:
            break
    return Claimed([due for _at, due in sorted(in_turn, key=itemgetter(0))], dict(turns))
