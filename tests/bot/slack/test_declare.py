"""The manifest that an operator pastes into Slack."""

from __future__ import annotations

from bot.slack.declare import manifest


def test_over_the_socket_no_address_is_asked_for() -> None:
    printed = manifest(None)

    assert printed["settings"]["socket_mode_enabled"] is True
    assert "url" not in str(printed)


def test_over_http_every_address_is_ours() -> None:
    printed = manifest("https://pmpath.example/")
    address = "https://pmpath.example/slack/events"

    assert [command["url"] for command in printed["features"]["slash_commands"]] == [address, address]
    assert printed["settings"]["event_subscriptions"]["request_url"] == address
    assert printed["settings"]["interactivity"] == {"is_enabled": True, "request_url": address}
    assert printed["settings"]["socket_mode_enabled"] is False


def test_no_message_is_read_and_no_more_is_asked_for_than_is_used() -> None:
    printed = manifest(None)

    assert printed["oauth_config"]["scopes"]["bot"] == [
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "im:write",
        "users:read",
    ]
    assert not [event for event in printed["settings"]["event_subscriptions"]["bot_events"] if "message" in event]


def test_both_roots_hand_over_people_as_ids() -> None:
    commands = manifest(None)["features"]["slash_commands"]

    assert [(each["command"], each["should_escape"]) for each in commands] == [
        ("/pmpath", True),
        ("/pmpath-mod", True),
    ]
