"""`pmpath demo --members N`: fills the rehearsal room with invented members who have been there for a year."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import typer

from bot.cli.going_on import GoingOn, going_on
from bot.cli.invented import PREFIX, Inventor, Room, weekly
from bot.cli.stop import settings_or_stop, stop
from bot.clock import real_now
from bot.settings import Settings
from bot.web.sandbox import CHANNEL, PEOPLE, ROOM, SandboxClock
from content.load import Content, ContentError, read_content
from content.text import Language
from storage import communities, faults, invented
from storage.communities import Community
from storage.errors import StoreError
from storage.invented import Invented
from storage.store import Store

MOST = 1_000_000
AT_ONCE = 500  # members in one unit
SEED = 5
TIPS = 52
PARTS = {
    "kim": "stands first",
    "xiaoyu": "shares a rank with others",
    "ada": "moderates, and is somewhere in the middle",
    "jose": "stands last",
    "zoya": "has points and is hidden",
    "nur": "is shown and has no points yet",
    "arav": "has points and was not asked yet",
}
"""What the page's people are there for, by their ids."""


@dataclass(frozen=True, slots=True)
class Filled:
    """How many members were there, how many came, and whom of the page's people the room knew already."""

    before: int
    came: int
    left_alone: frozenset[str]


def demo(
    members: Annotated[int, typer.Option("--members", min=1, max=MOST, help="How many there are to be in all.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", help="Another number invents other members.")] = SEED,
) -> None:
    """Fills the rehearsal room with invented members: their results, what they did in a year, and their points.

    Members that it invented before stay; it adds those that are missing. The bot must be stopped meanwhile.
    """
    settings, began = settings_or_stop(), time.monotonic()
    try:
        faults.make_folder(settings.data_dir)
        with going_on("Members") as told:
            filled = asyncio.run(_fill(settings, members, seed, told))
    except ContentError as error:
        stop(*map(str, error.problems))
    except StoreError as error:
        stop(error.sentence)
    for line in _said(filled, settings, time.monotonic() - began):
        typer.echo(line)


async def _fill(settings: Settings, members: int, seed: int, told: GoingOn) -> Filled:
    content, clock = read_content(settings.content_dir), SandboxClock(real_now)
    store = await Store.open(settings.sandbox_url, now=clock.now, points=content.points)
    try:
        await clock.resume(store)
        here = await store.write(communities.seen, ROOM.platform.value, ROOM.ext_id, ROOM.name, Language.EN)
        last = await store.read(invented.last_of, here.id, PREFIX)
        before = int(last.removeprefix(PREFIX)) + 1 if last else 0
        inventor = await _inventor(store, content, here, clock, seed)
        most = content.points.week_most
        for first in range(before, members, AT_ONCE):
            people = [inventor.member(number) for number in range(first, min(first + AT_ONCE, members))]
            await store.write(invented.settle_in, here.id, people, most)
            told(min(1.0, (first + AT_ONCE) / members))
        known = await store.read(invented.known, here.id, set(PARTS))
        if people := [each for each in _people(inventor) if each.uid not in known]:
            await store.write(invented.settle_in, here.id, people, most)
        return Filled(before, max(0, members - before), frozenset(known))
    finally:
        await store.close()


async def _inventor(store: Store, content: Content, here: Community, clock: SandboxClock, seed: int) -> Inventor:
    tips = weekly(content, clock.now())
    out = await store.write(invented.went_out, here.id, CHANNEL, tips, TIPS)
    return Inventor(Room(content, out, here.zone, clock.now(), seed))


def _people(inventor: Inventor) -> Iterator[Invented]:
    """The page's people, so that each view of a board is one switch away."""
    by_uid = {person.uid: person for person in PEOPLE}
    middle, unasked, *_others = inventor.lately(range(2, 30))
    yield inventor.tireless(by_uid["kim"])
    yield inventor.like(by_uid["xiaoyu"], 0, shown=True)
    yield inventor.like(by_uid["zoya"], 1, shown=False)
    yield inventor.like(by_uid["ada"], middle, shown=True)
    yield inventor.like(by_uid["arav"], unasked, shown=None)
    yield inventor.newcomer(by_uid["jose"], points=True)
    yield inventor.newcomer(by_uid["nur"], points=False)


def _said(filled: Filled, settings: Settings, seconds: float) -> Iterator[str]:
    size = (settings.data_dir / "sandbox.sqlite3").stat().st_size / 1e6
    yield (
        f"{filled.before:,} invented members were there, {filled.came:,} came, in {seconds:.0f} s. "
        f"The rehearsal room's file has {size:,.0f} MB."
    )
    names = {person.uid: person.name for person in PEOPLE}
    yield "On the page, choose under “You are”:"
    for uid, part in PARTS.items():
        alone = " (known there already, left as it was)" if uid in filled.left_alone else ""
        yield f"  {names[uid]}: {part}{alone}"
    if not settings.web:
        yield "The page is off, since a platform is set: PMPATH_WEB=on brings it back, and asks for PMPATH_ACCESS_KEY."
    yield "Now start the bot (pmpath run) and type /pmpath leaderboard. To begin anew, delete the file sandbox.sqlite3."
