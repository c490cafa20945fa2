"""One tip of the community's own on its card: what it says, and all that moderators can do with it."""

from __future__ import annotations

from collections.abc import Sequence

from commands import home
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Style, View, line, quiet
from commands.mod.tips import editing, queue, sample
from commands.tips import tip_card
from content.text import Text, _
from storage import tips
from storage.tip_states import PAUSED, SUGGESTED
from storage.tips import Change, Tip


@action("tip-queue.open", moderators=True)
async def opened(ctx: Context, tip: int) -> View:
    return await show(ctx, tip)


@action("tip-queue.approve", moderators=True)
async def approve(ctx: Context, tip: int, rev: int) -> View:
    """A suggestion joins the queue."""
    change = await ctx.store.write(tips.approve, ctx.me, tip, rev)
    return await after(ctx, change, tip, _("It stands at the end of the queue."))


@action("tip-queue.earlier", moderators=True)
async def earlier(ctx: Context, tip: int, rev: int) -> View:
    change = await ctx.store.write(tips.move, ctx.me, tip, rev, up=True)
    return await after(ctx, change, tip, _("Moved: it goes out earlier."))


@action("tip-queue.later", moderators=True)
async def later(ctx: Context, tip: int, rev: int) -> View:
    change = await ctx.store.write(tips.move, ctx.me, tip, rev, up=False)
    return await after(ctx, change, tip, _("Moved: it goes out later."))


@action("tip-queue.skip", moderators=True)
async def skip(ctx: Context, tip: int, rev: int) -> View:
    change = await ctx.store.write(tips.skip, ctx.me, tip, rev)
    return await after(ctx, change, tip, _("It stands at the end of the queue."))


@action("tip-queue.pause", moderators=True)
async def pause(ctx: Context, tip: int, rev: int, on: bool) -> View:
    change = await ctx.store.write(tips.pause, ctx.me, tip, rev, on=on)
    said = _("Paused: it keeps its place and does not go out.") if on else _("It goes out when its turn comes.")
    return await after(ctx, change, tip, said)


@action("tip-queue.ask-drop", moderators=True)
async def ask_drop(ctx: Context, tip: int, rev: int) -> View:
    """The exact effect, before anything is deleted or declined."""
    found = await here(ctx, tip)
    title = line(Bold(queue.own_title(ctx, found, queue.TITLE_MAX)))
    undo = _("For 30 days you can undo it with /pmpath-mod audit.")
    keep = Button(_("Keep it"), opened(tip))
    if found.state == SUGGESTED:
        body = (title, _("It leaves the suggestions. Whoever suggested it is not told."), undo)
        return Card(_("Decline this tip?"), body, (Button(_("Decline"), drop(tip, rev), Style.DANGER), keep))
    body = (title, _("It leaves the queue and does not go out."), undo)
    return Card(_("Delete this tip?"), body, (Button(_("Delete"), drop(tip, rev), Style.DANGER), keep))


@action("tip-queue.drop", moderators=True)
async def drop(ctx: Context, tip: int, rev: int) -> View:
    found = await ctx.store.read(tips.find, ctx.community.id, tip)
    change = await ctx.store.write(tips.drop, ctx.me, tip, rev)
    if change is not Change.DONE or found is None:
        return await after(ctx, change, tip, _("Deleted."))
    if found.state == SUGGESTED:
        return await queue.suggested(ctx, (_("Declined."),))
    return await queue.show(ctx, 0, (_("Deleted."),))


async def after(ctx: Context, change: Change, tip: int, done: Text) -> Card:
    """The card as it is now, and what the press has come to."""
    match change:
        case Change.DONE:
            return await show(ctx, tip, (done,))
        case Change.SAME:
            return await show(ctx, tip, (_("Nothing changed: it stands at that end of the queue already."),))
        case Change.STALE:
            return await show(ctx, tip, (stale(),))
        case Change.GONE:
            return await queue.show(ctx, 0, (_gone(),))


async def show(ctx: Context, tip: int, told: Sequence[Text] = ()) -> Card:
    found = await here(ctx, tip)
    words = sample.Meant(found.word, found.outcome, found).said(ctx, ctx.language)
    body: tuple[Element, ...] = (
        *told,
        line(Bold(words.title)),
        *tip_card.body(words),
        quiet(_state(found)),
        *(() if words.other is None else (quiet(_("Also written in {language}.", language=words.other.label)),)),
    )
    title = _("Suggested for {outcome}", outcome=found.outcome.name_only)
    title = title if found.state == SUGGESTED else _("A tip for {outcome}", outcome=found.outcome.name_only)
    return Card(title, body, (*_doing(found), *_ways(found)))


async def here(ctx: Context, tip: int) -> Tip:
    """One that has not gone out. Raises Refusal."""
    found = await ctx.store.read(tips.find, ctx.community.id, tip)
    if found is None or found.state not in {*tips.WAITING, SUGGESTED} or not found.said:
        raise Refusal(_gone(), (Button(_("The queue"), queue.page(0)), Button(_("Home"), home.home())))
    return found


def stale() -> Text:
    """The answer to a press on a card that somebody's change has overtaken."""
    return _("Somebody changed this tip meanwhile, so nothing was done. This is how it is now.")


def _gone() -> Text:
    return _("This tip is no longer in the queue: it goes out now, is out already, or somebody deleted it.")


def _state(tip: Tip) -> Text:
    if tip.state == SUGGESTED:
        who = tip.by
        return _("Suggested by {name}", name=who) if who else _("Suggested by a member who is no longer here")
    return _("Paused: it keeps its place.") if tip.state == PAUSED else _("It waits in the queue.")


def _doing(tip: Tip) -> tuple[Button, ...]:
    at = (tip.id, tip.rev)
    if tip.state == SUGGESTED:
        yes = Button(_("Into the queue"), approve(*at), Style.PRIMARY)
        return yes, Button(_("Decline"), ask_drop(*at)), Button(_("Edit"), editing.edit(tip.id))
    paused = tip.state == PAUSED
    rest = Button(_("Resume"), pause(*at, on=False)) if paused else Button(_("Pause"), pause(*at, on=True))
    return (
        Button(_("Edit"), editing.edit(tip.id), Style.PRIMARY),
        Button(_("Earlier"), earlier(*at)),
        Button(_("Later on"), later(*at)),
        Button(_("To the end"), skip(*at)),
        rest,
        Button(_("Delete"), ask_drop(*at)),
    )


def _ways(tip: Tip) -> tuple[Button, ...]:
    back = Button(_("Suggested by members"), queue.suggestions()) if tip.state == SUGGESTED else None
    return (
        Button(_("Preview"), sample.shown(tip.word)),
        Button(_("Send it to me"), sample.send(tip.word)),
        *(() if back is None else (back,)),
        Button(_("The queue"), queue.page(0)),
        Button(_("Home"), home.home()),
    )
