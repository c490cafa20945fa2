"""The manifest that an operator pastes into Slack."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.declare import SCOPES, manifest
from tests.fakes.slack import FakeSlack


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


async def test_what_posts_wait_in_slack_needs_no_scope_beyond_these() -> None:
    async with FakeSlack() as fake:
        team = fake.install(scopes=SCOPES)
        client = AsyncWebClient(team.bot_token, base_url=fake.api_url)
        channel, post_at = fake.channel(team, "general").id, int(fake.now()) + 600
        waits = await client.chat_scheduleMessage(channel=channel, post_at=post_at, text="Tip")
        await client.chat_scheduledMessages_list(channel=channel)
        await client.chat_deleteScheduledMessage(channel=channel, scheduled_message_id=waits["scheduled_message_id"])

    assert "chat:write" in SCOPES


def test_both_roots_hand_over_people_as_ids() -> None:
    commands = manifest(None)["features"]["slash_commands"]

    assert [(each["command"], each["should_escape"]) for each in commands] == [
        ("/pmpath", True),
        ("/pmpath-mod", True),
    ]
