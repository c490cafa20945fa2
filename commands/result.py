"""`/pmpath result`: my latest result and the answers that decided it."""

from __future__ import annotations

from commands import home, start, verdict_card
from commands.kit.command import command
from commands.kit.errors import Refusal
from commands.kit.request import Context
from commands.kit.view import Button, Style, View
from content.text import _
from storage import results


@command(
    _("Your latest result: the track, the answers that decided it, and what would change it"),
    example="/pmpath result",
    aliases=("me", "结果"),
)
async def result(ctx: Context) -> View:
    latest = await ctx.store.read(results.latest, ctx.me)
    if latest is None:
        raise Refusal(
            _("You have no result yet. Run /pmpath start; it takes two minutes."),
            (Button(_("Start the assessment"), start.start(), Style.PRIMARY), Button(_("Home"), home.home())),
        )
    return verdict_card.card(ctx.content, latest, ctx.community.zone)
