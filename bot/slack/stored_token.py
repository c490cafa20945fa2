"""The token of a stored installation: renewed in time, and gone for good once Slack has withdrawn it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

import structlog

from bot.slack.rotation import Rotation, Spent, Unkept
from bot.slack.ticket import Withdrawn
from bot.surface import TryLater
from storage.slack_installations import Installation, Tokens

LOG = structlog.get_logger()
DEAD = frozenset({"account_inactive", "token_revoked"})
"""What Slack answers where the app was removed. `invalid_auth` is none of them: whatever else stands at
SLACK_API_URL may say that of every token."""
REST_SECONDS = 60.0  # after a renewal that failed, while the old token is good yet
KEEP_SECONDS = 1.0  # between two tries to store what only this process has
Hold = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


class StoredToken:
    """Of one installation, whatever its version; all its workspaces share it. Raises WrongKey where no key opens it.

    Whoever asked for a renewal may be cancelled; the renewal is not: what it spends is good once.
    """

    def __init__(
        self,
        stored: Installation,
        rotation: Rotation,
        hold: Hold,
        lost: Callable[[Installation, str], Awaitable[None]],
    ) -> None:
        self._rotation = rotation
        self._hold = hold
        self._lost = lost
        self._renewing: asyncio.Task[None] | None = None
        self._failed: TryLater | None = None
        self._rests_until = 0.0
        self._keeping = False
        self._stored = stored
        self._token = rotation.vault.open(stored.tokens.token)
        self.gone = False

    @property
    def place(self) -> str:
        return self._stored.place

    def take(self, stored: Installation) -> None:
        """What is stored now; an older version than ours changes nothing. Raises WrongKey."""
        if stored.rev > self._stored.rev:
            self._use(stored)
            self.gone = False

    def _use(self, stored: Installation) -> None:
        self._token = self._rotation.vault.open(stored.tokens.token)
        self._stored = stored

    def end(self, said_at: dt.datetime) -> None:
        """Slack said then that it is withdrawn; of one that was granted later nothing is said."""
        self.gone = self.gone or self._stored.at <= said_at

    async def token(self) -> str:
        if not self.gone and not self._keeping and self._rotation.is_due(self._stored):
            await self._renewed()
        if self.gone:
            raise Withdrawn
        return self._token

    async def refused(self, token: str, word: str) -> None:
        """One that expired is renewed at the next call; a dead one is erased, wherever it is used."""
        if token != self._token or self.gone:
            return
        if word in DEAD:
            await self._end(word)
        elif word == "token_expired" and self._stored.tokens.refresh_token:
            ended = replace(self._stored.tokens, expires_at=dt.datetime.min.replace(tzinfo=dt.UTC))
            self._stored = replace(self._stored, tokens=ended)

    async def _renewed(self) -> None:
        """Waits for the renewal; while the old token is good nobody waits for another's, nor soon after a failed one.

        Raises TryLater where there is no good token for now.
        """
        good = self._rotation.is_good(self._stored)
        if good and (self._renewing is not None or asyncio.get_running_loop().time() < self._rests_until):
            return
        if self._renewing is None:
            self._failed = None
            self._renewing = self._hold(self._renew())
        await asyncio.shield(self._renewing)
        if self._failed is not None and not good:
            raise self._failed

    async def _renew(self) -> None:
        """Never raises; `_failed` is why there is no new token."""
        known = self._stored
        try:
            self.take(await self._rotation.renew(known))
        except Spent as spent:
            await self._spent(str(spent))
        except Unkept as unkept:
            self._keeping = True
            self._hold(self._keep(known, unkept.tokens))
            if self._stored.version == known.version:
                self._use(replace(known, tokens=unkept.tokens))
        except Withdrawn:
            self.gone = True
        except TryLater as later:
            LOG.warning("slack.token_not_renewed", why=str(later))
            self._failed = later
        except Exception as error:
            LOG.exception("slack.token_not_renewed")
            self._failed = TryLater(repr(error))
        finally:
            self._renewing = None
            self._rests_until = asyncio.get_running_loop().time() + REST_SECONDS * (self._failed is not None)

    async def _spent(self, word: str) -> None:
        """Another may have spent it and not stored yet what it got; and the old token is good to its end."""
        if self._rotation.has_ended(self._stored):
            await self._end(word)
            return
        ends = str(self._stored.tokens.expires_at)
        what = "Unless another process stores a new token, the workspace must install it again by then."
        LOG.error("slack.refresh_token_spent", place=self.place, said=word, ends=ends, what=what)
        self._failed = TryLater(word)

    async def _keep(self, known: Installation, tokens: Tokens) -> None:
        """Goes on until they are stored; meanwhile they are used, and not renewed."""
        while True:
            await asyncio.sleep(KEEP_SECONDS)
            with contextlib.suppress(Exception):  # the first failure stands in the log
                await self._rotation.keep(known, tokens)
                break
        LOG.info("slack.tokens_kept", place=known.place)
        self._keeping = False

    async def _end(self, word: str) -> None:
        """It is used no more, even where that can't be kept now: the next start learns it anew."""
        self.gone = True
        try:
            await self._lost(self._stored, word)
        except Exception:
            LOG.exception("slack.loss_not_kept")
