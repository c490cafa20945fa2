"""`/pmpath-mod round preview`: who would be matched with whom on a matching day, before anybody hears of it."""

from __future__ import annotations

from commands.kit.command import action, command
from commands.kit.request import Context
from commands.kit.view import View
from commands.mod.round import card
from content.text import _
from storage import rounds


@command(
    _("Look at a mentor matching day before anybody hears of it"),
    example="/pmpath-mod round preview",
    aliases=("预演",),
    costly=True,
)
async def preview(ctx: Context) -> View:
    found = await ctx.store.read(rounds.latest, ctx.community.id)
    if found is None or not (found.state.live or found.failure):
        await ctx.store.write(rounds.order, ctx.community.id)
    return await card.latest(ctx)


@action("round.look", moderators=True)
async def look(ctx: Context, round: int) -> View:
    return await card.one(ctx, round)


@action("round.again", moderators=True, costly=True)
async def again(ctx: Context, round: int) -> View:
    """Worked out anew, with who waits and who offers by now."""
    await ctx.store.write(rounds.order_anew, ctx.me, round)
    return await card.latest(ctx)


@action("round.ask-drop", moderators=True)
async def ask_drop(ctx: Context, round: int) -> View:
    return card.ask_drop(round)


@action("round.drop", moderators=True)
async def drop(ctx: Context, round: int) -> View:
    dropped = await ctx.store.write(rounds.drop, ctx.me, round)
    told = _("Dropped: nobody was matched, and nobody was told.") if dropped else None
    return await card.one(ctx, round, told)
