"""By what token a call to Slack is made: asked for before each call, so that none is made by one that was withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.refusals import AFTER_TOKEN, said
from bot.surface import TryLater

SECONDS = 20  # for one call


class Withdrawn(TryLater):
    """The app is not installed there any more; until it is again nothing can be sent."""

    def __init__(self, reason: str = "the app is not installed there") -> None:
        super().__init__(reason, AFTER_TOKEN)


class Ticket(Protocol):
    """A token that can change and end. `gone`: Slack has withdrawn it."""

    @property
    def gone(self) -> bool: ...

    async def token(self) -> str:
        """The token of the moment. Raises Withdrawn, or TryLater where it cannot be renewed now."""

    async def refused(self, token: str, word: str) -> None:
        """Slack did not take this token, and said so by that word."""


class FixedToken:
    """The one token of the settings: only the operator can replace it."""

    gone = False

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        return self._token

    async def refused(self, token: str, word: str) -> None:
        """Said where the call was made; the next start asks."""


class Client(AsyncWebClient):
    """The library's client, which asks its ticket for the token at each call."""

    def __init__(
        self, ticket: Ticket, api_url: str, session: aiohttp.ClientSession, retries: Sequence[AsyncRetryHandler] = ()
    ) -> None:
        handlers: list[AsyncRetryHandler] = [_WhileHeld(each, ticket) for each in retries]
        super().__init__(base_url=api_url, timeout=SECONDS, session=session, retry_handlers=handlers)
        self._ticket = ticket

    async def api_call(self, api_method: str, **how: Any) -> AsyncSlackResponse:
        """As the library's. Raises Withdrawn and TryLater besides."""
        self.token = token = await self._ticket.token()  # read by the library before it lets others run
        try:
            return await super().api_call(api_method, **how)
        except SlackApiError as error:
            await self._ticket.refused(token, said(error))
            raise


class _WhileHeld(AsyncRetryHandler):
    """Another handler's tries, of which there are no more once the token is withdrawn."""

    def __init__(self, inner: AsyncRetryHandler, ticket: Ticket) -> None:
        super().__init__(inner.max_retry_count)
        self._inner = inner
        self._ticket = ticket

    async def can_retry_async(self, **about: Any) -> bool:
        return not self._ticket.gone and await self._inner.can_retry_async(**about)

    async def prepare_for_next_attempt_async(self, **about: Any) -> None:
        """Waits as the inner one does. Raises Withdrawn where it was withdrawn meanwhile."""
        await self._inner.prepare_for_next_attempt_async(**about)
        if self._ticket.gone:
            about["state"].next_attempt_requested = False  # or the library tries all the same
            raise Withdrawn
