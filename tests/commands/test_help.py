"""`/pmpath help`."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.kit.discover import Registry
from content.load import read_content
from tests.content.packs import pack_of_points
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen


async def all_pages(chat: DirectDriver) -> list[str]:
    card: Seen = await chat.run("/pmpath help")
    lines = list(card.lines)
    while "More" in card.buttons:
        card = await chat.press("More")
        lines += card.lines
    return lines


async def test_every_command_has_its_line(chat: DirectDriver, registry: Registry) -> None:
    lines = await all_pages(chat)

    for command in registry.under("pmpath"):
        assert any(line.startswith(f"{command.typed}: ") for line in lines), command.typed


async def test_moderators_commands_are_listed_for_moderators_only(chat: DirectDriver) -> None:
    assert not any("/pmpath-mod" in line for line in await all_pages(chat))
    assert any("/pmpath-mod setup: " in line for line in await all_pages(chat.other(moderator=True)))


async def test_aliases_run_the_command(chat: DirectDriver) -> None:
    for word in ("test", "quiz", "测评", "开始", "START"):
        assert (await chat.run(f"/pmpath {word}")).title == "Which track fits you?"


async def test_a_mistyped_command_suggests_the_nearest_and_runs_it_at_a_press(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath resorces")

    assert card.lines == ["There is no command “resorces”. Did you mean /pmpath resources?"]
    assert (await chat.press("/pmpath resources")).title == "Learning resources"


async def test_a_word_that_is_near_nothing_leads_to_help(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath xyzzy")

    assert card.lines == ["There is no command “xyzzy”. /pmpath help lists them all."]


async def test_back_leads_to_the_page_before(chat: DirectDriver) -> None:
    moderator = chat.other(moderator=True)
    first = await moderator.run("/pmpath help")
    await moderator.press("More")

    assert await moderator.press("Back") == first


@pytest.mark.parametrize("words", ["points", "Points", "积分"])
async def test_every_deed_has_its_points_in_help(chat: DirectDriver, words: str) -> None:
    card = await chat.run(f"/pmpath help {words}")

    assert card.title == "Points"
    assert card.lines[1:8] == [
        "Your first finished assessment: +20 points",
        "A step of your plan: +5 points with a line or link of what came of it, +1 without",
        "A learning resource: +5 points with a line or link of what came of it, +1 without",
        "A weekly tip that you did: +3 points",
        "A tip that you suggested, once it is posted: +15 points",
        "A meeting of mentor and mentee that both confirm, once a week, for each of you: +30 points",
        "At most 25 points a week for plan steps and resources, from Monday to Sunday here.",
    ]
    for promise in ("No message is ever counted", "once given stay", "whatever your result", "unless you choose so"):
        assert promise in card.text
    assert (await chat.press("All commands")).title == "All commands"
    assert await chat.press("Points") == card


async def test_an_operators_points_are_those_in_help(chat: DirectDriver, tmp_path: Path) -> None:
    chat.dispatcher.content = own = read_content(pack_of_points(tmp_path, step="2", most="13", deeds="[tip]"))
    assert own.points.week_most == 13

    card = await chat.run("/pmpath help points")
    assert "A step of your plan: +5 points with a line or link of what came of it, +2 without" in card.lines
    assert "At most 13 points a week for weekly tips, from Monday to Sunday here." in card.lines
    assert "mentor" not in card.text

    chat.dispatcher.content = read_content(pack_of_points(tmp_path, deeds="[]"))
    assert "a week" not in (await chat.run("/pmpath help points")).text


async def test_help_for_anything_else_is_all_of_it(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath help xyzzy")

    assert card.title == "All commands"
