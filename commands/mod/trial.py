"""The test post: proves that pmpath may write in a channel, before anything is meant to stand there."""

from __future__ import annotations

from commands.kit.notice import notice
from commands.kit.request import Context
from commands.kit.view import Card
from content.text import Channel, Text, _
from storage import posts
from storage.audit import Deed
from storage.members import Me
from storage.posts import Fate
from storage.unit import Unit

NOTICE = "setup.test"


@notice(NOTICE)
async def test(ctx: Context) -> Card:
    """What stands in the channel."""
    return Card(
        _("A test"),
        (_("pmpath may post here: your moderators have just tried it. Nothing else follows from it."),),
    )


def post_in(unit: Unit, me: Me, channel: str) -> None:
    """A test, once an hour and channel however often it is pressed."""
    posts.post(unit, me, channel, NOTICE, Deed.TEST, key=_key(unit, channel))


def fate(unit: Unit, community_id: int, channel: str) -> Fate:
    """What became of the test of this hour."""
    return posts.fate(unit, community_id, _key(unit, channel)) or Fate.UNDERWAY


def said(channel: str, fate: Fate) -> Text:
    """The same in words, with what to do now."""
    there = Channel(channel)
    match fate:
        case Fate.THERE:
            return _("The test stands in {channel}: I may post there.", channel=there)
        case Fate.REFUSED:
            return _("I may not post in {channel}. Let me see it and write there, then try again.", channel=there)
        case Fate.UNKNOWN:
            return _("I don't know whether the test arrived. Please look at {channel}.", channel=there)
    return _("A test is on its way to {channel}.", channel=there)


def _key(unit: Unit, channel: str) -> str:
    return f"setup.test:{channel}:{unit.now:%Y-%m-%dT%H}"
