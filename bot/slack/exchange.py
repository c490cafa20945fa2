"""`oauth.v2.access`: a code, or a refresh token, for a bot token."""

from __future__ import annotations

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.settings import OAuthAccess


async def exchange(client: AsyncWebClient, oauth: OAuthAccess, **asked: str) -> AsyncSlackResponse:
    """Slack's answer. Raises SlackApiError or the connection's error.

    The library's own method names the app by what aiohttp has deprecated.
    """
    basic = aiohttp.encode_basic_auth(oauth.client_id, oauth.client_secret.get_secret_value())
    return await client.api_call("oauth.v2.access", data=asked, headers={"Authorization": basic})
