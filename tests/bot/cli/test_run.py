"""`pmpath run`: what keeps it from starting is a sentence and exit code 2, or 1 for a while; a signal ends it by 0."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.cli.run import _set_aside
from tests.bot.cli.conftest import Shell, command, environ
from tests.bot.slack.many import KEY, NEW_KEY, visit
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack, Message, SlackMember
from tests.program import Program, free_port

STOP_SECONDS = 60.0


@contextlib.asynccontextmanager
async def running(shell: Shell, **settings: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The program once its page answers, and its address."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *command("run"), cwd=shell.folder, env=environ({"PMPATH_PORT": str(port), **settings}),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        await _answers(process, f"http://127.0.0.1:{port}/healthz")
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _answers(process: asyncio.subprocess.Process, address: str) -> None:
    async with aiohttp.ClientSession() as client, asyncio.timeout(STOP_SECONDS):
        while True:
            assert process.returncode is None
            try:
                async with client.get(address):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


async def test_all_wrong_settings_are_told_at_once_and_nothing_is_started(shell: Shell) -> None:
    said = await shell.run_alone(
        "run", DISCORD_TOKEN="two words", SLACK_APP_TOKEN="xapp-1", PMPATH_PORT="many", PMPATH_LOG="loud"
    )

    assert (said.code, said.out) == (2, "")
    assert {line.split()[0] for line in said.err.splitlines()} == {
        "DISCORD_TOKEN",
        "SLACK_BOT_TOKEN",
        "PMPATH_PORT",
        "PMPATH_LOG",
    }
    assert list(shell.folder.iterdir()) == []


async def test_a_port_in_use_is_a_sentence(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        said = await shell.run_alone("run", PMPATH_PORT=str(port))

    assert said.code == 2
    assert said.err.splitlines() == [
        f"Port {port} on 127.0.0.1 is in use by another program. "
        "Stop that one, or set PMPATH_PORT to another number; 0 takes a free one."
    ]


async def test_broken_content_is_told_by_file_and_line(shell: Shell, broken_pack: Path) -> None:
    said = await shell.run_alone("run", PMPATH_CONTENT_DIR=str(broken_pack), PMPATH_PORT="0")

    lines = said.err.splitlines()
    assert said.code == 2
    assert all(line.startswith(f"{broken_pack}/skills") and "expected" in line for line in lines[:-1])
    assert any(line.startswith(f"{broken_pack}/skills.yaml, line 3: expected ") for line in lines)
    assert "pmpath content check" in lines[-1]


async def test_a_data_folder_that_cannot_be_made_is_a_sentence(shell: Shell) -> None:
    (shell.folder / "file").touch()

    said = await shell.run_alone("run", PMPATH_DATA_DIR="file/data", PMPATH_PORT="0")

    assert said.code == 2
    assert said.err.startswith("The data folder file/data can't be made")
    assert len(said.err.splitlines()) == 1


async def test_a_second_process_on_the_same_file_is_a_sentence(shell: Shell) -> None:
    async with running(shell):
        said = await shell.run_alone("run", PMPATH_PORT="0")

    assert said.code == 2
    assert "is already using" in said.err
    assert len(said.err.splitlines()) == 1


async def test_a_server_that_is_not_there_yet_is_a_sentence_and_worth_another_start(shell: Shell) -> None:
    url = f"postgresql://postgres@127.0.0.1:{free_port()}/pmpath"
    said = await shell.run_alone("run", DISCORD_TOKEN="geheim", DATABASE_URL=url, PMPATH_PORT="0")

    assert said.code == 1
    assert said.err.splitlines()[-1].startswith("The PostgreSQL server does not answer.")
    assert "Traceback" not in said.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_with_zero(shell: Shell, number: signal.Signals) -> None:
    async with running(shell) as (process, _address):
        process.send_signal(number)
        written, _nothing = await asyncio.wait_for(process.communicate(), STOP_SECONDS)

    assert process.returncode == 0
    assert b'"event": "stopped"' in written
    assert b"Traceback" not in written


async def test_a_wrong_discord_token_is_a_sentence_without_the_token(shell: Shell) -> None:
    async with FakeDiscord() as discord:
        said = await shell.run_alone(
            "run", DISCORD_TOKEN="geheim", DISCORD_API_URL=discord.api_url, PMPATH_PORT="0", PMPATH_LOG="error"
        )

    assert said.code == 2
    assert "DISCORD_TOKEN" in said.err
    assert "Traceback" not in said.err
    assert "geheim" not in said.err


async def test_a_wrong_slack_token_is_a_sentence_without_the_token(shell: Shell) -> None:
    async with FakeSlack() as slack:
        slack.install()
        said = await shell.run_alone(
            "run",
            SLACK_BOT_TOKEN="xoxb-geheim",
            SLACK_APP_TOKEN=slack.app_token,
            SLACK_API_URL=slack.api_url,
            PMPATH_PORT="0",
            PMPATH_LOG="error",
        )

    assert said.code == 2
    assert said.err.startswith("Slack refuses our token: invalid_auth.")
    assert "pmpath doctor" in said.err
    assert "Traceback" not in said.err
    assert "geheim" not in said.err


async def test_the_app_of_many_workspaces_starts_without_one_and_is_installed(shell: Shell) -> None:
    async with FakeSlack() as slack:
        port = free_port()
        settings = {
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_CLIENT_ID": slack.oauth.client_id,
            "SLACK_CLIENT_SECRET": slack.oauth.client_secret,
            "SLACK_API_URL": slack.api_url,
            "PMPATH_SECRET_KEY": f"{KEY},{NEW_KEY}",
            "PMPATH_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        async with Program(shell.folder, settings, port=port) as bot:
            async with aiohttp.ClientSession(bot.address, cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
                asks = await visit(browser, "/slack/install")
                team = slack.workspace("alpha")
                done = await visit(browser, slack.oauth.agree(asks.button, team))
            card = await SlackMember(slack, team, "U0ADA0001").command("/pmpath")
            assert isinstance(card, Message)
            assert await bot.stop() == 0

    assert (done.status, done.title, card.title) == (200, "pmpath is installed in alpha", "pmpath")
    assert "Slack: every workspace that installs it (SLACK_CLIENT_ID), Socket Mode" in bot.log
    hidden = {slack.oauth.client_secret, KEY, NEW_KEY, *slack.oauth.issued, *slack.oauth.codes, team.id}
    assert [word for word in hidden if word in bot.log] == []


async def test_what_came_since_the_last_time_is_not_looked_through_for_garbage_any_more() -> None:
    _set_aside(0.5)
    came = [object()]
    try:
        assert _is_looked_through(came)
        for _look in range(600):
            if not _is_looked_through(came):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(gc.get_freeze_count())
    finally:
        gc.unfreeze()


def _is_looked_through(thing: object) -> bool:
    return any(each is thing for each in gc.get_objects())
