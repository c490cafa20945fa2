"""What the program asks of a surface, and the timing that all keep (docs/architecture.md, *One interaction*)."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

import structlog

from bot.named import Named
from commands.kit.dispatch import Decision, Dispatcher, Reply
from commands.kit.request import Platform, Request
from commands.kit.view import Card
from content.text import Language

LOG = structlog.get_logger()
DRAIN_SECONDS = 15.0  # a unit of work or an answer takes far less
REST_SECONDS = 2.0
PATIENCE = 1.5  # seconds from receipt to the first answer; Discord and Slack give up after 3
T = TypeVar("T")
Why = Literal["no-right", "no-channel", "archived", "too-late", "other"]


class CannotStart(Exception):
    """A surface that can't begin at all; `sentence` says why and what the operator can do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Refused(Exception):
    """The platform will never take this message: a closed DM, a channel that is gone or without rights.

    `why` is for the sentence that moderators read; `too-late`: a post's hour has come, or is too near.
    """

    def __init__(self, reason: str = "", why: Why = "other") -> None:
        super().__init__(reason)
        self.why: Why = why


class TryLater(Exception):
    """The platform did not take it now. `after` is in seconds."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Perhaps(TryLater):
    """It may have been taken all the same: asked again, which a platform must know not to take twice."""


class Uncertain(Exception):
    """Sent, but whether it arrived is not known; it must not be sent again by itself."""


@dataclass(frozen=True, slots=True)
class Message:
    """A card on its way to a person or a channel. `key` is the same at each try, for the platform's nonce.

    `again` says that an earlier try may have arrived; `post_at` is when a platform that HandsOver shall post it.
    """

    place: str
    card: Card
    language: Language
    community: int
    community_ext: str
    key: str
    again: bool
    post_at: dt.datetime | None = None


@runtime_checkable
class SendsInPart(Protocol):
    """A surface that sends also while a part of it is missing."""

    @property
    def sends(self) -> bool:
        """Whether it does now."""


def can_send(surface: Surface) -> bool:
    """Whether what nobody has asked for can go out."""
    return surface.sends if isinstance(surface, SendsInPart) else surface.missing() is None


class Surface(Protocol):
    """Where members talk to us. `native` are the elements it draws itself beyond the basic ones.

    `pace` is the seconds between two direct messages that nobody is waiting for, `post_pace` between two posts,
    wherever they go, `look_pace` between two questions whether somebody is still there: for all communities together,
    or for each by itself where they are `paced_apart`. `remembers` are the seconds for which the platform surely
    knows a post's key again and does not post it twice.
    """

    platform: Platform
    native: frozenset[type]
    pace: float
    post_pace: float
    look_pace: float
    paced_apart: bool
    remembers: float

    @property
    def named(self) -> Named:
        """Whose names stood on its answers."""

    async def run(self) -> None:
        """Connects and serves until `close`. Raises CannotStart (a wrong token)."""

    async def close(self) -> None:
        """Takes no more, lets what is under way end."""

    def missing(self) -> str | None:
        """What is not connected yet, in words for `/readyz`; None when ready."""

    async def tell(self, message: Message) -> str:
        """Sends to the person `place`; answers the platform's id. Raises Refused, TryLater or Uncertain."""

    async def post(self, message: Message) -> str:
        """Sends to the channel `place`; as `tell`."""

    async def take_back(self, community_ext: str, channel: str, remote: str) -> None:
        """Deletes a post of ours, by what `post` answered; one that is gone already is fine.

        Raises Refused or TryLater: it may be asked for any number of times.
        """

    async def has(self, community_ext: str, uid: str) -> bool:
        """Whether this person is still in the community. Raises Refused or TryLater where that is not known."""


@runtime_checkable
class InShards(Protocol):
    """A surface with several connections."""

    @property
    def shards(self) -> Mapping[int, bool]:
        """Those of this process: whether each is connected."""


@runtime_checkable
class HandsOver(Protocol):
    """A surface whose platform takes a post ahead of its time and posts it by itself.

    What the platform took and then could not post is reported to nobody.
    """

    async def hand_over(self, message: Message) -> str:
        """Schedules it for `post_at`; answers the platform's id of the pending post.

        Raises Refused (`too-late` where it can only be posted now), TryLater or Uncertain.
        """

    async def handed(self, message: Message) -> str | None:
        """The pending post of exactly this channel, time and text, if the platform has it.

        Once its time has come None says nothing: what was posted is pending no more. Raises Refused or TryLater.
        """

    async def call_off(self, community_ext: str, channel: str, remote: str) -> None:
        """Deletes a pending post; one that is gone, or about to be posted, raises Refused (`too-late`).

        Raises TryLater where it is not known to be deleted: `handed` says then whether it still is pending.
        """


class Answer(Protocol):
    """One platform's ways to answer one interaction."""

    async def first(self, reply: Reply) -> None:
        """The reply as the platform's first answer."""

    async def wait(self) -> None:
        """The platform's "wait", when the reply is late."""

    async def later(self, reply: Reply) -> None:
        """The reply, after a "wait"."""


@dataclass(slots=True, eq=False)
class Turn:
    """One interaction under way: `answered` with the platform's first answer, `waiting` once that was a "wait"."""

    answer: Answer
    request: Request
    answered: asyncio.Event
    waiting: asyncio.Task[None] | None = None


class Interactions:
    """The interactions under way: held strongly, never cancelled, drained at stop."""

    def __init__(self, dispatcher: Dispatcher, *, patience: float = PATIENCE) -> None:
        self.dispatcher = dispatcher
        self.named = Named()
        self.patience = patience
        self._held: set[asyncio.Task[Any]] = set()

    def hold(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Runs work that must end even if nobody waits for it any more."""
        task = asyncio.get_running_loop().create_task(work)
        self._held.add(task)
        task.add_done_callback(self._held.discard)
        return task

    async def answer(self, decision: Decision, answer: Answer) -> None:
        """Gives the first answer in time; returns then. A late reply follows by itself. Never raises."""
        loop = asyncio.get_running_loop()
        turn = Turn(answer, decision.request, asyncio.Event())
        patience = loop.call_at(decision.request.received + self.patience, self._lose_patience, turn)
        self.hold(self._take(decision, turn, patience))
        await turn.answered.wait()

    async def _take(self, decision: Decision, turn: Turn, patience: asyncio.TimerHandle) -> None:
        reply = await self.dispatcher.perform(decision)
        if turn.waiting is not None:
            await turn.waiting
            await self._send(turn.answer.later(reply))
        else:
            patience.cancel()
            await self._send(turn.answer.first(reply))
            self._acknowledged(turn)
        if isinstance(reply.view, Card):
            self.named.add(reply.community, reply.view.named)

    def _lose_patience(self, turn: Turn) -> None:
        turn.waiting = self.hold(self._wait(turn))

    async def _wait(self, turn: Turn) -> None:
        await self._send(turn.answer.wait())
        self._acknowledged(turn)

    def _acknowledged(self, turn: Turn) -> None:
        self.dispatcher.watch.acknowledged(turn.request)
        turn.answered.set()

    async def _send(self, sending: Coroutine[Any, Any, None]) -> None:
        """A refused answer is logged, no more: the state is safe, the next press or `home` shows it."""
        try:
            await sending
        except Exception:
            LOG.exception("answer.failed")

    async def rest(self) -> None:
        """Waits, not for long, for a moment in which nothing is under way: taking no more then loses nothing."""
        deadline = asyncio.get_running_loop().time() + REST_SECONDS
        while self._held and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(set(self._held), timeout=left)

    async def drain(self) -> None:
        """Waits until everything that was held has ended; what hangs is given up with a line in the log."""
        deadline = asyncio.get_running_loop().time() + DRAIN_SECONDS
        while self._held:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                LOG.error("interactions.hang", count=len(self._held))
                return
            await asyncio.wait(set(self._held), timeout=left)
