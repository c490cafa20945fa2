"""Why a tip did not come, in plain words, and what to do about it."""

from __future__ import annotations

from content.text import Channel, Text, _


def said(why: str, channel: str) -> Text:
    """From the reason that is stored; what is no reason of a platform's is that it could not be reached."""
    there = Channel(channel)
    match why:
        case "no-right":
            return _("I may not write in {channel}. Let me see it and post there.", channel=there)
        case "no-channel":
            return _("The channel {channel} is gone, or I no longer see it. Choose another one.", channel=there)
        case "archived":
            return _(
                "The channel {channel} is archived. Choose another one, or take it out of the archive.", channel=there
            )
        case "other" | "too-late":
            return _("The post for {channel} was refused, and no reason given that I know.", channel=there)
    return _("I could not reach the platform for half an hour, so nothing was posted in {channel}.", channel=there)
