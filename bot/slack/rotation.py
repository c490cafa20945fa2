"""New tokens for old where Slack's tokens expire: one process at a time renews one, all others take it from there."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.clock import real_now
from bot.settings import OAuthAccess
from bot.slack.exchange import exchange
from bot.slack.refusals import AFTER_TOKEN, said
from bot.slack.sending import Connection
from bot.slack.ticket import Withdrawn
from bot.surface import TryLater
from bot.vault import Vault
from storage import slack_installations
from storage.slack_installations import Installation, Tokens
from storage.store import Store

LOG = structlog.get_logger()

EARLY = dt.timedelta(hours=2)  # before it expires; a token is good for twelve hours
LAST = dt.timedelta(minutes=1)  # in which one is no longer counted on
LEASE = dt.timedelta(minutes=2)  # Slack's answer may take 20 s, each write of the store ten
LOOK_SECONDS = 0.25
LOOKED_SECONDS = 20.0
SPENT = frozenset({"account_inactive", "invalid_refresh_token", "token_expired", "token_revoked"})


class Spent(Exception):
    """Slack renews it no more: once its token has ended the workspace has to install the app again."""


class Unkept(Exception):
    """The store could not take these tokens, which exist nowhere else."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__("the new tokens are not stored yet")
        self.tokens = tokens


@dataclass(frozen=True, slots=True)
class Rotation:
    """What it takes to renew."""

    oauth: OAuthAccess
    connection: Connection
    store: Store
    vault: Vault
    now: Callable[[], dt.datetime]
    owner: str = field(default_factory=lambda: secrets.token_hex(8))

    def is_due(self, known: Installation) -> bool:
        return self._left(known) < EARLY

    def is_good(self, known: Installation) -> bool:
        return self._left(known) > LAST

    def has_ended(self, known: Installation) -> bool:
        return self._left(known) <= dt.timedelta()

    def _left(self, known: Installation) -> dt.timedelta:
        ends = known.tokens.expires_at
        return dt.timedelta.max if ends is None else ends - self.now()

    async def renew(self, known: Installation) -> Installation:
        """A newer version of it; or itself where another process is at it and there is time yet.

        Raises Spent, Withdrawn, Unkept, and TryLater where it could not be renewed now.
        """
        until = asyncio.get_running_loop().time() + LOOKED_SECONDS
        while not await self.store.write(slack_installations.claim, known, self.owner, LEASE, real_now()):
            found = await self._newest(known)
            if found.rev != known.rev or self.is_good(known):
                return found
            if asyncio.get_running_loop().time() > until:
                raise TryLater("the token is being renewed")
            await asyncio.sleep(LOOK_SECONDS)
        try:
            tokens = await self._exchange(known)
        except BaseException as error:
            await self.store.write(slack_installations.release, known, self.owner)
            if isinstance(error, Spent) and (found := await self._newest(known)).rev != known.rev:
                return found  # who spent it was late, but has stored what it got
            raise
        try:
            await self.keep(known, tokens)
        except Exception as error:
            LOG.exception("slack.tokens_not_kept")
            raise Unkept(tokens) from error
        return await self._newest(known)

    async def keep(self, known: Installation, tokens: Tokens) -> None:
        """Stores what renews this version. Raises what the store raises."""
        if not await self.store.write(slack_installations.renew, known, tokens):
            LOG.warning("slack.tokens_of_another_version", place=known.place)  # it was installed anew, or removed

    async def _newest(self, known: Installation) -> Installation:
        found = await self.store.read(slack_installations.find, known.place)
        if found is None or found.id != known.id:
            raise Withdrawn
        return found

    async def _exchange(self, known: Installation) -> Tokens:
        try:
            client, spent = self.connection.client(), self.vault.open(known.tokens.refresh_token or "")
            answer = await exchange(client, self.oauth, grant_type="refresh_token", refresh_token=spent)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TryLater(repr(error)) from error
        except SlackApiError as error:
            if said(error) in SPENT:
                raise Spent(said(error)) from error
            LOG.warning("slack.token_not_renewed", said=said(error))  # as for wrong settings, or a limit
            raise TryLater(said(error), AFTER_TOKEN) from error
        return sealed(self.vault, granted(answer.data if isinstance(answer.data, dict) else {}, self.now()))


def granted(answer: dict[str, object], now: dt.datetime) -> Tokens:
    """The tokens of an `oauth.v2.access` answer, in clear."""
    refresh, seconds = answer.get("refresh_token"), answer.get("expires_in")
    ends = now + dt.timedelta(seconds=int(str(seconds))) if seconds else None
    return Tokens(str(answer["access_token"]), str(refresh) if refresh else None, ends)


def sealed(vault: Vault, tokens: Tokens) -> Tokens:
    """As they may be stored."""
    refresh = tokens.refresh_token
    return replace(
        tokens, token=vault.seal(tokens.token), refresh_token=None if refresh is None else vault.seal(refresh)
    )
