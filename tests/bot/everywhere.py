"""The whole program in this process, on both fakes and the page, with one member at each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.program import Program, open_parts
from bot.settings import Settings
from tests.drivers.discord import DiscordDriver
from tests.drivers.seen import Driver
from tests.drivers.slack import SlackDriver
from tests.drivers.web import WebDriver
from tests.fakes.discord import MANAGE_GUILD, FakeDiscord
from tests.fakes.slack import FakeSlack, SlackMember

KEY = "the-access-key-of-this-test"
READY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Everywhere:
    """The program, its platforms, and who talks to it."""

    program: Program
    settings: Settings
    discord: FakeDiscord
    slack: FakeSlack
    drivers: dict[str, Driver]

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        """A page of the program's own server."""
        async with aiohttp.ClientSession() as client, client.get(self.program.address + path, headers=headers) as found:
            return found.status, await found.text()

    async def metrics(self) -> str:
        """What Prometheus reads, as its operator sets it up."""
        status, text = await self.get("/metrics", Authorization=f"Bearer {KEY}")
        assert status == 200
        return text


@asynccontextmanager
async def everywhere(
    folder: Path, name: str = "Ada", before: Callable[[Settings], None] = lambda _settings: None, **given: str
) -> AsyncIterator[Everywhere]:
    """Ready on all surfaces; `before` is done first, as the program does it."""
    async with AsyncExitStack() as stack:
        discord, slack = await stack.enter_async_context(FakeDiscord()), await stack.enter_async_context(FakeSlack())
        team, member = slack.install(), discord.member(name, permissions=MANAGE_GUILD)
        settings = Settings.read(
            {
                "DISCORD_TOKEN": discord.token,
                "DISCORD_API_URL": discord.api_url,
                "SLACK_BOT_TOKEN": team.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_API_URL": slack.api_url,
                "PMPATH_WEB": "on",
                "PMPATH_ACCESS_KEY": KEY,
                "PMPATH_DATA_DIR": str(folder),
                "PMPATH_PORT": "0",
                **given,
            },
            None,
        )
        before(settings)
        program = await stack.enter_async_context(open_parts(settings))
        serving = asyncio.get_running_loop().create_task(program.serve())
        stack.push_async_callback(asyncio.wait, [serving])
        stack.callback(serving.cancel)
        async with asyncio.timeout(READY_SECONDS):
            while await program.missing():  # noqa: ASYNC110 - the parts have no event for it
                await asyncio.sleep(0.01)
        page = WebDriver(program.address, "ada", headers={"Authorization": f"Bearer {KEY}"})
        drivers: dict[str, Driver] = {
            "discord": DiscordDriver(member),
            "slack": SlackDriver(SlackMember(slack, team, "U0ADA0001", name, is_admin=True)),
            "web": await stack.enter_async_context(page),
        }
        yield Everywhere(program, settings, discord, slack, drivers)
