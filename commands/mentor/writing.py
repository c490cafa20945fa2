"""*Write to …*: where the two of a match talk, which is their own direct messages; and whence a message comes."""

from __future__ import annotations

from urllib.parse import urlencode

from commands.kit.request import Context, Platform
from commands.kit.view import Element, LinkButton, quiet
from commands.kit.wording import person
from content.text import Text, _
from storage.mentorships import Match


def link(ctx: Context, match: Match) -> tuple[LinkButton, ...]:
    """A button that opens the direct messages with the other; none where nothing does."""
    label = _("Write to {name}", name=person(match.other_name))
    match ctx.platform:
        case Platform.DISCORD:
            return (LinkButton(label, f"https://discord.com/users/{match.other_uid}"),)
        case Platform.SLACK:
            query = urlencode({"team": ctx.community.ext_id, "channel": match.other_uid})
            return (LinkButton(label, f"https://slack.com/app_redirect?{query}"),)
        case Platform.WEB:
            return ()


def instead(ctx: Context, match: Match) -> tuple[Element, ...]:
    """What to do where no link opens anything."""
    if ctx.platform is not Platform.WEB:
        return ()
    name = person(match.other_name)
    return (_("This page is a rehearsal: to see the other side, choose {name} under “You are” at its top.", name=name),)


def foot(ctx: Context, stop: Text) -> Element:
    """The end of a message: from which community it comes, and how it is stopped."""
    if not ctx.community.name:
        return quiet(stop)
    return quiet(_("From {community}. {stop}", community=ctx.community.name, stop=stop))
