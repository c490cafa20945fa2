"""What Slack's refusals mean: never, later, or nobody knows; by the word that it answers with."""

from __future__ import annotations

from http import HTTPStatus

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.surface import Refused, TryLater, Uncertain, Why

AFTER_TOKEN = 600.0  # a token that no longer works is for the operator to replace
AFTER_CROWD = 60.0  # as long as Slack's own limits are counted
TOKEN = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)
LIMITED = frozenset({"ratelimited", "rate_limited"})
CROWDED = frozenset(
    {
        "message_limit_exceeded",
        "org_login_required",
        "restricted_too_many",  # 30 messages of one channel within five minutes are scheduled already
        "team_added_to_org",
    }
)
UNSURE = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable", ""})
WHY: dict[str, Why] = {
    "access_denied": "no-right",
    "ekm_access_denied": "no-right",
    "missing_scope": "no-right",
    "no_permission": "no-right",
    "not_in_channel": "no-right",
    "restricted_action": "no-right",
    "restricted_action_non_threadable_channel": "no-right",
    "restricted_action_read_only_channel": "no-right",
    "restricted_action_thread_only_channel": "no-right",
    "team_access_not_granted": "no-right",
    "channel_not_found": "no-channel",  # a private one that we are not in is answered so too
    "invalid_channel": "no-channel",
    "is_archived": "archived",
    "invalid_scheduled_message_id": "too-late",  # posted, deleted, or to be posted within a minute
    "time_in_past": "too-late",
}


def said(error: SlackApiError) -> str:
    """Its word; "" where the body was no JSON, for then the library hands on aiohttp's own response."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def status(error: SlackApiError) -> int:
    """HTTP's status, of the library's response or of aiohttp's."""
    answer = error.response
    return int(answer.status if isinstance(answer, aiohttp.ClientResponse) else answer.status_code)


def meaning(error: SlackApiError) -> Refused | TryLater | Uncertain:
    """What a refused message means for the outbox."""
    word, code = said(error), status(error)
    if code == HTTPStatus.TOO_MANY_REQUESTS or word in LIMITED:
        return TryLater("rate limit", float(error.response.headers.get("Retry-After", 1)))
    if word in WHY:
        return Refused(word, WHY[word])
    if word in TOKEN:
        return TryLater(word, AFTER_TOKEN)
    if word in CROWDED:
        return TryLater(word, AFTER_CROWD)
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR or word in UNSURE:
        return Uncertain(word or str(code))
    return Refused(word)


def known(error: SlackApiError) -> Refused | TryLater:
    """As `meaning`, for what may be asked again without harm."""
    meant = meaning(error)
    return TryLater(str(meant)) if isinstance(meant, Uncertain) else meant
