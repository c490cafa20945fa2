"""`/pmpath compare`: two outcomes side by side, as far as a chat allows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated

from commands import home, standing, track
from commands.kit.command import command
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Line, View, heading, line, quiet
from commands.kit.wording import joined
from content.outcomes import Outcome
from content.text import Text, _
from content.tracks import TrackCard
from storage import shelf

ROWS = ("does", "day", "hired", "ways")  # the tabs of a track whose first line stands for them here
SKILLS_MOST = 9  # named at once


@command(
    _("Two tracks side by side: the work, who is hired, shared skills"),
    example="/pmpath compare business technical",
    aliases=("vs", "对比"),
)
async def compare(
    ctx: Context,
    first: Annotated[Outcome | None, _("One track")] = None,
    second: Annotated[Outcome | None, _("The other track")] = None,
) -> View:
    first, second = first or second, second if first else None
    if first is None:
        return choose_first(ctx)
    if second is None or second is first:
        return choose_second(first, said_twice=second is first)
    mine = await ctx.store.read(shelf.read, ctx.me)
    return card(ctx, first, second, standing.held(ctx.content, mine) if mine.latest else None)


def choose_first(ctx: Context) -> Card:
    """All four, to take one of."""
    lines = [
        line(Bold(outcome.label), _(": {summary}", summary=ctx.content.tracks[outcome].summary)) for outcome in Outcome
    ]
    buttons = [Button(outcome.name_only, compare(outcome, None)) for outcome in Outcome]
    return Card(
        _("Compare two tracks"),
        (_("Which one first?"), *lines),
        (*buttons, Button(_("Home"), home.home())),
    )


def choose_second(first: Outcome, *, said_twice: bool) -> Card:
    """The other three, to stand beside the first."""
    twice = (_("That is the same one twice."),) if said_twice else ()
    buttons = [Button(outcome.name_only, compare(first, outcome)) for outcome in Outcome if outcome is not first]
    again = Button(_("Another first one"), compare(None, None))
    return Card(
        _("Compare two tracks"),
        (*twice, _("Compare {outcome} with which one?", outcome=first.label)),
        (*buttons, again, Button(_("Home"), home.home())),
    )


def card(ctx: Context, first: Outcome, second: Outcome, have: frozenset[str] | None) -> Card:
    """The two with what they are, a line for each side of the work, and their skills.

    `have` are the skills that I have, None without a result to tell them from.
    """
    sides = (ctx.content.tracks[first], ctx.content.tracks[second])
    body: list[Element] = [_side(each, each.summary) for each in sides]
    for name in ROWS:
        body.append(heading(track.TABS[name]))
        body += [_side(each, each.tabs[name][0], ours=name in each.ours) for each in sides]
    body += _skills(ctx, sides, have)
    return Card(
        _("{first} and {second}", first=first.name_only, second=second.name_only),
        tuple(body),
        (
            *(Button(_("About {outcome}", outcome=each.name_only), track.track(each)) for each in (first, second)),
            Button(_("Compare {outcome} with another", outcome=first.name_only), compare(first, None)),
            Button(_("Compare {outcome} with another", outcome=second.name_only), compare(second, None)),
            Button(_("Home"), home.home()),
        ),
    )


def _side(side: TrackCard, words: Text, *, ours: bool = False) -> Line:
    """One outcome's line, with the note that it is our own sketch where it is."""
    sketch = (_(" (our own sketch)"),) if ours else ()
    return line(Bold(side.outcome.name_only), _(": {words}", words=words), *sketch)


def _skills(ctx: Context, sides: Sequence[TrackCard], have: Collection[str] | None) -> list[Element]:
    """The core skills of each alone, those of both, and which of all these are there already."""
    one, other = (side.skills for side in sides)
    shared = [skill for skill in one if skill in other]
    body: list[Element] = [heading(_("Core skills"))]
    for side, skills in zip(sides, (one, other), strict=True):
        own = [skill for skill in skills if skill not in shared]
        if own:
            body.append(_side(side, _named(ctx, own)))
    if shared:
        body.append(line(Bold(_("Both")), _(": {words}", words=_named(ctx, shared))))
    if have is None:
        return body
    there = [skill for skill in dict.fromkeys((*one, *other)) if skill in have]
    said = _("You have already: {skills}", skills=_named(ctx, there)) if there else _("Of these you have none yet.")
    return [*body, quiet(said)]


def _named(ctx: Context, skills: Sequence[str]) -> Text:
    return joined([ctx.content.skills[skill].name for skill in skills], SKILLS_MOST)
