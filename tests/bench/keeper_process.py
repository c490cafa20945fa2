"""A matching day of a large community beside members who ask for help: what holds the loop, and for how long."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Awaitable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Table, insert, select

import commands
from bot.clock import Stop, real_now
from bot.pictures.studio import Pictures
from bot.round_keeper import RoundKeeper
from commands.kit.discover import discover
from commands.kit.dispatch import Dispatcher
from commands.mentor.matching.instance import TRACKS, Instance
from content.load import read_content
from content.mentoring import Spoken
from storage import round_pairs, round_running, rounds
from storage.members import Me
from storage.mentor_states import Approval, Reach
from storage.store import Store
from storage.tables import member, mentor_ask, mentor_offer
from storage.unit import Unit
from tests.bench.round_members import community as invented
from tests.bench.watch import Watch, say
from tests.drivers.direct import DirectDriver

SEED = 6
AT_ONCE = 2000
RUNS_SECONDS = 10.0
REST = 0.02
SPOKEN = tuple(Spoken)


async def measure(mentors: int, mentees: int, seconds: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'round.sqlite3'}"
        content, pictures = read_content(), Pictures()
        store = await Store.open(url, now=real_now, points=content.points)
        dispatcher = Dispatcher(store, content, discover(commands), now=real_now, draw=pictures.draw)
        driver = DirectDriver(dispatcher, moderator=True)
        await driver.run("/pmpath help")
        me = await driver.me()
        await fill(store, me, invented(SEED, mentors, mentees))
        told = await _hold(store, me, RoundKeeper(store, url, real_now, {}), driver, seconds)
        await store.close()
        pictures.close()
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {**told, "mebibytes": memory}


async def _hold(store: Store, me: Me, keeper: RoundKeeper, driver: DirectDriver, seconds: float) -> dict[str, Any]:
    gc.collect()
    gc.freeze()  # as the program does once it is up
    watch = Watch()
    looking = asyncio.get_running_loop().create_task(watch.look())
    await store.write(rounds.order, me.community)
    watch.take()
    began = time.perf_counter()
    solving = await _helped(driver, keeper.once(Stop()))
    told: dict[str, Any] = {"seconds": time.perf_counter() - began, "solving": watch.take(), "help": solving}
    found = await store.read(rounds.latest, me.community)
    assert found is not None
    assert found.failure is None, found
    counts = await store.read(round_pairs.counts, found.id, 0)
    await store.write(round_running.run, me, found.id, counts.wanted)
    watch.take()
    stop = Stop()
    asyncio.get_running_loop().call_later(seconds, stop.tell)
    began = time.perf_counter()
    running = await _helped(driver, keeper.once(stop))
    took = time.perf_counter() - began
    after = await store.read(round_pairs.counts, found.id, 0)
    looking.cancel()
    made = {"made": after.made, "gone": after.gone, "rate": (after.made + after.gone) / took}
    return {**told, "matched": counts.wanted, "running": watch.take(), "help_running": running, **made}


async def _helped(driver: DirectDriver, work: Awaitable[object]) -> dict[str, float]:
    """How long `/pmpath help` takes while this goes on."""
    working, took = asyncio.ensure_future(work), list[float]()
    while not working.done():
        began = time.perf_counter()
        await driver.run("/pmpath help")
        took.append(time.perf_counter() - began)
        await asyncio.sleep(REST)
    await working
    return {"p50": statistics.median(took), "most": max(took), "count": len(took)}


async def fill(store: Store, me: Me, instance: Instance, offering: str = "o", asking: str = "a") -> None:
    """Members who offer and who ask; their uids begin so."""
    sides = ((offering, len(instance.mentors), _offers), (asking, len(instance.mentees), _asks))
    for prefix, count, rows in sides:
        table = mentor_offer if rows is _offers else mentor_ask
        for some in (range(first, min(first + AT_ONCE, count)) for first in range(0, count, AT_ONCE)):
            await store.write(_insert, me, table, prefix, some, rows(instance, some))


def _insert(
    unit: Unit, me: Me, table: Table, prefix: str, places: Sequence[int], rows: Iterator[dict[str, Any]]
) -> None:
    common = {"community_id": me.community, "tell_here": 0, "created_at": unit.now_us, "seen_at": unit.now_us}
    people = [{**common, "uid": f"{prefix}{place}", "name": f"{prefix} {place}"} for place in places]
    unit.execute(insert(member), people)
    uids = [each["uid"] for each in people]
    ids = {row.uid: row.id for row in unit.execute(select(member.c.uid, member.c.id).where(member.c.uid.in_(uids)))}
    here = {"community_id": me.community, "at": unit.now_us, "zone": "UTC"}
    since = {} if table is mentor_offer else {"waiting_since": unit.now_us}
    full = [{**row, **here, **since, "member_id": ids[uid]} for row, uid in zip(rows, uids, strict=True)]
    unit.execute(insert(table), full)


def _offers(instance: Instance, places: Sequence[int]) -> Iterator[dict[str, Any]]:
    columns = instance.mentors
    for at in places:
        tracks = " ".join(track for bit, track in enumerate(TRACKS) if columns.tracks[at] >> bit & 1)
        yield {
            "tracks": tracks, "skills": json.dumps(_names(instance.skills, columns.skills[at])),
            "capacity": int(columns.capacity[at]), "in_rounds": 1, "approval": Approval.APPROVED, "reach": Reach.OPEN,
            **_hours(columns, at),
        }  # fmt: skip


def _asks(instance: Instance, places: Sequence[int]) -> Iterator[dict[str, Any]]:
    columns = instance.mentees
    for at in places:
        gaps = json.dumps(_names(instance.skills, columns.gaps[at]))
        yield {"track": TRACKS[columns.track[at]], "gaps": gaps, "rounds": 0, **_hours(columns, at)}


def _hours(columns: Any, at: int) -> dict[str, Any]:
    languages = " ".join(_names(SPOKEN, columns.languages[at]))
    masks = {"weekday": int(columns.weekday[at]), "weekend": int(columns.weekend[at])}
    return {**masks, "languages": languages, "seniority": int(columns.seniority[at])}


def _names(known: Sequence[str], bits: np.unsignedinteger[Any]) -> list[str]:
    return [name for place, name in enumerate(known) if int(bits) >> place & 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentors", type=int, default=21_038)
    parser.add_argument("--mentees", type=int, default=64_347)
    parser.add_argument("--seconds", type=float, default=RUNS_SECONDS)
    given = parser.parse_args()
    say(asyncio.run(measure(given.mentors, given.mentees, given.seconds)))


if __name__ == "__main__":
    main()
