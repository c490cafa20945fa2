"""The commands as Discord is told of them, and when it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.discord import declare, telling
from bot.discord.limits import COMMAND_CHARACTERS_MAX, DESCRIPTION_MAX, LimitError, check_commands
from bot.discord.telling import CommandNotes
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from content.load import Content
from tests.bot.discord.conftest import Scene, connected, new_surface
from tests.conftest import Faults
from tests.fakes import discord_rules
from tests.fakes.discord import MANAGE_GUILD, FakeDiscord, Fault

Json = dict[str, Any]


@pytest.fixture
def payload(registry: Registry, content: Content) -> list[Json]:
    return declare.payload(registry, content.catalogue)


def everything(options: list[Json]) -> Iterator[Json]:
    for option in options:
        yield option
        yield from everything(option.get("options", []))


def test_what_we_tell_is_what_discord_takes(payload: list[Json]) -> None:
    discord_rules.check_commands(payload)

    assert [root["name"] for root in payload] == ["pmpath", "pmpath-mod"]


def test_every_command_is_told_with_chinese_words(payload: list[Json], registry: Registry) -> None:
    told = [each for each in everything(payload) if each["type"] == declare.SUBCOMMAND and each not in payload]
    assert len(told) == len(registry.commands)
    for each in everything(payload):
        chinese = each["description_localizations"]["zh-CN"]
        assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese), each["name"]
        for choice in each.get("choices", []):
            assert choice["name_localizations"]["zh-CN"]


def test_a_command_with_a_chinese_alias_has_that_name_for_chinese_members(
    payload: list[Json], registry: Registry
) -> None:
    told = {named: each for root in payload for named, each in subcommands(root)}
    for (root, path), command in registry.commands.items():
        wanted = [alias for alias in command.aliases if not alias.isascii()][:1]
        assert list(told[root, path].get("name_localizations", {}).values()) == wanted
    assert told["pmpath", ("privacy",)]["name_localizations"] == {"zh-CN": "隐私"}


def subcommands(root: Json, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, tuple[str, ...]], Json]]:
    """Every subcommand below a root, by the root's name and its path."""
    for option in root["options"]:
        path = (*above, option["name"])
        if option["type"] == declare.GROUP:
            yield from subcommands({**option, "name": root["name"]}, path)
        else:
            yield (root["name"], path), option


def test_a_choice_is_never_demanded_and_the_demanded_come_first(payload: list[Json]) -> None:
    for each in everything(payload):
        demanded = [option.get("required", False) for option in each.get("options", [])]
        assert demanded == sorted(demanded, reverse=True)
        assert not each.get("required") or "choices" not in each


def test_commands_live_in_servers_and_the_moderators_root_is_hidden_from_others(payload: list[Json]) -> None:
    for root in payload:
        assert root["contexts"] == [0]
        assert root["integration_types"] == [0]
    everybody, moderators = payload
    assert "default_member_permissions" not in everybody
    assert moderators["default_member_permissions"] == MANAGE_GUILD


def test_the_digest_changes_with_the_commands_and_with_the_library(
    payload: list[Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = declare.digest(payload)
    assert declare.digest(payload) == before
    assert declare.digest(payload[:1]) != before
    # another version of the library can't be installed for one test
    monkeypatch.setattr("discord.__version__", "99.0")
    assert declare.digest(payload) != before


def many(count: int, words: str, chinese: str) -> list[Json]:
    """A root with so many groups of 25 subcommands, described by these words."""
    about = {"description": words, "description_localizations": {"zh-CN": chinese}}
    inside = [{"type": 1, "name": f"c{number}", **about, "options": []} for number in range(25)]
    groups = [{"type": 2, "name": f"g{number}", **about, "options": inside} for number in range(count)]
    return [{"type": 1, "name": "pmpath", **about, "options": groups}]


def of_characters(count: int) -> list[Json]:
    """A root with exactly so many characters that count."""
    left, groups = count - len("pmpathd") - 4 * len("g0d"), []
    for group in range(4):
        inside: list[Json] = []
        while left and len(inside) < 25:
            words = min(left - len("c00"), DESCRIPTION_MAX)
            inside.append({"type": 1, "name": f"c{len(inside):02}", "description": "d" * words})
            left -= len("c00") + words
        groups.append({"type": 2, "name": f"g{group}", "description": "d", "options": inside})
    return [{"type": 1, "name": "pmpath", "description": "d", "options": groups}]


def test_eight_thousand_characters_fit_and_no_more() -> None:
    fitting, too_many = of_characters(COMMAND_CHARACTERS_MAX), of_characters(COMMAND_CHARACTERS_MAX + 1)
    discord_rules.check_commands(fitting)
    check_commands(fitting)

    with pytest.raises(discord_rules.Breach):
        discord_rules.check_commands(too_many)
    with pytest.raises(LimitError, match="8001 characters"):
        check_commands(too_many)


def test_only_the_longest_language_counts() -> None:
    check_commands(many(2, "x" * 100, "长" * 100))
    with pytest.raises(LimitError):
        check_commands(many(3, "x", "长" * 100))


TOO_MUCH: dict[str, Json] = {
    "a name of 33": {"name": "n" * 33},
    "a description of 101": {"description": "d" * (DESCRIPTION_MAX + 1)},
    "a Chinese description of 101": {"description_localizations": {"zh-CN": "长" * (DESCRIPTION_MAX + 1)}},
    "no description": {"description": ""},
    "26 choices": {"choices": [{"name": str(number), "value": str(number)} for number in range(26)]},
    "a choice of 101": {"choices": [{"name": "c" * 101, "value": "c"}]},
    "26 options": {"options": [{"type": 3, "name": f"o{number}", "description": "d"} for number in range(26)]},
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_discord_would_refuse_is_refused_here(name: str) -> None:
    root = many(1, "x", "短")
    root[0]["options"][0] = {"type": 1, "name": "c", "description": "d", **TOO_MUCH[name]}

    with pytest.raises(LimitError):
        check_commands(root)


async def test_discord_is_told_once_and_again_only_after_a_change(
    dispatcher: Dispatcher, registry: Registry, faults: Faults
) -> None:
    async with FakeDiscord() as fake:
        told = []
        for known in (registry, registry, without_help(registry), without_help(registry), registry):
            dispatcher.registry = known
            async with connected(fake, new_surface(fake, dispatcher)):
                told.append(len(fake.calls("commands.put")))
        assert told == [1, 1, 2, 2, 3]
        assert fake.breaches == []


def without_help(registry: Registry) -> Registry:
    return replace(registry, commands={k: v for k, v in registry.commands.items() if v.action.name != "help"})


@pytest.mark.parametrize("fault", [Fault.refusing(403, 50001), Fault.rate_limited(3600), Fault.refusing(400, 30034)])
async def test_where_discord_takes_no_commands_those_of_before_go_on_and_it_is_told_at_the_next_start(
    dispatcher: Dispatcher, registry: Registry, faults: Faults, fault: Fault
) -> None:
    async with FakeDiscord() as fake:
        ada = fake.member()
        dispatcher.registry = without_help(registry)
        async with connected(fake, new_surface(fake, dispatcher)):
            assert (await ada.command("/pmpath home")).lines[0] == "pmpath"
        dispatcher.registry = registry
        fake.order("commands.put", fault)
        async with connected(fake, new_surface(fake, dispatcher)):
            assert (await ada.command("/pmpath home")).lines[0] == "pmpath"
        assert [entry["event"] for entry in faults.entries] == ["discord.commands_not_told"]
        faults.entries.clear()
        async with connected(fake, new_surface(fake, dispatcher)):
            assert (await ada.command("/pmpath help")).lines


async def test_what_discord_does_not_take_it_is_told_again_until_it_does(
    dispatcher: Dispatcher, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    # ten seconds otherwise
    monkeypatch.setattr(telling, "AGAIN_SECONDS", 0.05)
    memory = CommandNotes(dispatcher.store)
    async with FakeDiscord() as fake:
        fake.order("commands.put", Fault.failing(503), 3)
        async with connected(fake, new_surface(fake, dispatcher)):
            async with asyncio.timeout(25):
                while True:
                    if await memory.recall(fake.world.application_id) is not None:
                        break
                    await asyncio.sleep(0.01)

        assert len(fake.calls("commands.put")) == 4
    assert [entry["event"] for entry in faults.entries] == ["discord.commands_not_told"] * 3
    faults.entries.clear()


async def test_telling_discord_again_ends_with_the_surface(
    dispatcher: Dispatcher, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as above
    monkeypatch.setattr(telling, "AGAIN_SECONDS", 0.05)
    # it would be rare soon, and that it has ended not to be told from that
    monkeypatch.setattr(telling, "AGAIN_MOST", 0.05)
    async with FakeDiscord() as fake:
        fake.order("commands.put", Fault.failing(503), 10_000)
        async with connected(fake, new_surface(fake, dispatcher)):
            assert await fake.world.until(lambda: len(fake.calls("commands.put")) > 2, 25)
        tries = len(faults.entries)
        await asyncio.sleep(0.5)

        assert len(faults.entries) == tries
    assert {entry["event"] for entry in faults.entries} == {"discord.commands_not_told"}
    faults.entries.clear()


async def test_each_application_is_told_for_itself(scene: Scene) -> None:
    memory = CommandNotes(scene.dispatcher.store)

    assert await memory.recall(scene.fake.world.application_id) is not None
    assert await memory.recall(scene.fake.world.application_id + 1) is None


async def test_members_read_the_commands_in_their_language_and_only_their_own(scene: Scene) -> None:
    root = scene.fake.member("Root", permissions=MANAGE_GUILD)

    assert scene.ada.offered() == ["pmpath"]
    assert root.offered() == ["pmpath", "pmpath-mod"]
