"""What Discord's refusals mean: never, later, or nobody knows; by the code that it answers with."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import aiohttp
import discord

from bot.discord.restraint import retry_after
from bot.surface import Perhaps, Refused, TryLater, Why

NEVER = frozenset({50007, 50278, 50001, 50013, 10003, 10013, 10004})
"""Closed DMs, no common server, no access, no rights, no such channel, user or server."""
WHY: dict[int, Why] = {
    50001: "no-right",
    50013: "no-right",
    10003: "no-channel",
    10004: "no-channel",
    50083: "archived",  # a thread
}
AMBIGUOUS = frozenset({500, 502, 504, 524})
"""What something between us and Discord answers when it saw no end: the message may be there."""
AGAIN_SECONDS = 10.0  # well within the time for which Discord knows a nonce again
GONE = frozenset({10008, 10003, 10004})
"""No such message, channel or server: nothing is left to delete."""
UNREACHABLE = (aiohttp.ClientError, OSError, TimeoutError)


def verdict(error: discord.HTTPException) -> Refused | TryLater:
    """What a refused message means for the outbox."""
    if error.code in NEVER or error.status in {400, 403, 404}:
        return Refused(f"{error.status} {error.code}: {error.text}", WHY.get(error.code, "other"))
    said = f"{error.status}: {error.text}"
    if error.status in AMBIGUOUS:
        return Perhaps(said, AGAIN_SECONDS)
    return TryLater(said, retry_after(error.response) if isinstance(error.response, aiohttp.ClientResponse) else None)


@contextlib.contextmanager
def known() -> Iterator[None]:
    """For what may be asked again without harm. Raises Refused or TryLater for whatever goes wrong on the way."""
    try:
        yield
    except discord.HTTPException as error:
        raise verdict(error) from error
    except discord.RateLimited as error:
        raise TryLater(str(error), error.retry_after) from error
    except UNREACHABLE as error:
        raise TryLater(repr(error)) from error
