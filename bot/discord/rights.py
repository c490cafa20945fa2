"""What Discord says of a person's rights in a server, for presses that do not carry them: those in its direct messages.

Needs no intent: the member is asked for, the roles of the server are known from the connection.
"""

from __future__ import annotations

import discord

from commands.kit.request import Profile


async def of_member(client: discord.Client, person: int, server: str) -> Profile:
    """Whether they manage the server, and their roles; neither for who is not in it.

    Raises discord.HTTPException, discord.RateLimited or the connection's error.
    """
    try:
        member = await (await _received(client, int(server))).fetch_member(person)
    except discord.NotFound:
        return Profile()
    may = member.guild_permissions
    roles = frozenset(map(str, member._roles))  # noqa: SLF001 - the library has no public way to the ids
    return Profile(moderator=may.manage_guild or may.administrator, roles=roles)


async def _received(client: discord.Client, server: int) -> discord.Guild:
    """The server with its roles; asked for where the connection has not brought it yet."""
    guild = client.get_guild(server)
    if guild is None or guild.get_role(server) is None:
        return await client.fetch_guild(server, with_counts=False)
    return guild
