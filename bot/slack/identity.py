"""Who we are in the workspace, as Slack says of the bot token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_bolt.authorization import AuthorizeResult

from bot.settings import SlackAccess
from commands.kit.request import CommunityKey, Platform

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Self:
    """The workspace, and what bolt wants to know of us in it."""

    community: CommunityKey
    authorized: AuthorizeResult


def of(answer: Json, access: SlackAccess) -> Self:
    """Ourselves, from the answer to auth.test."""
    community = CommunityKey(Platform.SLACK, answer["team_id"], answer.get("team", ""))
    authorized = AuthorizeResult(
        enterprise_id=answer.get("enterprise_id"),
        team_id=answer["team_id"],
        team=answer.get("team"),
        url=answer.get("url"),
        bot_user_id=answer.get("user_id"),
        bot_id=answer.get("bot_id"),
        bot_token=access.bot_token.get_secret_value(),
    )
    return Self(community, authorized)
