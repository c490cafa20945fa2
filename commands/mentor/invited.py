"""Mentoring on Home: the way to one's own, and the invitation of who was named as a mentor."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Style, View
from commands.mentor import find, mine, offer, waiting
from content.text import At, DateStyle, _, plural
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
    """What Home says of it, and its buttons; to whom it does not concern, the way to a mentor."""
    begun = await ctx.store.read(offering.begun, ctx.me)
    named = begun.invitation
    said: tuple[Element, ...] = ()
    if begun.asking:
        said += (plural("{count} member asks you to be their mentor.",
                        "{count} members ask you to be their mentor.", begun.asking),)  # fmt: skip
    if begun.waits:
        said += (await waiting.takes_part(ctx, begun.waits),)
    to_mine = (Button(_("My mentoring"), mine.mine()),) if begun.anything else ()
    if named is None:
        return said, to_mine or (Button(_("Find a mentor"), find.find()),)
    until = At(named.until, DateStyle.DATE)
    were = _("You were named as a mentor by your moderators. Nobody sees it before you say yes.")
    erased = _("If you do nothing, it is erased on {date}.", date=until)
    look = Button(_("Look at it"), offer.edit(), Style.PRIMARY)
    return (*said, were, erased), (look, Button(_("No thanks"), no(named.id)), *to_mine)
