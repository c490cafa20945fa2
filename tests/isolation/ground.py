"""The two platforms, the four communities and the two processes, all running."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from sqlalchemy import text

import commands
from bot.clock import real_now
from bot.pictures.studio import Pictures
from commands.kit.discover import Registry, discover
from commands.kit.dispatch import Dispatcher
from content.load import read_content
from storage import firing
from storage.store import Store
from storage.unit import Unit
from tests.balancer import Balancer
from tests.bot.slack.many import KEY, Page, visit
from tests.drivers.direct import DirectDriver
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_world import Team
from tests.isolation import rows, seeds
from tests.isolation.places import MARKS, Place, server, workspace
from tests.isolation.rows import Rows
from tests.isolation.watch import Watch
from tests.program import Program, free_port

PATIENT = 60.0
QUIET_SECONDS = 240.0
BUSY = text("""
    SELECT (SELECT count(*) FROM outbox JOIN community ON community.id = outbox.community_id
            WHERE member_id IS NULL AND state IN ('waiting', 'claimed') AND due_at <= :now AND left_at IS NULL)
         + (SELECT count(*) FROM mentor_round WHERE state IN ('ordered', 'solving', 'running'))
""")


@dataclass(frozen=True, slots=True)
class Ground:
    """All that a run may turn to; `store` is one more process's look into the same database."""

    slack: FakeSlack
    discord: FakeDiscord
    places: list[Place]
    programs: list[Program]
    store: Store
    registry: Registry
    watch: Watch

    async def quiet(self) -> Rows:
        """All rows, once no post and no tip's slot is due and no matching day is being worked out."""
        async with asyncio.timeout(QUIET_SECONDS):
            while await self.store.read(_busy):  # noqa: ASYNC110 - another process ends it
                await asyncio.sleep(0.02)
        return await self.store.read(rows.read)

    @property
    def workspaces(self) -> list[Place]:
        return [place for place in self.places if isinstance(place.home, Team)]


def _busy(unit: Unit) -> bool:
    return bool(unit.connection.execute(BUSY, {"now": unit.now_us}).scalar_one()) or firing.anything(unit)


@contextlib.asynccontextmanager
async def ground(folder: Path, url: str, module: Sequence[str]) -> AsyncIterator[Ground]:
    """Everybody has moved in, both processes are ready, both workspaces have installed it."""
    content, registry = read_content(), discover(commands)
    async with FakeDiscord(check=False) as discord, FakeSlack() as slack, Balancer() as balancer:
        slack.patience = slack.reply_patience = slack.trigger_life = discord.rest.answer_within = PATIENT
        places = [workspace(slack, MARKS[0], 0), workspace(slack, MARKS[1], 1)]
        places += [server(discord, MARKS[2], 2, 0), server(discord, MARKS[3], 3, 1)]
        store = await Store.open(url, now=real_now, points=content.points)
        try:
            with contextlib.closing(Pictures()) as pictures:
                for place in places:
                    dispatcher = Dispatcher(store, content, registry, now=real_now, draw=pictures.draw)
                    await seeds.settle(DirectDriver(dispatcher), place)
            programs = _programs(folder, url, discord, slack, module)
            balancer.ports = [program.port for program in programs]
            slack.events_url = f"{balancer.address}/slack/events"
            await asyncio.gather(*(program.start() for program in programs))
            try:
                for place in places[:2]:
                    await _install(slack, programs[0], place)
                yield Ground(slack, discord, places, programs, store, registry, Watch(places, slack, discord))
            finally:
                await asyncio.gather(*(program.stop() for program in programs))
        finally:
            await store.close()


def _programs(folder: Path, url: str, discord: FakeDiscord, slack: FakeSlack, module: Sequence[str]) -> list[Program]:
    """Each with one of Discord's two shards; Slack's calls come to either."""
    ports = [free_port(), free_port()]
    settings = {
        "DATABASE_URL": url,
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "SLACK_CLIENT_ID": slack.oauth.client_id,
        "SLACK_CLIENT_SECRET": slack.oauth.client_secret,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "PMPATH_SECRET_KEY": KEY,
        "PMPATH_PUBLIC_URL": f"http://127.0.0.1:{ports[0]}",
    }
    programs = []
    for shard, port in enumerate(ports):
        (folder / str(port)).mkdir()
        programs.append(Program(folder / str(port), {**settings, "DISCORD_SHARDS": f"{shard}/2"}, port, module))
    return programs


async def _install(slack: FakeSlack, program: Program, place: Place) -> Page:
    """Somebody of the workspace agrees, in a browser."""
    assert isinstance(place.home, Team)
    async with aiohttp.ClientSession(program.address, cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        asks = await visit(browser, "/slack/install")
        done = await visit(browser, slack.oauth.agree(asks.button, place.home))
        assert done.status == 200, done
        return done
