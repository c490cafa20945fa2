"""How a post that waits in Slack is known again: by channel, time and text, for Slack has no key of ours."""

from __future__ import annotations

import html
import re
from typing import Any

from bot.slack.spelling import JOINER

Pending = dict[str, Any]  # an entry of chat.scheduledMessages.list
LINK = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|[^>]*)?>")
EMOJI = re.compile(r":[a-z+-][a-z0-9_'+-]*:", re.IGNORECASE)


def is_that(pending: Pending, channel: str, post_at: int, text: str) -> bool:
    """Whether this waiting post is the one of exactly this channel, time and text."""
    where, when = str(pending.get("channel_id", "")), int(pending.get("post_at", 0))
    return (where, when) == (channel, post_at) and read(str(pending.get("text", ""))) == read(text)


def read(text: str) -> str:
    """The letters and digits of a text: Slack may keep addresses, emoji, signs and spaces in a spelling of its own."""
    words = html.unescape(LINK.sub(r"\1", text.replace(JOINER, "")))
    return "".join(filter(str.isalnum, EMOJI.sub("", words)))
