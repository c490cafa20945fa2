"""How the application is set up at Discord: what there would keep commands from arriving."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import aiohttp

from bot.cli.finding import Finding, fine, wrong
from bot.cli.tokens import PATIENCE, UNREACHABLE
from bot.settings import DISCORD_API, DiscordAccess
from commands.kit.discover import ROOTS
from storage import notes
from storage.errors import StoreError
from storage.look import read

Json = Any
SERVERS = "0"  # an installation for a server, among `integration_types_config`
PAGE = "On the application's page"


async def examine(access: DiscordAccess, database_url: str) -> list[Finding]:
    """What Discord says of the application, beside what we have told it."""
    headers = {"Authorization": f"Bot {access.token.get_secret_value()}"}
    base = access.api_url or DISCORD_API
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(PATIENCE)) as session:
            application = await _get(session, f"{base}/applications/@me")
            declared = await _get(session, f"{base}/applications/{application['id']}/commands")
    except (*UNREACHABLE, KeyError, TypeError):
        return [fine("How the application is set up could not be read; Discord may be busy. Try again in a minute.")]
    told = await _was_told(database_url, str(application["id"]))
    return [*_set_up(application), _commands(declared, told=told)]


async def _was_told(url: str, application: str) -> bool:
    """Whether pmpath has told Discord its commands before."""
    from bot.discord.telling import note_of  # here: who only looks at the settings does not wait for the library

    try:
        return await read(url, partial(notes.find, name=note_of(application))) is not None
    except StoreError:
        return False


async def _get(session: aiohttp.ClientSession, url: str) -> Json:
    async with session.get(url) as answer:
        answer.raise_for_status()
        return await answer.json()


def _set_up(application: Json) -> Iterator[Finding]:
    wrongs = list(_wrong(application))
    for sentence in wrongs:
        yield wrong(sentence)
    if not wrongs:
        others = "anybody" if application.get("bot_public", True) else "only its owner"
        yield fine(f"The application can be installed in servers; {others} may add it.")


def _wrong(application: Json) -> Iterator[str]:
    if application.get("interactions_endpoint_url"):
        yield (
            "Discord sends commands and presses to an Interactions Endpoint URL, not to pmpath, and nothing is "
            f"answered. {PAGE} General Information empty that field."
        )
    if application.get("bot_require_code_grant"):
        yield f"Nobody can add the bot by the plain address. {PAGE} Bot switch Requires OAuth2 Code Grant off."
    kinds = application.get("integration_types_config")
    if kinds is not None and SERVERS not in kinds:
        yield f"The application cannot be installed in servers. {PAGE} Installation tick Guild Install."


def _commands(declared: Json, *, told: bool) -> Finding:
    missing = [root for root in ROOTS if root not in {command["name"] for command in declared}]
    if missing:
        names = " and ".join(f"/{root}" for root in missing)
        if not told:
            return fine(f"Discord does not know {names} yet; pmpath run tells it until it does.")
        return wrong(
            f"Discord was told {names} and no longer knows it: another program uses this token and has replaced our "
            "commands. Stop that program, and give it an application of its own."
        )
    return fine("Discord knows /pmpath and /pmpath-mod.")
