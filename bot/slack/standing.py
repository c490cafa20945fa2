"""Whether the workspace still has us: it can remove the app or withdraw its token at any time, and come back."""

from __future__ import annotations

import structlog
from slack_sdk.errors import SlackApiError

from bot import presence
from bot.slack.sending import Sender, said
from commands.kit.request import CommunityKey
from storage.store import Store

LOG = structlog.get_logger()


class Standing:
    """`gone`: the token is withdrawn, so that nothing can be sent."""

    def __init__(self, store: Store, sender: Sender) -> None:
        self._store = store
        self._sender = sender
        self.gone = False

    async def here(self, community: CommunityKey) -> None:
        """Slack takes our token. Where that can't be kept now, whoever speaks to us there says it too."""
        self.gone = False
        try:
            await presence.arrive(self._store, community.platform, community.ext_id, community.name)
        except Exception:
            LOG.exception("slack.presence_not_kept")

    async def left(self, community: CommunityKey, why: str) -> None:
        """Slack says that the app was removed. Raises what the store raises: Slack then says it again."""
        LOG.warning("slack.gone", why=why)
        self.gone = True
        await presence.leave(self._store, community.platform, community.ext_id)

    async def spoken_to(self, community: CommunityKey) -> None:
        """Somebody speaks to us where we were gone: whether the token works again."""
        try:
            await self._sender.who()
        except SlackApiError as error:
            LOG.info("slack.still_gone", said=said(error))
        else:
            await self.here(community)
