"""What a deed came to in points, said quietly where it was done."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from commands.kit.request import Context
from commands.kit.view import Element, quiet
from commands.kit.wording import dotted
from content.points import WITHOUT_LINE, Deed, Points
from content.text import Text, _, plural
from storage import allowances

KINDS = {
    Deed.ASSESSMENT: _("assessments"),
    Deed.STEP: _("plan steps"),
    Deed.RESOURCE: _("resources"),
    Deed.TIP: _("weekly tips"),
    Deed.SUGGESTION: _("suggested tips"),
    Deed.SESSION: _("meetings of mentor and mentee"),
}


async def lines(ctx: Context, won: int, key: str, *deeds: Deed, why: Text | None = None) -> tuple[Element, ...]:
    """Nothing for what came to nothing anew, unless the week's limit was why."""
    said = [plural("+{count} point", "+{count} points", won), *([why] if why else [])] if won else []
    place = (ctx.me, ctx.community.zone, ctx.content.points)
    counted = [deed for deed in deeds if deed in ctx.content.points.limited]
    most = await ctx.store.read(allowances.reached, *place, key, counted, won=won > 0) if counted else None
    said += [] if most is None else [week_is_full(ctx.content.points, most)]
    return (quiet(said[0], *dotted(said[1:])),) if said else ()


def week_is_full(points: Points, most: int) -> Text:
    """`most` is this week's own limit, which new content does not raise."""
    return _("This week's {most} points for {deeds} are reached.", most=most, deeds=limited(points))


def limited(points: Points) -> Text:
    """The deeds that share the week's limit."""
    return _several(list(dict.fromkeys(KINDS[WITHOUT_LINE.get(deed, deed)] for deed in Deed if deed in points.limited)))


def hint(points: Points, deed: Deed) -> Text:
    """What a line or link adds to this deed, for the form that asks for it."""
    more, less = points.worth[deed], points.worth[WITHOUT_LINE[deed]]
    return _("Only you see it. {more} points with a line or link, {less} without.", more=more, less=less)


def _several(names: Sequence[Text]) -> Text:
    *others, last = names
    if not others:
        return last
    before = reduce(lambda one, more: _("{one}, {more}", one=one, more=more), others)
    return _("{first} and {second}", first=before, second=last)
