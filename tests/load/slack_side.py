"""Members of a Slack workspace before a bot that takes signed HTTP: ours, or the floor's."""

from __future__ import annotations

import random
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from tests.fakes import slack_reading as reading
from tests.fakes.slack import FakeSlack, PlatformFailed, SlackMember
from tests.fakes.slack_world import Json, Message, View
from tests.load.deeds import Unanswered, next_of
from tests.load.records import Step

KEPT = 2048  # of what the fake remembers; what stands before a member is held by the member


@dataclass(slots=True)
class Delivered:
    """When a payload was sent, and when its acknowledgement was there."""

    sent: float = 0.0
    acknowledged: float = 0.0


_DELIVERED: ContextVar[Delivered] = ContextVar("delivered")


class BusySlack(FakeSlack):
    """A Slack that tells each member's task when it sent and was answered, and forgets by the clock."""

    async def deliver(self, kind: str, payload: Json, *, retry: int = 0) -> Any:
        known = _DELIVERED.get(Delivered())
        known.sent = time.monotonic()
        answer = await super().deliver(kind, payload, retry=retry)
        known.acknowledged = time.monotonic()
        return answer

    def forget(self) -> None:
        """What is old."""
        for kept in (self.messages, self.calls, self.latencies):
            del kept[:-KEPT]
        for known in (self.urls, self.triggers):
            while len(known) > KEPT:
                del known[next(iter(known))]
        self.spent_triggers.clear()


@dataclass(slots=True)
class InSlack:
    """A member before pmpath."""

    member: SlackMember
    surface: str = "Slack"
    shown: Any = None

    async def run(self, line: str) -> Step:
        return await self._timed(self.member.command(f"/pmpath {line}"))

    async def press(self, label: str) -> Step:
        return await self._timed(self.member.press(self.shown, label))

    async def fill_in(self, chance: random.Random) -> Step:
        """Chooses in every select, of which Slack tells nobody, and presses *Next*."""
        for select in self.shown.selects(self.member.uid):
            try:
                await self.member.choose(self.shown, select.block_id, chance.choice(list(select.options)))
            except PlatformFailed as error:
                raise Unanswered(error.reason) from error
        return await self.press(next_of(self.labels()))

    def labels(self) -> list[str]:
        buttons: list[reading.SeenButton] = self.shown.buttons
        return [button.label for button in buttons if not button.url]

    def asks(self) -> bool:
        return bool(self.shown.selects(self.member.uid))

    async def _timed(self, act: Any) -> Step:
        self.shown, step = await timed(act)
        return step


async def timed(act: Any) -> tuple[Message | View, Step]:
    """What the member sees of it, and when."""
    known = Delivered()
    _DELIVERED.set(known)
    try:
        shown = await act
    except PlatformFailed as error:
        raise Unanswered(error.reason) from error
    texts = [str(block.get("text", {}).get("text", "")) for block in shown.blocks if "text" in block]
    return shown, Step(known.sent, known.acknowledged, time.monotonic(), "\n".join(texts).lstrip("* "))


@dataclass(slots=True)
class BeforeFloor:
    """A member before slack_bolt alone: words as the acknowledgement, or a press on the card that stays."""

    member: SlackMember
    card: Message | View | None = None

    async def go_on(self, chance: random.Random, presses: float) -> Step:
        if self.card is None:
            self.card, step = await timed(self.member.command("/card"))
        elif chance.random() < presses:
            self.card, step = await timed(self.member.press(self.card, "A"))
        else:
            _words, step = await timed(self.member.command("/words"))
        return step
