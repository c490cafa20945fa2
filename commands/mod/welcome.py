"""The welcome post of `/pmpath-mod setup`: preview, then post."""

from __future__ import annotations

from commands import home, start
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.notice import notice
from commands.kit.preview import preview as as_others_read_it
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Style, View, quiet
from commands.mod import setup
from content.text import _
from storage.unit import Unit


@action("setup.preview", moderators=True)
async def preview(ctx: Context) -> View:
    """The welcome post exactly as everybody will see it, before anybody does."""
    if ctx.channel is None:
        raise Refusal(_("Run /pmpath-mod setup in the channel where the welcome post should stand."))
    body: tuple[Element, ...] = (
        quiet(_("Preview, in the community's language, for this channel:")),
        *as_others_read_it(welcome_card(), ctx.community.language, ctx.content.catalogue),
    )
    return Card(
        _("Post this for everybody?"),
        body,
        (Button(_("Post"), post_welcome(), Style.PRIMARY), Button(_("Later"), setup.done())),
    )


@action("setup.post", moderators=True)
async def post_welcome(ctx: Context) -> View:
    if ctx.channel is None:
        raise Refusal(_("Run /pmpath-mod setup in the channel where the welcome post should stand."))
    await ctx.store.write(post_in, ctx.community.id, ctx.channel)
    return setup.finished(
        _("The welcome post is on its way to this channel. If it does not appear, I lack the right to post.")
    )


@notice("setup.welcome")
async def welcome(ctx: Context) -> Card:
    return welcome_card()


def post_in(unit: Unit, community_id: int, channel: str) -> None:
    """The welcome post, once a day and channel however often it is pressed."""
    key = f"setup.welcome:{community_id}:{channel}:{unit.now:%Y-%m-%d}"
    unit.post(community_id, channel, "setup.welcome", key=key)


def welcome_card() -> Card:
    """What everybody reads when pmpath is there."""
    return Card(
        _("Which kind of AI product manager are you?"),
        (
            _("Business, platform, technical or hybrid: a short assessment tells which track fits you, and why."),
            _("Two minutes, private: only you see your answers and your result. I read no messages."),
        ),
        (
            Button(_("Start the assessment"), start.start(), Style.PRIMARY),
            Button(_("What can you do?"), home.home()),
        ),
    )
