"""`/pmpath track`: what a track is: the work, the skills, a day, examples, who is hired, ways in."""

from __future__ import annotations

from typing import Annotated

from commands import compare, home, resources, start
from commands.kit.command import action, command
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Style, Tab, Tabs, View, line, quiet
from content.outcomes import Outcome
from content.text import Text, _, verbatim

TABS: dict[str, Text] = {
    "does": _("The work"),
    "skills": _("Skills"),
    "day": _("A typical day"),
    "examples": _("Examples"),
    "hired": _("Who is hired"),
    "ways": _("Ways in"),
}


@command(
    _("What a track is: the work, the skills, who is hired, ways in"),
    example="/pmpath track platform",
    aliases=("tracks", "path", "方向"),
)
async def track(ctx: Context, outcome: Annotated[Outcome | None, _("Which track")] = None) -> View:
    if outcome is None:
        return choices(ctx)
    return card(ctx, outcome, next(iter(TABS)))


@action("track.tab")
async def tab(ctx: Context, outcome: Outcome, name: str) -> View:
    return card(ctx, outcome, name if name in TABS else next(iter(TABS)))


@action("track.outlook")
async def outlook(ctx: Context, outcome: Outcome) -> View:
    """The one line about demand: a reported forecast, the same words for every outcome."""
    back = Button(_("Back"), track(outcome))
    return Card(_("Outlook"), (ctx.content.outlook,), (back, Button(_("Home"), home.home())))


def choices(ctx: Context) -> Card:
    """All four, side by side; no order of rank."""
    lines = tuple(
        line(Bold(outcome.label), _(": {summary}", summary=ctx.content.tracks[outcome].summary)) for outcome in Outcome
    )
    buttons = [Button(outcome.name_only, track(outcome)) for outcome in Outcome]
    return Card(_("The tracks"), lines, (*buttons, Button(_("Home"), home.home())))


def card(ctx: Context, outcome: Outcome, name: str) -> Card:
    """One outcome with one of its tabs open."""
    shown = ctx.content.tracks[outcome]
    names = list(TABS)
    body: list[Element] = [
        shown.summary,
        Tabs(tuple(Tab(TABS[each], tab(outcome, each)) for each in names), names.index(name)),
        *(line(verbatim("• "), each) for each in shown.tabs[name]),
    ]
    if name in shown.ours:
        body.append(quiet(_("Our own sketch, as an example; nobody reported it.")))
    return Card(
        outcome.label,
        tuple(body),
        (
            Button(_("What to learn next"), resources.resources(outcome), Style.PRIMARY),
            Button(_("Find out which track fits you"), start.start()),
            Button(_("Compare with another"), compare.compare(outcome, None)),
            Button(_("Outlook"), outlook(outcome)),
            Button(_("All tracks"), track(None)),
            Button(_("Home"), home.home()),
        ),
    )
