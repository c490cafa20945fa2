"""Mentoring as the people of a community live it on each surface, each in their own language, from offer to points."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream

from bot.timekeeper import Timekeeper, catch_up
from commands.mod import zones
from content.outcomes import Outcome
from content.text import Language
from storage.mentor_states import ANSWER_HOURS, CHECK_AFTER
from tests.conftest import SetClock
from tests.drivers.assessment import answer_all
from tests.people import Person, Town, town
from tests.test_parity import Parts, parts

__all__ = ["parts"]

START = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
AFTERNOON = (13, 14, 15)  # in Berlin: between one and four, when in Shanghai it is evening
EVENING = (20, 21, 22)
EN, ZH = Language.EN, Language.ZH
READ = {
    "discord": {"ada": EN, "kim": ZH, "jose": EN, "xiaoyu": ZH, "zoya": EN, "nur": ZH},
    "slack-socket": {"ada": ZH, "kim": EN, "jose": ZH, "xiaoyu": EN, "zoya": ZH, "nur": EN},
    "web": {"ada": ZH, "kim": EN, "jose": EN, "xiaoyu": ZH, "zoya": ZH, "nur": EN},
}


async def offer(mentor: Person) -> None:
    """A member leads others on platforms, and has time for one."""
    await mentor.run("/pmpath mentor offer")
    await mentor.press("Tracks")
    await mentor.pick("tracks", 1)
    await mentor.press("Next")
    for skills, options in mentor.seen.selects.items():
        await mentor.pick(skills, *range(len(options)))
    await mentor.press("Next")
    await mentor.pick("seniority", 3)
    await mentor.press("Another time zone")
    await mentor.choose("city", mentor.read(zones.city("Europe/Berlin")))
    await mentor.pick("weekday", *AFTERNOON)
    await mentor.press("Next", "Languages")
    await mentor.pick("languages", 0, 1)
    await mentor.press("Next", "I offer this")


async def ask_for(mentee: Person) -> None:
    """A member has a result, and looks for a mentor who has time in the evening of Shanghai."""
    await answer_all(mentee.driver, {"background": [3, 7], "skills": [1, 7]}, letter="B")
    await mentee.run("/pmpath mentor find")
    await mentee.choose("zone", mentee.read(zones.city("Asia/Shanghai")))
    await mentee.choose("track", mentee.read(Outcome.PLATFORM.label))
    await mentee.pick("seniority", 0)
    await mentee.pick("languages", 0, 1)
    await mentee.pick("weekday", *EVENING)
    await mentee.press("Save")


async def wish(mentee: Person, mentor: Person) -> None:
    await mentee.run("/pmpath mentor find")
    await mentee.press_beside(mentor.name, "Look")
    await mentee.press("Ask", "Ask")


@dataclass(frozen=True, slots=True)
class Time:
    """The clock, and what happens by itself."""

    clock: SetClock
    town: Town
    keeper: Timekeeper

    async def passes(self, by: dt.timedelta = dt.timedelta()) -> None:
        self.clock.moment += by
        await catch_up(self.keeper, self.town.delivery, self.town.store)


async def meetings(person: Person) -> list[tuple[dt.datetime, dt.datetime]]:
    """When they could meet by the calendar file of the card last seen, as two parsers read it alike."""
    await person.press("For my calendar")
    written = await person.file()
    calendar = icalendar.Calendar.from_ical(written)
    ours = [(event.start, event.end) for event in calendar.events]
    theirs = [(each.dtstart, each.dtend) for each in IcsCalendarStream.calendar_from_ics(written.decode()).events]
    assert ours == theirs
    return ours


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("surface", list(READ))
async def test_from_an_offer_to_points_and_a_matching_day(
    parts: Parts, surface: str, database_url: str, clock: SetClock
) -> None:
    clock.moment = START
    async with town(parts, surface, database_url, READ[surface]) as here:
        time = Time(clock, here, Timekeeper(here.store, parts.content.tips_by_outcome))
        ada, kim, jose, xiaoyu = (here[each] for each in ("ada", "kim", "jose", "xiaoyu"))
        await listed(time, ada, kim, jose)
        await asked_in_vain(time, xiaoyu, kim, jose)
        await matched(time, xiaoyu, jose)
        await met(time, xiaoyu, jose)


async def listed(time: Time, ada: Person, *mentors: Person) -> None:
    """Both offer; a message proves that they are reached, and Ada agrees."""
    for mentor in mentors:
        await offer(mentor)
        assert mentor.said("Not listed yet: the moderators look at it first. You need not do anything.")
    await time.passes()
    for mentor in mentors:
        mentor.open_message("Requests reach you here")
        await ada.run("/pmpath-mod mentors")
        await ada.press_beside(mentor.name, "Look")
        await ada.press("Approve")
    await time.passes()
    for mentor in mentors:
        mentor.open_message("The moderators have decided")
        assert mentor.said("Your offer is agreed to and listed: members who fit can find you and ask you.")


async def asked_in_vain(time: Time, mentee: Person, first: Person, second: Person) -> None:
    """The first of two wishes is asked, and has no answer for 72 hours: the second is asked by itself."""
    await ask_for(mentee)
    await wish(mentee, first)
    assert mentee.said("It is before the mentor now.")
    await wish(mentee, second)
    assert mentee.said("Kept as a wish: it waits its turn.")
    await time.passes()
    first.open_message("{name} asks you to be their mentor")
    await time.passes(dt.timedelta(hours=ANSWER_HOURS) - dt.timedelta(seconds=1))
    assert [each.title for each in mentee.messages()] == []
    await time.passes(dt.timedelta(seconds=1))
    mentee.open_message("No answer in time")
    assert second.name in mentee.seen.text
    await first.press("Accept")
    assert first.said("This request is no longer open: it was answered or taken back, or its time is over. Nothing has changed.")


async def matched(time: Time, mentee: Person, mentor: Person) -> None:
    """The mentor says yes by the message, and both have the kit in theirs."""
    mentor.open_message("{name} asks you to be their mentor")
    await mentor.press("Accept")
    await time.passes()
    for one, other in ((mentee, mentor), (mentor, mentee)):
        print(one.messages())
        print(one.open_message("You and {name}: your first meeting"))
        print(await meetings(one))


async def met(time: Time, mentee: Person, mentor: Person) -> None:
    await time.passes(CHECK_AFTER)
    for one, other in ((mentee, mentor), (mentor, mentee)):
        one.open_message("Did you meet {name}?")
        print(await one.press("We met"))
