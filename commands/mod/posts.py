"""Posts that need a moderator's look: nobody knows whether they are there, or the platform refused them."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.request import Context
from commands.kit.view import Button, Buttons, Card, Element, Style, View, quiet
from content.text import At, Channel, DateStyle, _
from storage import doubts
from storage.doubts import Doubt


@action("posts.look", moderators=True)
async def look(ctx: Context) -> View:
    return card(ctx, await ctx.store.read(doubts.of_community, ctx.community.id))


@action("posts.settle", moderators=True)
async def settle(ctx: Context, post: int) -> View:
    await ctx.store.write(doubts.settle, ctx.community.id, post)
    return card(ctx, await ctx.store.read(doubts.of_community, ctx.community.id))


@action("posts.again", moderators=True)
async def again(ctx: Context, post: int) -> View:
    await ctx.store.write(doubts.post_again, ctx.community.id, post)
    return card(ctx, await ctx.store.read(doubts.of_community, ctx.community.id))


def card(ctx: Context, found: list[Doubt]) -> Card:
    """Each with what is known of it and the two ways to decide."""
    ways = (Button(_("Home"), home.home()),)
    if not found:
        return Card(_("Posts that need a look"), (_("None: every post is where it should be."),), ways)
    body: list[Element] = [element for doubt in found for element in _one(ctx, doubt)]
    return Card(_("Posts that need a look"), tuple(body), ways)


def _one(ctx: Context, doubt: Doubt) -> tuple[Element, ...]:
    channel = Channel(doubt.channel)
    if doubt.leftover:
        what = _(
            "A member no longer wants to stand in a post of mine in the channel {channel}, and I could not delete it"
            " there. If you see it, please delete it.",
            channel=channel,
        )
        gone = Button(_("It is gone"), settle(doubt.id), Style.PRIMARY)
        ways = (gone,) if doubt.lost else (gone, Button(_("Try again"), again(doubt.id)))
    elif doubt.refused:
        what = _("I was not allowed to post in the channel {channel}.", channel=channel)
        ways = (Button(_("Let it be"), settle(doubt.id)), Button(_("Post it"), again(doubt.id)))
    else:
        what = _("I don't know whether my post in the channel {channel} arrived.", channel=channel)
        there = Button(_("It is there"), settle(doubt.id), Style.PRIMARY)
        ways = (there, Button(_("Post it"), again(doubt.id)))
    when = quiet(_("Tried on {moment}", moment=At(doubt.at, DateStyle.BOTH, ctx.community.zone)))
    return what, when, Buttons(ways)
