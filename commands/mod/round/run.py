"""`/pmpath-mod round run`: the pairs that were looked at become matches."""

from __future__ import annotations

from commands.kit.command import action, command
from commands.kit.request import Context
from commands.kit.view import View
from commands.mod.round import card
from content.text import _
from storage import round_running, rounds
from storage.round_states import RoundState


@command(
    _("Hold a mentor matching day, once you have seen the pairs"),
    example="/pmpath-mod round run",
    aliases=("举行",),
)
async def run(ctx: Context) -> View:
    found = await ctx.store.read(rounds.latest, ctx.community.id)
    if found is not None and found.state is RoundState.READY:
        return await card.confirm(ctx, found.id)
    if found is None or not (found.state.live or found.failure):
        await ctx.store.write(rounds.order, ctx.community.id)
    return await card.latest(ctx)


@action("round.confirm", moderators=True)
async def confirm(ctx: Context, round: int) -> View:
    """The exact effect, before anybody is told."""
    return await card.confirm(ctx, round)


@action("round.make", moderators=True)
async def make(ctx: Context, round: int, count: int) -> View:
    """So many matches as were said then, once."""
    begun = await ctx.store.write(round_running.run, ctx.me, round, count)
    told = None if begun else _("Nothing was begun: it had been before, or other pairs were left out since.")
    return await card.one(ctx, round, told)
