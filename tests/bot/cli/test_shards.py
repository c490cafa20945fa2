"""`pmpath doctor` on shards: what is set beside what Discord recommends."""

from __future__ import annotations

import pytest

from tests.bot.cli.conftest import Shell
from tests.fakes.discord import FakeDiscord, Fault


@pytest.mark.parametrize(
    ("recommended", "left", "set_to", "says"),
    [
        (2, 1000, None, "ok     Discord recommends 2 shards; this process serves all 2 (1000 sessions left)."),
        (
            2,
            9,
            "0-1/4",
            "ok     Discord recommends 2 shards; this process serves shards 0 to 1 of 4 (9 sessions left).",
        ),
        (4, 1000, "1/2", "wrong  DISCORD_SHARDS has 2 shards, Discord recommends 4. "),
        (4, 3, None, "wrong  Discord lets the bot begin 3 more sessions for now, this process needs 4. "),
    ],
)
async def test_the_shards_of_the_process_beside_those_recommended(
    shell: Shell, recommended: int, left: int, set_to: str | None, says: str
) -> None:
    async with FakeDiscord() as fake:
        fake.gateway.shards, fake.gateway.starts_left = recommended, left
        settings = {"DISCORD_SHARDS": set_to} if set_to else {}
        said = await shell.run("doctor", DISCORD_TOKEN=fake.token, DISCORD_API_URL=fake.api_url, **settings)
        assert any(line.startswith(says) for line in said.lines)

        fake.order("gateway.bot", Fault.failing(503))
        said = await shell.run("doctor", DISCORD_TOKEN=fake.token, DISCORD_API_URL=fake.api_url, **settings)
        assert "does not say how many shards" in said.out
