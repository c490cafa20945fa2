"""Row 9: ten thousand communities whose weekly tip is due in the same minute: fired, claimed, sent."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import func, select

from bot.delivery import CLAIMED_MOST, LEASE
from bot.discord.client import DiscordSurface
from bot.slack.client import SlackSurface
from storage import look
from storage.outbox_states import CLAIMED
from storage.store import Store
from storage.tables import outbox, posting
from storage.unit import Unit
from tests.bench.figures import Bar, Row, milliseconds, number
from tests.bench.postgres import server_or_none
from tests.bench.processes import Hold, Process
from tests.bench.talking import HOLD_BAR
from tests.bench.tip_process import seed
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_world import Channel, Team

FIRE_BAR, CLAIM_BAR, CLAIMED_BAR, DISCORD_BAR, CHANNEL_BAR = Bar(10.0), Bar(5.0), Bar(1.0), Bar(50.0), Bar(1.0)
MEASURE_SECONDS = 600.0
TOGETHER, ON_DISCORD = 50, 10  # one connection of Discord's serves 2,500 servers at most
AHEAD = 8.0  # seconds from the seed to the slot, in which the program starts
LEAD = 0.5  # the watch begins so long before the slot
CONNECTED = 40.0  # as above, a connection with thousands of servers on a busy machine


@dataclass(slots=True)
class Seen:
    """What a running program did with the slots of one minute."""

    fired_after: float = 0.0
    claimed_most: int = 0
    sent: int = 0


async def rows(folder: Path, count: int, seconds: float) -> AsyncIterator[Row]:
    with server_or_none() as server:
        arguments = ["--folder", str(folder), "--count", str(count)]
        arguments += ["--server", server.format(database="postgres")] if server else []
        process = Process("tests.bench.tip_process", *arguments, settings={}, folder=folder, first=MEASURE_SECONDS)
        async with process:
            told = process.first
    for row in _alone(told, "sqlite", "SQLite", count):
        yield row
    if "postgres" in told:
        for row in _alone(told, "postgres", "PostgreSQL", count):
            yield row
    async for row in _running(folder, count, seconds):
        yield row


def _alone(told: Mapping[str, Any], kind: str, where: str, count: int) -> list[Row]:
    """Only SQLite has bars: PostgreSQL's time is its server's, which shares the machine."""
    found, floor = told[kind], told["floor"]
    claims = [each * 1000 for each in found["claims"]]
    is_ours = kind == "sqlite"
    against = f"{number(found['fire'] / floor)}× bare inserts into the same tables ({number(floor)} s)"
    beside = f"most {number(max(claims))} ms; with its rows read and the commit {milliseconds(found['claim_units'])}"
    return [
        Row(f"Tips, {where}: {count:,} slots", [found["fire"]], " s", FIRE_BAR if is_ours else None, against),
        Row(f"Tips, {where}: claim of {CLAIMED_MOST}", [median(claims)], " ms", CLAIM_BAR if is_ours else None, beside),
        _held(f"{where}, while they fire", Hold(**found["hold"])),
    ]


def _held(where: str, hold: Hold) -> Row:
    beside = f"{milliseconds(hold.worked)} its own work; {milliseconds(hold.wall)} with other processes' turns"
    return Row(f"Tips, {where}: longest hold of the loop", [hold.held * 1000], " ms", HOLD_BAR, beside)


async def _running(folder: Path, count: int, seconds: float) -> AsyncIterator[Row]:
    """The whole program on SQLite before both platforms; once more with more time where it was not up by the slot."""
    ahead = AHEAD + CONNECTED * count / 10_000
    while (rows := await _run(folder / f"{ahead:.0f} seconds", count, seconds, ahead)) is None:
        ahead *= 2
    for row in rows:
        yield row


async def _run(folder: Path, count: int, seconds: float, ahead: float) -> list[Row] | None:
    async with FakeDiscord(check=False) as discord, FakeSlack() as slack:
        team, path = slack.install(), folder / "data" / "pmpath.sqlite3"
        path.parent.mkdir(parents=True)
        slot = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=ahead)
        await _settle(f"sqlite:///{path}", count, slot, discord, slack, team)
        async with _program(folder, discord, slack, team) as process:
            await process.ready()
            early = (slot - dt.datetime.now(dt.UTC)).total_seconds()
            if early < LEAD:
                return None
            await asyncio.sleep(early - LEAD)
            await process.hold()
            seen = await _watch(f"sqlite:///{path}", count, slot, seconds)
            hold = await process.hold()
        return _judged(seen, hold, discord, slack, seconds)


async def _settle(url: str, count: int, slot: dt.datetime, discord: FakeDiscord, slack: FakeSlack, team: Team) -> None:
    """Communities with their servers and channels; a schedule names its channel by its community's row."""
    store = await Store.open(url, now=lambda: slot)
    for first in range(0, count, TOGETHER):
        servers, rooms = range(first + 1, first + ON_DISCORD + 1), range(first + ON_DISCORD + 1, first + TOGETHER + 1)
        await store.write(seed, servers, "discord", slot)
        await store.write(seed, rooms, "slack", slot)
        for row in servers:
            guild = discord.world.add_guild(f"Makers {row}", guild_id=row)
            discord.world.add_channel(guild, "tips", channel_id=row)
        team.channels |= {str(row): Channel(str(row), "tips", bot_in=True) for row in rooms}
    await store.close()


@contextlib.asynccontextmanager
async def _program(folder: Path, discord: FakeDiscord, slack: FakeSlack, team: Team) -> AsyncIterator[Process]:
    settings = {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "SLACK_BOT_TOKEN": team.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "PMPATH_DATA_DIR": str(folder / "data"),
        "PMPATH_PORT": "0",
        "PMPATH_LOG": "warning",
    }
    async with Process("tests.bench.tip_bot", settings=settings, folder=folder) as process:
        yield process


async def _watch(url: str, count: int, slot: dt.datetime, seconds: float) -> Seen:
    """Looks on from outside, until all have fired and for so long at least."""
    seen, began = Seen(), time.monotonic()

    def find(unit: Unit) -> tuple[int, int]:
        claimed = select(func.count()).where(outbox.c.state == CLAIMED)
        there = unit.execute(select(func.count()).select_from(posting)).scalar_one()
        return int(there), int(unit.execute(claimed).scalar_one())

    while not seen.fired_after or time.monotonic() < began + seconds:
        there, claimed = await look.read(url, find)
        seen.claimed_most = max(seen.claimed_most, claimed)
        if there == count and not seen.fired_after:
            seen.fired_after = (dt.datetime.now(dt.UTC) - slot).total_seconds()
        await asyncio.sleep(0.25)
    return seen


def _judged(seen: Seen, hold: Hold, discord: FakeDiscord, slack: FakeSlack, seconds: float) -> list[Row]:
    sendable = LEASE.total_seconds() / 2 / max(DiscordSurface.post_pace, SlackSurface.post_pace)
    sent, asked = len(discord.calls("send")), len(slack.calls)
    doubled = sum(times > 1 for times in discord.appeared().values())
    assert not doubled, f"{doubled} are there twice"
    busiest = {channel: slack.busiest(channel=channel) for channel in _asked_for(slack)}
    return [
        Row("Tips, the program: all fired, while it sends", [seen.fired_after], " s", FIRE_BAR, "seen from outside"),
        Row(
            "Tips, the program: claimed at once, of what half a lease can send",
            [seen.claimed_most / sendable],
            bar=CLAIMED_BAR,
            beside=f"{seen.claimed_most} of {number(sendable)}",
        ),
        Row(
            "Tips, Discord: requests in the busiest second",
            [discord.busiest()],
            "/s",
            DISCORD_BAR,
            f"{sent} posts in {number(seconds)} s",
        ),
        Row(
            "Tips, Slack: calls for one channel in its busiest second",
            [max(busiest.values(), default=0)],
            "/s",
            CHANNEL_BAR,
            f"{asked} calls for {len(busiest)} channels, {slack.busiest()}/s at most for all workspaces",
        ),
        _held("the program", hold),
    ]


def _asked_for(slack: FakeSlack) -> set[str]:
    return {str(call.body["channel"]) for call in slack.calls if "channel" in call.body}
