"""`pmpath invite discord`: the address that adds the bot with the least rights."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.bot.cli.conftest import Shell

APPLICATION = "123456789012345678"
VIEW_CHANNEL, SEND_MESSAGES, EMBED_LINKS, ATTACH_FILES = 1 << 10, 1 << 11, 1 << 14, 1 << 15


def token(first: str, *, padded: bool = False) -> str:
    part = base64.urlsafe_b64encode(first.encode()).decode()
    return f"{part if padded else part.rstrip('=')}.x.y"


@pytest.mark.parametrize(
    "settings",
    [{"DISCORD_TOKEN": token(APPLICATION)}, {"DISCORD_TOKEN": token("1234567890123456789", padded=True)}],
    ids=["bare", "padded"],
)
async def test_the_application_is_read_from_the_token(shell: Shell, settings: dict[str, str]) -> None:
    said = await shell.run("invite", "discord", **settings)

    address = urlsplit(said.out.strip())
    asked = parse_qs(address.query)
    assert said.code == 0
    assert (address.scheme, address.netloc, address.path) == ("https", "discord.com", "/oauth2/authorize")
    assert asked["client_id"][0].startswith(APPLICATION)
    assert sorted(asked["scope"][0].split()) == ["applications.commands", "bot"]
    assert int(asked["permissions"][0]) == VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES


async def test_the_secret_part_of_the_token_is_not_printed(shell: Shell) -> None:
    said = await shell.run("invite", "discord", DISCORD_TOKEN=token(APPLICATION)[:-1] + "geheim")

    assert "geheim" not in said.out + said.err


async def test_an_application_can_be_named_without_a_token(shell: Shell) -> None:
    said = await shell.run("invite", "discord", "--application", "42")

    assert "client_id=42&" in said.out


async def test_without_token_and_application_both_ways_are_told(shell: Shell) -> None:
    said = await shell.run("invite", "discord")

    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("DISCORD_TOKEN is not set")
    assert "--application 123456789012345678" in said.err


@pytest.mark.parametrize("first", ["????", "no-number", "é" * 8, "", token("abc"), token("१२३"), "abcde"])
async def test_a_token_that_holds_no_application_is_a_sentence(shell: Shell, first: str) -> None:
    said = await shell.run("invite", "discord", DISCORD_TOKEN=f"{first}.x.y")

    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "The application's id is a number; copy it from the General Information page into --application.\n"
    )


@pytest.mark.parametrize("application", ["²", "12a", ""])
async def test_an_application_that_is_no_number_is_a_sentence(shell: Shell, application: str) -> None:
    said = await shell.run("invite", "discord", "--application", application)

    assert (said.code, said.out) == (2, "")
