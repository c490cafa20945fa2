"""What comes to `/slack/events` without Slack's signature: no, before anything in it is read."""

from __future__ import annotations

import time

import aiohttp
import pytest

from tests.bot.slack.conftest import Workspace
from tests.fakes.slack_http import signature

NOW = str(int(time.time()))
JSON = {"Content-Type": "application/json"}


CASES: list[tuple[bytes, dict[str, str], int]] = [
    (b"{", JSON, 401),
    (b"[" * 200_000, JSON, 401),
    (b"payload=" + b"[" * 200_000, {}, 401),
    (b"\xff\xfe\x00", JSON, 401),
    (b"{}", {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=1"}, 401),
    (b"{}", {"X-Slack-Request-Timestamp": "9" * 5_000, "X-Slack-Signature": "v0=1"}, 401),
    (b"{}", {"X-Slack-Request-Timestamp": NOW, "X-Slack-Signature": "v0=\u00e9"}, 401),
    (b"{}", {"X-Slack-Request-Timestamp": NOW, "X-Slack-Signature": signature("guessed", NOW, "{}")}, 401),
    (b"ssl_check=1&token=x", {}, 200),
]


@pytest.mark.parametrize("workspace", ["http"], indirect=True)
async def test_nothing_that_is_unsigned_is_read(workspace: Workspace) -> None:
    address = workspace.fake.events_url
    assert address is not None
    async with aiohttp.ClientSession() as client:
        for body, headers, expected in CASES:
            async with client.post(address, data=body, headers=headers) as answer:
                assert answer.status == expected, (body[:40], headers)
