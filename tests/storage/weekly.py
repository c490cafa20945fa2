"""A community with weekly tips: its schedule, a small library, and what became of each slot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Update, select, update

from content.outcomes import Outcome
from content.text import Language
from storage import communities, firing, moderator_notes, outbox, schedules, tips
from storage.due import Due
from storage.library import Library
from storage.members import Me
from storage.schedules import Plan, Schedule
from storage.store import Store
from storage.tables import member, posting
from storage.timetable import Weekly
from storage.tips import Written
from storage.unit import Unit

LEASE = dt.timedelta(seconds=60)
REAL = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)  # the leases' clock, which has nothing to do with the Store's
FRIDAY_TEN = Weekly(4, 600, "Europe/Berlin")
WEEK = dt.timedelta(weeks=1)
LIBRARY: Library = {outcome: [f"{outcome.value[0]}{number}" for number in range(12)] for outcome in Outcome}


def written(title: str, outcome: Outcome = Outcome.BUSINESS) -> Written:
    return Written(outcome, {Language.EN: (title, f"Do what {title} says.")})


async def add(store: Store, me: Me, title: str, outcome: Outcome = Outcome.BUSINESS) -> int:
    made = await store.write(tips.add, me, written(title, outcome))
    assert isinstance(made, int)
    return made


async def switch_on(
    store: Store, me: Me, weekly: Weekly = FRIDAY_TEN, *outcomes: Outcome, asks: bool = False
) -> Schedule:
    """One schedule for all in turn, or one for each of these; answers the first."""
    plan = Plan("C1", weekly, asks)
    await store.write(schedules.switch_on, me, dict.fromkeys(outcomes, plan) if outcomes else {None: plan})
    return await schedule_of(store, me)


async def schedule_of(store: Store, me: Me) -> Schedule:
    return (await store.read(schedules.of_community, me.community))[0]


async def fire(store: Store, ids: Library = LIBRARY) -> int:
    """All that is due now, as a timekeeper does it; answers how many schedules had a slot."""
    done = 0
    while await store.read(firing.anything):
        moved = await store.write(firing.ask, ids)
        fired = await store.write(firing.fire, ids)
        gone = await store.write(outbox.gone_out)
        assert moved + fired + gone, "something is to do, and nobody does it"
        done += fired
    return done


async def slots(store: Store) -> list[tuple[str, str]]:
    """The tip and the state of each posting, in the order of their times."""
    found = await rows(store)
    return [(row["tip"], row["state"]) for row in found]


async def rows(store: Store) -> list[Mapping[str, Any]]:
    def look(unit: Unit) -> list[Mapping[str, Any]]:
        return [dict(row) for row in unit.execute(select(posting).order_by(posting.c.post_at, posting.c.id)).mappings()]

    return await store.read(look)


async def claim(store: Store, *, at: dt.datetime = REAL) -> list[Due]:
    return await store.write(outbox.claim, "loop", 100, LEASE, real_now=at)


async def deliver(store: Store) -> list[str]:
    """All that is due goes out; answers the notices."""
    dues = await claim(store)
    for due in dues:
        await store.write(outbox.sent, due, f"m{due.id}")
    return [due.notice for due in dues]


async def told(store: Store, me: Me) -> list[str]:
    """The notices of the notes that moderators have, the oldest first."""
    return [note.notice for note in reversed(await store.read(moderator_notes.of_community, me.community))]


async def wants_messages(store: Store, me: Me) -> None:
    """This moderator has *Tell me here* on."""
    await set_in(store, update(member).where(member.c.uid == me.uid).values(tell_here=1))


async def set_in(store: Store, statement: Update) -> None:
    """What other parts of the program do, done by hand."""

    def work(unit: Unit) -> None:
        unit.execute(statement)

    await store.write(work)


async def elsewhere(store: Store, platform: str = "slack") -> Me:
    """A moderator of a community of another platform."""
    made = await store.write(communities.seen, platform, "T1", "Others", Language.EN)
    return Me(made.id, "U1", "Una")
