"""The plan to take away: Markdown in which nothing is markup but ours, and a calendar that calendars read."""

from __future__ import annotations

import datetime as dt
import re

import icalendar
import pytest

from commands.kit.view import Card, File
from commands.plan_calendar import first_monday
from content.load import Content
from content.outcomes import Outcome
from content.text import Language
from storage import communities, learning
from storage.learning import SkillState
from tests.commands.test_plan import have_links, mark, plan, press
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver


async def file(chat: DirectDriver, action: str, outcome: Outcome = Outcome.PLATFORM) -> File:
    await press(chat, action, outcome)
    assert chat.reply is not None
    assert isinstance(chat.reply.view, Card)
    return next(each for each in chat.reply.view.body if isinstance(each, File))


async def events(chat: DirectDriver) -> list[icalendar.Event]:
    read = icalendar.Calendar.from_ical((await file(chat, "plan.calendar")).content)
    assert isinstance(read, icalendar.Calendar)
    return list(read.events)


async def test_the_markdown_holds_the_whole_plan(chat: DirectDriver, content: Content) -> None:
    await mark(chat, SkillState.DOING, "mlops")
    await mark(chat, SkillState.SKIPPED, "kubernetes")
    found = await file(chat, "plan.markdown")
    written = found.content.decode()
    steps = (await plan(chat, Outcome.PLATFORM)).steps

    assert (found.name, found.mime) == ("plan.md", "text/markdown")
    assert re.findall(r"^### \d+\. ", written, re.MULTILINE) == [f"### {n}. " for n in range(1, len(steps) + 1)]
    assert "### 1. MLOps (in progress)" in written
    assert "## What you skipped\n\n- Kubernetes\n" in written
    assert content.tracks[Outcome.PLATFORM].starter.en in written
    for skill in (content.skills[each] for each in steps):
        assert all(f"](<{content.resources[each].address}>)" in written for each in skill.resources)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("**bold** `code` # no", r"\*\*bold\*\* \`code\` \# no"),
        ("[x](https://example.org/a_b)", r"\[x\](https:\//example.org/a\_b)"),
        ("<script>&amp;", r"\<script\>\&amp;"),
        ("WWW.example.org and me@example.org", r"WWW\.example.org and me\@example.org"),
    ],
)
async def test_nothing_that_a_member_wrote_is_markup(chat: DirectDriver, said: str, written: str) -> None:
    await press(chat, "plan.finished", Outcome.PLATFORM, "mlops", form=True, said=said)

    assert f"- MLOps: {written}\n" in (await file(chat, "plan.markdown")).content.decode()


async def test_the_calendar_has_one_skill_a_week_from_the_next_monday(chat: DirectDriver, content: Content) -> None:
    steps = (await plan(chat, Outcome.PLATFORM)).steps
    found = await events(chat)

    days = [event.start for event in found]
    monday = dt.date(2026, 11, 30)
    assert days == [monday + dt.timedelta(weeks=week) for week in range(len(steps))]
    assert {event.end - event.start for event in found} == {dt.timedelta(days=1)}
    for skill, event in zip((content.skills[each] for each in steps), found, strict=True):
        assert event["summary"] == f"This week: {skill.name.en}"
        assert skill.task.en in str(event["description"])
        assert all(content.resources[each].address in str(event["description"]) for each in skill.resources)


async def test_a_link_of_the_communitys_own_goes_along_with_nothing_in_its_title_as_markup(chat: DirectDriver) -> None:
    await have_links(chat, ["mlops"], Language.EN, "**Our** [notes](x)")

    written = (await file(chat, "plan.markdown")).content.decode()
    assert r"- [\*\*Our\*\* \[notes\](x)](<https://example.org/mlops/0/" in written
    assert "aaa>): added by your moderators\n" in written
    assert any(
        "**Our** [notes](x)\nhttps://example.org/mlops" in str(each["description"]) for each in await events(chat)
    )


async def test_imported_again_in_the_same_week_it_is_the_same_events(chat: DirectDriver, clock: SetClock) -> None:
    before = {str(event["uid"]): event for event in await events(chat)}
    clock.move(days=3)
    await mark(chat, SkillState.DONE, "kubernetes")
    after = {str(event["uid"]): event for event in await events(chat)}

    assert after.keys() < before.keys()
    assert all(event.DTSTAMP > before[uid].DTSTAMP for uid, event in after.items())
    assert len(after) == len(before) - 1


async def test_two_members_have_the_same_names_of_events_and_nobody_is_named(chat: DirectDriver) -> None:
    other = chat.other(uid="secret-uid", name="Secret Name")
    await press(other, "plan.finished", Outcome.PLATFORM, "mlops", form=True, said="secret line")
    mine, theirs = await events(chat), await events(other)

    assert {str(event["uid"]) for event in theirs} < {str(event["uid"]) for event in mine}
    assert b"ecret" not in (await file(other, "plan.calendar")).content


@pytest.mark.parametrize("language", list(Language))
async def test_the_calendar_is_folded_utf8_with_both_line_ends(chat: DirectDriver, language: Language) -> None:
    await chat.run(f"/pmpath language {language.value}")
    content = (await file(chat, "plan.calendar")).content
    lines = content.split(b"\r\n")

    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-1] == b""
    assert all(line.decode() is not None for line in lines)  # no character is cut in two
    names = [event["summary"] for event in await events(chat)]
    assert names[0] == {"en": "This week: Kubernetes", "zh": "本周：Kubernetes"}[language.value]


@pytest.mark.parametrize(
    ("now", "zone", "monday"),
    [
        ("2026-11-29T15:59:00+00:00", "Asia/Shanghai", "2026-11-30T00:00:00+08:00"),
        ("2026-11-29T16:00:00+00:00", "Asia/Shanghai", "2026-12-07T00:00:00+08:00"),
        ("2026-10-20T09:00:00+00:00", "Europe/Berlin", "2026-10-26T00:00:00+01:00"),
        ("2026-12-30T09:00:00+00:00", "America/New_York", "2027-01-04T00:00:00-05:00"),
    ],
)
def test_the_next_monday_is_the_communitys(now: str, zone: str, monday: str) -> None:
    assert first_monday(dt.datetime.fromisoformat(now), zone) == dt.datetime.fromisoformat(monday)


async def test_the_first_day_is_said_in_the_communitys_zone(chat: DirectDriver, clock: SetClock) -> None:
    clock.moment = dt.datetime(2026, 11, 29, 17, tzinfo=dt.UTC)
    community = (await chat.me()).community
    await chat.dispatcher.store.write(communities.set_zone, community, "Asia/Shanghai")

    card = await press(chat, "plan.calendar", Outcome.PLATFORM)

    assert card.lines[0].startswith("One skill a week, on Mondays from 7 December 2026.")
    assert card.lines[1] == "plan.ics: Your plan as a calendar"


async def test_with_nothing_open_there_is_no_calendar(chat: DirectDriver) -> None:
    await mark(chat, SkillState.HAD, *(await plan(chat, Outcome.HYBRID)).steps)

    card = await press(chat, "plan.calendar", Outcome.HYBRID)

    assert card.lines == ["Nothing in your plan is waiting for a week of its own."]
    assert card.buttons == ["Back to the plan", "Home"]


async def test_a_resource_that_is_done_is_marked_and_the_next_one_leads_the_week(
    chat: DirectDriver, content: Content
) -> None:
    before = (await events(chat))[0]["url"]
    done = next(each for each in content.skills["kubernetes"].resources if content.resources[each].address == before)
    await chat.dispatcher.store.write(learning.set_resource, await chat.me(), done, done=True)

    assert (await events(chat))[0]["url"] != before
    assert " · done\n" in (await file(chat, "plan.markdown")).content.decode()
