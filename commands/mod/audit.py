"""`/pmpath-mod audit`: who of the moderators did what, and *Undo* for 30 days."""

from __future__ import annotations

from commands import home
from commands.kit.command import action, command
from commands.kit.errors import Refusal
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Section, Style, View, line, quiet
from commands.kit.view import Line as Shown
from commands.mod import deeds
from content.text import At, DateStyle, Text, _, quoted
from storage import audit as kept
from storage import moderating
from storage.audit import Already, ChangedSince, Deed, Line, TooLate

PAGE = 8


@command(
    _("What moderators changed here, and when; undo it for 30 days"), example="/pmpath-mod audit", aliases=("记录",)
)
async def audit(ctx: Context) -> View:
    return await _listed(ctx, 0)


@action("audit.page", moderators=True)
async def page(ctx: Context, first: int) -> View:
    return await _listed(ctx, first)


@action("audit.ask", moderators=True)
async def ask(ctx: Context, line: int, first: int) -> View:
    """The exact effect, before anything is undone."""
    found = await ctx.store.read(kept.one, ctx.community.id, line)
    if found is None or not found.can_be_undone(ctx.now):
        raise _no(_("This can no longer be undone."), first)
    body = (_what(ctx, found), _when(ctx, found), *deeds.effects(ctx, found))
    yes = Button(_("Undo"), undo(line, first), Style.DANGER)
    return Card(_("Undo this?"), body, (yes, Button(_("Keep it"), page(first))))


@action("audit.undo", moderators=True)
async def undo(ctx: Context, line: int, first: int) -> View:
    match await ctx.store.write(moderating.undo, ctx.me, line):
        case ChangedSince():
            raise _no(_("Somebody changed the same thing since. Undo that first, or set it by hand."), first)
        case TooLate():
            raise _no(_("This can no longer be undone."), first)
        case Already():
            return await _listed(ctx, first, _("This was undone before."))
    return await _listed(ctx, 0, _("Undone."))


async def _listed(ctx: Context, first: int, told: Text | None = None) -> Card:
    found = await ctx.store.read(kept.of_community, ctx.community.id, max(first - first % PAGE, 0), PAGE)
    first = page_start(first, PAGE, found.total)
    body: list[Element] = [told] if told else []
    if not found.total:
        body.append(_("Nothing yet: what moderators change from now on stands here."))
    for each in found.lines:
        body += _one(ctx, each, first)
    body += pages(page, first, PAGE, found.total)
    return Card(_("What moderators did"), tuple(body), (Button(_("Home"), home.home()),))


def _one(ctx: Context, each: Line, first: int) -> tuple[Element, ...]:
    if each.can_be_undone(ctx.now):
        return Section(_what(ctx, each), Button(_("Undo"), ask(each.id, first))), _when(ctx, each)
    return _what(ctx, each), _when(ctx, each)


def _what(ctx: Context, each: Line) -> Shown:
    if each.deed == Deed.MEMBER_ERASED:
        name = _("Whoever runs pmpath")
    else:
        name = quoted(each.name) if each.name else _("Somebody no longer here")
    return line(Bold(name), _(": {deed}", deed=deeds.said(ctx, each)))


def _when(ctx: Context, each: Line) -> Element:
    when = At(each.at, DateStyle.BOTH, ctx.community.zone)
    return quiet(_("{moment} · undone since", moment=when) if each.undone else _("{moment}", moment=when))


def _no(text: Text, first: int) -> Refusal:
    return Refusal(text, (Button(_("What moderators did"), page(first)), Button(_("Home"), home.home())))
