"""What members told the moderators of a mentor or mentee: the concern and the words, never who told it."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.notice import notice
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Line, Section, Style, View, line, quiet
from commands.kit.wording import person
from commands.mod import mentors
from content.text import At, DateStyle, Text, _, quoted
from storage import mentor_desk
from storage import mentor_reports as kept
from storage.mentor_reports import REPORTED, Report

PAGE = 5


@action("mentors.reports", moderators=True)
async def page(ctx: Context, first: int) -> View:
    """Those that wait first, the oldest first; then the rest, the last seen to first."""
    first = max(first - first % PAGE, 0)
    found, total = await ctx.store.read(kept.page, ctx.community.id, first, PAGE)
    if not found and total:
        first = page_start(first, PAGE, total)
        found, total = await ctx.store.read(kept.page, ctx.community.id, first, PAGE)
    body: list[Element] = [Section(_short(each), Button(_("Read it"), read(each.id))) for each in found]
    body += [] if found else [_("Nothing has been reported here.")]
    body += pages(page, first, PAGE, total)
    return Card(_("Reports"), (*body, quiet(_NEVER)), _ways())


@action("mentors.report", moderators=True)
async def read(ctx: Context, report: int) -> View:
    return await _card(ctx, report)


@action("mentors.seen-to", moderators=True)
async def seen_to(ctx: Context, report: int) -> View:
    await ctx.store.write(mentor_desk.see_to, ctx.me, report)
    return await _card(ctx, report, _("Seen to: it waits for nobody any more."))


@notice(REPORTED)
async def reported(ctx: Context, report: int) -> Card | None:
    """To the moderators, until somebody has seen to it."""
    found = await ctx.store.read(kept.find, ctx.community.id, report)
    if found is None or found.closed:
        return None
    ways = (Button(_("Look"), read(report), Style.PRIMARY), Button(_("Home"), home.home()))
    return Card(_("A member reports somebody"), (*_said(found), quiet(_NEVER)), ways)


_NEVER = _("Who told it is kept from everybody, from you as well.")


async def _card(ctx: Context, report: int, told: Text | None = None) -> Card:
    found = await ctx.store.read(mentor_desk.report, ctx.community.id, report)
    if found is None:
        raise Refusal(_("This report is no longer here: whom it was about has erased everything."), _ways())
    this, offer = found
    when = quiet(_("{moment}", moment=At(this.at, DateStyle.BOTH, ctx.community.zone)))
    none = quiet(_("No offer as a mentor: there is nothing to pause."))
    how = _("This is seen to.") if this.closed else None
    body = (
        *((told,) if told else (how,) if how else ()),
        *_said(this),
        when,
        *(() if offer else (none,)),
        quiet(_NEVER),
    )
    done = () if this.closed else (Button(_("Seen to"), seen_to(report), Style.PRIMARY),)
    about = (Button(_("The offer"), mentors.look(offer.id)), *mentors.decisions(offer)) if offer else ()
    return Card(_("A report"), body, (*done, *about, *_ways()))


def _said(report: Report) -> tuple[Element, ...]:
    words = () if report.words is None else (quoted(report.words),)
    return (line(Bold(person(report.about_name)), _(": {concern}", concern=report.concern.label)), *words)


def _short(report: Report) -> Line:
    seen = (_(" (seen to)"),) if report.closed else ()
    return line(Bold(person(report.about_name)), _(": {concern}", concern=report.concern.label), *seen)


def _ways() -> tuple[Button, ...]:
    return (
        Button(_("All reports"), page(0)),
        Button(_("All mentors"), mentors.mentors()),
        Button(_("Home"), home.home()),
    )
