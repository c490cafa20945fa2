"""`/pmpath mentor offer`."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from commands.kit.press import Press
from commands.kit.request import Platform, Pressed
from content.load import Content
from content.mentoring import Hours, Seniority, Spoken
from content.outcomes import Outcome
from content.text import Language
from storage import communities, invitations, members, moderator_notes, offering, offers
from storage.invitations import Named
from storage.mentor_states import Approval, Reach
from storage.offers import PROOF, Offer, Terms
from tests import spoken
from tests.conftest import SetClock
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.drivers.stored import claimed
from tests.storage.mentoring import TERMS
from tests.test_every_view import DRAWS
from tests.test_languages import left_in

EIGHT_TO_TEN = ("20:00 to 21:00", "21:00 to 22:00")
SEVERAL = "I have shipped several, or over three years of it"
MARKUP = "*Ada* <!channel> @everyone {name} [x](y) "
WRITTEN = frozenset(spoken.LATIN.findall(MARKUP))
LATE = 0b1111 << 40  # from 20:00 to 22:00


async def mine(chat: DirectDriver) -> Offer:
    found = await chat.dispatcher.store.read(offers.mine, await chat.me())
    assert found is not None
    return found


async def written(chat: DirectDriver) -> Seen:
    """All parts said, on the card that offers them."""
    await chat.run("/pmpath mentor offer")
    await chat.press("Tracks")
    await chat.choose("tracks", "Platform (tools for developers)")
    await chat.press("Next")
    await chat.choose("platform", "Kubernetes", "MLOps")
    await chat.press("Next")
    await chat.choose("seniority", SEVERAL)
    await chat.choose("weekday", *EIGHT_TO_TEN)
    return await chat.press("Next")


async def offered(chat: DirectDriver) -> Seen:
    await written(chat)
    return await chat.press("I offer this")


async def set_approval(chat: DirectDriver, *, on: bool) -> None:
    me = await chat.me()
    await chat.dispatcher.store.write(communities.set_setting, me.community, offering.APPROVAL, on)


async def invite(chat: DirectDriver, **fields: tuple[str, ...]) -> None:
    me = await chat.me()
    await chat.dispatcher.store.write(invitations.invite, me.community, [Named(chat.uid, fields)])


async def test_what_is_missing_is_asked_part_by_part_and_then_offered_as_it_was_shown(chat: DirectDriver) -> None:
    chat.zone = "Europe/Berlin"
    card = await chat.run("/pmpath mentor offer")
    assert "Still missing: Tracks · Skills · Experience with AI products · Hours" in card.lines
    assert "I offer this" not in card.buttons

    card = await written(chat)
    shown = (
        *("Name: Ada", "Tracks: Platform", "Skills: MLOps · Kubernetes", f"Experience with AI products: {SEVERAL}"),
        *("Hours: weekdays 20:00 to 22:00 (the clock of Berlin)", "Languages: English", "Mentees at a time: 1"),
    )
    assert set(shown) < set(card.lines)
    assert card.buttons[0] == "I offer this"

    await chat.press("I offer this")
    hours, skills = Hours(LATE, 0, "Europe/Berlin"), ("mlops", "kubernetes")
    tracks, languages = (Outcome.PLATFORM,), (Spoken.ENGLISH,)
    assert (await mine(chat)).terms == Terms(
        tracks, skills, Seniority.SEVERAL, hours, languages, capacity=1, words=None, in_rounds=True
    )


async def test_who_has_a_result_says_only_their_experience_and_hours(chat: DirectDriver) -> None:
    chat.locale = "zh-CN"
    await answer_all(chat, {"background": [3, 7], "skills": [1, 7]}, letter="B")
    await chat.run("/pmpath language en")

    card = await chat.run("/pmpath mentor offer")
    assert "Still missing: Experience with AI products · Hours" in card.lines
    await chat.press(card.buttons[0])
    await chat.choose("seniority", SEVERAL)
    await chat.choose("weekend", "09:00 to 10:00")
    await chat.press("Next")
    await chat.press("I offer this")

    found = (await mine(chat)).terms
    assert found.hours == Hours(0, 0b11 << 18, "Asia/Shanghai")
    assert found.tracks
    assert found.skills


async def test_it_waits_for_the_moderators_who_are_told_once_and_a_second_press_changes_nothing(
    chat: DirectDriver, clock: SetClock
) -> None:
    await written(chat)
    before = chat.reply
    card = await chat.press("I offer this")
    assert card.lines[0].startswith("Not listed yet: the moderators look at it first.")
    assert card.lines[1].startswith("Not listed yet: a direct message is on its way to you")
    chat.reply = before
    again = await chat.press("I offer this")

    assert again == card
    assert (await mine(chat)).approval is Approval.WAITING
    assert [due.notice for due in await claimed(chat, clock)] == [PROOF]
    notes = await chat.dispatcher.store.read(moderator_notes.of_community, (await chat.me()).community)
    assert [note.notice for note in notes] == [offering.OFFERED]
    moderator = chat.other(uid="mod", name="Mo", moderator=True)
    await moderator.run("/pmpath home")
    told = await moderator.press("Read the notes")
    assert told.lines[0] == "A member offers to mentor"
    assert {"Ada offers this:", "Skills: MLOps · Kubernetes"} < set(told.lines)
    await moderator.press(told.buttons[0])
    await moderator.press("Approve")
    assert (await mine(chat)).approval is Approval.APPROVED


async def test_offered_many_times_at_once_and_changed_it_is_one_offer_told_once(
    chat: DirectDriver, clock: SetClock
) -> None:
    await chat.run("/pmpath home")
    store, me = chat.dispatcher.store, await chat.me()
    made = await asyncio.gather(*(store.write(offering.publish, me, TERMS) for _press in range(8)))
    changed = await store.write(offering.publish, me, replace(TERMS, capacity=2))

    assert {each.id for each in made} == {changed.id}
    assert [due.notice for due in await claimed(chat, clock)] == [PROOF]
    assert len(await store.read(moderator_notes.of_community, me.community)) == 1


async def test_without_approval_it_is_listed_once_the_message_arrived(chat: DirectDriver) -> None:
    await set_approval(chat, on=False)
    card = await offered(chat)
    assert [line for line in card.lines if line.startswith("Not listed yet")] == card.lines[:1]
    found = await mine(chat)
    await chat.dispatcher.store.write(offers.reached, (await chat.me()).community, found.member, arrived=True)

    card = await chat.run("/pmpath mentor offer")
    assert card.lines[0] == "You are listed: members who fit can find you and ask you."


@pytest.mark.parametrize(
    ("platform", "how"),
    [(Platform.DISCORD, "Open this server's menu"), (Platform.SLACK, "Find pmpath under Apps in Slack")],
)
async def test_closed_messages_name_the_way_out_and_are_tried_again_once(
    chat: DirectDriver, clock: SetClock, platform: Platform, how: str
) -> None:
    chat.platform = platform
    await offered(chat)
    await claimed(chat, clock)
    found = await mine(chat)
    await chat.dispatcher.store.write(offers.reached, (await chat.me()).community, found.member, arrived=False)

    card = await chat.run("/pmpath mentor offer")
    assert card.lines[1] == "Not listed yet: a direct message did not reach you, so no request would either."
    assert card.lines[2].startswith(how)
    before = chat.reply
    await chat.press("Try again")
    chat.reply = before
    await chat.press("Try again")
    assert (await mine(chat)).reach is Reach.ASKED
    assert [due.notice for due in await claimed(chat, clock)] == [PROOF]


async def test_the_clock_of_another_city_stays_though_the_platform_names_no_zone_later(chat: DirectDriver) -> None:
    chat.zone = "Europe/Berlin"
    await chat.run("/pmpath mentor offer")
    await chat.press("Hours")
    await chat.press("Another time zone")
    await chat.press("Another city")
    refused = await chat.fill(zone="Shangai")
    assert refused.lines == ["I know no time zone “Shangai”. Did you mean Shanghai?"]
    await chat.press("Correct it")
    card = await chat.fill(zone="Shanghai")
    assert card.lines[1].startswith("By the clock of Shanghai, where it is ")
    chat.zone = None
    await chat.choose("weekend", "00:00 to 01:00")
    await chat.press("Next")
    await chat.press("All parts")
    assert "Hours: weekends 00:00 to 01:00 (the clock of Shanghai)" in chat.seen.lines

    await chat.press("Hours")
    await chat.press("Another time zone")
    card = await chat.choose("city", "New York")
    assert card.lines[1].startswith("By the clock of New York")


async def test_a_note_that_is_wrong_is_kept_to_be_corrected_and_no_other_part_is_lost(chat: DirectDriver) -> None:
    await written(chat)
    await chat.press("Note")
    card = await chat.fill(words="Write to me: www.example.org")
    assert card.lines == ["A note has no addresses: please leave the link out. You can send it once you talk."]
    form = await chat.press("Correct it")
    assert form.fields == {"words": "Write to me: www.example.org"}
    card = await chat.fill(words="x" * 301)
    assert card.lines == ["A note has at most 300 characters; this one has 301."]
    await chat.press("Correct it")
    card = await chat.fill(words="  Ask me\nabout  tools. ")
    assert "Note: Ask me about tools." in card.lines
    await chat.press("I offer this")
    assert (await mine(chat)).terms.words == "Ask me about tools."


async def test_a_card_that_shows_something_else_than_is_written_now_offers_nothing(chat: DirectDriver) -> None:
    await written(chat)
    old = chat.reply
    await chat.press("Mentees at a time")
    await chat.choose("capacity", "3")
    chat.reply = old
    card = await chat.press("I offer this")
    assert card.lines[0] == "This has changed since that card was drawn. Please look at it once more."
    assert "Mentees at a time: 3" in card.lines
    assert await chat.dispatcher.store.read(offers.mine, await chat.me()) is None

    await chat.press("Leave me out of matching days")
    await chat.press("I offer this")
    assert ((await mine(chat)).terms.capacity, (await mine(chat)).terms.in_rounds) == (3, False)


async def test_a_changed_offer_stays_as_it_is_until_it_is_offered_and_a_days_old_draft_counts_no_more(
    chat: DirectDriver, clock: SetClock
) -> None:
    await offered(chat)
    before = await mine(chat)
    await chat.press("Change")
    await chat.press("Languages")
    await chat.choose("languages", "English", "Deutsch")
    card = await chat.press("Next")
    assert card.lines[0] == "Your offer stays as it is until you press “I offer this”."
    assert await mine(chat) == before
    old = chat.reply
    await chat.press("Discard changes")
    chat.reply = old
    clock.move(hours=25)
    card = await chat.press("I offer this")
    assert card.title == "My offer as a mentor"
    assert await mine(chat) == before

    await chat.press("Change")
    await chat.press("Skills")
    await chat.choose("platform")
    card = await chat.press("Next")
    assert "Still missing: Skills" in card.lines


async def test_who_was_named_finds_it_on_home_and_is_listed_only_when_they_offer_it(chat: DirectDriver) -> None:
    await invite(chat, tracks=("business",), capacity=("2",), weekday=(str(0b111 << 36),), zone=("Asia/Tokyo",))
    home = await chat.run("/pmpath home")
    assert "You were named as a mentor by your moderators. Nobody sees it before you say yes." in home.lines
    assert await chat.dispatcher.store.read(offers.mine, await chat.me()) is None
    assert (await chat.other(uid="u2").run("/pmpath home")).buttons.count("Look at it") == 0

    card = await chat.press("Look at it")
    assert card.lines[0].startswith("You were named as a mentor by your moderators, who filled this in.")
    assert {"Tracks: Business", "Mentees at a time: 2"} < set(card.lines)
    await chat.press("Hours")
    await chat.press("Next")  # half an hour more than the card can show
    await chat.choose("business", "Acceptance metrics")
    await chat.press("Next")
    await chat.choose("seniority", SEVERAL)
    await chat.press("I offer this")
    assert (await mine(chat)).terms.hours == Hours(0b111 << 36, 0, "Asia/Tokyo")
    assert await chat.dispatcher.store.read(invitations.mine, await chat.me()) is None
    home = await chat.run("/pmpath home")
    assert "My mentoring" in home.buttons
    assert "Look at it" not in home.buttons


async def test_no_thanks_erases_it_at_once_and_a_month_of_silence_too(chat: DirectDriver, clock: SetClock) -> None:
    await invite(chat, tracks=("business",))
    await chat.run("/pmpath home")
    assert (await chat.press("No thanks")).title == "No thanks: noted"
    assert await chat.dispatcher.store.read(invitations.mine, await chat.me()) is None

    await invite(chat, tracks=("business",))
    clock.move(days=29.9)
    assert "No thanks" in (await chat.run("/pmpath mentor offer")).buttons
    assert await chat.dispatcher.store.write(invitations.prune) is False
    clock.move(days=0.2)
    assert "No thanks" not in (await chat.run("/pmpath mentor offer")).buttons
    await chat.dispatcher.store.write(invitations.prune)
    clock.move(days=-1)
    assert await chat.dispatcher.store.read(invitations.mine, await chat.me()) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", list(Language))
async def test_the_fullest_offer_and_a_hostile_name_fit_every_surface_in_both_languages(
    chat: DirectDriver, content: Content, language: Language
) -> None:
    chat.name = MARKUP * 2
    full = {
        "tracks": tuple(Outcome),
        "skills": tuple(content.skills),
        "seniority": ("3",),
        "weekday": (str((1 << 48) - 1),),
        "weekend": (str(0x333333333333),),
        "languages": tuple(Spoken),
        "words": (MARKUP * 6,),
    }
    await chat.dispatcher.store.write(offering.draft, await chat.me(), full)
    await chat.dispatcher.store.write(members.set_language, await chat.me(), language)
    presses = [
        *(Press("mentor.offer-part", (part,)) for part in ("tracks", "skills", "seniority", "hours", "languages")),
        *(Press("mentor.offer-part", ("capacity",)), Press("mentor.offer-zone"), Press("mentor.offer-note")),
        *(Press("mentor.offer-edit"),),
    ]
    await chat.run("/pmpath mentor offer")
    presses.append(chat.button("I offer this" if language is Language.EN else "我愿意当导师").press)
    for press in presses:
        await chat.call(Pressed(chat.wire(press)))
        assert chat.reply is not None
        assert chat.reply.view is not None
        for draw in DRAWS.values():
            assert draw(content.catalogue, chat.reply.view, language)
        for text in spoken.texts(chat.reply.view):
            assert left_in(content, text, language).keys() <= WRITTEN
    assert (await mine(chat)).terms.languages == tuple(Spoken)
