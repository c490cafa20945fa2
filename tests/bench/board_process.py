"""Row 10's own process: pages and awards of a board, ours and the floor's in turn, said as one line of JSON."""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import random
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from redis.asyncio import Redis

from bot.clock import real_now
from content.boards import Board, Season
from content.load import read_content
from content.outcomes import Outcome
from content.points import Deed
from storage import awards, boards, seasons, standings
from storage.members import Me
from storage.store import Store
from storage.unit import Unit
from tests.bench import board_seed, redis_server
from tests.bench.figures import Contest
from tests.bench.watch import Watch, say

OUTCOMES = tuple(Outcome)
TASKS = 64
ZONE = "UTC"
PLACE = ("discord", "1184207365000000000")
POINTS = 3  # of the floor's awards; ours are for tips


class Variant(Protocol):
    """A board somewhere, with members from 1 on."""

    async def page(self, number: int) -> None:
        """What this member's card needs is here."""

    async def award(self, number: int, key: str) -> None:
        """This member has points for one deed more, on the disk."""


class Ours:
    """The store as the program uses it."""

    def __init__(self, store: Store, community: int) -> None:
        self._store, self._community = store, community

    async def page(self, number: int) -> None:
        me = Me(self._community, board_seed.uid(number), f"Member {number}")
        page = await self._store.read(boards.page, me, ZONE, Board.ALL, Season.EVER)
        assert page.around

    async def award(self, number: int, key: str) -> None:
        assert await self._store.write(_give, number, key)


class Floor:
    """Redis: the first ten and my rank; all boards that the award touches, in one transaction of Redis's."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._page_board = redis_server.board(Board.ALL, seasons.EVER)
        self._windows = seasons.windows(seasons.local_day(ZONE, real_now()))

    async def page(self, number: int) -> None:
        await self._client.zrevrange(self._page_board, 0, boards.FIRST - 1, withscores=True)
        assert await self._client.zrevrank(self._page_board, str(number)) is not None

    async def award(self, number: int, _key: str) -> None:
        pipeline = self._client.pipeline(transaction=True)
        for name in standings.boards_of(_outcome(number)):
            for window in self._windows:
                pipeline.zincrby(redis_server.board(name, window), POINTS, str(number))
        await pipeline.execute()


class FloorAtOnce(Floor):
    """The same with the page's two questions sent together."""

    async def page(self, number: int) -> None:
        pipeline = self._client.pipeline(transaction=False)
        pipeline.zrevrange(self._page_board, 0, boards.FIRST - 1, withscores=True)
        pipeline.zrevrank(self._page_board, str(number))
        _top, rank = await pipeline.execute()
        assert rank is not None


def _give(unit: Unit, number: int, key: str) -> int:
    return awards.give(unit, number, _outcome(number), (Deed.TIP, key))


def _outcome(number: int) -> Outcome:
    return OUTCOMES[number % len(OUTCOMES)]


class Measure:
    """Slices of either kind, with members drawn anew for each."""

    def __init__(self, members: int, each: int) -> None:
        self._members, self._each = members, each
        self._chance = random.Random()
        self._keys = itertools.count()

    async def pages(self, variant: Variant) -> float:
        """The median of so many, one after another."""
        seen = []
        for number in self._drawn():
            began = time.perf_counter()
            await variant.page(number)
            seen.append(time.perf_counter() - began)
        return statistics.median(seen)

    async def awards(self, variant: Variant) -> float:
        """Seconds for one, with 64 tasks at it."""
        waiting = iter(self._drawn())

        async def work() -> None:
            for number in waiting:
                await variant.award(number, f"bench:{next(self._keys)}")

        began = time.perf_counter()
        await asyncio.gather(*(work() for _task in range(TASKS)))
        return (time.perf_counter() - began) / self._each

    async def together(self, variant: Variant, watch: Watch) -> dict[str, float]:
        """The longest hold while 64 pages are read at once, again and again."""
        await asyncio.sleep(0.02)
        watch.take()
        for _time in range(max(1, self._each // TASKS)):
            await asyncio.gather(*(variant.page(self._chance.randint(1, self._members)) for _task in range(TASKS)))
        await asyncio.sleep(0.02)
        return watch.take()

    def _drawn(self) -> list[int]:
        return [self._chance.randint(1, self._members) for _one in range(self._each)]


async def filled(url: str, members: int, stack: AsyncExitStack) -> Ours:
    """A database with so many members, opened as the program opens it."""
    points = read_content(None).points
    store = await Store.open(url, now=real_now, points=points)
    community = await store.write(board_seed.fill, members, *PLACE)
    await store.close()  # leaves the file tidy
    store = await Store.open(url, now=real_now, points=points)
    stack.push_async_callback(store.close)
    return Ours(store, community)


async def variants(
    folder: Path, members: int, server: str | None, port: int | None, stack: AsyncExitStack
) -> dict[str, Variant]:
    path = folder / f"{members}.sqlite3"
    found: dict[str, Variant] = {"ours": await filled(f"sqlite:///{path}", members, stack)}
    if server:
        found["postgres"] = await filled(server, members, stack)
        connection = await asyncpg.connect(server)
        await connection.execute("VACUUM ANALYZE")
        await connection.close()
    if port:
        client = await stack.enter_async_context(Redis(port=port))
        await redis_server.fill(client, path)
        found |= {"redis": Floor(client), "redis at once": FloorAtOnce(client)}
    return found


async def contest(
    act: Callable[[Variant], Awaitable[float]], between: dict[str, Variant], rounds: int
) -> dict[str, list[float]]:
    """Each variant's figures, after one of each that does not count."""
    turns = Contest({name: partial(act, variant) for name, variant in between.items()})
    await turns.run(1, random.Random())
    turns.seen.clear()
    await turns.run(rounds, random.Random())
    return turns.seen


async def measure(chosen: argparse.Namespace) -> dict[str, Any]:
    watch, measure = Watch(), Measure(chosen.members, chosen.each)
    async with AsyncExitStack() as stack:
        found = await variants(chosen.folder, chosen.members, chosen.server, chosen.redis, stack)
        gc.collect()
        gc.freeze()  # as the program does once it is up
        pages = await contest(measure.pages, found, chosen.rounds)
        watching = asyncio.get_running_loop().create_task(watch.look())
        hold = await measure.together(found["ours"], watch)
        watching.cancel()
        found.pop("redis at once", None)
        return {"pages": pages, "hold": hold, "awards": await contest(measure.awards, found, chosen.rounds)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--members", type=int, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--each", type=int, default=2_000, help="pages or awards in one slice")
    parser.add_argument("--server", help="the address of an empty PostgreSQL database")
    parser.add_argument("--redis", type=int, help="the port of an empty Redis")
    say(asyncio.run(measure(parser.parse_args())))


if __name__ == "__main__":
    main()
