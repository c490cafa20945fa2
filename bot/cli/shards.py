"""Whether this process's part of Discord's servers is what Discord recommends, for `pmpath doctor`."""

from __future__ import annotations

import aiohttp

from bot.cli.finding import Finding, fine, wrong
from bot.settings import DiscordAccess
from bot.surface import CannotStart


async def examine(access: DiscordAccess) -> Finding:
    from bot.discord.starts import ask  # here: `--help` does not wait for the library

    try:
        said = await ask(access)
    except CannotStart as error:
        return wrong(error.sentence)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return wrong(f"Discord does not say how many shards it recommends ({type(error).__name__}). Try again later.")
    ours, count = (len(access.shards.ids), access.shards.count) if access.shards else (said.shards, said.shards)
    if count < said.shards:
        return wrong(
            f"DISCORD_SHARDS has {count} shards, Discord recommends {said.shards}. "
            f"Give every process the same count, for example DISCORD_SHARDS=0-{said.shards - 1}/{said.shards}."
        )
    if said.left < ours:
        return wrong(
            f"Discord lets the bot begin {said.left} more sessions for now, this process needs {ours}. Start it later."
        )
    which = str(access.shards) if access.shards else f"all {count}" if count > 1 else "it"
    return fine(f"Discord recommends {_count(said.shards)}; this process serves {which} ({said.left} sessions left).")


def _count(shards: int) -> str:
    return "1 shard" if shards == 1 else f"{shards} shards"
