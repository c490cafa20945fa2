"""`make bench`: how fast pmpath is, as ratios against floors measured in the same run, in random order."""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench import (
    board_rows,
    discord_rows,
    find_rows,
    keeper_rows,
    memory_rows,
    picture_rows,
    round_rows,
    slack_rows,
    start_rows,
    store_rows,
    talking,
    tip_rows,
    web_rows,
)
from tests.bench.figures import Row, machine
from tests.bench.talking import ANSWER, HELP, WORDS, Effort, alone


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is measured."""

    talking: Effort
    store_rounds: int
    store_seconds: float
    starts: int
    interactions: int
    crowd: int = 64
    pictures: int = 40
    communities: int = 10_000
    sending_seconds: float = 30.0
    boards: tuple[int, ...] = (210_000, 1_000_000)
    board_rounds: int = 15
    board_slice: int = 640
    round_part: int = 1
    round_rounds: int = 1
    mentors: int = 20_000
    find_rounds: int = 5


FULL = Pace(Effort(5, 40), 5, 0.5, 3, 10_000)
QUICK = Pace(Effort(1, 4), 1, 0.1, 1, 64, 8, 8, 200, 3.0, (2_000,), 1, 64, 100, mentors=1_000, find_rounds=1)


async def store(folder: Path, pace: Pace) -> AsyncIterator[Row]:
    for row in await store_rows.rows(folder, pace.store_rounds, pace.store_seconds):
        yield row


async def discord(folder: Path, pace: Pace) -> AsyncIterator[Row]:
    async with discord_rows.stage(folder, random.Random(), pace.crowd) as (ours, floor):
        for row in await talking.rows("Discord", (HELP, ANSWER), ours, floor, pace.talking):
            yield row
        yield await memory_rows.row("Discord", ours, pace.interactions)


async def slack(folder: Path, pace: Pace) -> AsyncIterator[Row]:
    for mode, socket in (("Slack, Socket Mode", True), ("Slack, signed HTTP", False)):
        async with slack_rows.stage(folder / mode, random.Random(), pace.crowd, socket=socket) as (ours, floor):
            for row in await talking.rows(mode, (HELP, WORDS, ANSWER), ours, floor, pace.talking):
                yield row
            if socket:
                yield await memory_rows.row(mode, ours, pace.interactions)


async def web(folder: Path, pace: Pace) -> AsyncIterator[Row]:
    async with web_rows.stage(folder, random.Random()) as (ours, floor):
        for row in await talking.rows("Page", (alone(HELP), alone(ANSWER)), ours, floor, pace.talking):
            yield row


async def start(folder: Path, pace: Pace) -> AsyncIterator[Row]:
    for row in await start_rows.rows(folder, pace.starts):
        yield row


async def picture(folder: Path, pace: Pace) -> AsyncIterator[Row]:
    for row in await picture_rows.rows(folder, pace.store_rounds, pace.pictures):
        yield row


async def tips(folder: Path, pace: Pace) -> AsyncIterator[Row]:
    async for row in tip_rows.rows(folder, pace.communities, pace.sending_seconds):
        yield row


async def boards(folder: Path, pace: Pace) -> AsyncIterator[Row]:
    async for row in board_rows.rows(folder, pace.boards, pace.board_rounds, pace.board_slice, pace.talking):
        yield row


async def rounds(folder: Path, pace: Pace) -> AsyncIterator[Row]:
    async for row in round_rows.rows(folder, pace.round_part, pace.round_rounds):
        yield row
    async for row in keeper_rows.rows(folder, pace.round_part, pace.sending_seconds):
        yield row


async def find(folder: Path, pace: Pace) -> AsyncIterator[Row]:
    async for row in find_rows.rows(folder, pace.mentors, pace.find_rounds):
        yield row


BENCHES: dict[str, Callable[[Path, Pace], AsyncIterator[Row]]] = {
    "discord": discord,
    "slack": slack,
    "web": web,
    "store": store,
    "start": start,
    "picture": picture,
    "tips": tips,
    "boards": boards,
    "rounds": rounds,
    "find": find,
}


async def run(names: list[str], pace: Pace) -> None:
    began = time.perf_counter()
    print(machine())
    print("Median of the rounds (lowest–highest); × is ours to the floor's; a bar is what the median must keep.\n")
    missed = []
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        for name in names:
            async for row in BENCHES[name](Path(folder) / name, pace):
                print(row, flush=True)
                missed += [row.name] if row.verdict == "missed" else []
            print()
    print(f"{len(missed)} missed{': ' if missed else ''}{'; '.join(missed)}. {time.perf_counter() - began:.0f} s.")
    print(machine())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("benches", nargs="*", metavar="bench", help=f"some of: {', '.join(BENCHES)}; all by default")
    parser.add_argument("--quick", action="store_true", help="only to see that each still runs; no figure counts")
    chosen = parser.parse_args()
    unknown = set(chosen.benches) - BENCHES.keys()
    if unknown:
        parser.error(f"no bench is called {', '.join(sorted(unknown))}")
    asyncio.run(run(chosen.benches or list(BENCHES), QUICK if chosen.quick else FULL))


if __name__ == "__main__":
    main()
