"""What mentors and moderators are told of an offer: that messages arrive, that it is paused, that it waits."""

from __future__ import annotations

from commands import home
from commands.kit.notice import notice
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Style, line, quiet
from commands.kit.wording import person
from commands.mentor import offer, offer_card, pausing, terms_card
from commands.mod import mentors
from content.text import _
from storage import mentor_times, offering, offers
from storage.mentor_states import Approval, Paused, Reach


@notice(offers.PROOF)
async def proof(ctx: Context) -> Card | None:
    """To a new mentor: by arriving it lists the offer. Where it did not, the next private answer says so."""
    found = await ctx.store.read(offers.mine, ctx.me)
    if found is None:
        return None
    if found.reach is Reach.CLOSED:
        again = Button(_("Try again"), offer_card.prove(), Style.PRIMARY)
        return Card(_("Your offer as a mentor"), offer_card.closed(ctx), (again, *_ways()))
    body = (
        _(
            "You offered your time as a mentor in {community}. This message proves that requests reach you.",
            community=ctx.community.name,
        ),
        _("Here you are told when a member asks you, when a match begins or ends, and once a week whether you met."),
        quiet(_("To stop it, pause your offer or end it.")),
    )
    ways = (Button(_("My offer"), offer.offer()), Button(_("Pause"), pausing.pause()), Button(_("Home"), home.home()))
    return Card(_("Requests reach you here"), body, ways)


@notice(mentor_times.PAUSED)
async def paused(ctx: Context) -> Card | None:
    """To a mentor whom two silences paused."""
    found = await ctx.store.read(offers.mine, ctx.me)
    if found is None or found.paused is not Paused.SILENCE:
        return None
    body = (
        _("Two requests had no answer from you, so your offer as a mentor rests: nobody waits for you in vain."),
        _("Nothing else has changed. When you have time again, one press is enough."),
        quiet(_("To be asked no more, end the offer.")),
    )
    up = Button(_("Take it up again"), pausing.resume(), Style.PRIMARY)
    return Card(_("Your offer is paused"), body, (up, Button(_("End this offer"), pausing.end()), *_ways()))


@notice(offering.OFFERED)
async def offered(ctx: Context, offer: int) -> Card | None:
    """To the moderators, until they have decided."""
    found = await ctx.store.read(offers.find, ctx.community.id, offer)
    if found is None or found.approval is not Approval.WAITING:
        return None
    who = line(Bold(person(found.name)), _(" offers this:"))
    decide = quiet(_("Nobody can find them before you have decided: /pmpath-mod mentors."))
    body = (who, *terms_card.lines(ctx.content, found.terms, ctx.now.date()), decide)
    ways = (Button(_("Look"), mentors.look(offer), Style.PRIMARY), Button(_("Home"), home.home()))
    return Card(_("A member offers to mentor"), body, ways)


def _ways() -> tuple[Button, ...]:
    return (Button(_("My offer"), offer.offer()), Button(_("Home"), home.home()))
