"""Whether the platforms know our tokens: asked once each, of the address that the settings name."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.discord.closed import TOKEN_REFUSED
from bot.settings import DISCORD_API, DiscordAccess, SlackAccess
from bot.slack.declare import INSTALL_PATH
from bot.slack.exchange import exchange
from bot.slack.refusals import said, status

PATIENCE = 10  # seconds for one answer
PASSING = {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}  # of Slack's
CODES = {"invalid_code", "code_already_used"}  # what Slack says of a code, once it knows who asks
UNREACHABLE = (aiohttp.ClientError, TimeoutError, OSError)


class TokenError(Exception):
    """A token that will not do; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


async def ask_discord(access: DiscordAccess) -> str:
    """The bot's name on Discord. Raises TokenError."""
    base = access.api_url or DISCORD_API
    headers = {"Authorization": f"Bot {access.token.get_secret_value()}"}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE)) as session,
            session.get(f"{base}/users/@me", headers=headers) as answer,
        ):
            if answer.status == HTTPStatus.UNAUTHORIZED:
                raise TokenError(TOKEN_REFUSED)
            if answer.status != HTTPStatus.OK:
                raise TokenError(_odd("Discord", base, str(answer.status)))
            return str((await answer.json())["username"])
    except UNREACHABLE as error:
        raise TokenError(_unreachable("Discord", base, "DISCORD_API_URL", error)) from error


async def ask_slack(access: SlackAccess) -> str:
    """The bot's name and workspace in Slack. Raises TokenError."""
    assert access.bot_token is not None
    client = AsyncWebClient(access.bot_token.get_secret_value(), base_url=access.api_url, timeout=PATIENCE)
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        raise TokenError(_slack_says(error, access.api_url, "SLACK_BOT_TOKEN", "OAuth & Permissions")) from error
    except UNREACHABLE as error:
        raise TokenError(_unreachable("Slack", access.api_url, "SLACK_API_URL", error)) from error
    return f"{answer['user']} in {answer['team']}"


async def ask_slack_oauth(access: SlackAccess) -> str:
    """Whether Slack knows the app by its id and secret: of a code that is none it says so only then.

    Raises TokenError.
    """
    assert access.oauth is not None
    client = AsyncWebClient(base_url=access.api_url, timeout=PATIENCE)
    oauth = access.oauth
    try:
        await exchange(client, oauth, code="none")
    except SlackApiError as error:
        page = "Basic Information → App Credentials"
        if said(error) not in CODES:
            sentence = _slack_says(error, access.api_url, "SLACK_CLIENT_ID or SLACK_CLIENT_SECRET", page)
            raise TokenError(sentence) from error
    except UNREACHABLE as error:
        raise TokenError(_unreachable("Slack", access.api_url, "SLACK_API_URL", error)) from error
    return f"workspaces install the app at {oauth.public_url}{INSTALL_PATH}"


async def ask_slack_socket(access: SlackAccess) -> str:
    """Whether the app token may open a socket. Raises TokenError."""
    assert access.app_token is not None
    client = AsyncWebClient(base_url=access.api_url, timeout=PATIENCE)
    try:
        await client.apps_connections_open(app_token=access.app_token.get_secret_value())
    except SlackApiError as error:
        page = "Basic Information → App-Level Tokens"
        raise TokenError(_slack_says(error, access.api_url, "SLACK_APP_TOKEN", page)) from error
    except UNREACHABLE as error:
        raise TokenError(_unreachable("Slack", access.api_url, "SLACK_API_URL", error)) from error
    return "it may open a socket"


def _slack_says(error: SlackApiError, base: str, variable: str, page: str) -> str:
    """What Slack's "no" means; an upstream's answer is no JSON, and then there is only a status."""
    word = said(error)
    if not word or word in PASSING:
        return _odd("Slack", base, word or str(status(error)))
    if word == "missing_scope" and variable == "SLACK_APP_TOKEN":
        return f"SLACK_APP_TOKEN may open no socket ({word}). Make one with connections:write on the app's page {page}."
    return f"Slack refuses {variable} ({word}). Copy it again from the app's page {page}."


def _odd(platform: str, base: str, said: str) -> str:
    return f"{platform} at {base} answered {said}. Try again in a minute; if it stays, look at its status page."


def _unreachable(platform: str, base: str, variable: str, error: BaseException) -> str:
    why = "no answer in time" if isinstance(error, asyncio.TimeoutError) else type(error).__name__
    return f"{platform} could not be reached at {base} ({why}). Check the network, a proxy, or {variable}."
