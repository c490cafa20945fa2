"""What Discord says of a person in a server: whether they are there, and their rights, for presses in direct messages.

Needs no intent: the member is asked for, the roles of the server are known from the connection.
"""

from __future__ import annotations

import discord

from commands.kit.request import Profile

NOBODY = frozenset({10007, 10013})
"""No such member of the server, no such user."""


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


async def is_member(client: discord.Client, person: int, server: int) -> bool:
    """Whether they are in the server. Raises as `of_member`."""
    try:
        await client.http.get_member(server, person)
    except discord.NotFound as error:
        if error.code not in NOBODY:
            raise
        return False
    return True


async def _received(client: discord.Client, server: int) -> discord.Guild:
    """The server with its roles; asked for where the connection has not brought it yet."""
    guild = client.get_guild(server)
    if guild is None or guild.get_role(server) is None:
        return await client.fetch_guild(server, with_counts=False)
    return guild
