"""How Discord closes a connection for good, and what the operator can do."""

from __future__ import annotations

from bot.settings_values import Shards

TOKEN_REFUSED = (
    "Discord does not know DISCORD_TOKEN. On the application's Bot page press Reset Token, "
    "and put the new one into DISCORD_TOKEN."
)
WRONG_SHARD = 4010
MORE_SHARDS = 4011
_FINAL = {
    4004: TOKEN_REFUSED,
    WRONG_SHARD: "Discord refuses the shard that pmpath names (4010), although DISCORD_SHARDS names none: "
    "look for something between pmpath and Discord that changes what is sent, such as a proxy in DISCORD_API_URL.",
    MORE_SHARDS: "Discord asks for more shards (4011) than it recommends itself: "
    "set DISCORD_SHARDS, for example DISCORD_SHARDS={example}, or start pmpath again in a few minutes.",
    4012: "Discord no longer speaks the version of its gateway that pmpath asks for (4012). "
    "Install the newest pmpath, with the newest discord.py.",
    4013: "Discord does not know the intents that pmpath asks for (4013). "
    "Install the newest pmpath, with the newest discord.py.",
    4014: "Discord forbids an intent that pmpath asks for (4014), although it asks for no privileged one. "
    "See on the application's Bot page whether Discord has limited the application.",
}
_WITH_SHARDS_SET = {
    WRONG_SHARD: "Discord refuses the {shards} that DISCORD_SHARDS names (4010). It is FIRST-LAST/COUNT, counted "
    "from 0, with the same COUNT in every process: for example DISCORD_SHARDS={example}, or unset for one process.",
    MORE_SHARDS: "Discord asks for more shards than the {count} of DISCORD_SHARDS (4011): one may serve 2,500 servers. "
    "It recommends {recommended}: set for example DISCORD_SHARDS={example}, with the same COUNT in every process.",
}


def sentence(code: int, shards: Shards | None, recommended: int) -> str | None:
    """Why it is over and what is to be done; None where one may simply connect again."""
    says = _FINAL.get(code)
    count = max(recommended, 2 if shards is None else shards.count * 2 if code == MORE_SHARDS else shards.count)
    if shards is None:
        return says and says.format(example=f"0-{count - 1}/{count}")
    says = _WITH_SHARDS_SET.get(code, says)
    example = f"0-{count - 1}/{count}"
    return says and says.format(shards=shards, count=shards.count, recommended=recommended, example=example)
