"""Told to a mentor: what the moderators decided of the offer, as it stands when the message goes out."""

from __future__ import annotations

from commands import home
from commands.kit.notice import notice
from commands.kit.request import Context
from commands.kit.view import Button, Card, Style, quiet
from commands.mentor import offer
from content.text import Text, _
from storage import offers
from storage.mentor_desk import DECIDED
from storage.mentor_states import Approval, Paused
from storage.offers import Offer


@notice(DECIDED)
async def decided(ctx: Context, offer: int) -> Card | None:
    """Nothing where the offer has ended since."""
    found = await ctx.store.read(offers.mine, ctx.me)
    if found is None or found.id != offer:
        return None
    here = _("It is about your offer as a mentor in {community}.", community=ctx.community.name)
    stop = quiet(_("To hear no more of it, end the offer."))
    return Card(_("The moderators have decided"), (_said(found), here, stop), _ways())


def _said(found: Offer) -> Text:
    if found.approval is Approval.REMOVED:
        return _("Your offer is not listed: nobody can find you here. Please ask the moderators why.")
    if found.approval is Approval.WAITING:
        return _("Your offer waits for the moderators again; until they have decided, nobody can find you.")
    if found.paused is Paused.MODERATORS:
        return _("The moderators have paused your offer: nobody new can ask you until they take it up again.")
    if found.listed:
        return _("Your offer is agreed to and listed: members who fit can find you and ask you.")
    return _("Your offer is agreed to. It is not listed yet: the offer's card says what is missing.")


def _ways() -> tuple[Button, ...]:
    return (Button(_("My offer"), offer.offer(), Style.PRIMARY), Button(_("Home"), home.home()))
