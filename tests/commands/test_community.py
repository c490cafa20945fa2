"""How a community splits, as members see it."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace

import pytest

from bot.discord import render as discord
from bot.slack import render as slack
from commands.kit.drawing import Chart, Sketch
from commands.kit.request import CommunityKey, Platform
from commands.kit.view import Card, Picture
from content.outcomes import Outcome
from content.text import Language
from storage import appearances, community_figures, learning, members, offers, postings, requests
from storage.community_figures import Figures
from storage.learning import SkillState
from storage.members import Me
from storage.mentor_figures import Mentoring
from storage.postings import Done
from tests.commands.test_plan import press
from tests.conftest import SetClock
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import tip_out
from tests.looking import drawn
from tests.storage import mentoring
from tests.storage.test_common_gaps import finish

TOO_FEW = "Too few members have finished the assessment here to show a split."


async def have_results(chat: DirectDriver, **outcomes: int) -> list[Me]:
    """So many members with a result of each outcome."""
    here, store = (await chat.me()).community, chat.dispatcher.store
    return [
        await finish(store, here, f"{outcome}-{number}", Outcome(outcome))
        for outcome, count in outcomes.items()
        for number in range(count)
    ]


@pytest.fixture
def charts(chat: DirectDriver) -> list[Chart]:
    """The charts that are drawn."""
    seen: list[Chart] = []
    draw = chat.dispatcher.draw

    def noted(sketch: Sketch) -> Awaitable[bytes]:
        assert isinstance(sketch, Chart)
        seen.append(sketch)
        return draw(sketch)

    chat.dispatcher.draw = noted
    return seen


async def test_groups_under_five_are_hidden_and_the_others_rounded(chat: DirectDriver, charts: list[Chart]) -> None:
    members = await have_results(chat, technical=13, platform=5, hybrid=4)
    for me in members[:7]:
        await chat.dispatcher.store.write(learning.set_skill, me, "sql", SkillState.DOING)
    await answer_all(chat.other(uid="little"), {"background": [3]}, letter="A")

    card = await chat.run("/pmpath community")

    assert card.title == "This community"
    assert card.lines[:8] == [
        "Results", "Technical: 10", "Platform: 5", "On the way", "Started: 20", "Finished: 15", "With a plan: 5",
        "Commonest gaps",
    ]  # fmt: skip
    assert len(card.lines[8:13]) == 5
    assert card.lines[13:] == [
        "Members so far, by the end of each month",
        "2026-11: 20 had begun",
        "Figures are rounded down to fives; a group under five is left out. As of 23 November 2026.",
    ]
    assert card.buttons == ["My result", "Leaderboard", "Learning resources", "Home"]
    (chart,) = charts
    assert [(bar.name, bar.said) for bar in (*chart.upper, *chart.lower)] == [
        ("Technical", "10"), ("Platform", "5"), ("Started", "20"), ("Finished", "15"), ("With a plan", "5"),
    ]  # fmt: skip


async def test_nobody_sees_what_another_does_not_and_a_day_must_pass_for_news(
    chat: DirectDriver, clock: SetClock
) -> None:
    await have_results(chat, platform=5)
    first = await chat.run("/pmpath community")
    clock.move(minutes=1)
    await have_results(chat, technical=9)
    assert await chat.run("/pmpath community") == first
    assert await chat.other(uid="u2", moderator=True).run("/pmpath community") == first
    chinese = await chat.other(uid="u3", locale="zh-CN").run("/pmpath community")
    assert chinese.lines[1:2] == ["平台型：5"]
    assert len(chinese.lines) == len(first.lines)
    elsewhere = chat.other(community=CommunityKey(Platform.WEB, "elsewhere", "Elsewhere"))
    assert (await elsewhere.run("/pmpath community")).lines[0] == TOO_FEW

    clock.move(days=1)
    later = await chat.run("/pmpath community")
    assert later.lines[1:3] == ["Platform: 5", "Technical: 5"]
    clock.move(days=1)
    await finish(chat.dispatcher.store, (await chat.me()).community, "platform-5", Outcome.TECHNICAL)
    assert await chat.run("/pmpath community") == later


async def test_nothing_that_one_member_does_is_seen_on_the_card_its_chart_or_what_moderators_are_proposed(
    chat: DirectDriver, charts: list[Chart], clock: SetClock
) -> None:
    people = await have_results(chat, technical=6, platform=5, hybrid=4)
    store, here, posting = chat.dispatcher.store, people[0].community, await tip_out(chat, "p-one-page")
    moderator = chat.other(uid="mo", name="Mo", moderator=True)

    async def deed(number: int) -> None:
        await store.write(learning.set_skill, people[number], "sql", SkillState.DOING)
        await store.write(postings.do, people[number], posting, Done.DONE)

    async def look() -> list[object]:
        await chat.run("/pmpath community")
        card = drawn(chat, chat.reply)
        await press(moderator, "tip-queue.propose")
        return [card, charts[-1], drawn(moderator, moderator.reply)]

    for number in range(5):
        await deed(number)
    first = await look()
    clock.move(hours=1)
    changes = (
        finish(store, here, "hybrid-4", Outcome.HYBRID),
        finish(store, here, "platform-0", Outcome.TECHNICAL),
        deed(9),
        store.write(learning.set_skill, people[7], "python", SkillState.DONE, "a line"),
        store.write(appearances.show, people[8]),
        store.write(appearances.hide, people[8]),
        store.write(members.forget, people[10]),
    )
    for change in changes:
        await change
        assert await look() == first
        clock.move(days=1, minutes=1)
        assert await look() == first

    for number in range(5, 10):
        await deed(number)
    for number in range(5):
        await finish(store, here, f"platform-{number}", Outcome.HYBRID)
    clock.move(days=1)
    assert all(now != then for now, then in zip(await look(), first, strict=True))


async def test_mentoring_is_told_to_everybody_alike_and_only_as_five_people_or_more_move_it(
    chat: DirectDriver, clock: SetClock
) -> None:
    await have_results(chat, platform=5)
    store, me = chat.dispatcher.store, await chat.me()
    terms = replace(mentoring.TERMS, capacity=2)
    mentors = [await mentoring.mentor(store, mentoring.person(me, f"M{number}"), terms) for number in range(9)]

    async def matched(number: int) -> None:
        who = mentoring.person(me, f"S{number}")
        await mentoring.mentee(store, who)
        asked = await store.write(requests.ask, who, mentors[number].id, [])
        assert isinstance(asked, requests.Asked)
        assert isinstance(await store.write(requests.accept, mentoring.person(me, f"M{number}"), asked.request), int)

    async def told() -> list[str]:
        clock.move(days=1)
        lines = (await chat.other(uid="mo", moderator=True).run("/pmpath community")).lines
        assert (await chat.run("/pmpath community")).lines == lines
        return lines[lines.index("Mentoring") : -1]

    for number in range(4):
        await matched(number)
    assert await told() == ["Mentoring", "Mentors: 5", "Free places: 10"]
    for number in range(4, 8):
        await matched(number)
        assert await told() == ["Mentoring", "Mentors: 5", "Free places: 10"]
    await store.write(offers.drop, me.community, mentors[8].member)
    await store.write(members.forget, mentoring.person(me, "M7"))
    assert await told() == ["Mentoring", "Mentors: 5", "Free places: 10"]
    for number in range(7):
        await mentoring.mentor(store, mentoring.person(me, f"P{number}"), terms)
    assert await told() == ["Mentoring", "Mentors: 10", "Free places: 20"]


async def test_the_first_group_is_not_shown_the_moment_that_its_fifth_member_finished(
    chat: DirectDriver, clock: SetClock
) -> None:
    """Who looks before and after would know that one's result."""
    people = await have_results(chat, platform=4, technical=4)
    card = await chat.run("/pmpath community")
    assert (card.lines, card.buttons) == ([TOO_FEW], ["Start the assessment", "My result", "Home"])

    clock.move(minutes=1)
    await chat.dispatcher.store.write(learning.set_skill, people[0], "sql", SkillState.DOING)
    for number in range(4, 9):
        assert (await chat.run("/pmpath community")).lines == [TOO_FEW]
        clock.move(minutes=1)
        await finish(chat.dispatcher.store, (await chat.me()).community, f"platform-{number}", Outcome.PLATFORM)
    assert (await chat.run("/pmpath community")).lines[1:2] == ["Platform: 5"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", list(Language))
async def test_the_words_say_all_that_stands_on_the_chart_and_fit_every_surface(
    chat: DirectDriver, charts: list[Chart], clock: SetClock, language: Language
) -> None:
    """The largest card there can be."""
    catalogue = chat.dispatcher.content.catalogue
    months = tuple(f"2026-{month:02}" for month in range(6, 12))
    figures = Figures(
        dict.fromkeys(Outcome, 123_455), 123_455, dict.fromkeys(chat.dispatcher.content.skills, 123_455),
        months, (1_234_565,) * 6, (123_455,) * 6,
    )  # fmt: skip
    here = (await chat.me()).community
    told = Mentoring(*(1_234_565,) * 8)
    await chat.dispatcher.store.write(community_figures.publish, here, (figures, clock.now()), told)
    await chat.run(f"/pmpath language {language.value}")
    await chat.run("/pmpath community")

    assert chat.reply is not None
    view = chat.reply.view
    assert isinstance(view, Card)
    drawn = discord.card(catalogue, view, language, 10**9)
    slack.message(catalogue, view, language, 10**9)
    (picture,) = (each for each in view.body if isinstance(each, Picture))
    assert drawn.files[0].description == catalogue.say(picture.alt, language)
    (chart,) = charts
    words = catalogue.say(picture.alt, language)
    for bar in (*chart.upper, *chart.lower):
        assert bar.name in words
        assert bar.said in words
    assert len(chart.upper) == 4
    assert len(chart.lower) == 4
