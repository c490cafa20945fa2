"""While nothing can be stored, the whole program says so to its member, on /readyz and in its log; then it goes on."""

from __future__ import annotations

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.fakes.slack import FakeSlack, SlackMember
from tests.fakes.slack_world import Message
from tests.faults.proxy import wire
from tests.faults.server import server
from tests.program import Program

LIMIT = 40.0


@dataclass(slots=True)
class Trouble:
    """A database that stops storing and begins again, and what the operator reads meanwhile."""

    url: str
    begin: Callable[[Program], None]
    end: Callable[[Program], None]
    sentence: str


@contextlib.asynccontextmanager
async def trouble(kind: str, folder: Path) -> AsyncIterator[Trouble]:
    if kind == "sqlite":
        yield Trouble(f"sqlite:///{folder / 'p.sqlite3'}", stop_growing, grow, "gives pmpath no more room")
        return
    with server() as own:
        async with wire(own.port) as line:
            at = own.at(line.port)
            yield Trouble(at, lambda _program: line.cut(), lambda _program: line.come_back(), "PostgreSQL server")


def stop_growing(program: Program) -> None:
    """Its log is as long as it may be, and stays so."""
    most = (program.folder / "p.sqlite3-wal").stat().st_size
    resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def grow(program: Program) -> None:
    resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


async def says(program: Program, status: int) -> str:
    """What /readyz says once it answers so."""
    async with aiohttp.ClientSession() as client, asyncio.timeout(LIMIT):
        while True:
            async with client.get(f"{program.address}/readyz") as answer:
                if answer.status == status:
                    return await answer.text()
            await asyncio.sleep(0.1)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_fault_of_the_database_is_told_to_all_whom_it_concerns(kind: str, tmp_path: Path) -> None:
    async with FakeSlack() as slack, trouble(kind, tmp_path) as fault:
        team = slack.install()
        settings = {"SLACK_BOT_TOKEN": team.bot_token, "SLACK_APP_TOKEN": slack.app_token}
        given = {"SLACK_API_URL": slack.api_url, "DATABASE_URL": fault.url}
        async with Program(tmp_path, settings | given) as program:
            ada = SlackMember(slack, team, "U0ADA0001")
            asked = await ada.command("/pmpath start")
            assert isinstance(asked, Message)

            fault.begin(program)
            question = asked.text
            refused = await ada.press(asked, "Skip")
            assert isinstance(refused, Message)
            said = refused.text
            unready = await says(program, 503)
            fault.end(program)
            await says(program, 200)
            answered = await ada.press(refused, "Try again")
            assert isinstance(answered, Message)

            assert await program.stop() == 0
    assert "This can't be saved at the moment" in said
    assert fault.sentence in unready
    assert answered.text not in {said, question}
    assert "Traceback" not in program.log
    assert 1 <= program.log.count("interaction.not_stored") <= 2
    assert program.log.count("timekeeper.failed") <= 3
