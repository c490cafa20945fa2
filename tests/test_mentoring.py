"""Mentoring as the people of a community live it on each surface, each in their own language, from offer to points."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream

from bot.clock import Stop
from bot.round_keeper import RoundKeeper
from bot.timekeeper import Timekeeper, catch_up
from commands.mod import zones
from content.outcomes import Outcome
from content.text import Language, _, plural
from storage.mentor_states import ANSWER_HOURS, CHECK_AFTER
from tests.conftest import SetClock
from tests.drivers.assessment import answer_all
from tests.drivers.web import WebDriver
from tests.people import Person, Town, town
from tests.test_parity import Parts, parts

__all__ = ["parts"]

START = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
AFTERNOON = (13, 14, 15)  # in Berlin: between one and four, when in Shanghai it is evening
EVENING = (20, 21, 22)
TOGETHER = (
    "The matching day brought you together. Until {moment} either of you may let go again: "
    "who waited keeps their place and their priority."
)
LEFT = "There were mentors who suit you, but not enough places. Who has waited longest goes first."
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
    await mentor.choose("city", mentor.say(zones.city("Europe/Berlin")))
    await mentor.pick("weekday", *AFTERNOON)
    await mentor.press("Next", "Languages")
    await mentor.pick("languages", 0, 1)
    await mentor.press("Next", "I offer this")


async def ask_for(mentee: Person) -> None:
    """A member looks for a mentor, and has time in the evening of Shanghai."""
    await mentee.run("/pmpath mentor find")
    await mentee.choose("zone", mentee.say(zones.city("Asia/Shanghai")))
    await mentee.choose("track", mentee.say(Outcome.PLATFORM.label))
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
    rounds: RoundKeeper

    async def passes(self, by: dt.timedelta = dt.timedelta()) -> None:
        self.clock.moment += by
        await self.rounds.once(Stop())
        await catch_up(self.keeper, self.town.delivery, self.town.store)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("surface", list(READ))
async def test_from_an_offer_to_points_and_a_matching_day(
    parts: Parts, surface: str, database_url: str, clock: SetClock
) -> None:
    clock.moment = START
    async with town(parts, surface, database_url, READ[surface]) as here:
        rounds = RoundKeeper(here.store, database_url, clock.now, {})
        time = Time(clock, here, Timekeeper(here.store, parts.content.tips_by_outcome), rounds)
        ada, kim, jose, xiaoyu, zoya, nur = (here[each] for each in READ[surface])
        await listed(time, ada, kim, jose)
        await asked_in_vain(time, xiaoyu, kim, jose)
        await matched(time, xiaoyu, jose)
        await met(time, xiaoyu, jose)
        await on_the_board(xiaoyu, jose)
        await matching_day(time, ada, kim, zoya, nur)


async def listed(time: Time, ada: Person, *mentors: Person) -> None:
    """Both offer; a message proves that they are reached, and Ada agrees."""
    for mentor in mentors:
        await offer(mentor)
        assert mentor.reads("Not listed yet: the moderators look at it first. You need not do anything.")
    await time.passes()
    for mentor in mentors:
        mentor.open_message("Requests reach you here")
        await ada.run("/pmpath-mod mentors")
        await ada.press_beside(mentor.name, "Look")
        await ada.press("Approve")
    await time.passes()
    for mentor in mentors:
        mentor.open_message("The moderators have decided")
        assert mentor.reads("Your offer is agreed to and listed: members who fit can find you and ask you.")


async def asked_in_vain(time: Time, mentee: Person, first: Person, second: Person) -> None:
    """The first of two wishes is asked, and has no answer for 72 hours: the second is asked by itself."""
    await answer_all(mentee.driver, {"background": [3, 7], "skills": [1, 7]}, letter="B")
    await ask_for(mentee)
    await wish(mentee, first)
    assert mentee.reads("The mentor has your request now.")
    await wish(mentee, second)
    assert mentee.reads("Kept as a wish: it waits its turn.")
    await time.passes(dt.timedelta(hours=ANSWER_HOURS) - dt.timedelta(seconds=1))
    assert not mentee.messages()
    await time.passes(dt.timedelta(seconds=1))
    mentee.open_message("No answer in time")
    assert mentee.reads(_("Your next wish is asked now: {name}, until {moment}.", name=second.name, moment="{}"))
    first.open_message("{name} asks you to be their mentor")
    await first.press("Accept")
    assert first.reads(
        "This request is no longer open: it was answered or taken back, or its time is over. Nothing has changed."
    )


async def matched(time: Time, mentee: Person, mentor: Person) -> None:
    """The mentor says yes by the message, and both have in theirs what the first meeting needs."""
    mentor.open_message("{name} asks you to be their mentor")
    await mentor.press("Accept")
    await time.passes()
    found = [await meetings(one, other) for one, other in ((mentee, mentor), (mentor, mentee))]
    assert found[0] == found[1]
    assert len(found[0]) == 2
    for start, end in found[0]:
        assert start > time.clock.now()
        for zone, hours in (("Europe/Berlin", AFTERNOON), ("Asia/Shanghai", EVENING)):
            there, until = (each.astimezone(zoneinfo.ZoneInfo(zone)) for each in (start, end))
            assert there.hour in hours
            assert until <= there.replace(hour=hours[-1], minute=0) + dt.timedelta(hours=1)


async def meetings(one: Person, other: Person) -> list[tuple[dt.datetime, dt.datetime]]:
    """The kit in their messages: whom to write to, an agenda, and times by a file that two parsers read alike."""
    one.open_message("You and {name}: your first meeting")
    assert other.name in one.seen.title
    agenda = [line for line in one.seen.lines if line[:3] in {"1. ", "2. ", "3. "}]
    assert len(agenda) == 3
    if not isinstance(one.driver, WebDriver):
        assert one.say(_("Write to {name}", name=other.name)) in one.seen.buttons
        assert any(other.place in link for link in one.links)
    await one.press("For my calendar")
    written = await one.file()
    events = icalendar.Calendar.from_ical(written).events
    ours = [(moment(event.start), moment(event.end)) for event in events]
    theirs = [(each.dtstart, each.dtend) for each in IcsCalendarStream.calendar_from_ics(written.decode()).events]
    assert ours == theirs
    assert all(line[3:] in str(event["DESCRIPTION"]) for event in events for line in agenda)
    return ours


def moment(read: object) -> dt.datetime:
    """No whole day."""
    assert isinstance(read, dt.datetime)
    return read


async def met(time: Time, mentee: Person, mentor: Person) -> None:
    """A week later both are asked, and say so by one tap each."""
    await time.passes(CHECK_AFTER)
    for person in (mentee, mentor):
        person.open_message("Did you meet {name}?")
        await person.press("We met")
        assert ("+30" in person.seen.text) is (person is mentor), "it counts once both have said so"
    assert mentor.reads("You and {name} both say so: it counts.")


async def on_the_board(*both: Person) -> None:
    for person in both:
        await person.run("/pmpath leaderboard")
        await person.press("Show me on the boards", "Show me")
    for person, other in (both, both[::-1]):
        first = {Language.EN: "1. {}, 30 points", Language.ZH: "第 1 名：{}，30 分"}[person.language]
        you = {Language.EN: "You", Language.ZH: "你"}[person.language]
        await person.run("/pmpath leaderboard")
        assert {first.format(you), first.format(other.name)} <= {*person.seen.lines}


async def matching_day(time: Time, ada: Person, mentor: Person, *waiting: Person) -> None:
    """Two wait and one place is free: a pair reads it in their messages, and who is left over why on Home."""
    for mentee in waiting:
        await ask_for(mentee)
        await mentee.press("Wait for the next matching day", "Wait")
        assert mentee.reads("You take part in the next matching day.")
    await ada.run("/pmpath-mod round preview")
    await time.passes()
    await ada.press("Look again")
    assert ada.reads(_("{matched} of {count} members who wait would be matched.", matched=1, count=2))
    assert not any(mentee.messages() for mentee in waiting)
    await ada.press("Run", plural("Make {count} match", "Make {count} matches", 1))
    await time.passes()
    await ada.press("Look again")
    assert ada.reads(plural("{count} match was made.", "{count} matches were made.", 1))
    happy, left = sorted(waiting, key=lambda each: not each.messages())
    assert not left.messages()
    for one, other in ((happy, mentor), (mentor, happy)):
        one.open_message("You and {name}: your first meeting")
        assert other.name in one.seen.title
        assert one.reads(TOGETHER)
    for card in ("/pmpath home", "/pmpath mentor mine"):
        await left.run(card)
        assert left.reads(LEFT)
        await happy.run(card)
        assert not happy.reads(LEFT)
