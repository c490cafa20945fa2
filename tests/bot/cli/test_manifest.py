"""`pmpath manifest slack`: what to paste when the Slack app is created."""

from __future__ import annotations

import json

import pytest

from bot.slack.declare import manifest
from tests.bot.cli.conftest import Shell


@pytest.mark.parametrize("words", [(), ("--socket",)], ids=["nothing said", "--socket"])
async def test_it_is_for_socket_mode_unless_an_address_is_given(shell: Shell, words: tuple[str, ...]) -> None:
    said = await shell.run("manifest", "slack", *words)

    printed = json.loads(said.out)
    assert said.code == 0
    assert printed == manifest(None)
    assert printed["settings"]["socket_mode_enabled"] is True
    assert "https://" not in said.out


@pytest.mark.parametrize("url", ["https://pm.example.org", "https://pm.example.org/"])
async def test_an_address_stands_wherever_slack_calls(shell: Shell, url: str) -> None:
    said = await shell.run("manifest", "slack", "--url", url)

    printed = json.loads(said.out)
    called = "https://pm.example.org/slack/events"
    assert printed["settings"]["socket_mode_enabled"] is False
    assert printed["settings"]["event_subscriptions"]["request_url"] == called
    assert printed["settings"]["interactivity"]["request_url"] == called
    assert {one["url"] for one in printed["features"]["slash_commands"]} == {called}


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--socket", "--url", "https://pm.example.org"), "--socket and --url exclude each other"),
        (("--url", "pm.example.org"), "--url is not an http:// or https:// address. For example --url https://"),
        (("--url", "http://pm.example.org"), "Slack calls https:// addresses only. For example --url https://"),
        (("--many",), "--many needs --url"),
        (("--url", "https://pm.example.org", "--org"), "--org and --rotate go with --many"),
    ],
)
async def test_what_cannot_be_is_a_sentence(shell: Shell, words: tuple[str, ...], named: str) -> None:
    said = await shell.run("manifest", "slack", *words)

    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(named)


async def test_it_asks_for_no_messages_and_no_history(shell: Shell) -> None:
    said = await shell.run("manifest", "slack")

    printed = json.loads(said.out)
    scopes = printed["oauth_config"]["scopes"]
    assert list(scopes) == ["bot"]
    assert [scope for scope in scopes["bot"] if "history" in scope or "read" in scope] == ["files:read", "users:read"]
    assert [event for event in printed["settings"]["event_subscriptions"]["bot_events"] if "message" in event] == []


@pytest.mark.parametrize("socket", [True, False])
async def test_for_many_workspaces_it_says_where_browsers_come_back_to(shell: Shell, *, socket: bool) -> None:
    words = ("--many", "--url", "https://pm.example.org/", *(("--socket", "--org", "--rotate") if socket else ()))
    said = await shell.run("manifest", "slack", *words)

    printed = json.loads(said.out)
    assert printed["oauth_config"]["redirect_urls"] == ["https://pm.example.org/slack/oauth_redirect"]
    kinds = ("socket_mode_enabled", "org_deploy_enabled", "token_rotation_enabled")
    assert [printed["settings"][kind] for kind in kinds] == [socket] * 3
    assert ("request_url" in printed["settings"]["interactivity"]) is not socket
