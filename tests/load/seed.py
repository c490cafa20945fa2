"""What stands in the database before the load: a large community, tips that are due, a matching day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from content.text import Language
from storage import communities
from storage.members import Me
from storage.moments import micros
from storage.store import Store
from storage.tables import community, matching_day, schedule
from storage.unit import Unit
from tests.bench import board_seed
from tests.bench.keeper_process import fill
from tests.bench.round_members import community as invented
from tests.bench.tip_process import scheduled
from tests.fakes.discord import FakeDiscord, Guild

AT_ONCE = 500
MENTORS_FIRST, MENTEES_FIRST = 71, 72  # what the ids of those begin with who only take part in the matching day
SEED = 7


@dataclass(frozen=True, slots=True)
class Due:
    """What comes due in the middle: at which moment, how many tips, and a matching day of so many."""

    at: dt.datetime
    tips: int
    mentors: int
    mentees: int


async def seed(url: str, fake: FakeDiscord, members: int, due: Due) -> int:
    """Fills an empty database. The load's servers are there already, the large one first; answers its row."""
    store = await Store.open(url, now=lambda: dt.datetime.now(dt.UTC))
    try:
        large = next(iter(fake.world.guilds.values()))
        if members:
            here = await store.write(board_seed.fill, members, "discord", str(large.id))
        else:
            here = (await store.write(communities.seen, "discord", str(large.id), large.name, Language.EN)).id
        await _tips(store, fake, due)
        await _matching_day(store, fake, large, here, due)
        return here
    finally:
        await store.close()


async def _tips(store: Store, fake: FakeDiscord, due: Due) -> None:
    """Servers of which nothing else is asked, with a channel each."""
    guilds = [fake.world.add_guild(f"Makers {number}") for number in range(due.tips)]
    for first in range(0, len(guilds), AT_ONCE):
        await store.write(_schedules, guilds[first : first + AT_ONCE], due.at)


def _schedules(unit: Unit, guilds: Sequence[Guild], at: dt.datetime) -> None:
    channels = {str(guild.id): str(channel_of(guild)) for guild in guilds}
    places = [
        {"platform": "discord", "ext_id": f"{guild.id}", "name": guild.name, "language": "en", "zone": "UTC"}
        for guild in guilds
    ]
    unit.execute(insert(community), [{**place, "settings": "{}"} for place in places])
    rows = unit.execute(select(community.c.id, community.c.ext_id).where(community.c.ext_id.in_(list(channels))))
    unit.execute(insert(schedule), [scheduled(row.id, at) | {"channel": channels[row.ext_id]} for row in rows])


def channel_of(guild: Guild) -> int:
    return next(iter(guild.channels))


async def _matching_day(store: Store, fake: FakeDiscord, large: Guild, here: int, due: Due) -> None:
    """Mentors and mentees of the large community, who are in its server."""
    for prefix, count in ((MENTORS_FIRST, due.mentors), (MENTEES_FIRST, due.mentees)):
        for place in range(count):
            fake.member(f"{prefix} {place}", guild=large, uid=int(f"{prefix}{place}"))
    instance = invented(SEED, due.mentors, due.mentees)
    await fill(store, Me(here, "0", "Nobody"), instance, str(MENTORS_FIRST), str(MENTEES_FIRST))
    day = {"community_id": here, "weeks": 4, "weekday": due.at.weekday(), "minute": due.at.hour * 60 + due.at.minute}
    row = {**day, "zone": "UTC", "next_at": micros(due.at), "at": micros(due.at)}
    await store.write(_put, row)


def _put(unit: Unit, row: dict[str, object]) -> None:
    unit.execute(insert(matching_day), row)
