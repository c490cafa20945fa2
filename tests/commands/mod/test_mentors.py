"""`/pmpath-mod mentors`: approve, pause, take down, reports; and how mentoring is set."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from commands.kit.request import CommunityKey, Platform, Pressed
from content.mentoring import Concern
from content.text import Language
from storage import audit, members, mentor_desk, mentor_reports, mentorships, offering, offers, requests
from storage.audit import Deed
from storage.mentor_desk import DECIDED
from storage.mentor_states import Approval, Paused, RequestState
from storage.offers import Offer
from storage.requests import Asked
from tests import spoken
from tests.commands.test_plan import press
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.drivers.stored import claimed
from tests.storage import mentoring
from tests.storage.mentoring import open_reports


async def offered(moderator: DirectDriver, name: str = "Ada", *, words: str | None = None) -> DirectDriver:
    """Somebody who has just made an offer; it waits for the moderators."""
    member = moderator.other(uid=f"u-{name.lower()}", name=name, moderator=False)
    await member.dispatcher.store.write(offering.publish, await member.me(), replace(mentoring.TERMS, words=words))
    return member


async def mine(member: DirectDriver) -> Offer:
    found = await member.dispatcher.store.read(offers.mine, await member.me())
    assert found is not None
    return found


async def told(member: DirectDriver, clock: SetClock) -> list[str]:
    """What the moderators' decisions said to a mentor, as it is delivered."""
    due = [each for each in await claimed(member, clock) if each.notice == DECIDED]
    composed = [await member.dispatcher.compose(each) for each in due]
    say = member.dispatcher.content.catalogue.say
    return [say([*spoken.texts(each[0])][1], Language.EN) for each in composed if each is not None]


async def asked(moderator: DirectDriver, uid: str, mentor: DirectDriver) -> Asked:
    """Somebody asks this mentor, whose messages arrive."""
    store, me = moderator.dispatcher.store, await moderator.other(uid=uid, name=uid.title(), moderator=False).me()
    found = await mine(mentor)
    await store.write(offers.reached, me.community, found.member, arrived=True)
    await mentoring.mentee(store, me)
    made = await store.write(requests.ask, me, found.id, [])
    assert isinstance(made, Asked)
    return made


async def test_members_are_told_no_and_an_empty_community_says_so(chat: DirectDriver, moderator: DirectDriver) -> None:
    assert (await chat.run("/pmpath-mod mentors")).lines == ["Only moderators of this community can do that."]
    assert (await moderator.run("/pmpath-mod mentors")).lines == ["Nobody offers time as a mentor here yet."]
    assert (await moderator.press("All reports")).lines[0] == "Nothing has been reported here."


async def test_who_waits_comes_first_is_looked_at_whole_and_approved_with_a_word_to_the_mentor(
    moderator: DirectDriver, clock: SetClock
) -> None:
    await mentoring.mentor(moderator.dispatcher.store, await moderator.other(uid="u-b", name="Bo").me())
    ada = await offered(moderator, words="*Ask* me about <tools> @everyone")
    await moderator.run("/pmpath home")
    note = await moderator.press("Read the notes")
    assert "A member offers to mentor" in note.lines

    card = await moderator.run("/pmpath-mod mentors")
    counts = ["Waiting for you: 1", "Listed: 1", "Their free places: 1", "Paused: 0", "Not listed, as you decided: 0"]
    assert card.lines[:5] == counts
    assert card.lines[5:7] == ["Ada: waits for you", "Bo: listed"]
    card = await moderator.press("Look")
    assert "Note: *Ask* me about <tools> @everyone" in card.lines
    assert "0 of 1 places are taken." in card.lines
    old = Pressed(moderator.wire(moderator.button("Approve").press))
    card = await moderator.press("Approve")
    assert card.lines[:2] == [
        "Agreed. The mentor is told.",
        "Ada: not listed before a direct message has arrived",
    ]
    await moderator.call(old)  # a press may come twice
    assert "note for moderators" not in (await moderator.run("/pmpath home")).text
    assert await told(ada, clock) == [
        "Your offer is agreed to. It is not listed yet: the offer's card says what is missing."
    ]
    assert (await mine(ada)).approval is Approval.APPROVED


async def test_what_is_not_listed_any_more_says_its_exact_effect_first_and_can_be_undone(
    moderator: DirectDriver, clock: SetClock
) -> None:
    store = moderator.dispatcher.store
    ada = await offered(moderator)
    await store.write(offering.publish, await ada.me(), replace(mentoring.TERMS, capacity=3))
    await moderator.run("/pmpath-mod mentors")
    await moderator.press("Look")
    await moderator.press("Approve")
    request, first = await asked(moderator, "kim", ada), await asked(moderator, "lee", ada)
    assert isinstance(await store.write(requests.accept, await ada.me(), first.request), int)

    await moderator.run("/pmpath-mod mentors")
    await moderator.press("Look")
    card = await moderator.press("Do not list…")
    assert card.lines[:4] == [
        "Nobody can find Ada as a mentor here, nor ask for a match.",
        "1 request to Ada goes on to the member's next wish.",
        "1 match that is on goes on until one of the two ends it.",
        "Ada is told in a private message that the offer is not listed, and to ask you why.",
    ]
    assert (await mine(ada)).listed
    old = Pressed(moderator.wire(moderator.button("Do not list").press))
    assert (await moderator.press("Do not list")).lines[1] == "Ada: not listed, as you decided"
    await moderator.call(old)
    kim = await moderator.other(uid="kim", name="Kim").me()
    ended = await store.read(requests.of_mine, kim, request.request)
    assert ended is not None
    assert ended.state is RequestState.PASSED
    assert len(await store.read(mentorships.mine, await ada.me())) == 1
    assert (await told(ada, clock))[-1] == (
        "Your offer is not listed: nobody can find you here. Please ask the moderators why."
    )

    card = await moderator.run("/pmpath-mod audit")
    assert [line for line in card.lines if line.startswith("Mo: ")] == [
        "Mo: Took down the offer of Ada as a mentor.",
        "Mo: Agreed to the offer of Ada as a mentor.",
    ]
    assert (await moderator.press("Undo")).lines[-1] == (
        "The offer of Ada is agreed to again. Requests that went on to the next wish stay there."
    )
    await moderator.press("Undo")
    assert (await mine(ada)).listed
    assert (await told(ada, clock))[-1].startswith("Your offer is agreed to and listed")
    await store.write(members.forget, await ada.me())
    assert (
        "Mo: Took down the offer of a mentor no longer here as a mentor."
        in (await moderator.run("/pmpath-mod audit")).lines
    )
    assert (await moderator.run("/pmpath-mod mentors")).lines == ["Nobody offers time as a mentor here yet."]


async def test_nothing_a_mentor_wrote_is_kept_in_the_record_of_what_moderators_did(moderator: DirectDriver) -> None:
    ada = await offered(moderator, words="Secret words")
    for label in ("Look", "Approve", "Pause"):
        await moderator.run("/pmpath-mod mentors") if label == "Look" else None
        await moderator.press(label)
    store = moderator.dispatcher.store
    page = await store.read(audit.of_community, (await moderator.me()).community, 0, 9)
    changed = {
        name
        for line in page.lines
        for each in line.changes
        for side in (each.before, each.after)
        for name in side or ()
    }
    assert changed == {"id", "approval", "paused", "paused_until"}
    assert (await mine(ada)).terms.words == "Secret words"


async def test_a_pause_by_moderators_is_theirs_to_end_and_takes_a_mentors_own_back_when_undone(
    moderator: DirectDriver, clock: SetClock
) -> None:
    ada = await offered(moderator)
    store = moderator.dispatcher.store
    await store.write(offering.pause, await ada.me(), None)
    await moderator.run("/pmpath-mod mentors")
    await moderator.press("Look")
    card = await moderator.press("Approve")
    assert card.lines[1] == "Ada: paused by the mentor"
    assert (await moderator.press("Pause")).lines[1] == "Ada: paused by moderators"
    assert "Take it up again" not in (await ada.run("/pmpath mentor offer")).buttons
    assert (await told(ada, clock))[-1].startswith("The moderators have paused your offer")

    await moderator.run("/pmpath-mod audit")
    assert (await moderator.press("Undo")).lines[-1] == "Ada is paused as a mentor as before, but not by you."
    await moderator.press("Undo")
    assert (await mine(ada)).paused is Paused.SELF
    await moderator.run("/pmpath-mod mentors")
    await moderator.press("Look")
    await moderator.press("Pause")
    assert (await moderator.press("Take it up again")).lines[0] == "Taken up again. The mentor is told."
    assert (await mine(ada)).paused is None


async def test_a_report_says_what_and_of_whom_and_never_who(moderator: DirectDriver, clock: SetClock) -> None:
    ada, kim = await offered(moderator), moderator.other(uid="kim", name="Kim Tell", moderator=False)
    store, about = moderator.dispatcher.store, (await mine(ada)).member
    said = (await kim.me(), about, Concern.SELLING, "Sold *courses* to me")
    twice = (store.write(mentor_reports.add, *said) for _hand in range(2))  # a double click
    assert len(set(await asyncio.gather(*twice))) == 1
    clock.move(minutes=1)
    await store.write(mentor_reports.add, await kim.me(), about, Concern.RUDE, None)

    await moderator.run("/pmpath home")
    seen = [await moderator.press("Read the notes"), await moderator.run("/pmpath-mod mentors")]
    assert "2 reports wait for you." in seen[-1].lines
    seen += [await moderator.press("Read them"), await moderator.press("Read it")]
    assert "Ada: Sells or recruits" in seen[-1].lines
    assert "Sold *courses* to me" in seen[-1].lines
    assert seen[-1].buttons[:4] == ["Seen to", "The offer", "Approve", "Do not list…"]
    old = Pressed(moderator.wire(moderator.button("Seen to").press))
    seen += [await moderator.press("Seen to"), await moderator.call(old), await moderator.press("All reports")]
    assert seen[-1].lines[:2] == ["Ada: Rude or disrespectful", "Ada: Sells or recruits (seen to)"]
    seen += [await moderator.run("/pmpath-mod audit"), await moderator.press("Undo"), await moderator.press("Undo")]
    assert seen[-2].lines[-1] == "The report waits for you again."
    assert not [each for each in seen if "Kim" in each.text]
    (waiting, _other) = await store.read(open_reports, (await moderator.me()).community)

    await store.write(members.forget, await ada.me())
    gone = Pressed(old.wire)
    assert (await moderator.call(gone)).lines[0].startswith("This report is no longer here")
    assert waiting.words == "Sold *courses* to me"
    assert "note" not in (await moderator.run("/pmpath home")).text


async def test_a_mentee_who_is_reported_has_no_offer_to_pause(moderator: DirectDriver, chat: DirectDriver) -> None:
    store = moderator.dispatcher.store
    about = await store.write(members.ensure, await chat.me())
    await store.write(mentor_reports.add, await moderator.other(uid="ada").me(), about, Concern.ABSENT, None)
    await moderator.run("/pmpath-mod mentors")
    await moderator.press("All reports")
    card = await moderator.press("Read it")
    assert "No offer as a mentor: there is nothing to pause." in card.lines
    assert card.buttons == ["Seen to", "All reports", "All mentors", "Home"]


async def test_hundreds_come_a_page_at_a_time_and_another_communitys_are_not_there(moderator: DirectDriver) -> None:
    for number in range(8):
        await offered(moderator, f"M{number}")
    here = (await moderator.me()).community
    card = await moderator.run("/pmpath-mod mentors")
    assert card.lines[-1] == "1-6 of 8"
    assert [line for line in (await moderator.press("More")).lines if "waits for you" in line] == [
        "M6: waits for you", "M7: waits for you",
    ]  # fmt: skip
    elsewhere = moderator.other(community=CommunityKey(Platform.WEB, "elsewhere", "Elsewhere"), moderator=True)
    assert (await elsewhere.run("/pmpath-mod mentors")).lines == ["Nobody offers time as a mentor here yet."]
    (theirs, *_more) = (await moderator.dispatcher.store.read(mentor_desk.desk, here, 0, 9)).mentors
    assert (await press(elsewhere, "mentors.look", theirs.offer)).lines == ["This offer has ended."]
    assert (await press(elsewhere, "mentors.remove", theirs.offer)).lines == ["This offer has ended."]
    assert theirs.approval is Approval.WAITING


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_settings_say_and_change_whether_mentors_wait_and_how_long_a_request_does(
    moderator: DirectDriver, clock: SetClock, language: str
) -> None:
    await moderator.run(f"/pmpath language {language}")
    say = {
        "en": ("Mentors need approval: on.", "A request waits: 72 hours.", "Mentoring here", "List offers at once",
               "48 hours", "A request waits: 48 hours.", "Undo"),
        "zh": ("导师需要审核：开。", "请求等待时间：72 小时。", "导师设置", "不审核，直接列出", "48 小时",
               "请求等待时间：48 小时。", "撤销"),
    }[language]  # fmt: skip
    card = await moderator.run("/pmpath-mod settings")
    assert {say[0], say[1]} <= {*card.lines}
    await moderator.press(say[2])
    await moderator.press(say[3])
    assert say[5] in (await moderator.press(say[4])).lines
    ada = await offered(moderator)
    assert (await mine(ada)).approval is Approval.APPROVED
    store = moderator.dispatcher.store
    made = await asked(moderator, "kim", ada)
    request = await store.read(requests.to_me, await ada.me(), made.request)
    assert request is not None
    assert request.due is not None
    assert (request.due - clock.now()).total_seconds() == 48 * 3600

    await moderator.run("/pmpath-mod audit")
    assert (await moderator.press(say[6])).lines[-1] == say[1]
    await moderator.press(say[6])
    card = await moderator.run("/pmpath-mod settings")
    assert say[1] in card.lines


async def test_two_moderators_at_once_decide_once(moderator: DirectDriver, clock: SetClock) -> None:
    ada = await offered(moderator)
    two = [moderator.other(uid=uid, name=uid, moderator=True) for uid in ("m1", "m2")]
    for each in two:
        await each.run("/pmpath-mod mentors")
        await each.press("Look")
    cards: list[Seen] = await asyncio.gather(*(each.press("Approve") for each in two))
    assert {card.title for card in cards} == {"An offer as a mentor"}
    page = await moderator.dispatcher.store.read(audit.of_community, (await moderator.me()).community, 0, 9)
    assert [line.deed for line in page.lines] == [Deed.MENTOR_APPROVED]
    assert len(await told(ada, clock)) == 1
