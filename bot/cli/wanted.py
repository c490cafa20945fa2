"""Whether a person could have a command, for `pmpath doctor --member … --command …`."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cli.finding import Finding, fine, wrong
from commands.kit.discover import ROOTS, Group, Registry, Unknown
from storage.one_person import OnePerson

MODERATORS = ROOTS[1]


def wanted(registry: Registry, typed: str, found: OnePerson, *, moderates: bool) -> Iterator[Finding]:
    """What stands between them and it."""
    root, _blank, words = typed.strip().removeprefix("/").partition(" ")
    if root not in ROOTS:
        yield wrong(f"{typed} is no command of ours: they begin with /pmpath or /pmpath-mod.")
        return
    meant = registry.find(root, words)
    if isinstance(meant, Unknown):
        nearest = f" Did they mean {meant.nearest.typed}?" if meant.nearest else " /pmpath help lists all."
        yield wrong(f"There is no command {typed}.{nearest}")
        return
    name = f"/{meant.root} {meant.name}" if isinstance(meant, Group) else meant.command.typed
    if root != MODERATORS:
        yield fine(f"{name} is for everybody.")
    elif moderates:
        yield fine(f"{name} is for moderators, and they are one.")
    else:
        yield wrong(f"{name} is for moderators, and as far as pmpath knows they are none; see above.")
    yield from _shown(found.community.platform, root)


def _shown(platform: str, root: str) -> Iterator[Finding]:
    """What the platform itself may do with it."""
    if platform == "discord" and root == MODERATORS:
        yield fine(
            "Discord hides /pmpath-mod from everybody without Manage Server, whoever else moderates. Server settings → "
            "Integrations → pmpath shows it to a role or person; Moderator tools on Home does the same without it."
        )
    elif platform == "discord":
        yield fine(
            "If Discord does not offer it to them: Server settings → Integrations → pmpath may keep it from a channel "
            "or role, and the server's role or channel may lack Use Application Commands."
        )
    elif platform == "slack":
        yield fine("If Slack says it is no valid command: the app was not installed again after its manifest changed.")
