"""Which of Slack's rights our token has, and what does not work without each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.finding import Finding, fine, wrong
from bot.cli.tokens import PATIENCE, UNREACHABLE

HEADER = "x-oauth-scopes"
WITHOUT: Mapping[str, str] = {
    "chat:write": "answers that come late, posts and direct messages do not arrive",
    "commands": "/pmpath and /pmpath-mod do not exist",
    "files:read": "cards show pictures as words",
    "files:write": "files and pictures do not arrive",
    "im:write": "files and pictures do not arrive",
    "users:read": "names, languages and time zones are not known, and no admin is a moderator",
}
ADD = "Add it under OAuth & Permissions → Bot Token Scopes, and install the app to the workspace again."


async def examine(token: str, api_url: str) -> list[Finding]:
    """What the token may do, as Slack says beside each answer. Nothing where it answers none: that is told already."""
    client = AsyncWebClient(token, base_url=api_url, timeout=PATIENCE)
    try:
        answer = await client.auth_test()
    except (SlackApiError, *UNREACHABLE):
        return []
    said = next((value for name, value in answer.headers.items() if name.lower() == HEADER), None)
    if said is None:
        return [fine("Slack does not say which scopes the bot token has (a proxy may take that away).")]
    return list(_findings({scope.strip() for scope in said.split(",")}))


def _findings(has: set[str]) -> Iterator[Finding]:
    for scope, what in WITHOUT.items():
        if scope not in has:
            yield wrong(f"The bot token lacks the scope {scope}: {what}. {ADD}")
    if WITHOUT.keys() <= has:
        yield fine("The bot token has every scope that is needed.")
