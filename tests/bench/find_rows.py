"""Finding a mentor among many: the search, the whole command, and the longest hold of the loop meanwhile."""

from __future__ import annotations

import asyncio
import gc
import json
import random
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from sqlalchemy import insert

import commands
from bot.pictures.studio import Pictures
from commands.kit.discover import discover
from commands.kit.dispatch import Dispatcher
from commands.mentor import candidates as memory
from content.load import Content, read_content
from content.mentoring import Hours, Seniority, Spoken
from content.outcomes import Outcome
from storage import asks, pool, tables
from storage.asks import Wanted
from storage.candidates import Candidate, Seeker
from storage.mentor_states import Approval, Reach
from storage.store import Store
from storage.unit import Unit
from tests.bench.figures import Bar, Row, milliseconds, number
from tests.bench.watch import Watch
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver

SEARCH_BAR, HOLD_BAR = Bar(5.0), Bar(50.0)
ZONES = ("Europe/Berlin", "Asia/Shanghai", "Asia/Kathmandu", "America/New_York", "America/Los_Angeles", "UTC")
SEARCHES, AT_ONCE, COMMANDS = 1000, 2000, 100
FIRST_ID = 1_000


async def rows(folder: Path, mentors: int, rounds: int) -> AsyncIterator[Row]:
    """Everything with so many mentors."""
    chance, content = random.Random(6), read_content()
    offered = [candidate(chance, content, place) for place in range(mentors)]
    measured = [list(searches(chance, content, offered)) for _round in range(rounds)]
    walls, owns = ([1000 * _p99([each[side] for each in one]) for one in measured] for side in (0, 1))
    own = f"{number(statistics.median(owns))} ms of it on a core"
    yield Row(f"{mentors:,} mentors: the search, p99", walls, " ms", SEARCH_BAR, own)
    clock = SetClock()
    store = await Store.open(f"sqlite:///{_file(folder)}", now=clock.now, points=content.points)
    pictures = Pictures()
    chat = DirectDriver(Dispatcher(store, content, discover(commands), now=clock.now, draw=pictures.draw))
    me = await chat.me()
    await store.write(asks.save, me, wanted(chance, content))
    await chat.run("/pmpath mentor find")  # what a process does once is no part of it
    for first in range(0, mentors, AT_ONCE):
        await store.write(seed, me.community, offered[first : first + AT_ONCE])
    gc.collect()
    gc.freeze()  # as the program does before it serves
    watch, firsts, laters = Watch(), [], []
    looking = asyncio.create_task(watch.look())
    for _round in range(rounds):
        await store.write(pool.moved, me.community)
        firsts.append(await _timed(chat))
        laters += [await _timed(chat) for _each in range(COMMANDS)]
    held = watch.take()["held"]
    looking.cancel()
    yield Row(f"{mentors:,} mentors: the command after a change", firsts, " s")
    yield Row(f"{mentors:,} mentors: the command from memory, p99", [1000 * _p99(laters)], " ms")
    yield Row(f"{mentors:,} mentors: longest hold", [1000 * held], " ms", HOLD_BAR, milliseconds(max(firsts)))
    await store.close()
    pictures.close()


def candidate(chance: random.Random, content: Content, place: int) -> Candidate:
    return Candidate(
        place + 1,
        FIRST_ID + place,
        tuple(chance.sample(list(Outcome), chance.randint(1, 2))),
        tuple(chance.sample(sorted(content.skills), chance.randint(2, 8))),
        chance.randint(1, 4),
        hours(chance),
        tuple(each.value for each in chance.sample(list(Spoken)[:5], chance.randint(1, 2))),
        chance.randint(1, 5),
    )


def wanted(chance: random.Random, content: Content) -> Wanted:
    gaps = tuple(chance.sample(sorted(content.skills), 5))
    spoken = tuple(chance.sample(list(Spoken)[:5], 2))
    return Wanted(chance.choice(list(Outcome)), gaps, Seniority(chance.randint(0, 2)), hours(chance), spoken)


def hours(chance: random.Random) -> Hours:
    weekday, weekend = (((1 << chance.randint(2, 8)) - 1) << chance.randint(0, 39) for _half in range(2))
    return Hours(weekday, weekend, chance.choice(ZONES))


def searches(chance: random.Random, content: Content, offered: list[Candidate]) -> Iterator[tuple[float, float]]:
    """Seconds for each of many members' top five, by the clock and on a core."""
    day, known = SetClock().moment.date(), tuple(sorted(content.skills))
    mentors = memory.joined([memory.columns(offered, known, day)], known)
    for _each in range(SEARCHES):
        asked = wanted(chance, content)
        seeker = Seeker(1, None, never=frozenset({FIRST_ID + 3, FIRST_ID + 5}), met=frozenset({FIRST_ID + 7}))
        mentee = memory.mentee_of(1, asked, asked.gaps, day)
        began, worked = time.perf_counter(), time.thread_time()
        memory.best(mentors, seeker, mentee)
        yield time.perf_counter() - began, time.thread_time() - worked


def seed(unit: Unit, community: int, offered: list[Candidate]) -> None:
    """These as members with listed offers."""
    unit.execute(insert(tables.member), [
        {"id": each.member, "community_id": community, "uid": f"m{each.member}", "name": f"M{each.member}",
         "tell_here": 0, "created_at": 1, "seen_at": 1} for each in offered
    ])  # fmt: skip
    unit.execute(insert(tables.mentor_offer), [
        {"member_id": each.member, "community_id": community, "tracks": " ".join(each.tracks),
         "skills": json.dumps(each.skills), "seniority": each.seniority, "weekday": each.hours.weekday,
         "weekend": each.hours.weekend, "zone": each.hours.zone, "languages": " ".join(each.languages),
         "capacity": each.free, "in_rounds": 1, "approval": Approval.APPROVED, "reach": Reach.OPEN, "at": 1}
        for each in offered
    ])  # fmt: skip


def _file(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder / "find.sqlite3"


async def _timed(chat: DirectDriver) -> float:
    began = time.perf_counter()
    await chat.run("/pmpath mentor find")
    return time.perf_counter() - began


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) * 99 // 100]
