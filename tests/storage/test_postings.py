"""Tips that go out: what becomes of each, what moderators can still do, and what members did with it."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from sqlalchemy import update

from content.outcomes import Outcome
from content.text import Language
from storage import audit, doubts, firing, library, moderator_notes, outbox, postings, tip_shelf, tips
from storage.due import Due
from storage.members import Me
from storage.outbox_states import DEAD
from storage.postings import CALL_OFF, TROUBLE, WEEKLY, Did, Done, Posting, Stop
from storage.store import Store
from storage.tables import schedule, tip_deed
from storage.tip_states import PAUSED, POSTED, READY
from tests.storage import weekly
from tests.storage.conftest import Clock
from tests.storage.weekly import LIBRARY, REAL, WEEK, add, claim, fire, slots, switch_on

MINUTE = dt.timedelta(minutes=1)


async def due_tip(store: Store, me: Me, clock: Clock, *titles: str) -> Due:
    """A tip that has its slot, claimed by whoever sends it; of the queue where titles are given."""
    for title in titles:
        await add(store, me, title)
    found = await switch_on(store, me)
    clock.moment = found.next_at
    await fire(store)
    return await claimed(store)


async def claimed(store: Store, notice: str = WEEKLY) -> Due:
    (due,) = [each for each in await claim(store) if each.notice == notice]
    return due


async def handed_tip(store: Store, clock: Clock) -> tuple[Me, Due]:
    """A tip that Slack has until its time, ten minutes from now."""
    una = await weekly.elsewhere(store)
    found = await switch_on(store, una)
    clock.moment = found.next_at - 10 * MINUTE
    await fire(store)
    due = await claimed(store)
    assert await store.write(outbox.handed, due, "Q1")
    return una, due


async def posting_of(store: Store, me: Me, due: Due) -> Posting:
    found = await store.read(postings.find, me.community, int(due.ids["posting"]))
    assert found is not None
    return found


async def trouble(store: Store, me: Me) -> str | None:
    return (await weekly.schedule_of(store, me)).trouble


async def stop(store: Store, me: Me, due: Due) -> Stop:
    return await store.write(postings.stop, me, int(due.ids["posting"]))


# Ends


async def test_a_sent_tip_is_out_and_members_find_it(store: Store, me: Me, clock: Clock) -> None:
    due = await due_tip(store, me, clock)
    assert await store.read(postings.out, me.community, None, 0, 5) == ([], 0)
    assert [each.state for each in await store.read(postings.coming, me.community)] == ["due"]

    await store.write(outbox.sent, due, "m1")

    (found,), total = await store.read(postings.out, me.community, None, 0, 5)
    assert (found.tip, found.outcome, found.state, found.pressed, total) == ("b0", Outcome.BUSINESS, "out", False, 1)
    assert await store.read(postings.coming, me.community) == []


async def test_what_was_out_is_listed_by_outcome_the_newest_first_in_pages(store: Store, me: Me, clock: Clock) -> None:
    for moment in (await switch_on(store, me)).next_times(5):
        clock.moment = moment
        await fire(store)
        await weekly.deliver(store)

    page, total = await store.read(postings.out, me.community, None, 1, 2)
    business, of_business = await store.read(postings.out, me.community, Outcome.BUSINESS, 0, 5)

    assert ([each.tip for each in page], total) == (["h0", "t0"], 5)
    assert ([each.tip for each in business], of_business) == (["b1", "b0"], 2)


async def test_a_refused_tip_comes_back_and_the_schedule_says_why(store: Store, me: Me, clock: Clock) -> None:
    due = await due_tip(store, me, clock, "One", "Two")
    await store.write(outbox.dead, due, "no-channel")

    assert (await posting_of(store, me, due)).state == "failed"
    assert await trouble(store, me) == "no-channel"
    found = await store.read(tips.queue, me.community)
    assert [(tip.said[Language.EN][0], tip.state) for tip in found] == [("One", READY), ("Two", READY)]

    clock.move(WEEK)
    await fire(store)
    await store.write(outbox.sent, await claimed(store), "m2")
    assert await trouble(store, me) is None
    assert [state for _tip, state in await slots(store)] == ["failed", "out"]


async def test_a_refused_tip_of_the_library_is_next_again(store: Store, me: Me, clock: Clock) -> None:
    due = await due_tip(store, me, clock)
    await store.write(outbox.dead, due, "no-right")

    assert await store.read(library.next_of, me.community, LIBRARY[Outcome.BUSINESS]) == "b0"


@pytest.mark.parametrize("end", ["dead", "uncertain", "sent"])
async def test_moderators_who_want_messages_learn_at_once_of_a_post_in_trouble(
    store: Store, me: Me, somebody: Me, clock: Clock, end: str
) -> None:
    due = await due_tip(store, me, clock, "One")
    await weekly.wants_messages(store, me)
    if end == "dead":
        await store.write(outbox.dead, due, "no-right")
    elif end == "uncertain":
        await store.write(outbox.uncertain, due)
    else:
        await store.write(outbox.sent, due, "m1")

    told = await claim(store)
    expected = [] if end == "sent" else [(TROUBLE, {"posting": due.ids["posting"]}, me.uid)]
    assert [(each.notice, each.ids, each.member and each.member.uid) for each in told] == expected
    assert await weekly.told(store, me) == []


async def test_an_uncertain_tip_is_never_repeated_and_does_not_go_back_to_the_queue(
    store: Store, me: Me, clock: Clock
) -> None:
    due = await due_tip(store, me, clock, "One")
    await store.write(outbox.uncertain, due)

    assert (await posting_of(store, me, due)).state == "doubtful"
    assert await claim(store, at=REAL + dt.timedelta(days=9)) == []
    assert await store.read(tips.queue, me.community) == []


async def test_a_doubtful_tip_that_moderators_found_is_out(store: Store, me: Me, clock: Clock) -> None:
    due = await due_tip(store, me, clock)
    await store.write(outbox.uncertain, due)
    (doubt,) = await store.read(doubts.of_community, me.community)
    assert (doubt.id, doubt.refused) == (due.id, False)

    assert await store.write(doubts.settle, me.community, due.id) is True
    assert await store.write(doubts.settle, me.community, due.id) is False
    assert await store.write(doubts.post_again, me.community, due.id) is False

    assert (await posting_of(store, me, due)).state == "out"


async def test_a_doubtful_tip_that_is_not_there_is_posted_as_if_it_were_new(store: Store, me: Me, clock: Clock) -> None:
    due = await due_tip(store, me, clock)
    await store.write(outbox.uncertain, due)
    clock.move(dt.timedelta(days=3))

    for first in (True, False):
        assert await store.write(doubts.post_again, me.community, due.id) is first
    again = await claimed(store)

    assert (again.id, again.first, again.unsure_since, again.post_at) == (due.id, True, None, clock.moment)
    assert (await posting_of(store, me, due)).state == "due"
    await store.write(outbox.sent, again, "m1")
    assert (await posting_of(store, me, due)).state == "out"


@pytest.mark.parametrize("own", [True, False], ids=["own", "library"])
async def test_a_refused_tip_that_is_posted_again_leaves_the_queue_again(
    store: Store, me: Me, clock: Clock, own: bool
) -> None:
    due = await due_tip(store, me, clock, *(["One"] if own else []))
    await store.write(outbox.dead, due, "no-right")

    assert await store.write(doubts.post_again, me.community, due.id) is True

    assert (await posting_of(store, me, due)).state == "due"
    assert await store.read(tips.queue, me.community) == []
    assert await store.read(library.next_of, me.community, LIBRARY[Outcome.BUSINESS]) == ("b0" if own else "b1")


@pytest.mark.parametrize("own", [True, False], ids=["own", "library"])
async def test_a_refused_tip_that_went_out_since_is_not_posted_again(
    store: Store, me: Me, clock: Clock, own: bool
) -> None:
    due = await due_tip(store, me, clock, *(["One"] if own else []))
    await store.write(outbox.dead, due, "no-right")
    clock.move(WEEK)
    await fire(store, {Outcome.BUSINESS: LIBRARY[Outcome.BUSINESS]})
    await weekly.deliver(store)

    assert await store.write(doubts.post_again, me.community, due.id) is False

    first, second = await slots(store)
    assert first[0] == second[0]
    assert (first[1], second[1]) == ("failed", "out")
    assert await claim(store) == []
    assert await store.read(doubts.of_community, me.community) == []


async def test_a_refused_tip_that_moderators_let_be_stays_in_the_queue(store: Store, me: Me, clock: Clock) -> None:
    due = await due_tip(store, me, clock, "One")
    await store.write(outbox.dead, due, "no-right")

    assert await store.write(doubts.settle, me.community, due.id) is True

    assert (await posting_of(store, me, due)).state == "failed"
    assert len(await store.read(tips.queue, me.community)) == 1


async def test_a_tip_that_nobody_could_send_for_a_day_is_passed_over_and_told(
    store: Store, me: Me, clock: Clock
) -> None:
    due = await due_tip(store, me, clock, "One")
    assert due.post_at is not None
    await store.write(firing.pass_over, due)
    await store.write(firing.pass_over, due)

    assert (await posting_of(store, me, due)).state == "skipped"
    assert [tip.state for tip in await store.read(tips.queue, me.community)] == [READY]
    assert await weekly.told(store, me) == [firing.MISSED]
    assert await trouble(store, me) is None
    assert await store.read(doubts.of_community, me.community) == []


# Stop it


async def test_a_tip_that_waits_is_stopped_at_once_and_kept(store: Store, me: Me, clock: Clock) -> None:
    due = await due_tip(store, me, clock, "One")
    await store.write(outbox.again, due, "429", dt.timedelta())
    assert [await stop(store, me, due) for _press in range(2)] == [Stop.STOPPED] * 2

    assert (await posting_of(store, me, due)).state == "stopped"
    assert await claim(store) == []
    assert [tip.state for tip in await store.read(tips.queue, me.community)] == [PAUSED]
    assert await store.read(doubts.of_community, me.community) == []
    lines = (await store.read(audit.of_community, me.community, 0, 9)).lines
    assert [line.deed for line in lines].count(audit.Deed.TIP_STOPPED) == 1


async def test_a_stopped_tip_of_the_library_had_its_turn(store: Store, me: Me, clock: Clock) -> None:
    due = await due_tip(store, me, clock)
    await store.write(outbox.again, due, "429", dt.timedelta())
    await stop(store, me, due)
    clock.move(WEEK)
    await fire(store)

    assert await slots(store) == [("b0", "stopped"), ("p0", "due")]


@pytest.mark.parametrize("state", ["claimed", "looked for", "sent", "uncertain", "dead"])
async def test_a_tip_that_is_being_sent_or_has_its_end_can_not_be_stopped(
    store: Store, me: Me, clock: Clock, state: str
) -> None:
    due = await due_tip(store, me, clock, "One")
    if state == "looked for":
        await store.write(outbox.look, due, "timeout", dt.timedelta())
    elif state == "sent":
        await store.write(outbox.sent, due, "m1")
    elif state == "uncertain":
        await store.write(outbox.uncertain, due)
    elif state == "dead":
        await store.write(outbox.dead, due, "no-right")
    before = await posting_of(store, me, due)

    assert await stop(store, me, due) is Stop.TOO_LATE

    assert await posting_of(store, me, due) == before


async def test_a_stop_and_a_claim_at_once_have_one_effect(store: Store, me: Me, clock: Clock) -> None:
    due = await due_tip(store, me, clock, "One")
    await store.write(outbox.again, due, "429", dt.timedelta())

    said, dues = await asyncio.gather(stop(store, me, due), claim(store))

    state = (await posting_of(store, me, due)).state
    assert (said, len(dues), state) in {(Stop.STOPPED, 0, "stopped"), (Stop.TOO_LATE, 1, "due")}


async def test_a_tip_that_slack_has_is_called_off_there(store: Store, clock: Clock) -> None:
    una, due = await handed_tip(store, clock)
    assert (await posting_of(store, una, due)).state == "handed"

    assert [await stop(store, una, due) for _press in range(2)] == [Stop.ON_ITS_WAY] * 2

    assert (await posting_of(store, una, due)).state == "stopping"
    call_off = await claimed(store, CALL_OFF)
    assert (call_off.channel, call_off.ids) == ("C1", {"post": due.id, "remote": "Q1"})
    await store.write(outbox.called_off, call_off, given_back=True)
    assert (await posting_of(store, una, due)).state == "stopped"
    clock.move(11 * MINUTE)
    await fire(store)
    assert (await posting_of(store, una, due)).state == "stopped"
    assert await store.read(doubts.of_community, una.community) == []


async def test_too_late_for_slack_the_tip_goes_out(store: Store, clock: Clock) -> None:
    una, due = await handed_tip(store, clock)
    await stop(store, una, due)
    await store.write(outbox.called_off, await claimed(store, CALL_OFF), given_back=False)
    assert (await posting_of(store, una, due)).state == "handed"

    clock.move(10 * MINUTE)
    await fire(store)

    assert (await posting_of(store, una, due)).state == "out"


async def test_within_its_last_minute_slack_is_not_asked(store: Store, clock: Clock) -> None:
    una, due = await handed_tip(store, clock)
    clock.move(9 * MINUTE)

    assert await stop(store, una, due) is Stop.TOO_LATE

    assert await claim(store) == []
    assert (await posting_of(store, una, due)).state == "handed"


@pytest.mark.parametrize("state", ["claimed", "looked for"])
async def test_while_a_tip_is_being_given_to_slack_it_is_not_too_late(store: Store, clock: Clock, state: str) -> None:
    una = await weekly.elsewhere(store)
    found = await switch_on(store, una)
    clock.moment = found.next_at - 10 * MINUTE
    await fire(store)
    due = await claimed(store)
    if state == "looked for":
        await store.write(outbox.look, due, "timeout", MINUTE)
    assert await stop(store, una, due) is Stop.NOT_YET

    if state == "looked for":
        clock.move(MINUTE)
        due = await claimed(store)
    await store.write(outbox.handed, due, "Q1")
    assert await stop(store, una, due) is Stop.ON_ITS_WAY


async def test_slack_is_asked_again_where_it_did_not_give_a_tip_back(store: Store, clock: Clock) -> None:
    una, due = await handed_tip(store, clock)
    await stop(store, una, due)
    await store.write(outbox.called_off, await claimed(store, CALL_OFF), given_back=False)

    clock.move(MINUTE)
    assert await stop(store, una, due) is Stop.ON_ITS_WAY

    assert (await claimed(store, CALL_OFF)).ids["remote"] == "Q1"


async def test_two_moderators_who_stop_a_tip_at_once_both_read_that_it_is_stopped(
    store: Store, me: Me, somebody: Me, clock: Clock
) -> None:
    due = await due_tip(store, me, clock, "One")
    await store.write(outbox.again, due, "429", dt.timedelta())

    said = await asyncio.gather(*(stop(store, each, due) for each in (me, somebody) * 3))

    assert said == [Stop.STOPPED] * 6
    page = await store.read(audit.of_community, me.community, 0, 20)
    assert [line.deed for line in page.lines].count(audit.Deed.TIP_STOPPED) == 1


async def test_what_slack_gave_back_is_stopped_even_if_its_time_has_come_meanwhile(store: Store, clock: Clock) -> None:
    una, due = await handed_tip(store, clock)
    await stop(store, una, due)
    call_off = await claimed(store, CALL_OFF)
    clock.move(10 * MINUTE)
    await fire(store)
    assert (await posting_of(store, una, due)).state == "out"

    await store.write(outbox.called_off, call_off, given_back=True)

    assert (await posting_of(store, una, due)).state == "stopped"


async def test_where_nobody_knows_whether_slack_gave_it_back_moderators_are_asked(store: Store, clock: Clock) -> None:
    una, due = await handed_tip(store, clock)
    await stop(store, una, due)
    await store.write(outbox.called_off, await claimed(store, CALL_OFF), given_back=None)

    assert (await posting_of(store, una, due)).state == "doubtful"
    (doubt,) = await store.read(doubts.of_community, una.community)
    assert doubt.id == due.id
    clock.move(10 * MINUTE)
    await fire(store)
    assert (await posting_of(store, una, due)).state == "doubtful"


async def test_a_call_off_that_is_given_up_is_no_post_to_look_for(store: Store, clock: Clock) -> None:
    una, due = await handed_tip(store, clock)
    await stop(store, una, due)
    await store.write(outbox.dead, await claimed(store, CALL_OFF), "503")

    assert await store.read(doubts.of_community, una.community) == []


async def test_nobody_stops_or_sees_anothers_tip(store: Store, me: Me, clock: Clock) -> None:
    due = await due_tip(store, me, clock)
    await store.write(outbox.again, due, "429", dt.timedelta())
    una = await weekly.elsewhere(store)

    assert await stop(store, una, due) is Stop.TOO_LATE
    assert await store.read(postings.find, una.community, int(due.ids["posting"])) is None
    assert (await posting_of(store, me, due)).state == "due"


async def test_a_tip_that_goes_out_is_posted_in_the_words_it_has_then(store: Store, me: Me, clock: Clock) -> None:
    due = await due_tip(store, me, clock, "One")
    tip_id = int((await posting_of(store, me, due)).tip)
    found = await store.read(tips.find, me.community, tip_id)
    assert found is not None

    said = await store.write(tips.edit, me, tip_id, found.rev, weekly.written("Edited"))

    assert said is tips.Change.GONE
    again = await store.read(tips.find, me.community, tip_id)
    assert again is not None
    assert (again.state, again.said) == (POSTED, found.said)


# What members do


async def test_done_pressed_twice_is_kept_once(store: Store, me: Me, somebody: Me, clock: Clock) -> None:
    due = await due_tip(store, me, clock)
    posting = int(due.ids["posting"])

    said = await asyncio.gather(*(store.write(postings.do, somebody, posting, Done.DONE) for _press in range(4)))

    assert sorted((each.first, each.points) for each in said) == [(False, 0), (False, 0), (False, 0), (True, 3)]
    assert await store.read(tip_shelf.deeds, somebody) == {("b0", Done.DONE)}
    assert await store.read(lambda unit: len(unit.execute(tip_deed.select()).all())) == 1
    assert (await posting_of(store, me, due)).pressed


async def test_a_tip_is_planned_and_done_apart_and_once_however_often_it_goes_out(
    store: Store, me: Me, somebody: Me, clock: Clock
) -> None:
    first = await due_tip(store, me, clock)
    await store.write(outbox.sent, first, "m1")
    await store.write(lambda unit: library.give_back(unit, me.community, "b0"))
    await weekly.set_in(store, update(schedule).values(last_outcome=Outcome.HYBRID.value))
    clock.move(WEEK)
    await fire(store)
    second = await claimed(store)
    assert (await posting_of(store, me, second)).tip == "b0"

    said = [
        await store.write(postings.do, somebody, int(due.ids["posting"]), deed)
        for due in (first, second)
        for deed in Done
    ]

    assert said == [Did(first=True, points=3), Did(first=True), Did(first=False), Did(first=False)]
    assert await store.read(tip_shelf.deeds, me) == set()
    assert (await posting_of(store, me, second)).pressed


async def test_a_press_from_elsewhere_changes_nothing(store: Store, me: Me, clock: Clock) -> None:
    due = await due_tip(store, me, clock)
    una = await weekly.elsewhere(store)

    assert await store.write(postings.do, una, int(due.ids["posting"]), Done.DONE) == Did(first=False)

    assert await store.read(tip_shelf.deeds, una) == set()
    assert not (await posting_of(store, me, due)).pressed


async def test_ended_posts_of_other_kinds_touch_no_tip(store: Store, me: Me) -> None:
    await store.write(lambda unit: unit.post(me.community, "C1", "welcome", key="w"))
    (due,) = await claim(store)
    await store.write(outbox.dead, due, "50013")

    assert await slots(store) == []
    (doubt,) = await store.read(doubts.of_community, me.community)
    assert doubt.refused
    assert await store.write(doubts.post_again, me.community, doubt.id) is True
    (again,) = await claim(store)
    assert again.post_at is None
    assert DEAD not in [state for _tip, state in await slots(store)]
    assert await store.read(moderator_notes.count, me.community) == 0
