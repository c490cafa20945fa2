"""Mentoring at its edges: clear words and a way on, on every surface and in both languages, where nothing fits."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import replace

import pytest

from commands.kit.view import Card
from commands.mentor import kit
from content.mentoring import Hours
from storage import communities, mentorships, not_with, wishes
from storage.communities import Setting
from storage.wishes import HOURS
from tests import spoken
from tests.commands.mentor.talking import is_told, named, row_of
from tests.commands.test_plan import press
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.storage.mentoring import EVENINGS, TERMS, WANTED, mentee, mentor, person
from tests.test_every_view import DRAWS
from tests.test_languages import left_in

BUSY = {"en": "This mentor is busy at the moment.", "zh": "这位导师眼下忙不过来。"}
NOBODY = {"en": "No mentor here has a free place at the moment.", "zh": "这里眼下没有导师有空余名额。"}
EVENING, NIGHT = Hours(EVENINGS, EVENINGS, "Pacific/Kiritimati"), Hours(0b111111 << 2, 0b111111 << 2, "Europe/Berlin")
KINDS = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def fits(driver: DirectDriver) -> Seen:
    """The last card, which has a way Home, fits everywhere and is in one language."""
    assert driver.reply is not None
    view, language, content = driver.reply.view, driver.reply.language, driver.dispatcher.content
    assert isinstance(view, Card)
    for draw in DRAWS.values():
        assert draw(content.catalogue, view, language)
    assert [left for text in spoken.texts(view) for left in left_in(content, text, language)] == []
    assert {"Home", "首页"} & {*driver.seen.buttons}
    return driver.seen


@KINDS
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_one_member_alone_reads_that_nobody_is_there_and_everybody_kept_apart_reads_no_other(
    chat: DirectDriver, language: str
) -> None:
    store, me = chat.dispatcher.store, await chat.me()
    await chat.run(f"/pmpath language {language}")
    for words in ("find", "mine", "offer"):
        await chat.run(f"/pmpath mentor {words}")
        fits(chat)
    row = await mentee(store, me)
    found = []
    for others in ((), ("Bo", "Cem")):
        for name in others:
            offer = await mentor(store, person(me, name))
            await store.write(not_with.keep_apart, *((offer.member, row) if name == "Bo" else (row, offer.member)))
        cards = [await chat.run("/pmpath mentor find"), await press(chat, "mentor.look", 1)]
        cards += [await press(chat, "mentor.ask", 1), await press(chat, "mentor.wait-first")]
        fits(chat)
        cards.append(await press(chat, "mentor.wait"))
        cards += [await chat.run(f"/pmpath {words}") for words in ("mentor mine", "home")]
        found.append(cards)
        await press(chat, "mentor.stop-now")

    assert found[0] == found[1]
    assert NOBODY[language] in found[0][0].text
    assert BUSY[language] in found[0][2].text


@KINDS
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("at", "hours"),
    [
        ("2026-10-23T09:00", (EVENING, replace(EVENING, zone="Pacific/Niue"))),
        ("2026-10-23T09:00", (NIGHT, replace(NIGHT, zone="Europe/London"))),
        ("2027-03-12T09:00", (replace(NIGHT, zone="America/New_York"), replace(NIGHT, zone="America/Havana"))),
        ("2027-04-02T09:00", (replace(NIGHT, zone="Australia/Lord_Howe"), replace(NIGHT, zone="Australia/Sydney"))),
    ],
)
async def test_at_opposite_ends_and_across_the_nights_of_changed_clocks_no_time_is_outside_anyones_hours(
    chat: DirectDriver, clock: SetClock, language: str, at: str, hours: tuple[Hours, Hours]
) -> None:
    clock.moment = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    store, bo = chat.dispatcher.store, named(chat, "AdaAda")
    for driver in (chat, bo):
        await driver.run(f"/pmpath language {language}")
    offer = await mentor(store, await bo.me(), replace(TERMS, hours=hours[0]))
    await mentee(store, await chat.me(), replace(WANTED, hours=hours[1]))
    await chat.run("/pmpath mentor find")
    assert "AdaAda" in fits(chat).text
    for action in ("mentor.look", "mentor.ask-first", "mentor.ask"):
        await press(chat, action, offer.id)
        fits(chat)
    assert await is_told(bo, "mentor.asked")
    fits(bo)
    await press(bo, "mentor.accept", 1)

    for driver in (chat, bo):
        assert await is_told(driver, "mentor.kit")
        fits(driver)
        await press(driver, "mentor.calendar", 1)
        fits(driver)
    match = await store.read(mentorships.find, await chat.me(), 1)
    assert match is not None
    slots = kit.slots_of(match)
    assert len(slots) == 2
    assert all(inside(each, slot.start, slot.end) for each in hours for slot in slots)


def inside(hours: Hours, start: dt.datetime, end: dt.datetime) -> bool:
    """Whether all of it is free by the clock on this person's wall, quarter by quarter."""
    while start < end:
        wall = start.astimezone(zoneinfo.ZoneInfo(hours.zone))
        mask = hours.weekend if wall.weekday() >= 5 else hours.weekday
        if not mask >> (wall.hour * 60 + wall.minute) // 30 & 1:
            return False
        start += dt.timedelta(minutes=15)
    return True


@KINDS
@pytest.mark.parametrize("wrong", [True, 0, -5, 10**12, "soon", None])
async def test_a_setting_that_is_no_number_of_hours_is_as_none(
    chat: DirectDriver, clock: SetClock, wrong: Setting
) -> None:
    store, moderator = chat.dispatcher.store, chat.other(uid="mo", moderator=True)
    await store.write(communities.set_setting, (await chat.me()).community, HOURS, wrong)
    offer = await mentor(store, await named(chat, "Bo").me(), replace(TERMS, skills=("no-such-skill",)))
    await mentee(store, await chat.me(), replace(WANTED, gaps=("no-such-skill",)))

    assert "there are 72 hours to answer" in (await press(chat, "mentor.ask-first", offer.id)).text
    await press(chat, "mentor.ask", offer.id)
    (wish,) = await store.read(wishes.live, await row_of(chat))
    assert wish.due == clock.moment + dt.timedelta(hours=72)
    assert "A request waits: 72 hours." in (await moderator.run("/pmpath-mod settings")).lines
    await press(moderator, "mentors.look", offer.id)
    fits(moderator)
    assert await is_told(named(chat, "Bo"), "mentor.asked")
    assert "no-such-skill" not in str(await press(named(chat, "Bo"), "mentor.accept", wish.id))
