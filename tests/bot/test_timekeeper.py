"""What comes due by the store's clock is done: once, at its time, whoever looks first."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from bot.clock import Stop
from bot.pictures.studio import Pictures
from bot.timekeeper import Timekeeper, catch_up
from commands.kit.request import Platform
from content.load import Content
from storage import firing, moderator_notes
from storage.store import Store, StoreError
from tests.bot.tip_office import LIBRARY, Place, TipOffice, office_for
from tests.conftest import Faults, SetClock

WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def office(store: Store, content: Content, pictures: Pictures, clock: SetClock, faults: Faults) -> TipOffice:
    return office_for(store, content, pictures, clock.now, Place(Platform.DISCORD, clock.now))


async def test_nothing_is_done_before_its_time_and_all_at_its_time(office: TipOffice, clock: SetClock) -> None:
    """More communities than one unit takes."""
    people = [await office.community("discord", f"g{number}") for number in range(60)]
    for me in people:
        found = await office.switch_on(me)
    clock.moment = found.next_at - dt.timedelta(seconds=1)
    assert await office.keeper.once() == 0

    clock.move(seconds=1)

    assert await office.keeper.once() == 60
    assert await office.keeper.once() == 0
    assert await office.states() == [("due", "waiting")] * 60


async def test_two_timekeepers_that_look_at_once_do_it_once(office: TipOffice, clock: SetClock) -> None:
    for number in range(30):
        found = await office.switch_on(await office.community("discord", f"g{number}"))
    clock.moment = found.next_at

    done = await asyncio.gather(office.keeper.once(), Timekeeper(office.store, LIBRARY).once(), office.keeper.once())

    assert sum(done) == 30
    assert len(await office.states()) == 30


async def test_catching_up_posts_all_that_is_due_and_says_when_something_is_due_next(
    office: TipOffice, clock: SetClock
) -> None:
    found = await office.switch_on(await office.community())
    assert await catch_up(office.keeper, office.delivery, office.store) == found.next_at
    clock.moment = found.next_at

    assert await catch_up(office.keeper, office.delivery, office.store) == found.next_at + WEEK
    assert await office.states() == [("out", "sent")]


async def test_running_it_does_what_is_due_and_ends_when_it_is_told(office: TipOffice, clock: SetClock) -> None:
    found = await office.switch_on(await office.community())
    clock.moment = found.next_at
    await office.run_until_posted(office.places["discord"])

    assert await office.states() == [("out", "sent")]


async def test_once_the_clock_cannot_be_believed_nothing_more_is_done(office: TipOffice, clock: SetClock) -> None:
    """Though more is due than one unit takes."""
    for number in range(60):
        found = await office.switch_on(await office.community("discord", f"g{number}"))
    clock.moment = found.next_at
    stop, looks = Stop(), []

    def may_go_on() -> bool:
        """At the first looks, before anything is done."""
        looks.append(1)
        if len(looks) > 2:
            stop.tell()
        return len(looks) <= 2

    await Timekeeper(office.store, LIBRARY, may_go_on).run(stop)

    assert 0 < len(await office.states()) < 60


async def test_a_failure_of_the_store_is_logged_and_looked_at_again(
    office: TipOffice, clock: SetClock, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await office.switch_on(await office.community())
    clock.moment = found.next_at
    write = office.store.write
    failed: list[int] = []

    async def fails_once(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if work is firing.fire and not failed:
            failed.append(1)
            raise StoreError("The database is locked.")
        return await write(work, *args, **kwargs)

    # a database that is locked for a moment can't be had at a given call
    monkeypatch.setattr(office.store, "write", fails_once)
    await office.run_until_posted(office.places["discord"])

    assert [entry["event"] for entry in faults.entries] == ["timekeeper.failed"]
    faults.entries.clear()


async def test_while_the_platform_is_away_for_a_month_nothing_piles_up_for_its_return(
    office: TipOffice, clock: SetClock
) -> None:
    me = await office.community()
    found = await office.switch_on(me)
    place = office.places["discord"]
    place.down = "no connection"
    for moment in found.next_times(4):
        clock.moment = moment
        await office.work()
    clock.move(hours=1)
    place.down = None
    await office.work()

    assert [moment for _where, _what, moment in place.log] == [clock.moment]
    assert await office.states() == [("skipped", "dead")] * 3 + [("out", "sent")]
    notes = await office.store.read(moderator_notes.of_community, me.community)
    assert [note.notice for note in notes] == ["tips.missed"] * 3
