"""Mentoring on Home: the way to one's own, and the invitation of who was named as a mentor."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Style, View
from commands.mentor import mine, offer
from content.text import At, DateStyle, _
from storage import invitations, offering


@action("mentor.invited-no")
async def no(ctx: Context, invitation: int) -> View:
    """*No thanks*: it is erased at once."""
    await ctx.store.write(invitations.refuse, ctx.me, invitation)
    body = (
        _("What your moderators filled in for you is erased. Nobody is told."),
        _("If you would like to after all: /pmpath mentor offer."),
    )
    return Card(_("No thanks: noted"), body, (Button(_("Home"), home.home()),))


async def on_home(ctx: Context) -> tuple[tuple[Element, ...], tuple[Button, ...]]:
    """What Home says of it, and its buttons; nothing to whom it does not concern."""
    takes_part, named = await ctx.store.read(offering.begun, ctx.me)
    own = (Button(_("My mentoring"), mine.mine()),) if takes_part else ()
    if named is None:
        return (), own
    until = At(named.until, DateStyle.DATE)
    said = _("You were named as a mentor by your moderators. Nobody sees it before you say yes.")
    erased = _("If you do nothing, it is erased on {date}.", date=until)
    look = Button(_("Look at it"), offer.edit(), Style.PRIMARY)
    return (said, erased), (look, Button(_("No thanks"), no(named.id)), *own)
