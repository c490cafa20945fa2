"""Row 10: boards with hundreds of thousands of members against Redis; the whole command against `/pmpath help`."""

from __future__ import annotations

import asyncio
import contextlib
import random
import statistics
from collections.abc import AsyncIterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from bot.clock import real_now
from storage.store import Store
from tests.bench import board_seed, crowd, redis_server
from tests.bench.board_process import PLACE, TASKS
from tests.bench.discord_rows import bot, quiet_fake
from tests.bench.figures import Bar, Contest, Row, milliseconds
from tests.bench.postgres import server_or_none
from tests.bench.processes import Hold, Process
from tests.bench.talking import HOLD_BAR, Effort
from tests.fakes.discord import FakeDiscord

COMMAND = "/pmpath leaderboard season:ever"
SMALL_BAR, LARGE_BAR, AWARD_BAR, COMMAND_BAR = Bar(0.5), Bar(1.0), Bar(1.5), Bar(2.0)
LARGE = 1_000_000
MEASURE_SECONDS = 900.0


async def rows(folder: Path, sizes: tuple[int, ...], rounds: int, each: int, effort: Effort) -> AsyncIterator[Row]:
    """A process for each size; PostgreSQL beside the smallest; then the command at that size."""
    for members in sizes:
        with contextlib.ExitStack() as stack:
            server = stack.enter_context(server_or_none()) if members == sizes[0] else None
            told = await _told(folder / str(members), members, rounds, each, server)
        for row in _against_redis(told, members) if "redis" in told["pages"] else _alone(told, members):
            yield row
        yield _held(told, members)
    yield await _command(folder / "discord", sizes[0], effort)


async def _told(folder: Path, members: int, rounds: int, each: int, server: str | None) -> dict[str, Any]:
    arguments = ["--folder", str(folder), "--members", str(members), "--rounds", str(rounds), "--each", str(each)]
    arguments += ["--server", server.format(database="postgres")] if server else []
    async with contextlib.AsyncExitStack() as stack:
        if redis_server.is_here():
            port = await stack.enter_async_context(redis_server.server(folder / "redis"))
            arguments += ["--redis", str(port)]
        else:
            print(redis_server.MISSING)
        process = Process("tests.bench.board_process", *arguments, settings={}, folder=folder, first=MEASURE_SECONDS)
        await stack.enter_async_context(process)
        return process.first


def _against_redis(told: Mapping[str, Any], members: int) -> list[Row]:
    page_bar = LARGE_BAR if members >= LARGE else SMALL_BAR
    pages, awards = told["pages"], told["awards"]
    found = [
        _ratio(f"Board of {members:,}: page, p50, against Redis asked twice", pages, "ours", "redis", page_bar),
        _ratio(f"Board of {members:,}: page, p50, against Redis asked once", pages, "ours", "redis at once"),
        _ratio(f"Board of {members:,}: award, {TASKS} tasks, against Redis", awards, "ours", "redis", AWARD_BAR),
    ]
    if "postgres" in pages:
        found += [
            _ratio(f"Board of {members:,}, PostgreSQL: page, p50, against Redis", pages, "postgres", "redis"),
            _ratio(f"Board of {members:,}, PostgreSQL: award, against Redis", awards, "postgres", "redis"),
        ]
    return found


def _ratio(name: str, seen: Mapping[str, list[float]], ours: str, floor: str, bar: Bar | None = None) -> Row:
    figures = [mine / theirs for mine, theirs in zip(seen[ours], seen[floor], strict=True)]
    beside = " against ".join(milliseconds(statistics.median(seen[each])) for each in (ours, floor))
    return Row(name, figures, bar=bar, beside=beside)


def _alone(told: Mapping[str, Any], members: int) -> list[Row]:
    """What there is to say without a floor."""
    return [
        Row(f"Board of {members:,}: {what}, {name}", [each * 1000 for each in figures], " ms")
        for what, key in (("page, p50", "pages"), (f"award, {TASKS} tasks", "awards"))
        for name, figures in told[key].items()
    ]


def _held(told: Mapping[str, Any], members: int) -> Row:
    hold = Hold(**told["hold"])
    beside = f"{milliseconds(hold.worked)} its own work; {milliseconds(hold.wall)} with other processes' turns"
    name = f"Board of {members:,}, {TASKS} pages at once: longest hold of the loop"
    return Row(name, [hold.held * 1000], " ms", HOLD_BAR, beside)


async def _command(folder: Path, members: int, effort: Effort) -> Row:
    """The whole interaction of somebody on the board, against their own `/pmpath help`."""
    async with quiet_fake() as fake:
        data = folder / "data"
        data.mkdir(parents=True)
        store = await Store.open(f"sqlite:///{data / 'pmpath.sqlite3'}", now=real_now)
        await store.write(board_seed.fill, members, PLACE[0], str(fake.guild.id))
        await store.close()
        async with bot(fake, folder) as process:
            await fake.gateway.until_connected()
            await process.ready()
            chance = random.Random()
            contest = Contest(
                {
                    name: partial(_latency, fake, call, members, effort.each, chance)
                    for name, call in (("ours", COMMAND), ("help", "/pmpath help"))
                }
            )
            await contest.run(1, chance)
            contest.seen.clear()
            await contest.run(effort.rounds, chance)
    return _ratio(
        f"Board of {members:,}, Discord: the whole command, against help", contest.seen, "ours", "help", COMMAND_BAR
    )


async def _latency(fake: FakeDiscord, call: str, members: int, count: int, chance: random.Random) -> float:
    """The median of so many by one member, somewhere on the board."""
    number = chance.randint(1, members)
    member = fake.member(f"Member {number}", uid=int(board_seed.uid(number)))
    await member.command("/pmpath help")
    seen = []
    for _one in range(count):
        await asyncio.sleep(crowd.REST)
        answer = await member.command(call)
        assert not answer.failed, answer
        seen.append(answer.card_after)
    return statistics.median(seen)
