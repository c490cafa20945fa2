"""One workspace, by the bot token of the settings."""

from __future__ import annotations

from collections.abc import Sequence

from slack_bolt.authorization import AuthorizeResult

from bot.slack.answer import Hold, guarded
from bot.slack.sending import Connection, Sender
from bot.slack.standing import Standing
from bot.slack.ticket import FixedToken
from bot.slack.workspaces import Json, Removal, Workspace, built
from bot.surface import Refused, TryLater
from commands.kit.dispatch import Dispatcher
from commands.kit.request import CommunityKey, Platform


class OneWorkspace:
    """Known from the start on, when Slack says whose the token is."""

    def __init__(self, token: str, connection: Connection, dispatcher: Dispatcher, hold: Hold) -> None:
        self._token = token
        self._connection = connection
        self._dispatcher = dispatcher
        self._hold = hold
        self._standing: Standing | None = None
        self.known: Workspace | None = None

    async def start(self) -> None:
        """Raises SlackApiError where the token will not do."""
        sender = Sender(self._connection, FixedToken(self._token))
        self._standing = Standing(self._dispatcher.store, sender, self._token)
        answer = await self._standing.ask()
        community = CommunityKey(Platform.SLACK, answer["team_id"], answer.get("team", ""))
        catalogue = self._dispatcher.content.catalogue
        self.known = built(community, _authorized(answer), sender, catalogue, self._hold)

    def missing(self) -> str | None:
        if self._standing is not None and self._standing.gone:
            return "Slack has withdrawn the bot token; install the app again"
        return "Slack has not answered yet" if self.known is None else None

    async def here(self, team: str | None, enterprise: str | None) -> Workspace | None:
        """Who speaks where we were gone says that the token may work again."""
        known = self.known
        if known is None or self._standing is None or team not in {None, known.community.ext_id}:
            return None
        if self._standing.gone:
            self._hold(guarded(self._standing.spoken_to(known.community)))
        return known

    async def sending(self, team: str) -> Workspace:
        if self.known is None:
            raise TryLater("not connected yet")
        if team != self.known.community.ext_id:
            raise Refused("another workspace than the token's")
        return self.known

    async def removed(self, removal: Removal) -> None:
        """Of another workspace, which shares the app, it is none of ours."""
        known = self.known
        if known is not None and self._standing is not None and removal.team in {None, known.community.ext_id}:
            await self._standing.left(known.community, removal)

    async def access(self, teams: Sequence[str], enterprise: str, *, granted: bool) -> None:
        """Nothing: a single token is no organisation's."""

    def forget(self) -> None:
        """Nothing: what is known of the token only Slack changes."""


def _authorized(answer: Json) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=answer.get("enterprise_id"),
        team_id=answer["team_id"],
        bot_user_id=answer.get("user_id"),
        bot_id=answer.get("bot_id"),
    )
