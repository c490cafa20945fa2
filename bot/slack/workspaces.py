"""The workspaces that the app serves: one by the token of the settings, or all that have installed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from slack_bolt.authorization import AuthorizeResult

from bot.clock import real_now
from bot.slack.answer import Hold, Replies
from bot.slack.sending import Sender
from bot.slack.uploads import Uploads
from commands.kit.request import CommunityKey
from content.text import Catalogue

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Workspace:
    """A community and our ways into it. `authorized` is what bolt wants to know of us there; it needs no token."""

    community: CommunityKey
    authorized: AuthorizeResult
    sender: Sender
    replies: Replies


@dataclass(frozen=True, slots=True)
class Removal:
    """Slack says that the app, or its bot token, was removed at that moment: from a workspace or an organisation."""

    team: str | None
    enterprise: str | None
    whole: bool
    why: str
    at: dt.datetime

    @property
    def place(self) -> str | None:
        """Whose installation it was: the organisation's where it was for all of that, else the workspace's."""
        of_all = self.whole or self.team is None or self.team.startswith("E")
        return (self.enterprise or self.team) if of_all else self.team


class Workspaces(Protocol):
    """Who has the app."""

    async def start(self) -> None:
        """What has to be known before anything is served. Raises SlackApiError for a token that will not do."""

    def missing(self) -> str | None:
        """What keeps all of them from being served, in words."""

    async def here(self, team: str | None, enterprise: str | None) -> Workspace | None:
        """The workspace from which somebody speaks; None where the app is not installed."""

    async def sending(self, team: str) -> Workspace:
        """The workspace that something is sent to. Raises Refused, TryLater."""

    async def removed(self, removal: Removal) -> None:
        """Slack says so. Raises what the store raises: Slack then says it again."""

    async def access(self, teams: Sequence[str], enterprise: str, *, granted: bool) -> None:
        """An organisation that has the app gives it to these of its workspaces, or takes it from them."""

    def forget(self) -> None:
        """Reads everything anew: another process may have changed it."""


def built(
    community: CommunityKey, authorized: AuthorizeResult, sender: Sender, catalogue: Catalogue, hold: Hold
) -> Workspace:
    """A workspace with its replies."""
    return Workspace(community, authorized, sender, Replies(sender, catalogue, hold, Uploads(sender)))


def removal(event: Json, body: Json) -> Removal:
    """What an `app_uninstalled` or `tokens_revoked` says: by the envelope, for whoever is gone authorizes nothing."""
    said: Json = next(iter(body.get("authorizations") or ()), body)
    return Removal(
        team=body.get("team_id") or said.get("team_id"),
        enterprise=said.get("enterprise_id") or body.get("enterprise_id") or body.get("context_enterprise_id"),
        whole=str(said.get("is_enterprise_install", "")).lower() == "true",
        why=str(event["type"]),
        at=dt.datetime.fromtimestamp(float(body["event_time"]), dt.UTC) if body.get("event_time") else real_now(),
    )
