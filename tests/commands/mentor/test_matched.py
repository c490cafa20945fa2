"""A match: its kit, whether the two met, points for both, and an end that blames nobody."""

from __future__ import annotations

import datetime as dt

import ical.calendar_stream
import icalendar
import pytest
from sqlalchemy import select

from commands.kit.request import Platform
from commands.kit.view import Card, File, LinkButton
from storage import asks, mentorships, outbox, sessions
from storage.tables import award
from storage.unit import Unit
from tests.commands.mentor.talking import (
    asked,
    by_a_matching_day,
    is_told,
    matched,
    mine,
    names_told,
    row_of,
    time_passes,
    told,
)
from tests.commands.test_plan import press
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen

BERLIN = dt.timezone(dt.timedelta(hours=1))
TIMES = [dt.datetime(2026, 11, day, 18, tzinfo=BERLIN) for day in (24, 25)]


async def test_the_kit_has_three_lines_and_two_times_inside_both_peoples_hours(chat: DirectDriver) -> None:
    await matched(chat)

    card = await told(chat, "mentor.kit")
    assert card.lines == [
        "Bo is your mentor now, on your way to: Platform (tools for developers)",
        "What you could talk about first",
        "1. Kubernetes: how it went in a real project of the mentor's, and what went wrong there",
        "2. One tool that developers use every day: why they stay with it, and what makes them leave",
        "3. The first project of one's own: how to find one that is done in a month",
        "Two times that lie inside both of your hours",
        "Tuesday, 24 November 2026, 18:00, for 60 minutes",
        "Wednesday, 25 November 2026, 18:00, for 60 minutes",
        "On your own clock. I book nothing: agree on one of them with each other.",
        "This page is a rehearsal: to see the other side, choose Bo under “You are” at its top.",
        "From Sandbox. This comes once. Either of you can end the match at any time under “My mentoring”.",
    ]
    assert card.buttons == ["For my calendar", "Report", "My mentoring", "Home"]


async def test_a_gap_that_was_not_shown_stands_in_no_kit(chat: DirectDriver) -> None:
    two = await asked(chat, gaps=())
    await told(two.mentor, "mentor.asked")

    card = await two.mentor.press("Accept")
    assert "Kubernetes" not in card.text


async def test_two_parsers_read_the_same_times_from_the_file_and_it_names_nobody_else(chat: DirectDriver) -> None:
    two = await matched(chat)

    for driver, other in ((chat, "Bo"), (two.mentor, "Ada")):
        await told(driver, "mentor.kit")
        await driver.press("For my calendar")
        written = _file(driver).content
        one = icalendar.Calendar.from_ical(written)
        another = ical.calendar_stream.IcsCalendarStream.calendar_from_ics(written.decode())
        assert isinstance(one, icalendar.Calendar)
        assert [event.start for event in one.events] == TIMES
        assert [event.dtstart for event in another.events] == TIMES
        assert {str(event["summary"]) for event in one.events} == {f"First meeting with {other} (proposed)"}
        assert b"u-bo" not in written


async def test_times_that_are_over_are_no_longer_proposed(chat: DirectDriver, clock: SetClock) -> None:
    two = await matched(chat)
    await told(chat, "mentor.kit")
    clock.move(days=2)
    card = await press(chat, "mentor.kit", 1)
    assert "A time that lies inside both of your hours" in card.lines
    clock.move(days=30)
    for driver in (chat, two.mentor):
        card = await press(driver, "mentor.kit", 1)
        assert "The times I proposed are over. Write to each other and find a new one." in card.lines
        assert "For my calendar" not in card.buttons


@pytest.mark.parametrize(
    ("platform", "address"),
    [
        (Platform.DISCORD, "https://discord.com/users/u-bo"),
        (Platform.SLACK, "https://slack.com/app_redirect?team=sandbox&channel=u-bo"),
    ],
)
async def test_write_to_leads_to_their_own_direct_messages(
    chat: DirectDriver, platform: Platform, address: str
) -> None:
    await matched(chat)
    chat.platform = platform

    assert "Write to Bo" in (await press(chat, "mentor.kit", 1)).buttons
    assert chat.reply is not None
    assert isinstance(chat.reply.view, Card)
    assert [each.url for each in chat.reply.view.buttons if isinstance(each, LinkButton)] == [address]


async def test_met_by_both_counts_once_a_week_and_how_it_was_stays_private(chat: DirectDriver, clock: SetClock) -> None:
    two = await matched(chat)
    clock.move(days=7)
    await time_passes(chat)
    assert (await told(chat, "mentor.check")).title == "Did you meet Bo?"
    assert chat.seen.buttons == ["We met", "Not yet", "End this match", "Report", "Home"]
    card = await chat.press("We met")
    assert card.lines[0] == "Noted. Bo is asked the same: once they say so too, it counts, with points for both."
    assert not await is_told(chat, "mentor.check")

    await told(two.mentor, "mentor.check")
    check = two.mentor.reply
    card = await two.mentor.press("We met")
    assert card.lines[:2] == ["You and Ada both say so: it counts.", "+30 points"]
    thanks = await two.mentor.press("It did not help")
    assert thanks.lines == ["Thank you. Only you see this, and you can change it here."]
    two.mentor.reply = check
    assert (await two.mentor.press("We met")).lines[0] == "This week's meeting is counted already: one a week counts."
    assert "You have met 1 time." in (await press(chat, "mentor.match", 1)).lines
    assert {"It helped", "It did not help"} <= set(chat.seen.buttons)
    assert not any("help" in line for line in chat.seen.lines)
    points = [await _points(driver) for driver in (chat, two.mentor)]
    assert points == [30, 30]


async def test_who_has_not_met_is_asked_three_times_at_most(chat: DirectDriver, clock: SetClock) -> None:
    await matched(chat)
    for _week in range(6):
        clock.move(days=8)
        await time_passes(chat)
        await press(chat, "mentor.not-yet", 1)

    assert (await names_told(chat)).count("mentor.check") == sessions.CHECKS_MOST
    assert chat.seen.lines[0] == "That is all right. When you have met, say so under “My mentoring”."


async def test_an_end_says_what_it_does_and_is_told_kindly_once(chat: DirectDriver) -> None:
    two = await matched(chat)
    card = await press(two.mentor, "mentor.match-end", 1)
    assert card.lines == [
        "Ada reads that you are no longer mentor and mentee, without a reason.",
        "Your place is free again.",
        "Points and the meetings you had stay.",
    ]
    confirm = two.mentor.reply
    assert (await two.mentor.press("End it now")).title == "The match has ended"
    two.mentor.reply = confirm
    again = await two.mentor.press("End it now")
    assert (again.lines, again.buttons) == (["This match is over."], ["My mentoring", "Report", "Home"])

    card = await told(chat, "mentor.ended")
    assert card.lines == [
        "You and Bo are no longer mentor and mentee. That is nobody's fault.",
        "You can ask somebody else, or wait for the next mentor matching day.",
        "From Sandbox. Nothing more comes of this match.",
    ]
    assert (await names_told(chat)).count("mentor.ended") == 1
    assert not await is_told(chat, "mentor.kit")
    for action in ("mentor.kit", "mentor.match", "mentor.met", "mentor.not-yet", "mentor.calendar", "mentor.match-end"):
        assert (await press(chat, action, 1)).lines == ["This match is over."]


async def test_a_matching_days_pair_is_let_go_with_place_and_priority_kept(chat: DirectDriver, clock: SetClock) -> None:
    two = await by_a_matching_day(chat, rounds=2)
    card = await told(two.mentor, "mentor.kit")
    assert "Let go" in card.buttons
    clock.move(hours=71)
    await two.mentor.press("Let go")
    await two.mentor.press("Let go")

    card = await told(chat, "mentor.ended")
    assert card.lines[1] == "You wait again, with the place and the priority you had."
    ask = await chat.dispatcher.store.read(asks.mine, await chat.me())
    assert ask is not None
    assert (ask.rounds, ask.waiting_since is None) == (2, False)


async def test_after_three_days_it_ends_like_any_other(chat: DirectDriver, clock: SetClock) -> None:
    two = await by_a_matching_day(chat, rounds=2)
    clock.move(hours=72)
    assert "Let go" not in (await press(two.mentor, "mentor.kit", 1)).buttons
    await press(two.mentor, "mentor.match-end-now", 1)

    assert (await told(chat, "mentor.ended")).lines[1].startswith("You can ask somebody else")


async def test_what_a_closed_dm_refused_is_shown_once_with_the_next_answer(chat: DirectDriver, clock: SetClock) -> None:
    await matched(chat)
    store = chat.dispatcher.store
    for due in await store.write(outbox.claim, "o", 50, dt.timedelta(minutes=1), real_now=clock.now()):
        if due.notice == mentorships.KIT and due.member and due.member.uid == chat.uid:
            await store.write(outbox.refused, due)

    shown = []
    for _number in range(2):
        await chat.run("/pmpath home")
        assert chat.reply is not None
        shown.append([chat.say(card.title) for card in chat.reply.also])
    assert shown == [["You and Bo: your first meeting"], []]


async def test_nobody_else_reaches_a_match(chat: DirectDriver) -> None:
    await matched(chat)
    stranger = chat.other(uid="stranger", name="Eve")
    for action in (
        "mentor.match",
        "mentor.kit",
        "mentor.met",
        "mentor.match-end-now",
        "mentor.helped",
        "mentor.report-match",
    ):
        card: Seen = await press(stranger, action, 1)
        assert "Bo" not in card.text + " ".join(card.buttons)
        assert card.title == "Not this time"
    assert (await mine(stranger)).lines == ["Nothing yet. Find a mentor who fits you, or offer some of your own time."]


def _file(driver: DirectDriver) -> File:
    assert driver.reply is not None
    assert isinstance(driver.reply.view, Card)
    return next(each for each in driver.reply.view.body if isinstance(each, File))


async def _points(driver: DirectDriver) -> int:
    row = await row_of(driver)

    def points(unit: Unit) -> int:
        return sum(unit.execute(select(award.c.points).where(award.c.member_id == row)).scalars())

    return await driver.dispatcher.store.read(points)
