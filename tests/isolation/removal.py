"""A workspace and a server remove the app in the middle of their traffic; what is called after that, and by whom."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from sqlalchemy import text

from storage.communities import find
from storage.unit import Unit
from tests.fakes.discord import Guild, NotPossible
from tests.fakes.slack import PlatformFailed
from tests.fakes.slack_world import Team
from tests.isolation.ground import Ground
from tests.isolation.hands import Hand
from tests.isolation.places import Place

EVENTS = ("app_uninstalled", "tokens_revoked")
POSTS = 6
LEFT_SECONDS = 60.0
GONE_SECONDS = 3.0
CLAIM_SECONDS = 0.5
LATER_SECONDS = 8.0
"""Longer than the processes need to read anew what another of them was told, and than a post waits for its turn."""


HELD = text("SELECT count(*) FROM outbox WHERE community_id = :here AND state = 'claimed'")


@dataclass(slots=True)
class Removed:
    """Calls for the place that went: while what was on its way ended, and `later`, of which there may be none."""

    place: str
    on_the_way: int = 0
    later: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.place}: {self.on_the_way} calls on their way, {len(self.later)} later {self.later[:5]}"


async def remove(here: Ground, place: Place, chance: random.Random, later: float = LATER_SECONDS) -> Removed:
    """Its members are busy and posts wait for its channel when it goes."""
    await here.store.write(_post, place)
    found = Removed(place.mark)
    async with _impatient(here), _busy(place, chance) as over:
        await asyncio.sleep(chance.uniform(0.0, 0.5))
        began = _calls(here, place)
        over.set()  # a platform brings nothing from where the app is not; what it has brought is under way
        match place.home:
            case Team() as team:
                await here.slack.uninstall(team, *chance.sample(EVENTS, 2))
            case Guild() as guild:
                await here.discord.remove_bot(guild)
    async with asyncio.timeout(LEFT_SECONDS):
        for _look in range(2):  # the second for what was being claimed at the first
            while not await here.store.read(_has_left, place):  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.02)
            await asyncio.sleep(CLAIM_SECONDS)
    settled = _calls(here, place)
    found.on_the_way = len(settled) - len(began)
    await here.store.write(_post, place)  # as what is put there by somebody who has not heard of it yet
    await asyncio.sleep(later)
    found.later = _calls(here, place)[len(settled) :]
    return found


@contextlib.asynccontextmanager
async def _impatient(here: Ground) -> AsyncIterator[None]:
    """Nobody waits long for an answer into a place that is gone; that none came is no fault there."""
    patience, here.slack.reply_patience = here.slack.reply_patience, GONE_SECONDS
    try:
        yield
    finally:
        here.slack.reply_patience = patience


@contextlib.asynccontextmanager
async def _busy(place: Place, chance: random.Random) -> AsyncIterator[asyncio.Event]:
    """Everybody presses on until the platform brings nothing more; what is under way then ends."""
    over = asyncio.Event()

    async def presses(hand: Hand, own: random.Random) -> None:
        while not over.is_set():
            with contextlib.suppress(PlatformFailed, NotPossible, AssertionError):  # of a place that is gone
                await (hand.command("/pmpath home") if own.random() < 0.3 else hand.wander(own, place.mark))

    traffic = [asyncio.create_task(presses(hand, random.Random(chance.random()))) for hand in place.people.values()]
    try:
        yield over
    finally:
        over.set()
        await asyncio.gather(*traffic)


def expected(breach: str, here: Ground) -> bool:
    """Whether a platform complains of a call that was on its way when its community went; these are counted."""
    gone = [
        place.channel
        for place in here.places
        if isinstance(place.home, Guild) and place.home.id not in here.discord.world.guilds
    ]
    return "withdrawn token" in breach or any(f"/channels/{channel}" in breach for channel in gone)


def _calls(here: Ground, place: Place) -> list[str]:
    """With a token of the workspace that is not good any more; to a channel of the server that the bot is out of."""
    match place.home:
        case Team() as team:
            gone = {each.token for each in here.slack.oauth.issued.values() if each.of is team and each.revoked}
            return [call.method for call in here.slack.calls if call.token in gone]
        case Guild() as guild if guild.id not in here.discord.world.guilds:
            calls = here.discord.rest.calls
            return [f"{c.method} {c.path}" for c in calls if place.channel in c.path or str(guild.id) in c.path]
    return []


def _post(unit: Unit, place: Place) -> None:
    for number in range(POSTS):
        unit.post(place.id, place.channel, "setup.test", key=f"{place.mark}.{unit.now_us}.{number}")


def _has_left(unit: Unit, place: Place) -> bool:
    """And of its posts none is in anybody's hands any more."""
    found = find(unit, place.key.platform.value, place.key.ext_id)
    return found is not None and found.left and not unit.execute(HELD, {"here": place.id}).scalar_one()
