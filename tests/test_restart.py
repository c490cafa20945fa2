"""The program as a process: killed between question and answer, stopped while it answers, started again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.drivers.assessment import open_questions
from tests.drivers.discord import DiscordDriver
from tests.drivers.seen import Driver
from tests.drivers.slack import SlackDriver
from tests.drivers.web import WebDriver
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack, SlackMember
from tests.kill_members import ANSWERS, kill_often
from tests.program import Program

KEY = "an-access-key-of-the-test"


@dataclass(slots=True)
class World:
    """One process on all three surfaces."""

    program: Program
    discord: DiscordDriver
    slack: SlackDriver
    web: WebDriver

    @property
    def drivers(self) -> tuple[Driver, ...]:
        return self.discord, self.slack, self.web


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(FakeDiscord())
        slack = await stack.enter_async_context(FakeSlack())
        team = slack.install()
        settings = {
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_URL": discord.api_url,
            "SLACK_BOT_TOKEN": team.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "PMPATH_WEB": "on",
            "PMPATH_ACCESS_KEY": KEY,
        }
        ada = discord.member()
        program = await stack.enter_async_context(Program(tmp_path, settings))
        page = WebDriver(program.address, headers={"Authorization": f"Bearer {KEY}"})
        await stack.enter_async_context(page)
        yield World(program, DiscordDriver(ada), SlackDriver(SlackMember(slack, team, "U0ADA0001")), page)


@pytest.mark.slow
async def test_after_a_kill_the_old_button_works_on_every_surface(world: World) -> None:
    before = [await open_questions(driver) for driver in world.drivers]

    await world.program.kill()
    await world.program.start()
    await world.web.leave()
    await world.web.connect()
    after = [await driver.press("A") for driver in world.drivers]

    for old, new in zip(before, after, strict=True):
        assert "A" in new.buttons
        assert new.lines != old.lines
    assert after[0].lines == after[1].lines == after[2].lines


@pytest.mark.slow
async def test_sigterm_ends_cleanly_and_leaves_no_log_file_of_the_database(world: World) -> None:
    for driver in world.drivers:
        await driver.run("/pmpath start")

    assert await world.program.stop() == 0
    data = world.program.folder / "data"
    assert sorted(path.name for path in data.iterdir() if path.name.endswith(("-wal", "-shm"))) == []
    assert "Traceback" not in world.program.log


@pytest.mark.slow
async def test_a_second_process_on_the_same_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    async with Program(tmp_path) as first:
        second = Program(tmp_path)
        with pytest.raises(AssertionError, match="already using"):
            await second.start()
        assert await first.stop() == 0


@pytest.mark.slow
async def test_kills_under_sixteen_members_lose_and_double_nothing_they_saw(tmp_path: Path) -> None:
    report = await kill_often(tmp_path, kills=3)

    assert report.lost == []
    assert report.torn == []
    assert report.acknowledged >= 3 * ANSWERS[0]
