"""Posts and messages side by side, and weekly tips on a platform that takes nothing ahead."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from bot import delivery
from bot.clock import Stop, real_now
from bot.delivery import Delivery
from bot.pictures.studio import Pictures
from bot.surface import Perhaps, Refused, TryLater
from commands.kit.request import Platform
from content.load import Content
from content.outcomes import Outcome
from storage import by_hand, firing, members, moderator_notes, outbox, postings, trouble
from storage.members import Me
from storage.store import Store, StoreError
from storage.unit import Unit
from tests.bot.tip_office import Place, TipOffice, office_for
from tests.conftest import Faults, SetClock

LEASE = dt.timedelta(seconds=60)


@pytest.fixture
def place(clock: SetClock) -> Place:
    return Place(Platform.DISCORD, clock.now, remembers=120.0)


@pytest.fixture
def office(
    store: Store, content: Content, pictures: Pictures, clock: SetClock, faults: Faults, place: Place
) -> TipOffice:
    return office_for(store, content, pictures, clock.now, place)


async def due_tips(office: TipOffice, clock: SetClock, count: int = 1) -> Me:
    """So many communities have a tip due now; answers the last one's moderator."""
    for number in range(count):
        me = await office.community("discord", f"g{number}")
        found = await office.switch_on(me)
    clock.moment = found.next_at
    await office.keeper.once()
    return me


async def tell(office: TipOffice, me: Me) -> None:
    def work(unit: Unit) -> None:
        unit.tell(members.ensure(unit, me), postings.TROUBLE, posting=1)

    await office.store.write(work)


async def crash(office: TipOffice) -> None:
    """A process dies while it sends, longer ago than a lease."""
    await office.store.write(outbox.claim, "dead", 9, LEASE, real_now=real_now() - 2 * LEASE)


async def test_a_platform_that_hangs_holds_up_no_other(office: TipOffice, clock: SetClock, place: Place) -> None:
    other = Place(Platform.WEB, clock.now)
    both = Delivery(office.dispatcher, {"discord": place, "web": other})
    here = await office.switch_on(await office.community("web", "room"))
    await due_tips(office, clock)
    clock.moment = max(clock.moment, here.next_at)
    await office.keeper.once()
    place.gate = asyncio.Event()
    stop = Stop()
    running = asyncio.create_task(both.run(stop))
    async with asyncio.timeout(30):
        await place.reached.wait()
        await other.reached.wait()
        assert place.log == []
        place.gate.set()
        stop.tell()
        await running
    assert len(place.log) == len(other.log) == 1


async def test_a_post_that_hangs_holds_up_no_message(office: TipOffice, clock: SetClock, place: Place) -> None:
    await tell(office, await due_tips(office, clock))
    place.gate = asyncio.Event()
    stop = Stop()
    running = asyncio.create_task(office.delivery.run(stop))
    async with asyncio.timeout(30):
        await place.reached.wait()
        await place.spoken.wait()
        assert place.log == []
        place.gate.set()
        stop.tell()
        await running

    assert (len(place.log), place.told) == (1, ["mod"])


async def test_posts_keep_their_pace_and_messages_have_their_own(
    office: TipOffice, clock: SetClock, place: Place
) -> None:
    place.pace, place.post_pace = 30.0, 0.05
    await due_tips(office, clock, 4)
    await office.delivery.once(Stop())

    gaps = [after - before for before, after in zip(place.at, place.at[1:], strict=False)]
    assert len(place.at) == 4
    assert min(gaps) >= 0.049


@pytest.mark.parametrize("end", ["refused", "given up"])
async def test_a_tip_that_may_have_arrived_before_is_in_doubt_whatever_is_said_later(
    office: TipOffice, clock: SetClock, place: Place, end: str
) -> None:
    """To give it back to the queue would be to post it twice."""
    await due_tips(office, clock)
    await crash(office)
    place.remembers = float("inf")
    place.raises = [Refused("50013", "no-right")] if end == "refused" else [TryLater("503") for _try in range(12)]
    for _try in range(12):
        await office.delivery.once(Stop())
        clock.move(minutes=5)

    assert await office.states() == [("doubtful", "uncertain")]


async def test_a_refused_tip_says_why(office: TipOffice, clock: SetClock, place: Place) -> None:
    me = await due_tips(office, clock)
    place.raises = [Refused("10003", "no-channel")]
    await office.delivery.once(Stop())

    assert await office.states() == [("failed", "dead")]
    assert (await office.schedule(me)).trouble == "no-channel"


async def test_a_platform_that_is_busy_for_ten_minutes_gets_each_tip_once(
    office: TipOffice, clock: SetClock, place: Place
) -> None:
    await due_tips(office, clock, 3)
    place.raises = [TryLater("429", 600)] * 3
    await office.delivery.once(Stop())
    clock.move(minutes=9)
    assert await office.delivery.once(Stop()) == 0

    clock.move(minutes=1)
    await office.delivery.once(Stop())

    assert len(place.log) == len({key for _where, key, _when in place.log}) == 3
    assert await office.states() == [("out", "sent")] * 3


@pytest.mark.parametrize(("hours", "end"), [(24, ("out", "sent")), (25, ("skipped", "dead"))])
async def test_a_tip_that_nobody_could_send_for_a_day_is_not_sent_any_more(
    office: TipOffice, clock: SetClock, place: Place, hours: int, end: tuple[str, str]
) -> None:
    await due_tips(office, clock)
    clock.move(hours=hours)
    await office.delivery.once(Stop())

    assert await office.states() == [end]


async def test_nor_is_one_that_may_have_arrived_and_it_is_in_doubt(
    office: TipOffice, clock: SetClock, place: Place
) -> None:
    await due_tips(office, clock)
    await crash(office)
    clock.move(hours=25)
    await office.delivery.once(Stop())

    assert await office.states() == [("doubtful", "uncertain")]
    assert place.log == []


async def test_a_tip_without_words_is_missed_with_a_word(office: TipOffice, clock: SetClock, place: Place) -> None:
    """As when the pack no longer has it; the test's card is nothing for p9."""
    office.keeper = type(office.keeper)(office.store, {outcome: ["p9"] for outcome in office.ids})
    await due_tips(office, clock)
    await office.delivery.once(Stop())

    assert place.log == []
    assert await office.states() == [("failed", "dead")]


async def test_a_database_that_is_locked_after_a_post_went_out_is_asked_until_it_keeps_that(
    office: TipOffice, clock: SetClock, place: Place, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    await due_tips(office, clock)
    write = office.store.write
    left = [1, 1]

    async def locked(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if work is outbox.sent and left:
            left.pop()
            raise StoreError("The database is locked.")
        return await write(work, *args, **kwargs)

    # a database that is locked for a moment can't be had at a given call
    monkeypatch.setattr(office.store, "write", locked)
    # a second each time would be waited for
    monkeypatch.setattr(delivery, "MARKED_AGAIN", 0.01)
    await office.delivery.once(Stop())

    assert await office.states() == [("out", "sent")]
    assert len(place.log) == 1
    assert [entry["event"] for entry in faults.entries] == ["delivery.not_marked"]
    faults.entries.clear()


async def test_one_post_that_cannot_be_kept_does_not_leave_the_others_behind(
    office: TipOffice, clock: SetClock, place: Place, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    await due_tips(office, clock, 5)
    write = office.store.write

    async def locked(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if work is outbox.sent and args[0].place.ext_id == "g0":
            raise StoreError("The database is locked.")
        return await write(work, *args, **kwargs)

    # as above
    monkeypatch.setattr(office.store, "write", locked)
    # as above
    monkeypatch.setattr(delivery, "MARKED_AGAIN", 0.0)
    with pytest.raises(StoreError):
        await office.delivery.once(Stop())

    assert (await office.states()).count(("out", "sent")) == 4
    faults.entries.clear()


async def test_after_an_outage_a_tip_is_tried_for_as_long_as_any_other(
    office: TipOffice, clock: SetClock, place: Place
) -> None:
    """Its first try comes hours after its time, and when all come at once a platform says "slower"."""
    await due_tips(office, clock)
    clock.move(hours=5)
    place.raises = [TryLater("429", 30) for _try in range(4)]
    for _try in range(5):
        await office.delivery.once(Stop())
        clock.move(minutes=2)

    assert await office.states() == [("out", "sent")]
    assert len(place.log) == 1


@pytest.mark.parametrize(("late", "after"), [(0, None), (5, None), (0, 600.0), (5, 600.0)])
async def test_a_tip_is_tried_for_half_an_hour_and_then_given_up(
    office: TipOffice, clock: SetClock, place: Place, late: int, after: float | None
) -> None:
    await due_tips(office, clock)
    clock.move(hours=late)
    begun = clock.moment
    place.raises = [TryLater("no", after) for _try in range(99)]
    while await office.states() == [("due", "waiting")]:
        await office.delivery.once(Stop())
        clock.move(seconds=5)

    assert await office.states() == [("failed", "dead")]
    assert dt.timedelta(minutes=30) <= clock.moment - begun <= dt.timedelta(minutes=41)


async def test_a_tip_posted_by_hand_that_is_refused_says_why(office: TipOffice, clock: SetClock, place: Place) -> None:
    me = await office.community()
    await office.store.write(by_hand.post_now, me, Outcome.BUSINESS, "b0", "C1", 1)
    place.raises = [Refused("50013: Missing Permissions", "no-right")]
    await office.delivery.once(Stop())

    assert await office.states() == [("failed", "dead")]
    assert await office.store.read(trouble.why, me.community, 1) == "no-right"


async def test_a_tip_posted_by_hand_without_words_is_missed_with_a_word(
    office: TipOffice, clock: SetClock, place: Place
) -> None:
    me = await office.community()
    await office.store.write(by_hand.post_now, me, Outcome.BUSINESS, "p9", "C1", 1)
    await office.delivery.once(Stop())

    assert place.log == []
    assert await office.states() == [("failed", "dead")]


async def test_a_tip_that_follows_missed_ones_and_is_missed_too_is_told_besides(
    office: TipOffice, clock: SetClock, place: Place
) -> None:
    me = await office.community()
    found = await office.switch_on(me)
    clock.moment = found.next_times(3)[2]
    await office.keeper.once()
    clock.move(hours=25)
    await office.delivery.once(Stop())

    told = await office.store.read(moderator_notes.of_community, me.community)
    assert sorted((note.notice, note.ids["count"]) for note in told) == [(firing.MISSED, 1), (firing.MISSED, 2)]


@pytest.mark.parametrize(("remembers", "end"), [(120.0, ("out", "sent")), (0.0, ("doubtful", "uncertain"))])
async def test_a_post_that_may_have_been_taken_is_tried_again_only_while_it_would_be_known_again(
    office: TipOffice, clock: SetClock, place: Place, remembers: float, end: tuple[str, str]
) -> None:
    await due_tips(office, clock)
    place.remembers = remembers
    place.raises = [Perhaps("502: Bad Gateway")]
    await office.delivery.once(Stop())
    assert await office.states() == [("due", "waiting")]

    clock.move(minutes=1)
    await office.delivery.once(Stop())

    assert await office.states() == [end]
