"""The welcome post of `/pmpath-mod setup`: preview, then post."""

from __future__ import annotations

from collections.abc import Sequence

from commands import home, start
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.notice import notice
from commands.kit.preview import preview as as_others_read_it
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Style, View, quiet
from commands.mod import setup
from content.text import Channel, Text, _
from storage import posts
from storage.audit import Deed
from storage.members import Me
from storage.unit import Unit


@action("setup.preview", moderators=True)
async def preview(ctx: Context, channel: str | None) -> View:
    """The welcome post exactly as everybody will see it, before anybody does."""
    place = _place(ctx, channel)
    body: tuple[Element, ...] = (
        quiet(_("Preview, in the community's language, for {channel}:", channel=Channel(place))),
        *as_others_read_it(welcome_card(), ctx.community.language, ctx.content.catalogue),
    )
    return Card(
        _("Post this for everybody?"),
        body,
        (Button(_("Post"), post_welcome(channel), Style.PRIMARY), Button(_("Later"), setup.done())),
    )


@action("setup.post", moderators=True)
async def post_welcome(ctx: Context, channel: str | None) -> View:
    place = _place(ctx, channel)
    await ctx.store.write(post_in, ctx.me, place)
    return setup.finished(
        _(
            "The welcome post is on its way to {channel}. If it does not appear, I lack the right to post.",
            channel=Channel(place),
        )
    )


@notice("setup.welcome")
async def welcome(ctx: Context) -> Card:
    return welcome_card()


def step(told: Sequence[Text], channel: str | None) -> Card:
    """The last card of the setup; the post goes to this channel, or to where the card stands."""
    body: tuple[Element, ...] = (
        *told,
        _("A welcome post tells everybody what I can do here, with a button to start. You see it first."),
    )
    return Card(
        _("Setup, 7 of 7: welcome post"),
        body,
        (Button(_("Preview"), preview(channel), Style.PRIMARY), Button(_("Later"), setup.done())),
    )


def post_in(unit: Unit, me: Me, channel: str) -> None:
    """The welcome post, once a day and channel however often it is pressed."""
    posts.post(unit, me, channel, "setup.welcome", Deed.WELCOME, key=f"setup.welcome:{channel}:{unit.now:%Y-%m-%d}")


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


def _place(ctx: Context, channel: str | None) -> str:
    place = channel or ctx.channel
    if place is None:
        raise Refusal(_("Run /pmpath-mod setup in the channel where the welcome post should stand."))
    return place
