"""Two servers and a workspace in which much is the matter, for what doctor says of them."""

from __future__ import annotations

import datetime as dt

from content.points import Points
from content.text import Language
from storage import appearances, communities, departures, members, moderating, offers, schedules, tables
from storage.members import Me
from storage.outbox_states import CLOSED, DEAD, UNCERTAIN
from storage.schedules import Plan
from storage.store import Store, Unit
from storage.timetable import Weekly
from tests.storage.mentoring import TERMS

SERVER, GONE, WORKSPACE = "810000000000000001", "810000000000000002", "T0AILS0001"
ADA, BOB, CAT, DAN = (f"81000000000000010{number}" for number in range(4))
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


async def opened(url: str, points: Points) -> Store:
    """A store with all of it."""
    store = await Store.open(url, now=lambda: NOW, points=points)
    here = await store.write(communities.seen, "discord", SERVER, "Makers", Language.ZH)
    gone = await store.write(communities.seen, "discord", GONE, "Left us", Language.EN)
    team = await store.write(communities.seen, "slack", WORKSPACE, "Builders", Language.EN)
    await store.write(departures.left, gone.platform, gone.ext_id)
    for number, uid in enumerate((ADA, BOB, CAT)):
        await store.write(members.ensure, Me(here.id, uid, f"Name{number}"))
    ada, bob, cat = (Me(here.id, uid, "") for uid in (ADA, BOB, CAT))
    await store.write(moderating.set_moderators, ada, [ADA], ["900"])
    await store.write(schedules.switch_on, ada, {None: Plan("77", Weekly(0, 540, "Europe/Berlin", 1))})
    await store.write(_ail, here.id, team.id)
    await store.write(offers.save, bob, TERMS, approved=True)
    await store.write(_spoil, bob)
    await store.write(appearances.show, bob)
    await store.write(appearances.leave_out, here.id, [BOB])
    await store.write(appearances.hide, cat)
    return store


def _ail(unit: Unit, here: int, team: int) -> None:
    unit.execute(tables.schedule.update().values(trouble="no-channel"))
    unit.post(team, "C0GONE0001", "share.posted", key="one", share=1)
    unit.post(team, "C0GONE0001", "share.posted", key="two", share=1)
    state = tables.outbox.update()
    unit.execute(state.where(tables.outbox.c.key == "post:one").values(state=DEAD, error="is_archived"))
    unit.execute(state.where(tables.outbox.c.key == "post:two").values(state=UNCERTAIN))


def _spoil(unit: Unit, me: Me) -> None:
    """Their direct messages are closed, and one was given up."""
    member = members.find(unit, me)
    assert member is not None
    unit.execute(tables.outbox.update().where(tables.outbox.c.member_id == member.id).values(state=CLOSED))
    offers.reached(unit, me.community, member.id, arrived=False)
    unit.tell(member.id, "mentor.asked", request=1)
    last = tables.outbox.c.notice == "mentor.asked"
    unit.execute(tables.outbox.update().where(last).values(state=DEAD, error="503: ordered by a test"))
