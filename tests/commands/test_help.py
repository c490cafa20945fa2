"""`/pmpath help`."""

from __future__ import annotations

from commands.kit.discover import Registry
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
