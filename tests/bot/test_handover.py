"""Tips that a platform takes ahead of their time: handed over once, found again, called off, never twice."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import update

from bot.clock import Stop, real_now
from bot.pictures.studio import Pictures
from bot.surface import Message, Refused, TryLater, Uncertain
from commands.kit.request import Platform
from content.load import Content
from storage import doubts, outbox, postings
from storage.members import Me
from storage.store import Store
from storage.tables import member
from storage.unit import Unit
from tests.bot.tip_office import Keeping, TipOffice, office_for
from tests.conftest import Faults, SetClock

LEASE = dt.timedelta(seconds=60)
TEN = dt.timedelta(minutes=10)


class Desk:
    """A tip of a Slack community that is due to be handed over, ten minutes before its time."""

    def __init__(self, office: TipOffice, slack: Keeping, clock: SetClock, me: Me, time: dt.datetime) -> None:
        self.office, self.slack, self.clock, self.me, self.time = office, slack, clock, me, time

    async def send(self, delivery: int = 1) -> None:
        for _time in range(delivery):
            await self.office.delivery.once(Stop())

    async def crash(self, *, with_slack: bool) -> None:
        """A process that dies after it claimed the tip, before or after Slack took it; the lease is over."""
        long_ago = real_now() - 2 * LEASE
        (due,) = await self.office.store.write(outbox.claim, "dead", 9, LEASE, real_now=long_ago)
        if with_slack:
            self.slack.waits["Q0"] = (due.channel or "", due.key, self.time)

    async def pass_by(self) -> None:
        """Its time comes and goes."""
        self.clock.moment = self.time + dt.timedelta(minutes=1)
        await self.office.work()

    async def state(self) -> tuple[str, str | None]:
        (only,) = await self.office.states()
        return only

    async def stop(self) -> postings.Stop:
        (posting,) = await self.office.store.read(postings.coming, self.me.community)
        return await self.office.store.write(postings.stop, self.me, posting.id)


@pytest.fixture
async def desk(store: Store, content: Content, pictures: Pictures, clock: SetClock, faults: Faults) -> Desk:
    slack = Keeping(Platform.SLACK, clock.now)
    office = office_for(store, content, pictures, clock.now, slack)
    me = await office.community("slack", "T1")
    found = await office.switch_on(me)
    clock.moment = found.next_at - TEN
    await office.keeper.once()
    return Desk(office, slack, clock, me, found.next_at)


async def test_a_tip_is_handed_over_ahead_and_posted_by_the_platform_at_its_time(desk: Desk) -> None:
    await desk.send()
    assert await desk.state() == ("handed", "handed")
    assert desk.slack.posted == []

    await desk.send(2)
    await desk.pass_by()

    assert await desk.state() == ("out", "sent")
    assert [(where, when) for where, _what, when in desk.slack.posted] == [("C1", desk.time)]
    assert (desk.slack.asked, desk.slack.looks) == (1, 0)


async def test_after_a_crash_between_hand_over_and_mark_it_is_found_again(desk: Desk) -> None:
    await desk.crash(with_slack=True)
    await desk.send()
    assert await desk.state() == ("handed", "handed")

    await desk.pass_by()

    assert len(desk.slack.posted) == 1
    assert (desk.slack.asked, desk.slack.looks) == (0, 1)
    assert await desk.state() == ("out", "sent")


async def test_after_a_crash_before_the_hand_over_it_is_handed_over(desk: Desk) -> None:
    await desk.crash(with_slack=False)
    await desk.send()
    await desk.pass_by()

    assert len(desk.slack.posted) == 1
    assert (desk.slack.asked, desk.slack.looks) == (1, 1)


async def test_who_looked_for_longer_than_a_lease_does_not_hand_it_over_beside_another(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.crash(with_slack=False)
    handed = desk.slack.handed

    async def slowly(message: Message) -> str | None:
        found = await handed(message)
        (due,) = await desk.office.store.write(outbox.claim, "another", 9, LEASE, real_now=real_now() + 2 * LEASE)
        await desk.office.store.write(outbox.handed, due, await desk.slack.hand_over(message))
        return found

    # a platform that takes more than a minute to answer would be waited for
    monkeypatch.setattr(Keeping, "handed", lambda _place, message: slowly(message))
    await desk.send()

    assert await desk.state() == ("handed", "handed")
    assert desk.slack.asked == 1


async def test_an_answer_that_was_dropped_is_looked_for_and_nothing_scheduled_twice(desk: Desk) -> None:
    desk.slack.drops = 1
    await desk.send()
    assert await desk.state() == ("due", "waiting")
    desk.clock.move(seconds=59)
    await desk.send()
    assert desk.slack.looks == 0

    desk.clock.move(seconds=1)
    await desk.send()
    await desk.pass_by()

    assert (desk.slack.asked, desk.slack.looks) == (1, 1)
    assert len(desk.slack.posted) == 1
    assert await desk.state() == ("out", "sent")


async def test_an_answer_that_was_lost_before_it_was_taken_is_handed_over_again(desk: Desk) -> None:
    desk.slack.raises = [Uncertain("timeout"), None, Uncertain("timeout")]
    await desk.send()
    desk.clock.move(minutes=1)
    await desk.send()
    assert await desk.state() == ("due", "waiting")
    desk.clock.move(minutes=1)
    await desk.send()
    await desk.pass_by()

    assert (desk.slack.asked, desk.slack.looks) == (1, 2)
    assert len(desk.slack.posted) == 1


@pytest.mark.parametrize("before", [dt.timedelta(seconds=9), dt.timedelta(), -dt.timedelta(hours=1)])
@pytest.mark.parametrize("taken", [True, False])
async def test_found_too_late_to_be_looked_for_it_is_uncertain_and_never_repeated(
    desk: Desk, before: dt.timedelta, taken: bool
) -> None:
    await desk.crash(with_slack=taken)
    desk.clock.moment = desk.time - before
    await desk.send()
    await desk.pass_by()
    desk.clock.move(days=2)
    await desk.office.delivery.once(Stop())

    assert (await desk.office.states())[0] == ("doubtful", "uncertain")
    assert (desk.slack.asked, len(desk.slack.log)) == (0, 0)
    doubt = (await desk.office.store.read(doubts.of_community, desk.me.community))[0]
    assert not doubt.refused


async def test_with_too_little_time_left_it_is_posted_at_once(desk: Desk) -> None:
    desk.clock.moment = desk.time - dt.timedelta(seconds=9)
    await desk.send()

    assert await desk.state() == ("out", "sent")
    assert [(where, when) for where, _what, when in desk.slack.log] == [("C1", desk.clock.moment)]


async def test_what_the_platform_finds_too_late_is_posted_at_once(desk: Desk) -> None:
    desk.slack.raises = [Refused("time_in_past", "too-late")]
    await desk.send()

    assert len(desk.slack.log) == 1
    assert await desk.state() == ("out", "sent")


@pytest.mark.parametrize("crashed", [True, False])
async def test_a_refusal_ends_it_with_its_reason_also_when_an_earlier_try_surely_left_nothing(
    desk: Desk, crashed: bool
) -> None:
    if crashed:
        await desk.crash(with_slack=False)
        desk.slack.raises = [None]
    desk.slack.raises.append(Refused("is_archived", "archived"))
    await desk.send()

    assert await desk.state() == ("failed", "dead")
    assert (await desk.office.schedule(desk.me)).trouble == "archived"


async def test_while_it_cannot_be_looked_for_nothing_is_handed_over(desk: Desk) -> None:
    await desk.crash(with_slack=True)
    desk.slack.raises = [TryLater("429", 60)] * 2
    for _minute in range(6):
        await desk.send()
        desk.clock.move(minutes=1)
    await desk.pass_by()

    assert (desk.slack.asked, len(desk.slack.posted)) == (0, 1)
    assert await desk.state() == ("out", "sent")


async def test_called_off_in_time_nothing_is_posted(desk: Desk) -> None:
    await desk.send()
    assert await desk.stop() is postings.Stop.ON_ITS_WAY
    await desk.send()
    assert await desk.state() == ("stopped", "dead")

    await desk.pass_by()

    assert desk.slack.posted == []
    assert await desk.office.store.read(doubts.of_community, desk.me.community) == []


async def test_called_off_too_late_it_goes_out_and_says_so(desk: Desk) -> None:
    await desk.send()
    desk.clock.moment = desk.time - dt.timedelta(seconds=61)
    assert await desk.stop() is postings.Stop.ON_ITS_WAY
    desk.clock.move(seconds=10)
    await desk.send()
    assert await desk.state() == ("handed", "handed")
    assert await desk.stop() is postings.Stop.TOO_LATE

    await desk.pass_by()

    assert len(desk.slack.posted) == 1
    assert await desk.state() == ("out", "sent")


async def test_a_call_off_that_is_not_taken_now_is_asked_for_again(desk: Desk) -> None:
    await desk.send()
    await desk.stop()
    desk.slack.stops = [TryLater("429", 30)]
    await desk.send()
    assert await desk.state() == ("stopping", "handed")
    desk.clock.move(seconds=31)
    await desk.send()

    assert await desk.state() == ("stopped", "dead")


async def test_a_call_off_whose_process_died_and_that_then_comes_too_late_is_in_doubt(desk: Desk) -> None:
    await desk.send()
    await desk.stop()
    await desk.office.store.write(outbox.claim, "dead", 9, LEASE, real_now=real_now() - 2 * LEASE)
    desk.slack.stops = [Refused("invalid_scheduled_message_id", "too-late")]
    await desk.send()

    assert await desk.state() == ("doubtful", "uncertain")


async def test_after_thirty_minutes_it_is_given_up_and_the_moderators_are_told(desk: Desk) -> None:
    await want_messages(desk)
    desk.slack.raises = [TryLater("503")] * 99
    while desk.clock.moment <= desk.time + dt.timedelta(minutes=29):
        await desk.send()
        desk.clock.move(minutes=1)
    assert await desk.state() == ("due", "waiting")
    for _minute in range(8):
        await desk.send()
        desk.clock.move(minutes=1)

    assert await desk.state() == ("failed", "dead")
    assert (await desk.office.schedule(desk.me)).trouble == "503"
    assert desk.slack.told == ["mod"]
    assert desk.slack.posted == []


async def test_a_doubtful_one_is_settled_or_posted_by_the_moderators_word_alone(desk: Desk) -> None:
    await desk.crash(with_slack=False)
    desk.clock.moment = desk.time + dt.timedelta(days=3)
    await desk.send()
    assert await desk.state() == ("doubtful", "uncertain")
    (doubt,) = await desk.office.store.read(doubts.of_community, desk.me.community)

    await desk.office.store.write(doubts.post_again, desk.me.community, doubt.id)
    await desk.send()

    assert await desk.state() == ("out", "sent")
    assert len(desk.slack.log) == 1


async def want_messages(desk: Desk) -> None:
    def work(unit: Unit) -> None:
        unit.execute(update(member).values(tell_here=1))

    await desk.office.store.write(work)
