"""The weekly tips that a member put aside, as they stand in the plan."""

from __future__ import annotations

from commands.kit.request import Context
from commands.kit.view import Button, Buttons, Element, Section, heading, line
from commands.tips import doing, tip_card
from content.text import _, plural
from storage import tip_shelf
from storage.tip_shelf import Seen

SHOWN = 2  # the others stand on a card of their own
WRITTEN_MOST = 200


async def part(ctx: Context) -> tuple[Element, ...]:
    """The last ones, each with *Done*, and the way to all; nothing where there are none."""
    kept = await ctx.store.read(tip_shelf.aside, ctx.me, 0, SHOWN)
    if not kept.tips:
        return ()
    every = plural("See the tip I put aside", "See all {count} tips I put aside", kept.total)
    tips = (
        Section(line(tip_card.named(ctx, seen)), Button(_("Done"), doing.done(seen.posting.id))) for seen in kept.tips
    )
    return heading(_("Tips I put aside")), *tips, Buttons((Button(every, doing.aside(0)),))


async def every(ctx: Context) -> tuple[Seen, ...]:
    """All of them, to be written down."""
    return (await ctx.store.read(tip_shelf.aside, ctx.me, 0, WRITTEN_MOST)).tips
