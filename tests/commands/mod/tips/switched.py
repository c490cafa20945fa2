"""A community whose weekly tip is switched on, and its time as it passes."""

from __future__ import annotations

from dataclasses import replace

from content.outcomes import Outcome
from content.text import Language
from storage import firing, outbox, schedules
from storage.schedules import Plan, Schedule
from storage.tables import posting
from storage.timetable import Weekly
from storage.unit import Unit
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import LEASE
from tests.test_every_view import DRAWS

MONDAY_NINE = Plan("general", Weekly(0, 9 * 60, "Asia/Shanghai"))


async def switch_on(moderator: DirectDriver, *outcomes: Outcome, asks: bool = False) -> list[Schedule]:
    """One in turn, or one for each of these; what is on then."""
    me = await moderator.me()
    plan = replace(MONDAY_NINE, asks=asks)
    store = moderator.dispatcher.store
    await store.write(schedules.switch_on, me, dict.fromkeys(outcomes, plan) if outcomes else {None: plan})
    return await store.read(schedules.of_community, me.community)


async def only(moderator: DirectDriver) -> Schedule:
    """The one schedule that is on."""
    (found,) = await moderator.dispatcher.store.read(schedules.of_community, (await moderator.me()).community)
    return found


async def slots(moderator: DirectDriver, clock: SetClock) -> None:
    """What is due by now gets its tip, and proposals are made."""
    ids = moderator.dispatcher.content.tips_by_outcome
    await moderator.dispatcher.store.write(firing.fire, ids)
    await moderator.dispatcher.store.write(firing.ask, ids)


async def to_next_slot(moderator: DirectDriver, clock: SetClock, **later: float) -> None:
    """The clock stands at the next slot (or so much later or earlier), and what is due then is done."""
    clock.moment = (await only(moderator)).next_at
    clock.move(**later)
    await slots(moderator, clock)


async def sent(moderator: DirectDriver, clock: SetClock) -> None:
    """All that is in the outbox arrives."""
    store = moderator.dispatcher.store
    for due in await store.write(outbox.claim, "o", 99, LEASE, real_now=clock.now()):
        await store.write(outbox.sent, due, "m1")


def drawn(moderator: DirectDriver) -> None:
    """The last card, in both languages and on every surface. Raises where it does not fit."""
    assert moderator.reply is not None
    assert moderator.reply.view is not None
    for language in Language:
        for draw in DRAWS.values():
            assert draw(moderator.dispatcher.content.catalogue, moderator.reply.view, language)


async def postings_of(moderator: DirectDriver) -> list[tuple[str, str, str]]:
    """Every posting here as tip, channel and state, the first first."""
    community = (await moderator.me()).community

    def read(unit: Unit) -> list[tuple[str, str, str]]:
        rows = unit.execute(posting.select().where(posting.c.community_id == community).order_by(posting.c.id))
        return [(row.tip, row.channel, row.state) for row in rows]

    return await moderator.dispatcher.store.read(read)
