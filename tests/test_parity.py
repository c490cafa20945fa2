"""One conversation per command, played on all three surfaces and without any: equal words, equal state."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.access import Access
from bot.clock import Stop
from bot.delivery import Delivery
from bot.discord.client import DiscordSurface
from bot.discord.telling import CommandNotes
from bot.pictures.studio import Pictures
from bot.server import Server
from bot.settings import DiscordAccess, SlackAccess
from bot.slack.client import SlackSurface
from bot.surface import Interactions, Surface
from bot.web.client import WebSurface
from bot.web.door import Door
from bot.web.sandbox import SandboxClock
from commands import privacy as privacy_card
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from commands.kit.request import CommunityKey, Platform
from content.load import Content
from content.outcomes import Outcome
from storage import asks, members, postings, requests, schedules, tables
from storage.members import Me
from storage.store import Store, Traces
from storage.tip_states import DUE
from storage.unit import Unit
from tests.bot.slack.conftest import PATIENT, patient_forms, served
from tests.conftest import Faults, SetClock
from tests.drivers import markup
from tests.drivers.assessment import answer_all, open_questions
from tests.drivers.direct import DirectDriver
from tests.drivers.discord import DiscordDriver
from tests.drivers.seen import Driver, Seen
from tests.drivers.slack import SlackDriver
from tests.drivers.web import WebDriver
from tests.fakes.discord import MANAGE_GUILD, FakeDiscord
from tests.fakes.slack import FakeSlack, SlackMember
from tests.storage.mentoring import TERMS, WANTED, listed, mentor

__all__ = ["patient_forms"]

SURFACES, KINDS = ("discord", "slack-socket", "slack-http", "web"), ("sqlite", "postgres")
Conversation = Callable[[Driver], Awaitable[list[Seen]]]
On = tuple[Driver, Surface]


async def home(driver: Driver) -> list[Seen]:
    return [await driver.run("/pmpath home"), await driver.press("中文"), await driver.press("English")]


async def help_(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath help"), await driver.press("Points"), await driver.press("All commands")]
    return [*seen, await driver.run("/pmpath help points"), await driver.press("Home")]


async def start(driver: Driver) -> list[Seen]:
    seen = [await open_questions(driver), await driver.press("A"), await driver.press("Back")]
    seen += [await driver.press("On to where I was")]
    return [*seen, await driver.press("Show my result now")]


async def result(driver: Driver) -> list[Seen]:
    await answer_all(driver, {"background": [3, 7]}, letter="B")
    seen = [await driver.run("/pmpath result")]
    seen += [await driver.press(label) for label in ("As a picture", "My result", "Partly", "Something else")]
    seen += [without_picture(await driver.press("Share")), await driver.press("Post"), await driver.press("My result")]
    seen += [await driver.press("Unshare"), await answer_all(driver, {"background": [1]}, letter="A")]
    seen += [await driver.press(label) for label in ("History", "Open", "What changed", "The earlier one")]
    return [*seen, await driver.press("Take it again")]


async def compare(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath compare business business"), await driver.press("Hybrid")]
    seen += [await driver.run("/pmpath compare"), await driver.press("Technical"), await driver.press("Platform")]
    return [*seen, await driver.press("Compare Platform with another")]


async def community(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath community"), await driver.press("Home"), await driver.press("This community")]
    return [*seen, await driver.press("Start the assessment")]


async def track(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath track"), await driver.press("Technical")]
    seen += [await driver.press(label) for label in ("Skills", "A typical day", "Ways in", "Outlook", "Back")]
    return seen


async def resources(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath resources"), await driver.press("Hybrid")]
    seen += [await driver.press("More"), await driver.press("Back"), await driver.press("Other tracks")]
    seen += [await driver.press("Hybrid"), await driver.choose("skill", "User research")]
    seen += [await driver.choose("level", "beginner")]
    title = next(iter(seen[-1].selects["done"]))
    seen += [await driver.choose("done", title), await driver.press("What came out of it")]
    seen += [await driver.fill(said="five talks"), await driver.choose("learned", title)]
    seen += [await driver.press("Not done after all"), await driver.choose("done", title)]
    return [*seen, await driver.press("Clear filters")]


async def plan(driver: Driver) -> list[Seen]:
    await answer_all(driver, {"background": [3, 7], "skills": [1, 7]}, letter="B")
    seen = [await driver.run("/pmpath plan"), await driver.press("More"), await driver.press("Back")]
    seen += [await driver.press("MLOps"), await driver.press("In progress"), await driver.press("MLOps")]
    form = await driver.press("Done")
    seen += [replace(form, title=""), await driver.fill(said="*notes* <b> https://example.org/a_b")]
    seen += [await driver.press("What I have"), await driver.press("MLOps"), await driver.press("Back to the plan")]
    seen += [await driver.press("Documentation coverage"), await driver.press("Skip")]
    seen += [await driver.press("What I skipped"), await driver.press("Back to the plan")]
    seen += [await driver.press("What is missing for me?"), await driver.choose("skills", "Python", "Plug-in design")]
    seen += [await driver.choose("regions", "Mainland China"), await driver.press("Next")]
    seen += [await driver.press("What is missing for me?"), await driver.press("Skip")]
    seen += [await driver.press("Markdown"), await driver.press("Back to the plan")]
    return [*seen, await driver.press("Calendar"), await driver.run("/pmpath home")]


async def tips_week(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath tips week"), await driver.press("Hybrid")]
    seen += [await driver.run("/pmpath tips week platform"), await driver.press("All tracks")]
    return [*seen, await driver.press("My plan")]


async def tips_suggest(driver: Driver) -> list[Seen]:
    form = await driver.run("/pmpath tips suggest")
    seen = [replace(form, fields=dict.fromkeys(form.fields, ""))]  # a choice is named by id here, by its words there
    text = "*Ask* one <b>question</b> first, that your last three interviews could not answer: " + "write it down. " * 4
    seen += [await driver.fill(outcome="hybrid", title="One _question_ first", text=text, link="https://example.org/")]
    seen += [await driver.press("Weekly tips"), await driver.run("/pmpath privacy")]
    return seen


async def mentor_offer(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath mentor offer"), await driver.press("Tracks")]
    seen += [await driver.choose("tracks", "Platform (tools for developers)"), await driver.press("Next")]
    seen += [await driver.choose("platform", "Kubernetes"), await driver.choose("hybrid", "User research")]
    seen += [await driver.press("Next"), await driver.choose("seniority", "I have shipped one")]
    await driver.press("Another time zone")  # until here it is the platform's
    seen += [await driver.choose("city", "New York"), await driver.choose("weekday", "20:00 to 21:00")]
    seen += [await driver.choose("weekend", *(f"{hour:02}:00 to {hour + 1:02}:00" for hour in range(24)))]
    seen += [await driver.press("Next"), replace(await driver.press("Note"), title="")]
    seen += [await driver.fill(words="*Ask* me about <b>tools</b> @everyone"), await driver.press("Mentees at a time")]
    seen += [await driver.choose("capacity", "2"), await driver.press("I offer this"), await driver.press("Pause")]
    form = await driver.press("Until a date")
    await driver.fill(until="2026-12-24")  # Discord writes a day in its own way
    seen += [replace(form, title=""), await driver.press("Take it up again")]
    seen += [await driver.press("Change"), await driver.press("Leave me out of matching days")]
    seen += [await driver.press("Discard changes"), await driver.press("End this offer"), await driver.press("End it")]
    return [*seen, await driver.press("Home")]


async def leaderboard(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath leaderboard"), await driver.press("Show me on the boards")]
    seen += [await driver.press("Not now"), await driver.run("/pmpath resources"), await driver.press("Hybrid")]
    seen += [await driver.choose("done", next(iter(seen[-1].selects["done"])))]
    seen += [await driver.run("/pmpath leaderboard all week"), await driver.press("Show me on the boards")]
    seen += [await driver.press(label) for label in ("Show me", "Ever", "My points", "Leaderboard")]
    seen += [await driver.choose("board", "Technical"), await driver.press("Hide me"), await driver.press("Hide me")]
    return [*seen, await driver.press("Show me again")]


async def mentor_mine(driver: Driver) -> list[Seen]:
    return [
        await driver.run("/pmpath mentor mine"),
        await driver.press("Home"),
        await driver.run("/pmpath mentor mine"),
    ]


async def language(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath language"), await driver.press("中文")]
    return [*seen, await driver.run("/pmpath help"), await driver.run("/pmpath language")]


async def privacy(driver: Driver) -> list[Seen]:
    await open_questions(driver)
    seen = [await driver.run("/pmpath privacy"), await driver.press("Export"), await driver.press("Privacy")]
    seen += [await driver.press("Delete all of mine")]
    return [*seen, await driver.press("Delete for good"), await driver.run("/pmpath result")]


async def mod_setup(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath-mod setup"), await driver.press("中文"), await driver.press("Later")]
    form = await driver.press("Another city")
    seen += [replace(form, title=""), await driver.fill(zone="上海"), await driver.press("Later")]
    seen += [await driver.press("This channel"), await driver.press("Post a test"), await driver.press("Another time")]
    seen[-1] = replace(
        seen[-1], fields=dict.fromkeys(seen[-1].fields, "")
    )  # a choice is named by id here, by its words there
    seen += [await driver.fill(weekday="4", time="17:30"), await driver.press("Switch on, ask me first")]
    return [*seen, await driver.press("Preview"), await driver.press("Post")]


async def mod_settings(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath-mod settings"), await driver.press("中文"), await driver.press("English")]
    seen += [await driver.choose("city", "Tokyo"), await driver.press("Tell me here")]
    seen += [await driver.press("Stop telling me here"), await driver.press("Switch it on")]
    seen += [await driver.press("This channel"), await driver.press("Switch on")]
    seen += [
        await driver.run("/pmpath-mod settings"),
        await driver.press("Post a test"),
        await driver.press("Ask first"),
    ]
    return [*seen, await driver.press("Save")]


async def mod_audit(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath-mod audit"), await driver.run("/pmpath-mod settings")]
    seen += [await driver.choose("city", "Tokyo"), await driver.press("What moderators did")]
    seen += [await driver.press("Undo"), await driver.press("Keep it"), await driver.press("Undo")]
    return [*seen, await driver.press("Undo"), await driver.run("/pmpath-mod settings")]


async def mod_mentors(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath-mod mentors"), await driver.press("Mentoring here")]
    seen += [await driver.press("48 hours"), await driver.run("/pmpath mentor offer"), await driver.press("Tracks")]
    seen += [await driver.choose("tracks", "Hybrid (user experience)"), await driver.press("Next")]
    await driver.choose("hybrid", "User research")
    await driver.press("Next")
    await driver.choose("seniority", "I have shipped one")
    await driver.press("Another time zone")  # until here it is the platform's
    await driver.choose("city", "New York")
    await driver.choose("weekday", "20:00 to 21:00")
    seen += [await driver.press("Next"), await driver.press("I offer this"), await driver.run("/pmpath-mod mentors")]
    seen += [await driver.press(label) for label in ("Look", "Approve", "Pause", "Take it up again", "Do not list…")]
    seen += [await driver.press(label) for label in ("Do not list", "List it again", "All mentors", "All reports")]
    seen += [await driver.run("/pmpath-mod audit"), await driver.press("Undo"), await driver.press("Undo")]
    return [*seen, await driver.run("/pmpath mentor offer")]


async def mod_points_adjust(driver: Driver) -> list[Seen]:
    await driver.run("/pmpath language en")  # from now on they are known here
    seen = [await driver.run("/pmpath-mod points adjust"), await driver.press("Next")]
    seen += [await driver.press("Adjust points"), await driver.choose("person", myself(driver))]
    seen += [await driver.press("Next"), await driver.press("Points and reason")]
    seen += [await driver.fill(points="+15", reason="*helped* at <b> the meetup"), await driver.press("Change it")]
    seen += [await driver.fill(points="-5", reason="too many"), await driver.press("Take 5 points")]
    seen += [await driver.press("What moderators did"), await driver.press("Undo"), await driver.press("Undo")]
    seen += [await driver.run("/pmpath-mod settings"), await driver.press("Who is left off, and the digest")]
    seen += [await driver.choose("left_out", myself(driver)), await driver.press("Save")]
    seen += [await driver.press("Each week"), await driver.press("This channel"), await driver.press("Switch on")]
    seen += [await driver.press("Each month"), await driver.press("Switch on"), await driver.press("Switch off")]
    return seen


def myself(driver: Driver) -> str:
    """The member as they are chosen from among people."""
    match driver:
        case DiscordDriver():
            return str(driver.member.uid)
        case SlackDriver():
            return driver.member.uid
        case DirectDriver():
            return driver.uid
    return "Ada Okafor"


async def mod_resources_add(driver: Driver) -> list[Seen]:
    form = await driver.run("/pmpath-mod resources add")
    seen = [replace(form, fields=dict.fromkeys(form.fields, ""))]  # a choice is named by id here, by its words there
    seen += [await driver.fill(title="Our guide", address="https://wiki.example.org/", skill="sql")]
    seen += [await driver.press("See it in the list"), await driver.run("/pmpath-mod resources hide")]
    seen += [await driver.press("1 link of our own"), await driver.press("Remove"), await driver.press("Keep it")]
    return seen


async def mod_resources_hide(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath-mod resources hide"), await driver.press("More")]
    title = seen[-1].selects["link"][0]
    seen += [await driver.choose("link", title), await driver.press("Hide it"), await driver.press("Show it again")]
    seen += [await driver.run("/pmpath resources"), await driver.press("Platform")]
    seen += [await driver.choose("dead", seen[-1].selects["dead"][1])]
    return [*seen, await driver.press("Hide it"), await driver.press("Back to the list")]


WRITTEN = {"title": "Count <b>twice</b>", "text": "*Count* what you counted, again. @everyone"}


async def written(driver: Driver) -> list[Seen]:
    """A tip of one's own in the queue."""
    seen = [await driver.run("/pmpath-mod tips add"), await driver.choose("outcome", "Technical (data and models)")]
    seen += [replace(await driver.press("In English"), title=""), await driver.fill(**WRITTEN)]
    return [*seen, await driver.press("Preview"), await driver.press("Into the queue")]


async def mod_tips_add(driver: Driver) -> list[Seen]:
    seen = await written(driver)
    seen += [await driver.run("/pmpath-mod tips add"), replace(await driver.press("In Chinese"), title="")]
    seen += [await driver.fill(title="数两遍", text="把数过的东西再数一遍。"), await driver.press("Preview")]
    seen += [replace(await driver.press("Link"), title=""), await driver.fill(link="https://example.org/a_b")]
    return [*seen, await driver.press("Begin anew"), await driver.press("Begin anew")]


async def mod_tips_queue(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath-mod tips queue"), await driver.press("Skip the library's next")]
    seen += [await driver.press("What fits us now?"), *await written(driver), *await written(driver)]
    seen += [await driver.press(label) for label in ("Earlier", "Pause", "Resume", "To the end", "Edit")]
    seen += [await driver.choose("outcome", "Hybrid (user experience)")]
    seen += [replace(await driver.press("Link"), title=""), await driver.fill(link="https://example.org/a_b")]
    seen += [await driver.press("Back to the tip"), await driver.press("Preview"), await driver.press("Send it to me")]
    seen += [await driver.press("The queue"), await driver.press("Open"), await driver.press("Delete")]
    return [*seen, await driver.press("Delete"), await driver.press("Write a tip")]


async def mod_tips_schedule(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath-mod tips schedule"), await driver.press("Switch it on")]
    seen += [await driver.press("This channel"), await driver.press("Switch on")]
    seen += [await driver.run("/pmpath-mod tips schedule"), await driver.choose("day", "Thursday")]
    seen += [replace(await driver.press("Time"), title=""), await driver.fill(time="21.30")]
    seen += [replace(await driver.press("Time zone"), title=""), await driver.fill(zone="柏林")]
    labels = ("Every second week", "Every week", "Pause", "Resume", "Ask before the library", "Library by itself")
    seen += [await driver.press(label) for label in (*labels, "Post a test", "A tip for each track", "Open")]
    seen += [await driver.press("All schedules"), await driver.press("All tracks in turn")]
    return [*seen, await driver.press("Switch off"), await driver.press("Switch off")]


async def mod_tips_post(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath-mod tips post"), await driver.choose("outcome", "Hybrid (user experience)")]
    seen += [await driver.press("Send it to me"), *await written(driver), await driver.run("/pmpath-mod tips post")]
    return [*seen, await driver.press("Post in this channel"), await driver.press("The queue")]


async def mod_round_preview(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath-mod round preview"), await driver.press("Look again")]
    seen += [await driver.press("Drop"), await driver.press("Keep it"), await driver.press("Drop")]
    seen += [await driver.press("Drop it"), await driver.press("Earlier matching days")]
    seen += [await driver.press("Look at the next one"), await driver.run("/pmpath-mod settings")]
    seen += [await driver.press("How often and when"), await driver.choose("weeks", "Every 4 weeks")]
    seen += [await driver.choose("day", "Friday"), await driver.choose("hour", "19:00")]
    seen += [await driver.choose("weeks", "Not by themselves"), await driver.press("Look at one now")]
    return [*seen, await driver.press("Home")]


async def mod_round_run(driver: Driver) -> list[Seen]:
    return [await driver.run("/pmpath-mod round run"), await driver.press("Look again"), await driver.press("Home")]


async def mentor_find(driver: Driver) -> list[Seen]:
    seen = [await driver.run("/pmpath mentor find"), await driver.press("Save")]
    form = await driver.press("Another city")
    seen += [replace(form, fields={}), await driver.fill(zone="Kathmandu")]
    await driver.choose("track", "Platform (tools for developers)")
    await driver.choose("seniority", "None yet")
    await driver.choose("languages", "English", "Deutsch")
    await driver.choose("weekday", "18:00 to 19:00", "19:00 to 20:00")
    seen += [await driver.press("Save"), await driver.press("Change"), await driver.press("Save")]
    seen += [await driver.press("Wait for the next matching day"), await driver.press("Wait")]
    seen += [await driver.press("What a mentor will see"), await driver.press("Keep it so")]
    return [*seen, await driver.run("/pmpath mentor find")]


CONVERSATIONS: dict[str, Conversation] = {
    "home": home,
    "community": community,
    "compare": compare,
    "help": help_,
    "mentor.find": mentor_find,
    "start": start,
    "result": result,
    "track": track,
    "resources": resources,
    "plan": plan,
    "tips.week": tips_week,
    "tips.suggest": tips_suggest,
    "mentor.offer": mentor_offer,
    "leaderboard": leaderboard,
    "mentor.mine": mentor_mine,
    "language": language,
    "privacy": privacy,
    "mod.audit": mod_audit,
    "mod.mentors": mod_mentors,
    "mod.points.adjust": mod_points_adjust,
    "mod.resources.add": mod_resources_add,
    "mod.resources.hide": mod_resources_hide,
    "mod.round.preview": mod_round_preview,
    "mod.round.run": mod_round_run,
    "mod.settings": mod_settings,
    "mod.setup": mod_setup,
    "mod.tips.add": mod_tips_add,
    "mod.tips.post": mod_tips_post,
    "mod.tips.queue": mod_tips_queue,
    "mod.tips.schedule": mod_tips_schedule,
}
ZONES = {Platform.SLACK: "Europe/London", Platform.WEB: "Africa/Lagos"}  # of each surface's member; Discord says none
FILE = re.compile(r"^[a-z-]+\.[a-z]+: |: on its way to your direct messages\.$")  # before or after what it is
DATED = (
    "Taken on ", "Now: ", "✓ Done on ", "测评于 ", "现在：", "The first time: ", "第一次：", "已打开：",
    "Switched on: ", "The next time: ", "Next: ", "Goes out on ", "By the clock of ",
)  # fmt: skip
CHANNEL = re.compile(r"#[\w-]+")
BY_DATABASE = {
    privacy_card.DELETED[Traces.SERVER].en: privacy_card.DELETED[Traces.NONE].en,
    privacy_card.LEFT[Traces.SERVER].en: privacy_card.LEFT[Traces.NONE].en,
    privacy_card.COPIES[Traces.SERVER].en: privacy_card.COPIES[Traces.NONE].en,
}
"""What a server keeps of what was deleted, it keeps on every surface; the conversation without any is on a file."""
NOTED = re.compile(r"^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d+ \w+ \d{4}\b|^\d{4}-\d\d-\d\d \d\d:\d\d")
KEPT = (
    (tables.member, ("language",)),
    (tables.run, ("bank_version", "rev", "status")),
    (tables.answer, ("item", "choice", "place")),
    (tables.result, ("bank_version", "outcome", "summary", "texts_hash")),
    (tables.skill_state, ("skill", "state", "said")),
    (tables.member_region, ("region",)),
    (tables.opinion, ("fits", "job")),
    (tables.standing, ("board", "season", "points")),
    (tables.outbox, ("notice", "state")),
    (tables.community, ("language", "zone")),
    (tables.draft, ("name",)),
    (tables.resource_state, ("resource", "said")),
    (tables.schedule, ("outcome", "weekday", "minute", "zone", "weeks", "state", "asks")),
    (tables.tip, ("outcome", "title_en", "text_en", "title_zh", "text_zh", "link", "state", "place", "rev")),
    (tables.library_use, ("tip",)),
    (tables.posting, ("outcome", "tip", "state")),
    (tables.audit, ("deed", "undone_at")),
    (tables.award, ("deed", "outcome", "points", "reason")),
    (tables.appearance, ("shown", "left_out")),
    (tables.digest, ("season",)),
    (tables.mentor_round, ("state", "scheduled", "figures")),
    (tables.matching_day, ("weeks", "weekday", "minute", "zone")),
    (tables.own_link, ("title", "address", "skill", "language")),
    (tables.hidden_resource, ("resource",)),
    (tables.tip, ("outcome", "title_en", "text_en", "title_zh", "text_zh", "link", "state")),
    (tables.moderator_note, ("notice",)),
    (tables.mentor_offer, ("tracks", "skills", "capacity", "approval", "paused")),
    (tables.mentor_ask, ("track", "gaps", "seniority", "weekday", "weekend", "zone", "languages", "rounds")),
)


def test_every_command_has_its_conversation(registry: Registry) -> None:
    assert set(CONVERSATIONS) == {command.action.name for command in registry.commands.values()}


def in_turn(place: int) -> list[tuple[str, str]]:
    """Each surface on one kind of database, and on the other kind at the next place."""
    return [(surface, KINDS[(place + nth) % 2]) for nth, surface in enumerate(SURFACES)]


@pytest.mark.parametrize(
    ("command", "surface", "database_url"),
    [(command, *pair) for place, command in enumerate(CONVERSATIONS) for pair in in_turn(place)],
    indirect=["database_url"],
)
async def test_a_conversation_is_the_same_everywhere(
    parts: Parts, surface: str, command: str, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    conversation = CONVERSATIONS[command]
    async with parts.direct(f"sqlite:///{tmp_path_factory.mktemp('direct')}/direct.sqlite3", surface) as direct:
        expected = [common(seen) for seen in await conversation(direct)]
        state = await kept(direct.dispatcher.store)
    async with parts.on(surface, database_url) as (driver, store, _running):
        seen = [common(each) for each in await conversation(driver)]
        there = await kept(store)

    assert seen == expected
    assert there == state


@pytest.mark.parametrize(("surface", "database_url"), in_turn(1), indirect=["database_url"])
async def test_a_shared_result_is_seen_by_the_channel_until_it_is_taken_back(
    parts: Parts, surface: str, database_url: str
) -> None:
    async with parts.on(surface, database_url) as (driver, _store, delivery):
        await answer_all(driver, {"background": [3, 7]}, letter="B")
        await driver.press("Share")
        await driver.press("Post")
        await delivery.once(Stop())
        (title,) = in_channel(driver)
        shared = await driver.run("/pmpath result")
        await driver.press("Unshare")
        await delivery.once(Stop())

        assert title.startswith("Ada")
        assert any(outcome.label.en in title for outcome in Outcome)
        assert "Shared in 1 channel: your name and the outcome, not your answers." in shared.lines
        assert in_channel(driver) == []


@pytest.mark.parametrize(("surface", "database_url"), in_turn(2), indirect=["database_url"])
async def test_the_weekly_tip_stands_in_the_channel_and_answers_whoever_presses_in_private(
    parts: Parts, surface: str, database_url: str
) -> None:
    async with parts.on(surface, database_url) as (driver, store, delivery):
        await driver.run("/pmpath home")
        channel = a_channel(driver, by_id=True)
        await store.write(one_tip, channel)
        await delivery.once(Stop())
        (title,) = in_channel(driver)
        seen = [common(await press_post(driver, label)) for label in ("中文", "Add to my plan", "Done", "Done")]

        tip = parts.content.tips["p-one-page"]
        assert title == f"Weekly tip · Platform · 23 November 2026: {tip.title.en}"
        assert seen[0].lines[0] == tip.text.zh
        assert [each.lines[0] for each in seen[1:]] == [
            f"It stands in your plan, under “Tips I put aside”: {tip.title.en}",
            f"✓ You did it: {tip.title.en}",
            f"✓ You have done this one already: {tip.title.en}",
        ]
        assert in_channel(driver) == [title]
        assert (await driver.run("/pmpath tips week")).lines[0] == title


def one_tip(unit: Unit, channel: str) -> None:
    """A tip of the library that is due in the one community that there is."""
    community = only_one(unit)
    made = postings.insert(
        unit,
        community,
        "s",
        schedule_id=None,
        outcome=Outcome.PLATFORM,
        tip="p-one-page",
        channel=channel,
        post_at=unit.now_us,
        state=DUE,
    )
    assert made is not None
    postings.put_out(unit, community, made, "s", channel, unit.now_us)


async def press_post(driver: Driver, label: str) -> Seen:
    """What a press on the last post answers."""
    match driver:
        case DiscordDriver():
            driver.shown = next(each for each in driver.member.messages() if each.message.seen_by is None)
            return await driver.press(label)
        case SlackDriver():
            driver.thing = driver.member.fake.public_messages(driver.member.team)[0]
            return await driver.press(label)
        case WebDriver():
            return await driver.press_post(next(iter(driver.posts)), label)
    raise TypeError(driver)


@pytest.mark.parametrize(("surface", "database_url"), in_turn(3), indirect=["database_url"])
async def test_a_mentor_answers_the_message_that_asks_and_is_led_to_who_asked(
    parts: Parts, surface: str, database_url: str
) -> None:
    async with parts.on(surface, database_url) as (driver, store, delivery):
        await driver.run("/pmpath language en")
        await store.write(somebody_asks)
        await delivery.once(Stop())
        seen = [show_message(driver)]
        seen += [await driver.press(label) for label in ("Decline…", "Back", "Accept", "For my calendar")]
        seen += [await driver.press("First meeting"), await driver.press("My mentoring")]
        mine = seen[-1].lines
        seen += [await driver.press("Open"), await driver.press("We met"), await driver.press("It helped")]
        seen += [await driver.press("This match"), await driver.press("Not with this person")]
        seen += [await driver.press("Not with this person"), await driver.press("My mentoring")]

        name = "*Bo* <b> @everyone"
        assert [each.title for each in seen] == [
            f"{name} asks you to be their mentor", "Decline this request?", f"{name} asks you to be their mentor",
            f"You and {name}: your first meeting", "Your calendar file", f"You and {name}: your first meeting",
            "My mentoring", f"You and {name}", "You met", "It helped", f"You and {name}", f"Not with {name}?",
            "Kept apart", "My mentoring",
        ]  # fmt: skip
        assert f"{name} · you are the mentor" in mine
        assert "Your matches" not in seen[-1].lines
        assert (f"Write to {name}" in seen[3].buttons) is (surface != "web")


def somebody_asks(unit: Unit) -> None:
    """The one member that there is becomes a mentor, whom somebody asks whose name is no markup."""
    uid, community = unit.execute(select(tables.member.c.uid, tables.member.c.community_id)).one()
    offer = listed(unit, Me(community, uid, "Ada"), TERMS)
    unit.execute(tables.outbox.delete())
    other = Me(community, "111222", "*Bo* <b> @everyone")
    members.ensure(unit, other)
    asks.save(unit, other, WANTED)
    assert isinstance(requests.ask(unit, other, offer.id, ["kubernetes"]), requests.Asked)


def show_message(driver: Driver) -> Seen:
    """The last direct message, to be pressed like any card."""
    match driver:
        case DiscordDriver():
            driver.shown = driver.member.direct_messages[-1]
            title, *lines = driver.shown.heard
            return Seen(title, lines, driver.shown.labels)
        case SlackDriver():
            driver.thing = driver.member.dms[-1]
            return driver.seen
        case WebDriver():
            driver.node = markup.parse(driver.heard[-1]["html"])
            return driver.card
    raise TypeError(driver)


@pytest.mark.parametrize(("surface", "database_url"), in_turn(4), indirect=["database_url"])
async def test_from_the_invitation_to_the_first_tip_it_is_at_most_eight_presses(
    parts: Parts, surface: str, database_url: str
) -> None:
    async with parts.on(surface, database_url) as (driver, store, delivery):
        presses = [
            await driver.run("/pmpath-mod setup"),
            await driver.press("English"),
            await driver.press("Later"),
            await driver.choose("city", "London"),
            await driver.press("Tell me here"),
            await driver.choose("channel", a_channel(driver)),
            await driver.press("Post a test"),
        ]
        await delivery.once(Stop())
        posted = in_channel(driver)
        presses.append(await driver.press("Switch on"))
        (found,) = await store.read(schedules.of_community, await store.read(only_one))

        assert len(presses) <= 8
        assert presses[-1].title == "Setup, 7 of 7: welcome post"
        assert found.next_at == dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
        assert found.plan.channel == a_channel(driver, by_id=True)
        assert posted == ["A test"]


@pytest.mark.parametrize(("surface", "database_url"), in_turn(5), indirect=["database_url"])
async def test_a_mentor_is_looked_at_and_asked_with_the_gaps_that_stay_ticked(
    parts: Parts, surface: str, database_url: str
) -> None:
    async with parts.on(surface, database_url) as (driver, store, _delivery):
        await answer_all(driver, {"background": [3, 7], "skills": [1, 7]}, letter="B")
        here, skills = Me(await store.read(only_one), "the-mentor", "*Bo* <@1>"), tuple(parts.content.skills)
        await mentor(store, here, replace(TERMS, capacity=3, skills=skills, words="*Ask* <@1> `me`"))
        await driver.run("/pmpath mentor find")
        await driver.choose("zone", "Berlin")
        await driver.choose("seniority", "None yet")
        await driver.choose("weekday", "18:00 to 19:00")
        listed = await driver.press("Save")
        looked = await driver.press("Look")
        before = await driver.press("Ask")
        await driver.choose("gaps", *before.selects["gaps"][1:3])
        asked = await driver.press("Ask")
        again = await driver.run("/pmpath mentor find")
        (request,) = await store.read(requests.before_me, here)

        assert any(line.startswith("*Bo* <@1>: ") for line in listed.lines)
        assert any(" gaps: 35 · " in line for line in listed.lines)
        assert looked.title == "Mentor: *Bo* <@1>"
        assert looked.lines[0] == "*Ask* <@1> `me`"
        assert [parts.content.skills[each].name.en for each in request.gaps] == before.selects["gaps"][1:3]
        assert asked.lines[0] == "The mentor has your request now."
        assert any(line.startswith("First wish: *Bo* <@1> is asked, and has until ") for line in again.lines)


def only_one(unit: Unit) -> int:
    """The community that there is; PostgreSQL counts on where two came to make it."""
    (found,) = unit.execute(select(tables.community.c.id)).scalars()
    return int(found)


def a_channel(driver: Driver, *, by_id: bool = False) -> str:
    """The channel where members talk, as it is chosen from a list, or by its id."""
    match driver:
        case DiscordDriver():
            return str(driver.member.channel.id) if by_id else driver.member.channel.name
        case SlackDriver():
            return driver.member.fake.channel(driver.member.team, "general").id
    return "channel" if by_id else "#channel"


def in_channel(driver: Driver) -> list[str]:
    """The titles of what everybody sees."""
    match driver:
        case DiscordDriver():
            other = driver.member.fake.member("Bob")
            return [shown.lines[0] for shown in other.messages()]
        case SlackDriver():
            fake = driver.member.fake
            return [message.title for message in fake.public_messages(driver.member.team)]
        case WebDriver():
            return [post.find("h3")[0].text for post in driver.posts.values()]
    raise TypeError(driver)


def without_picture(seen: Seen) -> Seen:
    """A preview whose picture says what the words beside it say; Slack leaves such a picture out."""
    return replace(seen, lines=[line for line in seen.lines if not line.endswith(". Not for hiring.")])


def common(seen: Seen) -> Seen:
    """What must be equal. A moment is in the platform's own form; whom one may choose is each community's own."""
    lines = [FILE.sub("", _without_moments(line)) for line in seen.lines]
    selects = {
        name: [] if name in {"moderators", "channel", "person", "left_out"} else options
        for name, options in seen.selects.items()
    }
    return replace(seen, lines=lines, selects=selects)


def _without_moments(line: str) -> str:
    line = BY_DATABASE.get(line, CHANNEL.sub("#channel", line))
    if NOTED.match(line):
        return "then, undone since" if line.endswith("· undone since") else "then"
    for start in DATED:
        if line.startswith(start):
            return start
    return re.sub(r"^(On|Earlier,|Later,) .+?(?=: )", r"\1", line)


async def kept(store: Store) -> list[list[tuple[object, ...]]]:
    """The rows of the tables, but for ids and moments."""

    def rows(unit: Unit) -> list[list[tuple[object, ...]]]:
        return [
            sorted((tuple(row) for row in unit.execute(select(*(table.c[name] for name in names)))), key=repr)
            for table, names in KEPT
        ]

    return await store.read(rows)


@dataclass(frozen=True, slots=True)
class Parts:
    """What each surface is built from."""

    content: Content
    registry: Registry
    clock: SetClock
    pictures: Pictures

    @asynccontextmanager
    async def dispatcher(self, url: str) -> AsyncIterator[Dispatcher]:
        store = await Store.open(url, now=self.clock.now, points=self.content.points)
        yield Dispatcher(store, self.content, self.registry, now=self.clock.now, draw=self.pictures.draw)
        await store.close()

    @asynccontextmanager
    async def direct(self, url: str, surface: str) -> AsyncIterator[DirectDriver]:
        platform = Platform(surface.partition("-")[0])
        async with self.dispatcher(url) as dispatcher:
            key = CommunityKey(platform, "the-community", "")
            name = "Ada Okafor" if platform is Platform.WEB else "Ada"  # as each surface's member is called
            yield DirectDriver(
                dispatcher, key, name=name, platform=platform, moderator=True, locale="en-US", zone=ZONES.get(platform)
            )

    @asynccontextmanager
    async def on(self, surface: str, url: str) -> AsyncIterator[tuple[Driver, Store, Delivery]]:
        async with AsyncExitStack() as stack:
            dispatcher = await stack.enter_async_context(self.dispatcher(url))
            builders = {"discord": on_discord, "slack-socket": on_slack, "slack-http": on_slack, "web": on_web}
            driver, running = await builders[surface](stack, dispatcher, self, surface)
            running.pace = 0.0  # the platforms' own pace is another test's
            yield driver, dispatcher.store, Delivery(dispatcher, {running.platform.value: running})


async def on_discord(stack: AsyncExitStack, dispatcher: Dispatcher, parts: Parts, surface: str) -> On:
    fake = await stack.enter_async_context(FakeDiscord())
    fake.rest.answer_within = PATIENT
    member = fake.member(permissions=MANAGE_GUILD)
    access = DiscordAccess(SecretStr(fake.token), fake.api_url)
    running = DiscordSurface(access, Interactions(dispatcher, patience=PATIENT), CommandNotes(dispatcher.store))
    connection = asyncio.get_running_loop().create_task(running.run())
    stack.push_async_callback(asyncio.wait, [connection])
    stack.push_async_callback(running.close)
    async with asyncio.timeout(30):
        while running.missing() or not fake.world.commands:  # noqa: ASYNC110 - the surface has no event for it
            await asyncio.sleep(0.01)
    return DiscordDriver(member), running


async def on_slack(stack: AsyncExitStack, dispatcher: Dispatcher, parts: Parts, surface: str) -> On:
    fake = await stack.enter_async_context(FakeSlack())
    team = fake.install()
    member = SlackMember(fake, team, "U0ADA0001", "Ada", is_admin=True)
    socket = surface == "slack-socket"
    access = SlackAccess(
        SecretStr(team.bot_token),
        SecretStr(fake.app_token) if socket else None,
        None if socket else SecretStr(fake.signing_secret),
        fake.api_url,
    )
    running = SlackSurface(access, dispatcher, patience=PATIENT)
    await stack.enter_async_context(served(fake, running, socket=socket))
    return SlackDriver(member), running


async def on_web(stack: AsyncExitStack, dispatcher: Dispatcher, parts: Parts, surface: str) -> On:
    access = Access(None, always=False)
    page = WebSurface(Interactions(dispatcher, patience=PATIENT), SandboxClock(parts.clock.now), access)
    door = Door(access, parts.content.catalogue)

    async def nothing_missing(_platform: str | None) -> str | None:
        return None

    server = Server("127.0.0.1", 0, gate=door.gate, routes=(*door.routes, *page.routes), missing=nothing_missing)
    await server.start()
    stack.push_async_callback(server.close)
    stack.push_async_callback(page.close)
    return await stack.enter_async_context(WebDriver(server.address, "ada")), page


@pytest.fixture
def parts(content: Content, registry: Registry, clock: SetClock, pictures: Pictures, faults: Faults) -> Parts:
    return Parts(content, registry, clock, pictures)
