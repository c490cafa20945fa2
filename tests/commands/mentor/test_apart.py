"""Reports, which nobody sees come from whom, and two who are never brought together again, which nobody is told."""

from __future__ import annotations

import pytest

from storage import moderator_notes, not_with, offers, requests, wishes
from storage.mentor_states import RequestState
from storage.requests import Busy
from tests.commands.mentor.talking import asked, matched, mine, named, names_told, row_of, told
from tests.commands.test_plan import press
from tests.drivers.direct import DirectDriver
from tests.storage.mentoring import open_reports


async def test_a_report_reaches_the_moderators_once_and_says_nothing_of_who_told_it(chat: DirectDriver) -> None:
    two = await matched(chat)
    await told(chat, "mentor.kit")
    for words in ("<b>late</b>", "again"):
        form = await press(chat, "mentor.report-match", 1)
        assert (form.title, list(form.fields)) == ("Report", ["concern", "words"])
        card = await chat.fill(concern="rude", words=words)

    assert card.lines[0] == "Thank you. The moderators of this community read what you wrote about Bo."
    assert card.buttons == ["Not with this person", "My mentoring", "Home"]
    community = (await chat.me()).community
    (found,) = await chat.dispatcher.store.read(open_reports, community)
    assert (found.about_name, found.words) == ("Bo", "<b>late</b>")
    assert not any("Ada" in str(value) or value == chat.uid for value in found.__slots__)
    assert await chat.dispatcher.store.read(moderator_notes.count, community) == 1
    assert "mentors.reported" not in await names_told(two.mentor)


async def test_a_report_needs_a_reason_and_keeps_what_was_written(chat: DirectDriver) -> None:
    two = await asked(chat)
    await told(two.mentor, "mentor.asked")
    await two.mentor.press("Report")
    card = await two.mentor.fill(concern="", words="what happened")

    assert card.lines == ["Choose what it is about."]
    assert (await two.mentor.press("Correct it")).fields["words"] == "what happened"
    assert (await two.mentor.fill(concern="selling", words="")).title == "Reported"
    (found,) = await chat.dispatcher.store.read(open_reports, (await chat.me()).community)
    assert (found.about_name, found.words) == ("Ada", None)


async def test_whoever_has_an_offer_can_be_reported_by_it_but_not_oneself(chat: DirectDriver) -> None:
    two = await asked(chat)
    offer = await chat.dispatcher.store.read(offers.mine, await two.mentor.me())
    assert offer is not None

    assert (await press(chat, "mentor.report-offer", offer.id)).title == "Report"
    gone = ["This person or what you had with them is no longer here."]
    assert (await press(two.mentor, "mentor.report-offer", offer.id)).lines == gone
    for action in ("mentor.report-offer", "mentor.report-request", "mentor.report-match"):
        assert (await press(chat, action, 999)).lines == gone


@pytest.mark.parametrize("side", ["mentee", "mentor"])
async def test_a_match_that_is_kept_apart_ends_in_the_words_of_any_end(chat: DirectDriver, side: str) -> None:
    two = await matched(chat)
    who, other = (chat, two.mentor) if side == "mentee" else (two.mentor, chat)
    await press(who, "mentor.match", 1)
    card = await who.press("Not with this person")
    assert card.lines[-1] == "They are never told of this, nor is anybody else."
    confirm = who.reply
    first = await who.press("Not with this person")
    who.reply = confirm
    assert await who.press("Not with this person") == first

    card = await told(other, "mentor.ended")
    assert card.lines[0] == f"You and {who.name} are no longer mentor and mentee. That is nobody's fault."
    assert (await names_told(other)).count("mentor.ended") == 1
    assert await chat.dispatcher.store.read(not_with.apart, await row_of(chat), await row_of(two.mentor))
    assert "Your matches" not in (await mine(other)).lines


async def test_a_wish_ends_as_if_it_were_taken_back_and_a_request_as_if_declined(chat: DirectDriver) -> None:
    two = await asked(chat, "Bo", "Cem", "Dana")
    cem, dana = named(chat, "Cem"), named(chat, "Dana")
    await press(two.mentor, "mentor.apart-now", "request", two.request)
    assert (await told(chat, "mentor.declined")).lines[0].startswith("Bo cannot be your mentor just now.")
    await press(chat, "mentor.apart-now", "request", two.request + 1)

    live = await chat.dispatcher.store.read(wishes.live, await row_of(chat))
    assert [(each.mentor_name, each.state) for each in live] == [("Dana", RequestState.OPEN)]
    assert await names_told(cem) == ["mentor.proof", "mentor.asked"]
    assert "mentor.asked" in await names_told(dana)
    for mentor in (two.mentor, cem):
        offer = await chat.dispatcher.store.read(offers.mine, await mentor.me())
        assert offer is not None
        assert await chat.dispatcher.store.write(requests.ask, await chat.me(), offer.id, []) == Busy()
