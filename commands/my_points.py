"""My own points: each deed with what it brought, and my sums."""

from __future__ import annotations

from commands import earned, help, home, leaderboard
from commands.kit.command import action
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Fields, Line, View, line, quiet
from commands.tips import tip_card
from content.boards import Season
from content.points import Deed
from content.text import PLAIN, At, Text, _, plural, quoted, verbatim
from storage import awards, my_place
from storage.awards import Award
from storage.my_place import MyPoints

PAGE = 8
GONE = _("something that is no longer here")


@action("leaderboard.points")
async def points(ctx: Context, first: int) -> View:
    """One page of my lines, the newest first."""
    first = max(first - first % PAGE, 0)
    mine = await ctx.store.read(my_place.ledger, ctx.me, ctx.community.zone, first, PAGE)
    if not mine.lines and first:
        first = page_start(first, PAGE, mine.total)
        mine = await ctx.store.read(my_place.ledger, ctx.me, ctx.community.zone, first, PAGE)
    body: list[Element] = [Fields(tuple((each.label, _sum(mine.sums[each])) for each in Season)), *_used(ctx, mine)]
    body += [_line(ctx, mine, each) for each in mine.lines]
    body += [] if mine.lines else [_("Nothing has brought you points yet.")]
    body += [*pages(points, first, PAGE, mine.total), quiet(_("Only you see this card."))]
    ways = (
        Button(_("Leaderboard"), leaderboard.leaderboard(None, None)),
        Button(_("What gives points"), help.help(help.POINTS)),
        Button(_("Home"), home.home()),
    )
    return Card(_("My points"), tuple(body), ways)


def _sum(count: int) -> Text:
    return plural("{count} point", "{count} points", count)


def _used(ctx: Context, mine: MyPoints) -> tuple[Text, ...]:
    points = ctx.content.points
    if not points.limited:
        return ()
    most = points.week_most if mine.most is None else min(points.week_most, mine.most)
    deeds = earned.limited(points)
    return (_("For {deeds} this week: {used} of at most {most}.", deeds=deeds, used=mine.used, most=most),)


def _line(ctx: Context, mine: MyPoints, award: Award) -> Line:
    sign = "+" if award.points >= 0 else "−"
    day = PLAIN.moment(At(award.at, zone=ctx.community.zone), ctx.language)  # the community's: its week counts
    return line(
        Bold(verbatim(f"{sign}{abs(award.points)}")),
        _(" · {day} · {what}", day=day, what=_what(ctx, mine, award)),
    )


def _what(ctx: Context, mine: MyPoints, award: Award) -> Text:
    """A line of the ledger in words."""
    match award.deed:
        case Deed.ASSESSMENT:
            return _("Your first assessment")
        case Deed.STEP:
            return _("Step done: {title}", title=_skill(ctx, award.key))
        case Deed.STEP_WITH_LINE:
            return _("What came out of it: {title}", title=_skill(ctx, award.key))
        case Deed.RESOURCE:
            return _("Resource done: {title}", title=_resource(ctx, mine, award.key))
        case Deed.RESOURCE_WITH_LINE:
            return _("What came out of it: {title}", title=_resource(ctx, mine, award.key))
        case Deed.TIP:
            return _("Tip done: {title}", title=_tip(ctx, mine, award.key))
        case Deed.SUGGESTION:
            return _("Your tip was posted: {title}", title=_tip(ctx, mine, award.key))
        case Deed.SESSION:
            return _("You met as mentor and mentee")
        case awards.ADJUSTED:
            return _("From the moderators: {reason}", reason=award.reason or "")
    return _("The moderators undid this: {reason}", reason=award.reason or "")


def _skill(ctx: Context, key: str) -> Text:
    return ctx.content.skills[key].name if key in ctx.content.skills else GONE


def _resource(ctx: Context, mine: MyPoints, key: str) -> Text:
    if key in ctx.content.resources:
        return verbatim(ctx.content.resources[key].title)
    return next((quoted(each.title) for each in mine.own if each.resource == key), GONE)


def _tip(ctx: Context, mine: MyPoints, key: str) -> Text:
    words = tip_card.said(ctx.content, key, mine.tips.get(key), ctx.language)
    return GONE if words is None else words.title
