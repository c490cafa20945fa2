"""The matching days of the past, with what came of each; and what moderators are told of those held by themselves."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.notice import notice
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Section, View, line
from commands.mod.round import preview
from content.text import At, DateStyle, _, plural
from storage import rounds
from storage.round_states import RoundState
from storage.rounds import Round

SHOWN = 8


@action("round.past", moderators=True)
async def past(ctx: Context) -> View:
    found = await ctx.store.read(rounds.past, ctx.community.id, SHOWN)
    body: tuple[Element, ...] = tuple(_one(ctx, each) for each in found)
    ways = (Button(_("Look at the next one"), preview.preview()), Button(_("Home"), home.home()))
    return Card(_("Earlier matching days"), body or (_("None was held yet."),), ways)


@notice(rounds.DONE)
async def done(ctx: Context, round: int) -> Card | None:
    """What came of one that nobody pressed *Run* for."""
    found = await ctx.store.read(rounds.find, ctx.community.id, round)
    if found is None or found.state is not RoundState.DONE:
        return None
    said = plural(
        "A matching day was held by itself: {made} of {count} member who waited was matched.",
        "A matching day was held by itself: {made} of {count} members who waited were matched.",
        found.figures.waiting,
        made=found.figures.made,
    )
    ways = (Button(_("What came of it"), preview.look(round)), Button(_("Home"), home.home()))
    return Card(_("Matching day held"), (said,), ways)


@notice(rounds.FAILED)
async def failed(ctx: Context, round: int) -> Card | None:
    """Nothing where another one was ordered since."""
    found = await ctx.store.read(rounds.latest, ctx.community.id)
    if found is None or found.id != round or found.state is not RoundState.FAILED:
        return None
    said = _("The pairs of a matching day could not be worked out. Nobody was matched, and nobody was told.")
    ways = (Button(_("Look at it"), preview.look(round)), Button(_("Home"), home.home()))
    return Card(_("Matching day failed"), (said,), ways)


def _one(ctx: Context, each: Round) -> Section:
    moment = At(each.ran_at or each.at, DateStyle.DATE, ctx.community.zone)
    said = plural(
        "{moment}: {made} of {count} matched", "{moment}: {made} of {count} matched", each.figures.waiting,
        moment=moment, made=each.figures.made,
    )  # fmt: skip
    return Section(line(said), Button(_("Open"), preview.look(each.id)))
