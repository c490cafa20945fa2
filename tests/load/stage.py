"""The bot under load and the floor: processes of their own, and the members before them."""

from __future__ import annotations

import contextlib
import itertools
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import aiohttp

from bot.web.sandbox import PEOPLE
from tests.bench import board_seed
from tests.bench.processes import Process
from tests.drivers.web import WebDriver
from tests.fakes.slack import SlackMember
from tests.load import discord_side, page_side, slack_side
from tests.load.deeds import Life, Somebody
from tests.load.discord_side import BusyDiscord, InDiscord
from tests.load.page_side import OnPage
from tests.load.records import Step
from tests.load.slack_side import BusySlack, InSlack

SHARES = {"Discord": 0.65, "Slack": 0.33, "Page": 0.02}
PRESSES = 0.55  # of what is done in our mix
SERVERS = 20
ACCESS_KEY = "a-key-of-the-load"
BROWSERS = 2  # of each person of the page
GoOn = Callable[[], Awaitable[tuple[str, Step]]]


@dataclass(frozen=True, slots=True)
class Stage:
    """A bot with its platforms; `crowds` by surface: what each member does next, when it is asked for."""

    processes: Sequence[Process]
    discord: BusyDiscord
    slack: BusySlack
    crowds: dict[str, list[GoOn]]
    lives: Sequence[Life] = ()

    async def shapes(self) -> tuple[object, object]:
        """A question as it is drawn on Discord and in Slack, for the floor to draw too."""
        one_each = {life.somebody.surface: life for life in self.lives}
        in_discord, in_slack = [await one_each[surface].reach_question() for surface in ("Discord", "Slack")]
        return in_discord.message.components, in_slack.blocks

    def forget(self) -> None:
        self.discord.forget()
        self.slack.forget()


@contextlib.asynccontextmanager
async def platforms(patience: float) -> AsyncIterator[tuple[BusyDiscord, BusySlack]]:
    """Both, with the load's own servers."""
    discord, slack = BusyDiscord(), BusySlack()
    discord.rest.answer_within = slack.patience = patience
    slack.reply_patience = max(slack.reply_patience, patience)
    async with discord, slack:
        for number in range(SERVERS):
            discord.world.add_guild(f"PM Talk {number}")
        yield discord, slack


@contextlib.asynccontextmanager
async def ours(
    folder: Path, url: str, discord: BusyDiscord, slack: BusySlack, people: int, chance: random.Random
) -> AsyncIterator[Stage]:
    """`pmpath run` with all three surfaces on the database at `url`."""
    team = slack.install()
    settings = {
        "DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url,
        "SLACK_BOT_TOKEN": team.bot_token, "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url, "DATABASE_URL": url,
        "PMPATH_WEB": "on", "PMPATH_ACCESS_KEY": ACCESS_KEY,
        "PMPATH_DATA_DIR": str(folder / "data"), "PMPATH_PORT": "0", "PMPATH_LOG": "warning",
    }  # fmt: skip
    async with AsyncExitStack() as stack:
        process = await stack.enter_async_context(Process("tests.bench.watched_bot", settings=settings, folder=folder))
        await process.ready()
        slack.events_url = f"{process.first['address']}/slack/events"
        guilds = list(discord.world.guilds.values())[:SERVERS]
        in_discord = [
            InDiscord(
                discord.member(
                    f"Member {number}",
                    guild=guilds[0] if number % 2 else guilds[number // 2 % SERVERS],
                    locale="en-US" if number % 5 else "zh-CN",
                    uid=int(board_seed.uid(number + 1)),
                )
            )
            for number in range(round(people * SHARES["Discord"]))
        ]
        in_slack = [
            InSlack(
                SlackMember(slack, team, f"U0MEMBER{number:04}", f"Member {number}", "en-US" if number % 5 else "zh-CN")
            )
            for number in range(round(people * SHARES["Slack"]))
        ]
        key = {"Authorization": f"Bearer {ACCESS_KEY}"}
        pages = [
            await stack.enter_async_context(
                WebDriver(process.first["address"], person.uid, session=f"{person.uid}-{browser}", headers=key)
            )
            for person in PEOPLE
            for browser in range(BROWSERS)
        ]
        before: dict[str, Sequence[Somebody]] = {
            "Discord": in_discord,
            "Slack": in_slack,
            "Page": [OnPage(page) for page in pages],
        }
        lives = {
            surface: [Life(each, random.Random(chance.random())) for each in some] for surface, some in before.items()
        }
        crowds: dict[str, list[GoOn]] = {surface: [life.go_on for life in some] for surface, some in lives.items()}
        yield Stage((process,), discord, slack, crowds, list(itertools.chain(*lives.values())))


@contextlib.asynccontextmanager
async def floor(
    folder: Path, people: int, chance: random.Random, shapes: Sequence[object], patience: float
) -> AsyncIterator[Stage]:
    """discord.py, slack_bolt and aiohttp alone, on fakes of the same kind; cards of the given shapes."""
    async with platforms(patience) as (discord, slack), AsyncExitStack() as stack:
        team, folders = slack.install(), [folder / name for name in ("discord", "slack", "page")]
        for place, shape in zip(folders, shapes, strict=False):
            place.mkdir(parents=True)
            (place / "shape.json").write_text(json.dumps(shape))
        arguments = (
            ("discord", "--api", discord.api_url, "--gateway", discord.gateway.address, "--token", discord.token),
            ("slack", "--api", slack.api_url, "--token", team.bot_token, "--secret", slack.signing_secret),
            ("web",),
        )
        processes = [
            await stack.enter_async_context(
                Process(f"tests.bench.floor_{name}", *more, "--folder", str(place), settings={}, folder=place)
            )
            for (name, *more), place in zip(arguments, folders, strict=True)
        ]
        slack.events_url = f"{processes[1].first['address']}/slack/events"
        client = await stack.enter_async_context(aiohttp.ClientSession())
        address = f"{processes[2].first['address']}/chat"
        sockets = [await stack.enter_async_context(client.ws_connect(address)) for _one in range(len(PEOPLE))]
        before: dict[str, Sequence[Floored]] = {
            "Discord": [
                discord_side.BeforeFloor(discord.member(f"Member {number}"))
                for number in range(round(people * SHARES["Discord"]))
            ],
            "Slack": [
                slack_side.BeforeFloor(SlackMember(slack, team, f"U0MEMBER{number:04}", f"Member {number}"))
                for number in range(round(people * SHARES["Slack"]))
            ],
            "Page": [page_side.BeforeFloor(socket) for socket in sockets],
        }
        crowds: dict[str, list[GoOn]] = {
            surface: [partial(_on_floor, surface, each, random.Random(chance.random())) for each in some]
            for surface, some in before.items()
        }
        yield Stage(processes, discord, slack, crowds)


class Floored(Protocol):
    """Somebody before a library alone."""

    async def go_on(self, chance: random.Random, presses: float) -> Step:
        """A press or a command."""


async def _on_floor(surface: str, somebody: Floored, chance: random.Random) -> tuple[str, Step]:
    return surface, await somebody.go_on(chance, PRESSES)
