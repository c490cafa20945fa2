"""`/pmpath plan`: what is missing for my track, in order; one named next step; tick off what is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from commands import home, plan_card, plan_tips, standing, start
from commands.kit.command import action, command
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Style, View
from content.outcomes import Outcome
from content.text import Text, _
from storage import shelf


@command(
    _("Your learning plan: what is missing, in order; tick off what you did"),
    example="/pmpath plan",
    aliases=("计划",),
)
async def plan(ctx: Context, outcome: Annotated[Outcome | None, _("Which track")] = None) -> View:
    return await show(ctx, outcome)


@action("plan.page")
async def page(ctx: Context, outcome: Outcome, first: int) -> View:
    return await show(ctx, outcome, first)


async def show(ctx: Context, outcome: Outcome | None, first: int = 0, said: Sequence[Element] = ()) -> Card:
    """The plan for an outcome, or for that of my result; `said` comes first: what has just been done."""
    here = await ctx.store.read(shelf.read, ctx.me)
    outcome = outcome or next(iter(standing.outcomes(here)), None)
    aside = await plan_tips.part(ctx)
    return choices(aside) if outcome is None else plan_card.card(ctx, here, outcome, first, said, aside)


async def next_step(ctx: Context) -> Text | None:
    """The next step of my result's plan in a sentence; None without such a result."""
    here = await ctx.store.read(shelf.read, ctx.me)
    own = standing.outcomes(here)
    return plan_card.next_step(ctx.content, standing.plan_for(ctx.content, here, own[0])) if own else None


def choices(aside: Sequence[Element] = ()) -> Card:
    """A plan is for a track: from a result, or one that is chosen. `aside` are the tips put aside."""
    buttons = [Button(outcome.name_only, plan(outcome)) for outcome in Outcome]
    return Card(
        _("My plan"),
        (
            _("A plan is made for a track. Take the assessment, which takes two minutes, or choose a track yourself."),
            *aside,
        ),
        (
            Button(_("Start the assessment"), start.start(), Style.PRIMARY),
            *buttons,
            Button(_("Home"), home.home()),
        ),
    )
