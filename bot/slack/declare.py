"""The app's manifest, as `pmpath manifest slack` prints it: what Slack must know of us, with least rights."""

from __future__ import annotations

from typing import Any

from commands.kit.discover import ROOTS

Json = dict[str, Any]

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
SCOPES = (
    "chat:write",  # the answers that come later, and what a member asked to be told
    "commands",
    "files:read",  # whether Slack is done with a picture that we uploaded, so that a card can show it
    "files:write",  # what a member takes away, sent to their direct messages
    "im:write",  # opens the direct messages that a file goes to
    "users:read",  # name, language, time zone, and whether somebody is an admin
)
EVENTS = ("app_home_opened", "app_uninstalled", "tokens_revoked")
ORG_EVENTS = ("team_access_granted", "team_access_revoked")
COLOUR = "#1f3a5f"
SAYS = {
    "pmpath": ("Which AI product track fits you, and what to learn next", "start | result | track | help"),
    "pmpath-mod": ("For moderators: set pmpath up for this workspace", "setup | tips queue | tips add | audit"),
}


def manifest(
    url: str | None, *, socket: bool = False, many: bool = False, org: bool = False, rotate: bool = False
) -> Json:
    """The manifest for signed HTTP at this program's public address (`url`), or without one for Socket Mode.

    `many`: browsers come back to that address after an installation; `org`: for whole organisations as well;
    `rotate`: tokens expire, and are renewed.
    """
    address = None if socket or url is None else f"{url.rstrip('/')}{EVENTS_PATH}"
    request_url = {"request_url": address} if address else {}
    back = {"redirect_urls": [f"{url.rstrip('/')}{REDIRECT_PATH}"]} if many and url else {}
    return {
        "display_information": {
            "name": "pmpath",
            "description": "Which AI product management track fits you, and what to learn next.",
            "background_color": COLOUR,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "pmpath", "always_online": True},
            "slash_commands": [_command(root, address) for root in ROOTS],
        },
        "oauth_config": {**back, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": [*EVENTS, *(ORG_EVENTS if org else ())]},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": org,
            "socket_mode_enabled": address is None,
            "token_rotation_enabled": rotate,
        },
    }


def _command(root: str, address: str | None) -> Json:
    description, hint = SAYS[root]
    command: Json = {
        "command": f"/{root}",
        "description": description,
        "usage_hint": hint,
        "should_escape": True,
    }
    return command | ({"url": address} if address else {})
