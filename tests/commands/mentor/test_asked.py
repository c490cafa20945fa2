"""What mentors are asked and what they answer, each told in the words that the other may read."""

from __future__ import annotations

from dataclasses import replace

from commands.kit.request import CommunityKey, Platform
from storage import not_with, offers, requests, wishes
from storage.mentor_states import RequestState
from tests.commands.mentor.talking import (
    asked,
    is_told,
    mine,
    named,
    names_told,
    row_of,
    time_passes,
    told,
    wish,
)
from tests.commands.test_plan import press
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.storage.mentoring import TERMS

OVER = "This request is no longer open: it was answered or taken back, or its time is over. Nothing has changed."


async def test_the_mentor_sees_what_the_mentee_chose_to_show_on_their_own_clock(chat: DirectDriver) -> None:
    two = await asked(chat, gaps=("kubernetes", "no-longer-a-skill"))

    card = await told(two.mentor, "mentor.asked")
    assert card.title == "Ada asks you to be their mentor"
    assert card.lines == [
        "Track: Platform (tools for developers)",
        "Experience with AI products: None yet",
        "Wants help with: Kubernetes",
        "Languages: English",
        "Their hours, on your clock: weekdays 18:00 to 21:00; weekends 18:00 to 21:00",
        "Please answer by Thursday, 26 November 2026, 10:00. Without an answer their next wish is asked.",
        "A no is private and needs no reason.",
        "From Sandbox. To be asked no more, pause or end your offer: /pmpath mentor offer.",
    ]
    assert card.buttons == ["Accept", "Decline…", "Report", "My mentoring", "Home"]


async def test_yes_gives_both_the_kit_and_a_second_press_shows_it_again(chat: DirectDriver) -> None:
    two = await asked(chat, "Bo", "Cem")
    for early in ("mentor.accept", "mentor.decline-never"):
        assert (await press(named(chat, "Cem"), early, two.request + 1)).lines == [OVER]
    await told(two.mentor, "mentor.asked")
    card = await two.mentor.press("Accept")

    assert card.title == "You and Ada: your first meeting"
    assert not await is_told(two.mentor, "mentor.asked")
    for never in ("mentor.decline", "mentor.decline-never"):
        late = await press(two.mentor, never, two.request, *([None] if never == "mentor.decline" else []))
        assert late.lines == [OVER]
    assert not await chat.dispatcher.store.read(not_with.apart, await row_of(chat), await row_of(two.mentor))
    assert (await press(two.mentor, "mentor.accept", two.request)).title == card.title
    assert OVER in (await press(named(chat, "Cem"), "mentor.accept", two.request)).lines
    assert (await told(chat, "mentor.kit")).title == "You and Bo: your first meeting"
    assert (await names_told(two.mentor)).count("mentor.kit") == 1
    assert "mentor.asked" not in await names_told(named(chat, "Cem"))


async def declined(chat: DirectDriver, *labels: str) -> tuple[DirectDriver, list[object]]:
    """What the mentee then sees: the message, and their own card."""
    two = await asked(chat, "Bo", "Cem")
    await told(two.mentor, "mentor.asked")
    for label in ("Decline…", *labels):
        await two.mentor.press(label)
    return two.mentor, [await told(chat, "mentor.declined"), await mine(chat), await names_told(chat)]


async def test_never_with_this_person_is_word_for_word_a_plain_no_to_the_mentee(chat: DirectDriver) -> None:
    other = chat.other(community=CommunityKey(Platform.WEB, "another", "Sandbox"))
    _mentor, plain = await declined(chat, "Without a reason")
    mentor, for_ever = await declined(other, "Not with this person")

    assert mentor.seen.lines == [
        "Ada is told that you cannot just now, without a reason.",
        "You will not be brought together again. Nobody is told, and you need do nothing more.",
    ]
    assert for_ever == plain
    read = chat.dispatcher.store.read
    assert await read(not_with.apart, await row_of(other), await row_of(mentor))
    assert not await read(not_with.apart, await row_of(chat), await row_of(named(chat, "Bo")))


async def test_a_reason_goes_along_only_where_it_is_chosen_and_the_next_wish_is_asked(chat: DirectDriver) -> None:
    mentor, (card, *_rest) = await declined(chat, "No time just now")

    assert card == await told(chat, "mentor.declined")
    assert chat.seen.lines == [
        "Bo cannot be your mentor just now. That says nothing about you.",
        "The reason given: No time just now",
        "Your next wish is asked now: Cem, until Thursday, 26 November 2026, 10:00.",
        "From Sandbox. To stop this, take back your wishes under “My mentoring”.",
    ]
    before = mentor.seen
    assert await press(mentor, "mentor.decline", 1, None) == before
    await press(named(chat, "Cem"), "mentor.accept", 2)
    assert not await is_told(chat, "mentor.declined")  # the kit says what matters now


async def test_without_an_answer_the_next_is_asked_until_none_is_left(chat: DirectDriver, clock: SetClock) -> None:
    two = await asked(chat, "Bo", "Cem")
    await told(two.mentor, "mentor.asked")
    clock.move(hours=72)
    await time_passes(chat)

    assert OVER in (await two.mentor.press("Accept")).lines
    assert not await is_told(two.mentor, "mentor.asked")
    card = await told(chat, "mentor.next-asked")
    assert card.lines[0] == "Bo has not answered in time. That says nothing about you: people are away or busy."
    assert card.lines[1] == "Your next wish is asked now: Cem, until Sunday, 29 November 2026, 10:00."
    clock.move(hours=72)
    await time_passes(chat)
    card = await told(chat, "mentor.none-left")
    assert card.lines[1] == "None of your wishes is left. Ask somebody else, or wait for the next mentor matching day."
    assert card.buttons == ["Find a mentor", "My mentoring", "Home"]
    late = await press(two.mentor, "mentor.decline-never", two.request)
    assert late.lines == ["You will not be brought together again. Nobody is told, and you need do nothing more."]


async def test_who_is_asked_no_more_reads_that_kindly(chat: DirectDriver) -> None:
    two = await asked(chat)
    await chat.dispatcher.store.write(wishes.cancel_others, await row_of(chat))

    card = await told(two.mentor, "mentor.found-another")
    assert card.lines[0] == "Ada has found a mentor, so their request to you is over."
    assert not await is_told(two.mentor, "mentor.asked")


async def test_who_asked_a_mentor_whose_last_place_is_taken_waits_for_them_no_longer(chat: DirectDriver) -> None:
    two = await asked(chat, capacity=2)
    other = named(chat, "Dana")
    offer = await chat.dispatcher.store.read(offers.mine, await two.mentor.me())
    assert offer is not None
    second = await wish(other, offer.id)
    await chat.dispatcher.store.write(offers.save, await two.mentor.me(), replace(TERMS, capacity=1), approved=True)
    await press(two.mentor, "mentor.accept", two.request)

    card = await press(two.mentor, "mentor.accept", second)
    assert card.lines == [
        "This request is no longer open: it was answered or taken back, or its time is over. Nothing has changed."
    ]
    gone_on = await chat.dispatcher.store.read(requests.of_mine, await other.me(), second)
    assert gone_on is not None
    assert gone_on.state is RequestState.PASSED
