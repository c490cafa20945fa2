"""How much one member, and one community, may ask of this process; who only uses pmpath never meets it.

A member sees each card before pressing on it: two presses a second for long are no person's, nor are forty at
once. A community of 210,000 in its busiest minute sends 200 interactions a second (docs/operate.md, *Limits*):
answered within 0.3 s these are 60 under way, and 1,000 if the database stood still for five seconds.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from commands.kit.bucket import Buckets
from commands.kit.errors import Refusal
from commands.kit.press import SEPARATOR, Press
from commands.kit.request import Pressed, Request
from commands.kit.view import Button
from content.text import _

LOG = structlog.get_logger()
AT_ONCE, A_SECOND = 40, 2.0
KEYS_AT_ONCE, KEYS_A_SECOND = 60, 15.0  # what is offered while a member types is asked for at each key
MEMBERS_MAX = 20_000  # about 5 MB; a thousand others a second would have to come for one of them to begin anew
UNDER_WAY_MAX = 2_000
SHARE_MAX = UNDER_WAY_MAX // 2  # for one community; the others have the rest
COSTLY_AT_ONCE = 4  # of all members; each holds a thread or the database for a while
COSTLY_IN_LINE = 2  # of one member: the one that runs, and a second press on the same button
SAID_SECONDS = 60.0

Place = tuple[str, str]
Who = tuple[str, str, str]


class Allowance:
    """What was asked for lately and what is under way, in memory alone. `enter` is paired with `leave`.

    Without `paced` one member may do any number of things at once, as programs that rehearse members do.
    """

    def __init__(self, *, paced: bool = True, under_way: int = UNDER_WAY_MAX, share: int = SHARE_MAX) -> None:
        self._paced = paced
        self._presses = Buckets[Who](AT_ONCE, A_SECOND, MEMBERS_MAX)
        self._keys = Buckets[Who](KEYS_AT_ONCE, KEYS_A_SECOND, MEMBERS_MAX)
        self._most, self._share = under_way, share
        self._under_way: Counter[Place] = Counter()
        self._all = 0
        self._costly: Counter[Who] = Counter()
        self._costly_turn = asyncio.Semaphore(COSTLY_AT_ONCE)
        self._one_at_a_time: dict[Who, asyncio.Lock] = {}
        self.refused = Tally()

    def enter(self, request: Request) -> Refusal | None:
        """Why this interaction is not taken; with None it is under way until `leave`."""
        place = place_of(request)
        if self._paced and not self._presses.take(_who(request), request.received):
            self.refused.count("member")
            return _too_fast()
        if self._all >= self._most or self._under_way[place] >= self._share:
            self.refused.count("process" if self._all >= self._most else "community")
            return _too_many()
        self._all += 1
        self._under_way[place] += 1
        return None

    def leave(self, request: Request) -> None:
        """It has ended."""
        place = place_of(request)
        self._all -= 1
        self._under_way[place] -= 1
        if not self._under_way[place]:
            del self._under_way[place]

    def may_press(self, request: Request) -> bool:
        """Whether the next interaction of that member would be taken; for what reads before it."""
        return not self._paced or self._presses.has(_who(request), request.received)

    def may_type(self, platform: str, community: str, uid: str, now: float) -> bool:
        """Whether a member is offered something at this key."""
        return not self._paced or self._keys.take((platform, community, uid), now)

    @asynccontextmanager
    async def turn(self, request: Request) -> AsyncIterator[None]:
        """Room for something costly: one at a time of a member, a few of all. Raises Refusal."""
        who = _who(request)
        if self._costly[who] >= COSTLY_IN_LINE:
            self.refused.count("costly")
            raise Refusal(_("This is still being made for you. It comes by itself in a moment."), (_home(),))
        self._costly[who] += 1
        mine = self._one_at_a_time.setdefault(who, asyncio.Lock())
        try:
            async with mine, self._costly_turn:
                yield
        finally:
            self._costly[who] -= 1
            if not self._costly[who]:
                del self._costly[who], self._one_at_a_time[who]


class Tally:
    """Counts what was refused, and says so: at once, then once a minute with the count."""

    def __init__(self, event: str = "limits.refused") -> None:
        self._event = event
        self._counts: Counter[str] = Counter()
        self._waits = False

    def count(self, why: str) -> None:
        """One more."""
        self._counts[why] += 1
        if not self._waits:
            self._say()

    def _say(self) -> None:
        self._waits = bool(self._counts)
        if self._counts:
            LOG.warning(self._event, **self._counts)
            self._counts.clear()
            asyncio.get_running_loop().call_later(SAID_SECONDS, self._say)


def place_of(request: Request) -> Place:
    """The community; in Discord's direct messages the one that the card carries, by our id of it."""
    if request.community is not None:
        return request.platform.value, request.community.ext_id
    parts = request.call.wire.split(SEPARATOR) if isinstance(request.call, Pressed) else []
    return request.platform.value, f"#{parts[1]}" if len(parts) > 1 else ""


def _who(request: Request) -> Who:
    return *place_of(request), request.uid + request.sitting


def _too_fast() -> Refusal:
    says = _("That was very fast, so this one was not taken. Wait ten seconds, then press again or type /pmpath.")
    return Refusal(says, (_home(),))


def _too_many() -> Refusal:
    return Refusal(_("Very many people are here at this moment. Please try again in a few seconds."), (_home(),))


def _home() -> Button:
    return Button(_("Home"), Press("home"))
