"""One card for all of mentoring: complete, a page at a time, and honest to who waits."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from commands.mentor import my_offer
from content.load import Content
from content.text import Language
from storage import asks
from storage.mentor_states import Approval, Paused, Reach
from storage.moments import micros
from storage.offers import Offer
from storage.pool import Places
from storage.tables import matching_day
from storage.unit import Unit
from tests.commands.mentor.talking import asked, is_told, matched, mine, named, names_told, row_of, told, wish
from tests.commands.test_plan import press
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.storage.mentoring import TERMS, mentee, mentor
from tests.test_every_view import on_discord, on_slack

HOSTILE = "\u202e<b>*@everyone*</b> [x](http://e.vil) " + "長" * 90


async def test_with_nothing_it_says_what_to_do(chat: DirectDriver) -> None:
    assert "/pmpath mentor mine: My mentoring: requests, matches, waiting" in (await chat.run("/pmpath 导师")).lines
    card = await chat.run("/pmpath 导师 我的")

    assert card.title == "My mentoring"
    assert card.lines == ["Nothing yet. Find a mentor who fits you, or offer some of your own time."]
    assert card.buttons == ["Find a mentor", "Offer time", "Home"]


async def test_home_leads_there_and_says_what_waits(chat: DirectDriver) -> None:
    before = await chat.run("/pmpath home")
    assert "Find a mentor" in before.buttons
    assert "My mentoring" not in before.buttons

    two = await asked(chat)
    await chat.dispatcher.store.write(asks.wait, await chat.me())
    waits = "You take part in the next mentor matching day. Its date is not set yet."
    for driver, said in ((chat, waits), (two.mentor, "1 member asks you to be their mentor.")):
        seen = await driver.run("/pmpath home")
        assert said in seen.lines
        assert "My mentoring" in seen.buttons
        assert "Find a mentor" not in seen.buttons

    await press(two.mentor, "mentor.accept", two.request)
    for driver in (chat, two.mentor):
        seen = await driver.run("/pmpath home")
        assert waits not in seen.lines
        assert "My mentoring" in seen.buttons


async def test_wishes_stand_in_order_and_can_be_taken_back(chat: DirectDriver) -> None:
    assert "My mentoring" not in (await chat.run("/pmpath home")).buttons
    two = await asked(chat, "Bo", "Cem")

    await chat.run("/pmpath home")
    card = await chat.press("My mentoring")
    assert card.lines[:3] == [
        "Your wishes, in this order",
        "1. Bo · asked, with time to answer until Thursday, 26 November 2026, 10:00",
        "2. Cem · waits its turn",
    ]
    assert (await mine(two.mentor)).lines[:2] == [
        "Who asks you",
        "Ada · answer by Thursday, 26 November 2026, 10:00",
    ]
    await mine(chat)
    opened = await chat.press("Open")
    assert opened.title == "Your wish: Bo"
    kept = chat.reply
    assert (await chat.press("Take it back")).lines == ["You no longer ask Bo. Nobody is told."]
    chat.reply = kept
    assert (await chat.press("Take it back")).lines == ["You no longer ask Bo. Nobody is told."]
    assert (await mine(chat)).lines[1].startswith("1. Cem · asked, with time")
    assert not await is_told(two.mentor, "mentor.asked")
    await told(named(chat, "Cem"), "mentor.asked")
    assert (await press(chat, "mentor.wish", two.request)).lines == ["This wish is no longer open."]


async def test_a_match_opens_with_all_that_can_be_done(chat: DirectDriver) -> None:
    await matched(chat)

    card = await mine(chat)
    assert card.lines[:2] == ["Your matches", "Bo · your mentor"]
    assert "Find a mentor" not in card.buttons
    opened = await chat.press("Open")
    assert opened.lines[:2] == ["Bo is your mentor.", "Together since 23 November 2026."]
    assert opened.buttons == [
        "We met", "First meeting", "End this match", "Not with this person", "Report", "My mentoring", "Home",
    ]  # fmt: skip


async def test_who_waits_reads_what_is_certain_and_what_stopping_costs(chat: DirectDriver, clock: SetClock) -> None:
    row = await mentee(chat.dispatcher.store, await chat.me())
    not_waiting = "You do not wait for the next mentor matching day."
    assert not_waiting in (await mine(chat)).lines
    await chat.dispatcher.store.write(asks.give_back, row, 2)
    said = "You take part in the next mentor matching day. Its date is not set yet."
    assert said in (await mine(chat)).lines
    await chat.dispatcher.store.write(day_is_set, (await chat.me()).community, clock.now() + dt.timedelta(days=9))

    card = await mine(chat)
    assert card.lines == [
        "What you ask for",
        "Platform · experience: None yet · English",
        "You take part in the next mentor matching day, on Wednesday, 2 December 2026, 10:00.",
        "2 matching days have found nobody for you. Who has waited longer goes first.",
        "You wait until 22 January 2027 unless you say it again. No message comes meanwhile: it stands here.",
    ]
    assert len((await chat.press("Stop waiting")).lines) == 2
    await chat.press("Stop waiting")
    assert not_waiting in (await mine(chat)).lines
    assert await names_told(chat) == []


def day_is_set(unit: Unit, community: int, at: dt.datetime) -> None:
    row = {"community_id": community, "weeks": 4, "weekday": 2, "minute": 600, "zone": "Europe/Berlin"}
    unit.execute(matching_day.insert(), {**row, "next_at": micros(at), "at": unit.now_us})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", list(Language))
async def test_a_mentor_of_ten_who_also_asks_fits_everywhere_a_page_at_a_time(
    chat: DirectDriver, content: Content, language: Language
) -> None:
    """With the longest names there are, and every line that the card can have."""
    store, me = chat.dispatcher.store, await chat.me()
    await chat.run(f"/pmpath language {language.value}")
    offer = await mentor(store, me, replace(TERMS, capacity=12))
    for number in range(12):
        other = chat.other(uid=f"m{number}", name=f"{number}{HOSTILE}")
        await wish(other, offer.id)
        if number < 10:
            await press(chat, "mentor.accept", number + 1)
    for name in ("a", "b", "c"):
        await wish(chat, (await mentor(store, replace(me, uid=name, name=f"{name}{HOSTILE}"))).id)
    await store.write(asks.give_back, await row_of(chat), 3)

    pages = [await mine(chat)]
    kinds = set()
    while True:
        assert chat.reply is not None
        assert chat.reply.view is not None
        for draw in (on_discord, on_slack):
            draw(content.catalogue, chat.reply.view, language)
        kinds |= set(pages[-1].lines)
        more = {"en": "More", "zh": "更多"}[language.value]
        if more not in pages[-1].buttons:
            break
        pages.append(await chat.press(more))
    assert len(pages) == 3
    opens = {"en": "Open", "zh": "打开"}[language.value]
    assert sum(page.buttons.count(opens) for page in pages) == 15


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "listed"),
        ({"approval": Approval.REMOVED, "paused": Paused.SELF}, "taken off the list by the moderators"),
        ({"approval": Approval.WAITING}, "not listed yet: the moderators look at it first"),
        ({"approval": Approval.WAITING, "reach": Reach.CLOSED}, "not listed yet: my direct messages do not reach you"),
        ({"reach": Reach.ASKED}, "not listed yet: a first direct message is on its way to you"),
        ({"paused": Paused.SILENCE}, "paused, since two requests had no answer"),
        (
            {"paused": Paused.SELF, "paused_until": dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)},
            "paused by you, until 1 December 2026",
        ),
    ],
)
def test_an_offer_says_whether_it_is_listed_and_if_not_why(
    content: Content, changes: dict[str, object], said: str
) -> None:
    whole = Offer(1, 1, "u", "Bo", TERMS, Approval.APPROVED, Reach.OPEN, None, None, None, Places(1, 0, 0))
    offer = replace(whole, **changes)  # type: ignore[arg-type]  # names of fields

    assert content.catalogue.say(my_offer.state(offer), Language.EN) == said
    assert offer.listed is (said == "listed")
