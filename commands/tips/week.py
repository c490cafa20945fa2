"""`/pmpath tips week`: the newest weekly tip, and the earlier ones."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from commands import home, plan
from commands.kit.command import action, command
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Buttons, Card, Divider, Element, Tab, Tabs, View, heading, line, quiet
from commands.kit.wording import short
from commands.tips import doing, suggest, tip_card
from content.outcomes import Outcome
from content.text import PLAIN, At, DateStyle, Text, _
from storage import tip_shelf
from storage.postings import Done
from storage.tip_shelf import Seen, Week

PAGE = 5
LABEL_MAX = 60  # a title on a button; Slack takes 75


@command(
    _("This week's tip and the earlier ones; mark it done, or put it aside"),
    example="/pmpath tips week platform",
    aliases=("tip", "本周"),
)
async def week(ctx: Context, outcome: Annotated[Outcome | None, _("Which track")] = None) -> View:
    return await show(ctx, outcome, 0)


@action("tips.page")
async def page(ctx: Context, outcome: Outcome | None, first: int) -> View:
    return await show(ctx, outcome, first)


async def show(ctx: Context, outcome: Outcome | None, first: int) -> Card:
    """The newest in full, then a page of the earlier ones by their titles."""
    first = max(first - first % PAGE, 0)
    found = await ctx.store.read(tip_shelf.week, ctx.me, outcome, first, PAGE)
    if not found.earlier and found.total:
        first = page_start(first, PAGE, found.total)
        found = await ctx.store.read(tip_shelf.week, ctx.me, outcome, first, PAGE)
    body: list[Element] = []
    if found.newest is None:
        body.append(_("No tip has gone out here yet.") if outcome is None else _("No tip of this track yet."))
    elif first == 0:
        body += _newest(ctx, found.newest)
    body += _earlier(ctx, found, outcome, first)
    body += [_filter(outcome), quiet(_next(ctx, found))]
    title = _("Weekly tips") if outcome is None else _("Weekly tips: {outcome}", outcome=outcome.name_only)
    return Card(title, tuple(body), (Button(_("Suggest a tip"), suggest.suggest()), *home_and_plan()))


def home_and_plan() -> tuple[Button, ...]:
    """The ways on from any card of tips."""
    return Button(_("My plan"), plan.plan(None)), Button(_("Home"), home.home())


def on() -> tuple[Button, ...]:
    """To the plan and to the tips."""
    return Button(_("My plan"), plan.plan(None)), Button(_("Weekly tips"), page(None, 0))


def _newest(ctx: Context, seen: Seen) -> tuple[Element, ...]:
    words = tip_card.of(ctx, seen)
    if words is None:
        return (tip_card.GONE,)
    title = tip_card.title(ctx, seen.posting.outcome, seen.posting.post_at, words, ctx.language)
    return heading(title), *tip_card.body(words), *tip_card.marks(seen), Buttons(tip_card.ways(seen, words))


def _earlier(ctx: Context, found: Week, outcome: Outcome | None, first: int) -> list[Element]:
    if not found.earlier:
        return []
    body: list[Element] = [*((Divider(),) if first == 0 else ()), heading(_("Earlier tips"))]
    buttons = []
    for place, seen in enumerate(found.earlier, first + 1):
        words = tip_card.of(ctx, seen)
        body.append(_in_short(ctx, seen, place))
        if words is not None:
            label = short(words.title, ctx.language, ctx.content.catalogue, LABEL_MAX)
            numbered = _("{place}. {title}", place=place, title=label)
            buttons.append(Button(numbered, doing.opened(seen.posting.id, outcome, first)))
    body += [Buttons(tuple(buttons))] if buttons else []
    return [*body, *pages(partial(page, outcome), first, PAGE, found.total)]


def _in_short(ctx: Context, seen: Seen, place: int) -> Element:
    """One of the earlier ones: when it went out, for which track, and what I did with it."""
    day = PLAIN.moment(At(seen.posting.post_at, zone=ctx.community.zone), ctx.language)
    about = _(" · {outcome} · {day}", outcome=seen.posting.outcome.name_only, day=day)
    done = _(" · ✓ done") if Done.DONE in seen.deeds else None
    mark = done or (_(" · in your plan") if Done.PLANNED in seen.deeds else None)
    head = _("{place}. {title}", place=place, title=tip_card.named(ctx, seen))
    return line(Bold(head), about, *(() if mark is None else (mark,)))


def _filter(outcome: Outcome | None) -> Tabs:
    every = (None, *Outcome)
    labels = [_("All tracks") if each is None else each.name_only for each in every]
    tabs = (Tab(label, page(each, 0)) for label, each in zip(labels, every, strict=True))
    return Tabs(tuple(tabs), every.index(outcome))


def _next(ctx: Context, found: Week) -> Text:
    if found.next_at is not None:
        return _("The next one comes on {moment}.", moment=At(found.next_at, DateStyle.BOTH, ctx.community.zone))
    if found.paused:
        return _("The moderators have paused the weekly tips.")
    return _("The moderators have not switched the weekly tips on here.")
