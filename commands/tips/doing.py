"""What members do with a tip: done, put aside for later, read in the other language, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from commands import earned, home, plan
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Buttons, Card, Element, Style, View, line
from commands.tips import tip_card, week
from content.outcomes import Outcome
from content.points import Deed
from content.text import Language, Text, _
from storage import postings, tip_shelf
from storage.postings import Done
from storage.tip_shelf import Seen

PAGE = 5


@action("tips.done")
async def done(ctx: Context, posting: int) -> View:
    seen = await found(ctx, posting)
    did = await ctx.store.write(postings.do, ctx.me, posting, Done.DONE)
    points = await earned.lines(ctx, did.points, seen.posting.tip, Deed.TIP)
    title = tip_card.named(ctx, seen)
    note = (
        _("✓ You did it: {title}", title=title)
        if did.first
        else _("✓ You have done this one already: {title}", title=title)
    )
    return _after(replace(seen, deeds=seen.deeds | {Done.DONE}), note, points)


@action("tips.plan")
async def put_aside(ctx: Context, posting: int) -> View:
    """It goes into my plan, unless I have done it."""
    seen = await found(ctx, posting)
    title = tip_card.named(ctx, seen)
    if Done.DONE in seen.deeds:
        await _mark(ctx, seen)
        return _after(seen, _("✓ You have done this one already: {title}", title=title))
    await ctx.store.write(postings.do, ctx.me, posting, Done.PLANNED)
    note = _("It stands in your plan, under “Tips I put aside”: {title}", title=title)
    return _after(replace(seen, deeds=seen.deeds | {Done.PLANNED}), note)


@action("tips.undo")
async def undo(ctx: Context, posting: int, deed: Done) -> View:
    seen = await found(ctx, posting)
    await ctx.store.write(tip_shelf.undo, ctx.me, posting, deed)
    title = tip_card.named(ctx, seen)
    if deed is Done.DONE:
        return _after(replace(seen, deeds=seen.deeds - {deed}), _("Not marked as done: {title}", title=title))
    return _after(replace(seen, deeds=seen.deeds - {deed}), _("Taken out of your plan: {title}", title=title))


@action("tips.other")
async def other(ctx: Context, posting: int, language: Language) -> View:
    """The tip in this language, to me alone."""
    seen = await _pressed(ctx, posting)
    words = tip_card.of(ctx, seen, language)
    if words is None:
        raise gone()
    return tip_card.private(ctx, seen, words, language, (Button(_("Earlier tips"), week.page(None, 0)),))


@action("tips.earlier")
async def earlier(ctx: Context, posting: int) -> View:
    """From a post to all of them."""
    await _pressed(ctx, posting)
    return await week.show(ctx, None, 0)


@action("tips.open")
async def opened(ctx: Context, posting: int, outcome: Outcome | None, first: int) -> View:
    """A tip from the list, which it leads back to."""
    seen = await found(ctx, posting)
    words = tip_card.of(ctx, seen)
    if words is None:
        raise gone()
    return tip_card.private(ctx, seen, words, ctx.language, (Button(_("Back to the list"), week.page(outcome, first)),))


@action("tips.aside")
async def aside(ctx: Context, first: int) -> View:
    """All that I put aside and have not done."""
    first = first - first % PAGE
    kept = await ctx.store.read(tip_shelf.aside, ctx.me, first, PAGE)
    if not kept.tips and kept.total:
        first = page_start(first, PAGE, kept.total)
        kept = await ctx.store.read(tip_shelf.aside, ctx.me, first, PAGE)
    body: list[Element] = []
    for seen in kept.tips:
        body += _kept(ctx, seen)
    body += pages(aside, first, PAGE, kept.total)
    nothing = (_("Nothing: what you add to your plan from a weekly tip stands here until you have done it."),)
    return Card(
        _("Tips I put aside"),
        tuple(body) or nothing,
        (
            Button(_("Back to the plan"), plan.plan(None), Style.PRIMARY),
            Button(_("Weekly tips"), week.page(None, 0)),
            Button(_("Home"), home.home()),
        ),
    )


async def found(ctx: Context, posting: int) -> Seen:
    """The tip of this slot, which members have seen. Raises Refusal."""
    seen = await ctx.store.read(tip_shelf.find, ctx.me, posting)
    if seen is None:
        raise gone()
    return seen


def gone() -> Refusal:
    """The answer where a tip is no more."""
    return Refusal(
        _("This tip is no longer here."),
        (Button(_("Weekly tips"), week.page(None, 0)), Button(_("Home"), home.home())),
    )


async def _pressed(ctx: Context, posting: int) -> Seen:
    """As `found`; that somebody pressed a button of it is kept, once."""
    seen = await found(ctx, posting)
    await _mark(ctx, seen)
    return seen


async def _mark(ctx: Context, seen: Seen) -> None:
    if not seen.posting.pressed:
        await ctx.store.write(postings.press, ctx.community.id, seen.posting.id)


def _after(seen: Seen, note: Text, points: Sequence[Element] = ()) -> Card:
    """What a press has done, and the way back."""
    title = _("Done") if Done.DONE in seen.deeds else _("Weekly tip")
    ways = (*tip_card.ways(seen, None), *week.on(), Button(_("Home"), home.home()))
    return Card(title, (line(Bold(note)), *points), ways)


def _kept(ctx: Context, seen: Seen) -> tuple[Element, ...]:
    """One that I put aside, with what can be done with it."""
    words = tip_card.of(ctx, seen)
    read = () if words is None else (Button(_("Read it"), opened(seen.posting.id, None, 0)),)
    return line(Bold(tip_card.named(ctx, seen))), Buttons((*read, *tip_card.ways(seen, None)))
