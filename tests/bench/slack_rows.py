"""Row 3: `/pmpath help` and one answer in Slack, in both modes, against slack_bolt with a command and a button."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.crowd import Side
from tests.bench.processes import Process
from tests.fakes.slack import FakeSlack, Message, SlackMember, View
from tests.fakes.slack_world import Json, Team

KEPT = 512  # of what the fake remembers; what stands before a member is held by the member


class TimedSlack(FakeSlack):
    """A Slack that knows when it sent, and when the answer was there; it forgets what is old."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = self.acknowledged = 0.0

    async def deliver(self, kind: str, payload: Json, *, retry: int = 0) -> Any:
        self.sent = self.now()
        answer = await super().deliver(kind, payload, retry=retry)
        self.acknowledged = self.now()
        return answer

    def forget_old(self) -> None:
        """So that a long measurement measures the bot."""
        for kept in (self.messages, self.calls):
            del kept[:-KEPT]
        for known in (self.urls, self.triggers):
            while len(known) > KEPT:
                del known[next(iter(known))]
        self.spent_triggers.clear()


@dataclass(slots=True)
class Floor:
    """A member before the floor's app."""

    fake: TimedSlack
    member: SlackMember
    card: Message | View | None = None

    async def help(self) -> float:
        await self.member.command("/floor")
        return self.by_response_url()

    async def nothing(self) -> float:
        """The fixed words as the acknowledgement itself."""
        await self.member.command("/words")
        return self.by_acknowledgement()

    async def answer(self) -> float:
        assert self.card is not None
        self.card = await self.member.press(self.card, "A")
        return self.by_response_url()

    async def get_ready(self) -> int:
        self.fake.forget_old()
        if self.card is None:
            self.card = await self.member.command("/card")
        return 0

    def by_acknowledgement(self) -> float:
        """Seconds to the answer that came with the acknowledgement."""
        return self.fake.acknowledged - self.fake.sent

    def by_response_url(self) -> float:
        """Seconds to the post that changed the card."""
        assert self.fake.calls[-1].method == "response_url"
        return self.fake.calls[-1].at - self.fake.sent


@dataclass(slots=True)
class Pmpath(Floor):
    """A member before our bot."""

    chance: random.Random = field(default_factory=random.Random)

    async def help(self) -> float:
        await self.member.command("/pmpath help")
        return self.by_acknowledgement()

    async def nothing(self) -> float:
        return await self.help()

    async def answer(self) -> float:
        if self.card is None or not letters(self.card):  # rarely one question is enough
            await self.get_ready()
        assert self.card is not None
        self.card = await self.member.press(self.card, self.chance.choice(letters(self.card)))
        return self.by_response_url()

    async def get_ready(self) -> int:
        self.fake.forget_old()
        interactions = 1
        if self.card is not None and letters(self.card):
            await self.member.press(self.card, "Show my result now")
            interactions += 1
        self.card = await self.member.command("/pmpath start")
        while selects := self.card.selects(self.member.uid):
            for select in selects:
                await self.member.choose(self.card, select.block_id, self.chance.choice(list(select.options)))
            self.card = await self.member.press(self.card, "Next")
            interactions += 1
        return interactions


def letters(card: Message | View) -> list[str]:
    """The buttons of a question's options."""
    return [label for label in card.labels if len(label) == 1]


@contextlib.asynccontextmanager
async def stage(folder: Path, chance: random.Random, many: int, *, socket: bool) -> AsyncIterator[tuple[Side, Side]]:
    """Both bots, each with a Slack of its own, and a crowd before each."""
    async with contextlib.AsyncExitStack() as stack:
        fake = TimedSlack()
        await stack.enter_async_context(fake)
        team = fake.install()
        ours = await stack.enter_async_context(bot(fake, team, folder / "bot", socket=socket))
        await ours.ready()
        if not socket:
            fake.events_url = f"{ours.first['address']}/slack/events"
        crowd = [Pmpath(fake, person(fake, team, number), chance=chance) for number in range(many)]
        await crowd[0].get_ready()
        assert crowd[0].card is not None
        (folder / "shape.json").write_text(json.dumps(crowd[0].card.blocks))
        other = TimedSlack()
        await stack.enter_async_context(other)
        other_team = other.install()
        floor = await stack.enter_async_context(floor_bot(other, other_team, folder, socket=socket))
        if socket:
            await other.connected()
        else:
            other.events_url = f"{floor.first['address']}/slack/events"
        floor_crowd = [Floor(other, person(other, other_team, number)) for number in range(many)]
        yield Side(ours, crowd), Side(floor, floor_crowd)
        assert not fake.breaches, fake.breaches[:3]


def person(fake: TimedSlack, team: Team, number: int) -> SlackMember:
    return SlackMember(fake, team, f"U0MEMBER{number:03}", f"Member {number}")


def bot(fake: FakeSlack, team: Team, folder: Path, *, socket: bool) -> Process:
    """Our program in this workspace, on a database of its own."""
    settings = {
        "SLACK_BOT_TOKEN": team.bot_token,
        "SLACK_API_URL": fake.api_url,
        "PMPATH_DATA_DIR": str(folder / "data"),
        "PMPATH_PORT": "0",
        "PMPATH_LOG": "warning",
    }
    way = {"SLACK_APP_TOKEN": fake.app_token} if socket else {"SLACK_SIGNING_SECRET": fake.signing_secret}
    return Process("tests.bench.watched_bot", settings=settings | way, folder=folder)


def floor_bot(fake: FakeSlack, team: Team, folder: Path, *, socket: bool) -> Process:
    """The library alone in this workspace."""
    known = ("--api", fake.api_url, "--token", team.bot_token, "--secret", fake.signing_secret)
    way = ("--app-token", fake.app_token) if socket else ()
    arguments = (*known, *way, "--folder", str(folder))
    return Process("tests.bench.floor_slack", *arguments, settings={}, folder=folder)
