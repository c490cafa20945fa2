"""*Not with this person*: two who are never brought together again, which nobody is ever told."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.request import Context
from commands.kit.view import Button, Card, Style, View
from commands.kit.wording import person
from commands.mentor import mine, report
from content.text import _
from storage import other_side
from storage.other_side import About


@action("mentor.apart")
async def ask(ctx: Context, about: About, row: int) -> View:
    """The exact effect, first."""
    other = await ctx.store.read(other_side.find, ctx.me, about, row)
    if other is None:
        raise report.gone()
    name = person(other.name)
    body = (
        _("You and {name} are never brought together again, in neither direction.", name=name),
        _("A match or request between you ends, in the same kind words as any other and without a reason."),
        _("They are never told of this, nor is anybody else."),
    )
    ways = (Button(_("Not with this person"), keep(about, row), Style.DANGER), Button(_("My mentoring"), mine.mine()))
    return Card(_("Not with {name}?", name=name), body, (*ways, Button(_("Home"), home.home())))


@action("mentor.apart-now")
async def keep(ctx: Context, about: About, row: int) -> View:
    other = await ctx.store.write(other_side.part, ctx.me, about, row)
    if other is None:
        raise report.gone()
    said = _("You and {name} will not be brought together again. Nobody is told.", name=person(other.name))
    return Card(_("Kept apart"), (said,), (Button(_("My mentoring"), mine.mine()), Button(_("Home"), home.home())))
