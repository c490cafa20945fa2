"""A mentor's rest."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from commands.kit.press import Press
from commands.kit.request import Pressed
from storage import mentor_times, offers, requests, wishes
from storage.mentor_states import Approval, Paused
from storage.offers import Offer
from storage.unit import Unit
from storage.wishes import Request
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.drivers.stored import claimed
from tests.storage.mentoring import TERMS, mentee, mentor, person


async def standing(chat: DirectDriver, capacity: int = 2) -> Offer:
    """This member's offer, listed."""
    return await mentor(chat.dispatcher.store, await chat.me(), replace(TERMS, capacity=capacity))


async def now(chat: DirectDriver) -> Offer | None:
    return await chat.dispatcher.store.read(offers.mine, await chat.me())


async def press(chat: DirectDriver, action: str, *arguments: int | None) -> Seen:
    """A button of a card that was sent at some time."""
    await chat.run("/pmpath home")
    return await chat.call(Pressed(chat.wire(Press(action, arguments))))


async def asked(chat: DirectDriver, offer: Offer, name: str) -> int:
    """Somebody asks this mentor; their row."""
    who = person(await chat.me(), name)
    row = await mentee(chat.dispatcher.store, who)
    await chat.dispatcher.store.write(requests.ask, who, offer.id, ())
    return row


async def test_a_pause_ends_on_the_morning_of_its_day_by_the_mentors_clock(chat: DirectDriver, clock: SetClock) -> None:
    await standing(chat)
    clock.moment = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)  # in Berlin it is the 24th already
    await chat.run("/pmpath mentor offer")
    await chat.press("Pause")
    card = await chat.press("1 week")
    assert card.lines[0] == "Paused until 1 December 2026: nobody new can ask you until then."
    found = await now(chat)
    assert found is not None
    assert found.paused_until == dt.datetime(2026, 11, 30, 23, tzinfo=dt.UTC)

    clock.move(days=7)
    await chat.dispatcher.store.write(mentor_times.work_off)
    assert (await chat.run("/pmpath mentor offer")).lines[0].startswith("You are listed")


async def test_a_date_can_be_written_and_a_wrong_one_is_told(chat: DirectDriver) -> None:
    await standing(chat)
    await press(chat, "mentor.pause")
    await chat.press("Until a date")
    for written, said in (
        ("soon", "Please write the day as year-month-day, like 2027-03-31."),
        ("2026-11-23", "Please write a day after today, at most a year ahead."),
        ("2028-01-01", "Please write a day after today, at most a year ahead."),
    ):
        assert (await chat.fill(until=written)).lines == [said]
        assert (await chat.press("Correct it")).fields == {"until": written}
    card = await chat.fill(until="2027年1月5日")
    assert card.lines[0] == "Paused until 5 January 2027: nobody new can ask you until then."
    assert (await press(chat, "mentor.pause-for", 5000)).title == "Not this time"


async def test_until_i_say_ends_with_one_press_however_often_and_moderators_pauses_do_not(chat: DirectDriver) -> None:
    offer = await standing(chat)
    await press(chat, "mentor.pause")
    card = await chat.press("Until I say")
    assert card.lines[0] == "Paused until you take it up again: nobody new can ask you."
    await chat.press("Take it up again")
    assert (await press(chat, "mentor.resume")).lines[0].startswith("You are listed")

    me = await chat.me()
    await chat.dispatcher.store.write(offers.pause, me.community, offer.member, Paused.MODERATORS)
    for action, arguments in (("mentor.resume", ()), ("mentor.pause-for", (7,))):
        card = await press(chat, action, *arguments)
        assert card.lines[0].startswith("The moderators have paused this offer")
        assert not {"Take it up again", "Pause"} & set(card.buttons)


async def test_two_silences_are_told_and_one_press_takes_it_up_again(chat: DirectDriver, clock: SetClock) -> None:
    offer = await standing(chat)
    await chat.dispatcher.store.write(offers.pause, (await chat.me()).community, offer.member, Paused.SILENCE)
    await chat.dispatcher.store.write(tell_paused, offer.member)
    dues = [due for due in await claimed(chat, clock) if due.notice == mentor_times.PAUSED]
    composed = await chat.dispatcher.compose(dues[0])
    assert composed is not None
    assert composed[0].title.en == "Your offer is paused"

    assert (await chat.run("/pmpath mentor offer")).lines[0].startswith("Paused, since two requests had no answer.")
    await chat.press("Take it up again")
    assert await chat.dispatcher.compose(dues[0]) is None


async def test_ending_says_what_it_does_and_sends_who_asked_to_their_next_wish(chat: DirectDriver) -> None:
    offer = await standing(chat)
    waiting = await asked(chat, offer, "Bea")
    accepted = await asked(chat, offer, "Cem")
    me = await chat.me()
    found = next(each for each in await before(chat) if each.mentee == accepted)
    await chat.dispatcher.store.write(requests.accept, me, found.id)

    card = await press(chat, "mentor.end")
    assert card.lines[1:] == [
        "1 request that waits for your answer goes on to the member's next wish.",
        "1 match that is on goes on.",
    ]
    assert await before(chat)
    for _time in range(2):
        card = await press(chat, "mentor.end-now")
        assert card.title == "Your offer has ended"
    assert await now(chat) is None
    assert await chat.dispatcher.store.read(wishes.live, waiting) == []
    assert (await press(chat, "mentor.resume")).lines == ["This offer has ended. You can make a new one at any time."]


async def test_an_offer_that_moderators_took_down_does_not_end_to_come_back_as_a_new_one(chat: DirectDriver) -> None:
    offer = await standing(chat)
    await chat.dispatcher.store.write(offers.set_approval, (await chat.me()).community, offer.member, Approval.REMOVED)
    card = await chat.run("/pmpath mentor offer")
    assert card.lines[0].startswith("The moderators have taken this offer down")
    assert card.buttons == ["My mentoring", "Home"]
    for action in ("mentor.end", "mentor.end-now"):
        assert (await press(chat, action)).lines == ["The moderators have taken this offer down. Please ask them."]
    assert await now(chat) is not None


async def before(chat: DirectDriver) -> list[Request]:
    return await chat.dispatcher.store.read(requests.before_me, await chat.me())


def tell_paused(unit: Unit, member_id: int) -> None:
    unit.tell(member_id, mentor_times.PAUSED)
