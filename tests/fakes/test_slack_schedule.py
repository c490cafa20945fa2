"""The fake Slack's scheduled messages, asked by the real library: each of Slack's rules holds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack

START = 1_795_600_000.0


@dataclass
class Office:
    """A workspace whose Slack has a clock of the test's."""

    fake: FakeSlack
    client: AsyncWebClient
    general: str

    async def schedule(self, after: int, text: str = "Tip", **more: Any) -> str:
        post_at = int(START) + after
        answer = await self.client.chat_scheduleMessage(channel=self.general, post_at=post_at, text=text, **more)
        return str(answer["scheduled_message_id"])

    async def listed(self, **asked: Any) -> list[str]:
        answer = await self.client.chat_scheduledMessages_list(**asked)
        return [one["text"] for one in answer["scheduled_messages"]]

    async def delete(self, number: str) -> None:
        await self.client.chat_deleteScheduledMessage(channel=self.general, scheduled_message_id=number)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with FakeSlack() as fake:
        fake.clock = lambda: START
        team = fake.install()
        client = AsyncWebClient(team.bot_token, base_url=fake.api_url)
        yield Office(fake, client, fake.channel(team, "general").id)


async def refusal(asking: Awaitable[object]) -> str:
    with pytest.raises(SlackApiError) as refused:
        await asking
    return str(refused.value.response["error"])


async def test_times_that_slack_refuses(office: Office) -> None:
    assert await refusal(office.schedule(0)) == "time_in_past"
    assert await refusal(office.schedule(120 * 24 * 3600 + 60)) == "time_too_far"
    bad = office.client.chat_scheduleMessage(channel=office.general, post_at="soon", text="Tip")
    assert await refusal(bad) == "invalid_time"
    assert (
        await refusal(office.schedule(60, metadata={"event_type": "tip", "event_payload": {}})) == "invalid_arguments"
    )
    office.fake.breaches.clear()


async def test_the_list_is_by_time_in_pages_and_spans(office: Office) -> None:
    for after in (900, 600, 1200):
        await office.schedule(after, f"Tip {after}")

    assert await office.listed() == ["Tip 600", "Tip 900", "Tip 1200"]
    assert await office.listed(channel=office.general, oldest=str(START + 600), latest=str(START + 900)) == [
        "Tip 600",
        "Tip 900",
    ]
    first = await office.client.chat_scheduledMessages_list(limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    assert await office.listed(cursor=cursor) == ["Tip 1200"]
    assert await refusal(office.listed(cursor="x")) == "invalid_cursor"
    assert await refusal(office.listed(channel="C0GONE")) == "invalid_channel"


async def test_a_message_is_deleted_until_a_minute_before_it_comes(office: Office) -> None:
    number = await office.schedule(600)
    office.fake.skip(539)
    await office.delete(number)
    assert await refusal(office.delete(number)) == "invalid_scheduled_message_id"

    late = await office.schedule(600)
    office.fake.skip(2)
    assert await refusal(office.delete(late)) == "invalid_scheduled_message_id"
    office.fake.skip(59)
    assert [message.text for message in office.fake.deliver_due()] == ["Tip"]
    assert await office.listed() == []


async def test_a_ghost_is_deleted_within_five_minutes_and_comes_all_the_same(office: Office) -> None:
    office.fake.ghosts = True
    early, late = await office.schedule(600, "Early"), await office.schedule(200, "Late")
    for number in (early, late):
        await office.delete(number)

    assert await office.listed() == []
    office.fake.skip(700)
    assert [message.text for message in office.fake.deliver_due()] == ["Late"]
