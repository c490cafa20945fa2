"""Whether the workspace still has us: it can remove the app or withdraw its token at any time, and come back."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot import presence
from bot.clock import real_now
from bot.slack.refusals import said
from bot.slack.sending import Sender
from bot.slack.workspaces import Removal
from commands.kit.request import CommunityKey, Platform
from storage import notes
from storage.store import Store

LOG = structlog.get_logger()
WITHDRAWN = frozenset({"account_inactive", "invalid_auth", "token_expired", "token_revoked"})


class Standing:
    """`gone`: the token is withdrawn, so that nothing can be sent."""

    def __init__(self, store: Store, sender: Sender, token: str) -> None:
        self._store = store
        self._sender = sender
        self._note = f"slack.workspace:{hashlib.blake2b(token.encode(), digest_size=8).hexdigest()}"
        self._answered = dt.datetime.min.replace(tzinfo=dt.UTC)
        self.gone = False

    async def ask(self) -> dict[str, Any]:
        """What Slack says of our token: whose workspace it is, which has us then.

        Raises SlackApiError where it will not do. A workspace that it was good for has removed us meanwhile.
        """
        try:
            answer = await self._sender.who()
        except SlackApiError as error:
            if said(error) in WITHDRAWN:
                await self._removed_meanwhile()
            raise
        await self._here(CommunityKey(Platform.SLACK, answer["team_id"], answer.get("team", "")))
        return answer

    async def left(self, community: CommunityKey, removal: Removal) -> None:
        """Slack says that the app was removed; before the token last answered, it was an installation before this one.

        Raises what the store raises: Slack then says it again.
        """
        if removal.at < self._answered:
            LOG.info("slack.removal_is_old", why=removal.why)
            return
        LOG.warning("slack.gone", why=removal.why)
        self.gone = True
        await presence.leave(self._store, community.platform, community.ext_id)

    async def spoken_to(self, community: CommunityKey) -> None:
        """Somebody speaks to us where we were gone: whether the token works again."""
        try:
            await self._sender.who()
        except SlackApiError as error:
            LOG.info("slack.still_gone", said=said(error))
        else:
            await self._here(community)

    async def _here(self, community: CommunityKey) -> None:
        """Where it can't be kept now, whoever speaks to us there says it too."""
        self._answered = real_now().replace(microsecond=0)  # Slack says whole seconds
        self.gone = False
        try:
            await self._store.write(notes.keep, self._note, community.ext_id)
            await presence.arrive(self._store, community.platform, community.ext_id, community.name)
        except Exception:
            LOG.exception("slack.presence_not_kept")

    async def _removed_meanwhile(self) -> None:
        try:
            community = await self._store.read(notes.find, self._note)
            if community is not None:
                await presence.leave(self._store, Platform.SLACK, community)
        except Exception:
            LOG.exception("slack.removal_not_kept")
