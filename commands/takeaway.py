"""The plan to take away: as a Markdown text, or as a calendar with one skill a week."""

from __future__ import annotations

from commands import home, plan, plan_calendar, plan_text, plan_tips, standing
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.request import Context
from commands.kit.view import Button, Card, File, Style, View
from content.outcomes import Outcome
from content.text import PLAIN, At, _
from storage import shelf


@action("plan.markdown")
async def markdown(ctx: Context, outcome: Outcome) -> View:
    here = await ctx.store.read(shelf.read, ctx.me)
    mine = standing.plan_for(ctx.content, here, outcome)
    written = plan_text.write(ctx, here, mine, await plan_tips.every(ctx))
    file = File("plan.md", "text/markdown", written.encode(), _("Your plan as Markdown"))
    said = _("All of your plan, with every resource and what came of what you did, as text.")
    return Card(_("Your plan to take away"), (said, file), _ways(outcome))


@action("plan.calendar")
async def calendar(ctx: Context, outcome: Outcome) -> View:
    here = await ctx.store.read(shelf.read, ctx.me)
    mine = standing.plan_for(ctx.content, here, outcome)
    if not mine.steps:
        raise Refusal(_("Nothing in your plan is waiting for a week of its own."), _ways(outcome))
    monday = plan_calendar.first_monday(ctx.now, ctx.community.zone)
    file = File("plan.ics", "text/calendar", plan_calendar.write(ctx, here, mine, monday), _("Your plan as a calendar"))
    day = PLAIN.moment(At(monday, zone=ctx.community.zone), ctx.language)  # a day, whatever the reader's own zone
    said = _(
        "One skill a week, on Mondays from {day}. Imported again in the same week, it brings itself up to date.",
        day=day,
    )
    return Card(_("Your plan to take away"), (said, file), _ways(outcome))


def _ways(outcome: Outcome) -> tuple[Button, ...]:
    return (Button(_("Back to the plan"), plan.plan(outcome), Style.PRIMARY), Button(_("Home"), home.home()))
