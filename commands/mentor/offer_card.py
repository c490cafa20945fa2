"""A mentor's own offer: whether it is listed, and if not, the way there; what others see of it."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.request import Context, Platform
from commands.kit.view import Button, Card, Element, Style, View, heading, quiet
from commands.mentor import mine, offer, pausing, terms_card
from content.text import At, DateStyle, Text, _, plural
from storage import offering
from storage.mentor_states import Approval, Paused, Reach
from storage.offers import Offer


@action("mentor.offer-prove")
async def prove(ctx: Context) -> View:
    """A direct message is tried again."""
    found: Offer | None = await ctx.store.write(offering.prove, ctx.me)
    return card(ctx, there(found))


def there(found: Offer | None) -> Offer:
    """The offer. Raises Refusal where it has ended."""
    if found is None:
        again = Button(_("Offer your time as a mentor"), offer.offer(), Style.PRIMARY)
        raise Refusal(_("This offer has ended. You can make a new one at any time."), (again, _home()))
    return found


def card(ctx: Context, found: Offer) -> Card:
    """How the offer stands."""
    body: tuple[Element, ...] = (*_standing(ctx, found), *_places(found), heading(_("What others see")))
    seen = terms_card.lines(ctx.content, found.terms, ctx.now.date())
    return Card(_("My offer as a mentor"), (*body, *seen, quiet(terms_card.in_rounds(found.terms))), _ways_on(found))


def closed(ctx: Context) -> tuple[Text, ...]:
    """That a direct message did not arrive, and what opens the way for the next."""
    return (
        _("Not listed yet: a direct message did not reach you, so no request would either."),
        _HOW[ctx.platform],
    )


_HOW = {
    Platform.DISCORD: _(
        "Open this server's menu (its name at the top), then Privacy Settings, and switch Direct Messages on. "
        "Then press “Try again”."
    ),
    Platform.SLACK: _(
        "Find pmpath under Apps in Slack and open its messages; if that is not possible, ask an admin. "
        "Then press “Try again”."
    ),
    Platform.WEB: _("Load this page anew, then press “Try again”."),
}
_REACH = _(
    "Not listed yet: a direct message is on its way to you, to prove that requests reach you. You need not answer it."
)
_PAUSED = {
    Paused.SELF: _("Paused until you take it up again: nobody new can ask you."),
    Paused.SILENCE: _("Paused, since two requests had no answer. One press takes it up again."),
    Paused.MODERATORS: _("The moderators have paused this offer: nobody new can ask you until they take it up again."),
}


def _standing(ctx: Context, found: Offer) -> tuple[Text, ...]:
    if found.approval is Approval.REMOVED:
        return (_("The moderators have taken this offer down: nobody can find you. Please ask them why."),)
    if found.listed:
        return (_("You are listed: members who fit can find you and ask you."),)
    waits = _("Not listed yet: the moderators look at it first. You need not do anything.")
    return (
        *((waits,) if found.approval is Approval.WAITING else ()),
        *((_REACH,) if found.reach is Reach.ASKED else ()),
        *(closed(ctx) if found.reach is Reach.CLOSED else ()),
        *((paused(found),) if found.paused is not None else ()),
    )


def paused(found: Offer) -> Text:
    """Who paused it and until when."""
    assert found.paused is not None
    if found.paused_until is None:
        return _PAUSED[found.paused]
    until = At(found.paused_until, DateStyle.DATE, found.terms.hours.zone)
    return _("Paused until {date}: nobody new can ask you until then.", date=until)


def _places(found: Offer) -> tuple[Element, ...]:
    taken = _("{taken} of {capacity} places are taken.", taken=found.places.on, capacity=found.places.capacity)
    waiting = plural(
        "{count} request waits for your answer.", "{count} requests wait for your answer.", found.places.open
    )
    return (quiet(taken), *((waiting,) if found.places.open else ()))


def _ways_on(found: Offer) -> tuple[Button, ...]:
    if found.approval is Approval.REMOVED:
        return (Button(_("My mentoring"), mine.mine()), _home())
    return (
        *((Button(_("Try again"), prove(), Style.PRIMARY),) if found.reach is Reach.CLOSED else ()),
        Button(_("My mentoring"), mine.mine()),
        Button(_("Change"), offer.edit()),
        *pausing.ways(found),
        Button(_("End this offer"), pausing.end()),
        _home(),
    )


def _home() -> Button:
    return Button(_("Home"), home.home())
