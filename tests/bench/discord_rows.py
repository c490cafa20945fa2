"""Rows 1 and 2: `/pmpath help` and one answer on Discord, against discord.py with a do-nothing command and a button."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.crowd import Side
from tests.bench.processes import Process
from tests.fakes.discord import Answer, DiscordMember, FakeDiscord, Shown


@dataclass(slots=True)
class Pmpath:
    """A member before our bot."""

    member: DiscordMember
    chance: random.Random
    card: Shown | None = None

    async def help(self) -> float:
        return _after(await self.member.command("/pmpath help"))

    async def answer(self) -> float:
        if self.card is None or not letters(self.card):  # rarely one question is enough
            await self.get_ready()
        assert self.card is not None
        answered = await self.member.press(self.card, self.chance.choice(letters(self.card)))
        self.card = answered.card
        return _after(answered)

    async def get_ready(self) -> int:
        interactions = 1
        if self.card is not None and letters(self.card):
            await self.member.press(self.card, "Show my result now")
            interactions += 1
        self.card = (await self.member.command("/pmpath start")).card
        while self.card.selects:
            patience, self.member.patience = self.member.patience, 0.0  # no card follows what is only kept
            for select in self.card.selects:
                await self.member.choose(self.card, select.custom_id, self.chance.choice(list(select.options)))
            self.member.patience = patience
            interactions += len(self.card.selects) + 1
            self.card = (await self.member.press(self.card, "Next")).card
        return interactions


@dataclass(slots=True)
class Floor:
    """A member before the floor's bot."""

    member: DiscordMember
    card: Shown | None = None

    async def help(self) -> float:
        return _after(await self.member.command("/floor"))

    async def answer(self) -> float:
        assert self.card is not None
        return _after(await self.member.press(self.card, "A"))

    async def get_ready(self) -> int:
        if self.card is None:
            self.card = (await self.member.command("/card")).card
        return 0


def letters(card: Shown) -> list[str]:
    """The buttons of a question's options."""
    return [label for label in card.labels if len(label) == 1]


def _after(answer: Answer) -> float:
    assert not answer.failed, answer
    return answer.card_after


@contextlib.asynccontextmanager
async def stage(folder: Path, chance: random.Random, many: int) -> AsyncIterator[tuple[Side, Side]]:
    """Both bots, each with a Discord of its own, and a crowd before each."""
    async with contextlib.AsyncExitStack() as stack:
        fake = await stack.enter_async_context(quiet_fake())
        ours = await stack.enter_async_context(bot(fake, folder / "discord"))
        await fake.gateway.until_connected()
        await ours.ready()
        crowd = [Pmpath(fake.member(f"Member {number}"), chance) for number in range(many)]
        await crowd[0].get_ready()
        assert crowd[0].card is not None
        (folder / "shape.json").write_text(json.dumps(crowd[0].card.message.components))
        other = await stack.enter_async_context(quiet_fake())
        arguments = ("--api", other.api_url, "--gateway", other.gateway.address, "--token", other.token)
        floor = Process("tests.bench.floor_discord", *arguments, "--folder", str(folder), settings={}, folder=folder)
        await stack.enter_async_context(floor)
        floor_crowd = [Floor(other.member(f"Member {number}")) for number in range(many)]
        yield Side(ours, crowd), Side(floor, floor_crowd)
        assert not fake.breaches, fake.breaches[:3]
        assert not other.breaches, other.breaches[:3]


def bot(fake: FakeDiscord, folder: Path) -> Process:
    """Our program before this Discord, on a database of its own."""
    settings = {
        "DISCORD_TOKEN": fake.token,
        "DISCORD_API_URL": fake.api_url,
        "PMPATH_DATA_DIR": str(folder / "data"),
        "PMPATH_PORT": "0",
        "PMPATH_LOG": "warning",
    }
    return Process("tests.bench.watched_bot", settings=settings, folder=folder)


@contextlib.asynccontextmanager
async def quiet_fake() -> AsyncIterator[FakeDiscord]:
    """A Discord that checks no body against the specification and remembers little."""
    async with FakeDiscord(check=False) as fake:
        fake.rest.keep_calls = False
        fake.world.add_guild()
        yield fake
