"""The delivery loop: at least once, paced, restartable."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from bot import delivery
from bot.clock import Stop, real_now
from bot.delivery import Delivery
from bot.named import Named
from bot.pictures.studio import Pictures
from bot.surface import Message, Refused, TryLater, Uncertain
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from commands.kit.notice import Notice
from commands.kit.request import Context, Platform
from commands.kit.view import Card
from content.load import Content
from content.outcomes import Outcome
from content.text import Language, _
from storage import communities, doubts, members, outbox, runs, shares
from storage.members import Me
from storage.runs import Finished, Judged
from storage.store import Store
from storage.tables import outbox as outbox_table
from storage.unit import Unit
from tests.conftest import Faults, SetClock


@dataclass(slots=True)
class Post:
    """A platform that notes what it was given, or raises what it is told to."""

    platform: Platform = Platform.WEB
    native: frozenset[type] = frozenset()
    pace: float = 0.0
    post_pace: float = 0.0
    look_pace: float = 0.0
    paced_apart: bool = False
    named: Named = field(default_factory=Named)
    remembers: float = 120.0
    waits_for: str | None = None
    taken: list[Message] = field(default_factory=list)
    taken_back: list[tuple[str, str]] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    raises: list[Exception] = field(default_factory=list)
    gate: asyncio.Event | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None: ...
    async def close(self) -> None: ...
    def missing(self) -> str | None:
        return self.waits_for

    async def tell(self, message: Message) -> str:
        self.at.append(asyncio.get_running_loop().time())
        self.reached.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.raises:
            raise self.raises.pop(0)
        self.taken.append(message)
        return f"m{len(self.taken)}"

    async def post(self, message: Message) -> str:
        return await self.tell(message)

    async def take_back(self, community_ext: str, channel: str, remote: str) -> None:
        if self.raises:
            raise self.raises.pop(0)
        self.taken_back.append((channel, remote))

    async def has(self, community_ext: str, uid: str) -> bool:
        return True


async def _note(ctx: Context, number: int) -> Card | None:
    return None if number < 0 else Card(_("This reaches you"))


async def _unless_taken_back(ctx: Context, share: int) -> Card | None:
    """As the notice of a share: nothing, once the share is gone."""
    return None if await ctx.store.read(shares.shown, ctx.community.id, share) is None else Card(_("This reaches you"))


@dataclass(slots=True)
class Office:
    """A store with one member, and what delivers from it."""

    store: Store
    dispatcher: Dispatcher
    post: Post
    clock: SetClock
    me: Me

    def delivery(self) -> Delivery:
        return Delivery(self.dispatcher, {"web": self.post})

    async def tell(self, *numbers: int) -> None:
        def work(unit: Unit) -> None:
            for number in numbers:
                unit.tell(members.ensure(unit, self.me), "t.note", number=number)

        await self.store.write(work)

    async def announce(self, key: str) -> None:
        def work(unit: Unit) -> None:
            unit.post(self.me.community, "general", "t.note", key=key, number=1)

        await self.store.write(work)

    async def share(self) -> int:
        """A result of the member, shared in the channel; answers the result's id."""
        run = await self.store.write(runs.start, self.me, "bank-1")
        judged = Judged(Outcome.HYBRID, "{}", "h")
        finished = await self.store.write(runs.answer, self.me, run.id, 0, {"q": "a"}, lambda *_: judged)
        assert isinstance(finished, Finished)
        await self.store.write(shares.post, self.me, finished.result_id, "general", 1)
        return finished.result_id

    async def unshare(self, result: int) -> None:
        assert await self.store.write(shares.take_back, self.me, result) == 1

    async def states(self) -> list[str]:
        def work(unit: Unit) -> list[str]:
            return list(unit.execute(select(outbox_table.c.state).order_by(outbox_table.c.id)).scalars())

        return await self.store.read(work)

    async def comes_to(self, *states: str) -> None:
        while True:
            if await self.states() == list(states):
                return
            await asyncio.sleep(0.01)


@pytest.fixture
async def office(store: Store, content: Content, clock: SetClock, pictures: Pictures, faults: Faults) -> Office:
    registry = Registry(
        {}, {}, {"t.note": Notice("t.note", _note), shares.SHARED: Notice(shares.SHARED, _unless_taken_back)}
    )
    dispatcher = Dispatcher(store, content, registry, now=clock.now, draw=pictures.draw)
    community = await store.write(communities.seen, "web", "sandbox", "Room", Language.EN)
    return Office(store, dispatcher, Post(), clock, Me(community.id, "u1", "Ada"))


async def test_what_a_unit_tells_is_delivered_and_marked(office: Office) -> None:
    await office.tell(1, 2)

    assert await office.delivery().once(Stop()) == 2
    assert [message.place for message in office.post.taken] == ["u1", "u1"]
    assert await office.states() == ["sent", "sent"]
    assert await office.delivery().once(Stop()) == 0


async def test_a_unit_that_fails_tells_nobody(office: Office) -> None:
    def work(unit: Unit) -> None:
        unit.tell(members.ensure(unit, office.me), "t.note", number=1)
        raise ValueError("a fault after the telling")

    with pytest.raises(ValueError, match="after the telling"):
        await office.store.write(work)

    assert await office.delivery().once(Stop()) == 0


async def test_what_is_no_longer_true_is_not_told(office: Office) -> None:
    await office.tell(-1)
    await office.delivery().once(Stop())

    assert office.post.taken == []
    assert await office.states() == ["sent"]


async def test_a_closed_dm_is_not_tried_again_and_waits_for_the_next_private_answer(office: Office) -> None:
    await office.tell(1)
    office.post.raises = [Refused("50007")]
    await office.delivery().once(Stop())

    office.clock.move(days=30)
    assert await office.delivery().once(Stop()) == 0
    member = await office.store.read(members.find, office.me)
    assert member is not None
    assert member.waiting == 1


async def test_a_platform_that_is_down_is_tried_later_with_growing_pauses(office: Office) -> None:
    await office.tell(1)
    office.post.raises = [TryLater("500"), TryLater("500")]
    sender = office.delivery()
    await sender.once(Stop())
    assert await sender.once(Stop()) == 0

    office.clock.move(seconds=11)
    assert await sender.once(Stop()) == 1
    office.clock.move(seconds=11)
    assert await sender.once(Stop()) == 0
    office.clock.move(seconds=11)
    assert await sender.once(Stop()) == 1
    assert await office.states() == ["sent"]


async def test_the_platforms_own_pause_is_kept(office: Office) -> None:
    await office.tell(1)
    office.post.raises = [TryLater("429", after=600)]
    await office.delivery().once(Stop())

    office.clock.move(seconds=590)
    assert await office.delivery().once(Stop()) == 0
    office.clock.move(seconds=20)
    assert await office.delivery().once(Stop()) == 1


async def test_after_a_day_of_failures_it_is_given_up(office: Office) -> None:
    await office.tell(1)
    sender = office.delivery()
    for _attempt in range(12):
        office.post.raises = [TryLater("500")]
        assert await sender.once(Stop()) == 1
        office.clock.move(hours=5)

    assert await office.states() == ["dead"]


async def test_a_post_of_which_nobody_knows_whether_it_is_there_is_not_repeated(office: Office) -> None:
    await office.announce("p1")
    office.post.remembers = 0.0
    office.post.raises = [Uncertain("timeout")]
    await office.delivery().once(Stop())

    office.clock.move(days=1)
    assert await office.delivery().once(Stop()) == 0
    assert await office.states() == ["uncertain"]


async def test_a_post_without_an_answer_is_sent_again_soon_where_the_platform_knows_it_again(office: Office) -> None:
    await office.announce("p1")
    office.post.raises = [Uncertain("timeout")] * 2
    await office.delivery().once(Stop())
    assert await office.delivery().once(Stop()) == 0
    for _try in range(2):
        office.clock.move(seconds=5)
        await office.delivery().once(Stop())

    assert [message.again for message in office.post.taken] == [True]
    assert await office.states() == ["sent"]


async def test_a_post_without_an_answer_is_not_sent_again_once_the_platform_may_have_forgotten_it(
    office: Office,
) -> None:
    await office.announce("p1")
    lease, long_ago = dt.timedelta(seconds=60), real_now() - dt.timedelta(seconds=115)
    await office.store.write(outbox.claim, "dead", 1, lease, real_now=long_ago)
    office.post.raises = [Uncertain("timeout")]
    await office.delivery().once(Stop())

    assert await office.states() == ["uncertain"]


async def test_a_person_of_whom_nobody_knows_whether_they_were_told_is_told_again(office: Office) -> None:
    await office.tell(1)
    office.post.raises = [Uncertain("timeout")]
    await office.delivery().once(Stop())

    office.clock.move(minutes=1)
    assert await office.delivery().once(Stop()) == 1
    assert await office.states() == ["sent"]


async def test_a_post_after_a_crash_is_left_alone_where_the_platform_would_post_it_twice(office: Office) -> None:
    await office.announce("p1")
    lease = dt.timedelta(seconds=60)
    await office.store.write(outbox.claim, "dead", 1, lease, real_now=real_now() - dt.timedelta(seconds=61))
    office.post.remembers = 0.0
    await office.delivery().once(Stop())

    assert office.post.taken == []
    assert await office.states() == ["uncertain"]


async def test_a_post_of_a_clock_that_was_set_back_is_left_alone(office: Office) -> None:
    """How long ago it was tried nobody knows: the platform may have forgotten it by now."""
    await office.announce("p1")
    lease, ahead = dt.timedelta(seconds=60), real_now() + dt.timedelta(days=40)
    await office.store.write(outbox.claim, "dead", 1, lease, real_now=ahead)
    await office.delivery().once(Stop())

    assert office.post.taken == []
    assert await office.states() == ["uncertain"]


async def test_a_post_after_a_crash_is_repeated_where_the_platform_knows_it_for_ever(office: Office) -> None:
    await office.announce("p1")
    lease = dt.timedelta(seconds=60)
    await office.store.write(outbox.claim, "dead", 1, lease, real_now=real_now() - dt.timedelta(days=9))
    office.post.remembers = float("inf")
    await office.delivery().once(Stop())

    assert await office.states() == ["sent"]


async def test_nothing_is_claimed_before_the_surface_is_connected(office: Office) -> None:
    await office.announce("p1")
    office.post.waits_for = "the gateway"
    assert await office.delivery().once(Stop()) == 0
    assert await office.states() == ["waiting"]

    office.post.waits_for = None
    assert await office.delivery().once(Stop()) == 1


async def test_what_is_claimed_and_not_sent_in_half_a_lease_is_given_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, office.post.gate = asyncio.get_running_loop(), asyncio.Event()
    real, half = loop.time, delivery.LEASE.total_seconds() / 2
    await office.tell(1, 2, 3, 4, 5)
    sending = asyncio.create_task(office.delivery().once(Stop()))
    await office.post.reached.wait()
    # half of the lease is thirty seconds
    monkeypatch.setattr(loop, "time", lambda: real() + half)
    office.clock.move(hours=1)
    office.post.gate.set()
    await sending

    assert await office.states() == ["sent", "waiting", "waiting", "waiting", "waiting"]
    monkeypatch.undo()
    office.clock.move(hours=-1)  # it was the clock that was wrong
    assert await office.delivery().once(Stop()) == 4


async def test_while_the_clock_cannot_be_believed_nothing_is_claimed_nor_gone_on_with(office: Office) -> None:
    await office.tell(1, 2, 3)
    office.post.gate, believed, asked, stop = asyncio.Event(), asyncio.Event(), asyncio.Event(), Stop()
    believed.set()

    def may_go_on() -> bool:
        asked.set()
        return believed.is_set()

    running = asyncio.create_task(Delivery(office.dispatcher, {"web": office.post}, may_go_on).run(stop))
    async with asyncio.timeout(20):
        await office.post.reached.wait()
        believed.clear()
        office.clock.move(days=2)
        office.post.gate.set()
        await office.comes_to("sent", "waiting", "waiting")
        for _lane in range(2):
            asked.clear()
            await asked.wait()
        assert await office.states() == ["sent", "waiting", "waiting"]

        office.clock.move(days=-2)
        believed.set()
        await office.comes_to("sent", "sent", "sent")
    stop.tell()
    await running


async def test_the_same_post_promised_twice_is_posted_once(office: Office) -> None:
    await office.announce("p1")
    await office.announce("p1")

    assert await office.delivery().once(Stop()) == 1


async def test_direct_messages_keep_the_platforms_pace(office: Office) -> None:
    office.post.pace = 0.1
    await office.tell(1, 2, 3)
    await office.delivery().once(Stop())

    gaps = [after - before for before, after in zip(office.post.at, office.post.at[1:], strict=False)]
    assert min(gaps) >= 0.099


async def test_two_processes_do_not_send_the_same_message(office: Office) -> None:
    await office.tell(*range(20))

    sent = await asyncio.gather(*(office.delivery().once(Stop()) for _ in range(4)))

    assert sum(sent) == 20
    assert len(office.post.taken) == 20


async def test_a_message_whose_sender_died_is_sent_when_the_lease_ends(office: Office) -> None:
    await office.tell(1)
    long_ago = real_now() - dt.timedelta(seconds=61)
    lease = dt.timedelta(seconds=60)
    await office.store.write(outbox.claim, "the dead one", 10, lease, real_now=long_ago)

    assert await office.delivery().once(Stop()) == 1
    assert office.post.taken[0].again


async def test_stopping_lets_the_message_under_way_end_and_gives_back_the_others(office: Office) -> None:
    await office.tell(1, 2, 3)
    office.post.gate = asyncio.Event()
    stop = Stop()
    running = asyncio.create_task(office.delivery().run(stop))
    await office.post.reached.wait()

    stop.tell()
    office.post.gate.set()
    await running

    assert await office.states() == ["sent", "waiting", "waiting"]


async def test_a_fault_while_composing_is_logged_and_the_others_go_on(office: Office, faults: Faults) -> None:
    def work(unit: Unit) -> None:
        unit.tell(members.ensure(unit, office.me), "t.no-such-notice")

    await office.store.write(work)
    await office.tell(2)
    await office.delivery().once(Stop())

    assert len(office.post.taken) == 1
    assert faults.entries
    faults.entries.clear()


# Taking back


async def test_a_share_that_was_sent_is_deleted_where_it_stands(office: Office) -> None:
    result = await office.share()
    await office.delivery().once(Stop())
    await office.unshare(result)

    assert await office.delivery().once(Stop()) == 1
    assert office.post.taken_back == [("general", "m1")]
    assert await office.states() == ["sent", "sent"]
    assert await office.delivery().once(Stop()) == 0


async def test_a_share_that_still_waits_is_simply_not_sent(office: Office) -> None:
    await office.unshare(await office.share())

    assert await office.delivery().once(Stop()) == 0
    assert (office.post.taken, office.post.taken_back) == ([], [])


async def test_a_share_taken_back_while_it_is_being_sent_is_deleted_after_it_was_sent(office: Office) -> None:
    result = await office.share()
    office.post.gate = asyncio.Event()
    sending = asyncio.create_task(office.delivery().once(Stop()))
    await office.post.reached.wait()
    await office.unshare(result)

    other = office.delivery()
    assert await other.once(Stop()) == 1
    assert office.post.taken_back == []
    office.post.gate.set()
    await sending
    office.clock.move(seconds=11)
    await other.once(Stop())

    assert len(office.post.taken) == 1
    assert office.post.taken_back == [("general", "m1")]
    assert await office.states() == ["sent", "sent"]


async def test_a_share_whose_sending_failed_is_not_tried_again_once_it_is_taken_back(office: Office) -> None:
    result = await office.share()
    office.post.raises = [TryLater("500")]
    await office.delivery().once(Stop())
    await office.unshare(result)

    office.clock.move(hours=5)
    await office.delivery().once(Stop())
    assert (office.post.taken, office.post.taken_back) == ([], [])


async def test_a_deletion_that_a_platform_does_not_take_now_is_tried_again_with_pauses(
    office: Office, faults: Faults
) -> None:
    result = await office.share()
    sender = office.delivery()
    await sender.once(Stop())
    await office.unshare(result)
    office.post.raises = [TryLater("429", after=600), RuntimeError("no line")]
    await sender.once(Stop())
    assert await sender.once(Stop()) == 0

    office.clock.move(seconds=601)
    await sender.once(Stop())
    office.clock.move(hours=1)
    await sender.once(Stop())
    assert office.post.taken_back == [("general", "m1")]
    assert [entry["event"] for entry in faults.entries] == ["delivery.not_taken_back"]
    faults.entries.clear()


async def test_a_deletion_that_is_refused_is_for_moderators_to_see(office: Office) -> None:
    result = await office.share()
    await office.delivery().once(Stop())
    await office.unshare(result)
    office.post.raises = [Refused("50001")]
    await office.delivery().once(Stop())

    office.clock.move(days=1)
    assert await office.delivery().once(Stop()) == 0
    (doubt,) = await office.store.read(doubts.of_community, office.me.community)
    assert (doubt.channel, doubt.leftover) == ("general", True)


async def test_a_share_of_which_nobody_knows_is_never_posted_again_and_left_to_moderators_when_taken_back(
    office: Office,
) -> None:
    result = await office.share()
    office.post.remembers = 0.0
    office.post.raises = [Uncertain("timeout")]
    await office.delivery().once(Stop())
    assert await office.store.read(doubts.of_community, office.me.community) == []

    await office.unshare(result)
    await office.delivery().once(Stop())
    assert (office.post.taken, office.post.taken_back) == ([], [])
    (doubt,) = await office.store.read(doubts.of_community, office.me.community)
    assert doubt.leftover


async def test_a_share_whose_sender_died_is_not_sent_once_taken_back_and_left_to_moderators(office: Office) -> None:
    result = await office.share()
    lease = dt.timedelta(seconds=60)
    await office.store.write(outbox.claim, "dead", 1, lease, real_now=real_now() - dt.timedelta(seconds=61))
    await office.unshare(result)
    sender = office.delivery()
    await sender.once(Stop())
    office.clock.move(seconds=11)
    await sender.once(Stop())

    assert office.post.taken == []
    assert await office.states() == ["sent", "dead"]


@pytest.mark.parametrize("when", ["waiting", "claimed", "sent"])
async def test_erasing_a_member_takes_back_what_they_shared(office: Office, when: str) -> None:
    await office.share()
    sender, stop = office.delivery(), Stop()
    sending = None
    if when == "sent":
        await sender.once(stop)
    if when == "claimed":
        office.post.gate = asyncio.Event()
        sending = asyncio.create_task(office.delivery().once(stop))
        await office.post.reached.wait()
    assert (await office.store.write(members.forget, office.me)).shares == 1
    if sending is not None and office.post.gate is not None:
        office.post.gate.set()
        await sending
    await sender.once(stop)

    assert len(office.post.taken) == len(office.post.taken_back) == (0 if when == "waiting" else 1)
    assert "dead" not in await office.states()
