"""What the fakes count: the busiest second, what appeared, answers that were dropped."""

from __future__ import annotations

import aiohttp

from tests.fakes.discord import FakeDiscord
from tests.fakes.rates import busiest
from tests.fakes.slack import FakeSlack


def test_the_busiest_stretch_is_found_wherever_it_lies() -> None:
    assert busiest([], 1) == 0
    assert busiest([0.0, 0.9, 1.0, 1.5, 1.8, 5.0], 1) == 4
    assert busiest([0.0, 1.0, 2.0], 1) == 1


async def test_slack_counts_posts_by_channel_and_text_and_drops_a_share_of_the_answers() -> None:
    async with FakeSlack() as fake, aiohttp.ClientSession() as session:
        team = fake.install()
        general = fake.channel(team, "general").id
        fake.drop_some("chat.postMessage", 0.5)
        lost = 0
        for _ in range(20):
            try:
                headers = {"Authorization": f"Bearer {team.bot_token}"}
                form = {"channel": general, "text": "Tip"}
                await session.post(f"{fake.api_url}chat.postMessage", data=form, headers=headers)
            except aiohttp.ClientError:
                lost += 1

        assert 4 <= lost <= 16
        assert fake.appeared() == {(general, "Tip"): 20}
        assert fake.busiest("chat.postMessage", channel=general, seconds=60) == 20
        assert fake.busiest("chat.postMessage", channel="C0OTHER", seconds=60) == 0


async def test_discord_counts_posts_and_gives_the_first_again_for_the_same_nonce() -> None:
    async with FakeDiscord() as fake, aiohttp.ClientSession() as session:
        channel = next(iter(fake.guild.channels.values()))
        fake.rest.drop_some("send", 0.5)
        headers = {"Authorization": f"Bot {fake.token}"}
        address = f"{fake.api_url}/channels/{channel.id}/messages"
        lost = 0
        for number in range(20):
            body = {"content": f"Tip {number // 2}", "nonce": f"slot{number // 2}", "enforce_nonce": True}
            try:
                await session.post(address, json=body, headers=headers)
            except aiohttp.ClientError:
                lost += 1

        assert 4 <= lost <= 16
        assert fake.appeared() == {(channel.id, f"Tip {number}"): 1 for number in range(10)}
        assert fake.busiest("send", channel=channel.id, seconds=60) == 20
        assert fake.busiest(seconds=60) == 20
        assert fake.busiest("send", channel=1, seconds=60) == 0
