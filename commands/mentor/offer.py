"""`/pmpath mentor offer`: a member offers time as a mentor, or looks at the offer that they made."""

from __future__ import annotations

from commands import home
from commands.kit.command import action, command
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Style, View, heading, line, quiet
from commands.kit.wording import joined, person
from commands.mentor import invited, offer_card, offer_parts, terms_card
from commands.mentor.sketch import Part, Sketch, sketch
from content.text import At, DateStyle, Text, _
from storage import offering
from storage.offering import Desk


@command(_("Offer your time as a mentor"), example="/pmpath mentor offer", aliases=("当导师",))
async def offer(ctx: Context) -> View:
    desk = await ctx.store.read(offering.desk, ctx.me)
    if desk.offer is not None and not desk.drafted:
        return offer_card.card(ctx, desk.offer)
    return overview(ctx, desk, await sketch(ctx, desk))


@action("mentor.offer-edit")
async def edit(ctx: Context) -> View:
    """All parts, to be changed."""
    desk = await ctx.store.read(offering.desk, ctx.me)
    return overview(ctx, desk, await sketch(ctx, desk))


@action("mentor.offer-save")
async def save(ctx: Context, mark: int) -> View:
    """*I offer this*: exactly what the pressed card shows, or else the card as it would be now."""
    desk = await ctx.store.read(offering.desk, ctx.me)
    said = await sketch(ctx, desk)
    if desk.offer is not None and not desk.drafted and said.terms == desk.offer.terms:
        return offer_card.card(ctx, desk.offer)
    if said.terms is None or said.mark != mark:
        return overview(ctx, desk, said, _("This has changed since that card was drawn. Please look at it once more."))
    return offer_card.card(ctx, await ctx.store.write(offering.publish, ctx.me, said.terms))


@action("mentor.offer-discard")
async def discard(ctx: Context) -> View:
    """The offer stays as it is."""
    desk: Desk = await ctx.store.write(offering.discard, ctx.me)
    return overview(ctx, desk, await sketch(ctx, desk)) if desk.offer is None else offer_card.card(ctx, desk.offer)


def overview(ctx: Context, desk: Desk, said: Sketch, first: Text | None = None) -> Card:
    """What others will see, what is missing, and a way to each part."""
    body: list[Element] = [*([first] if first else []), *_opening(desk), heading(_("What others will see"))]
    body.append(line(Bold(_("Name")), _(": {value}", value=person(ctx.me.name))))
    body += terms_card.lines(ctx.content, said, ctx.now.date())
    body.append(quiet(_("Members read your hours on their own clock.")))
    if said.missing:
        body.append(_("Still missing: {parts}", parts=joined([part.label for part in said.missing])))
    body.append(quiet(_rounds(said)))
    title = _("Offer your time as a mentor") if desk.offer is None else _("Change my offer")
    return Card(title, tuple(body), (*_parts(said), *_other_ways(desk, said)))


def _opening(desk: Desk) -> tuple[Text, ...]:
    unseen = _("Nobody sees it before you press “I offer this”.")
    if desk.offer is not None:
        return (_("Your offer stays as it is until you press “I offer this”."),)
    if desk.invitation is None:
        return (_("Mentees ask you, at most two at a time, and you say yes or no."), unseen)
    until = At(desk.invitation.until, DateStyle.DATE)
    erased = _("If you do nothing, it is erased on {date}.", date=until)
    return (
        _("You were named as a mentor by your moderators, who filled this in. Look, change what you like."),
        unseen,
        erased,
    )


def _rounds(said: Sketch) -> Text:
    if said.in_rounds:
        return _("You take part in mentor matching days: there you may be matched without a request.")
    return _("You are left out of mentor matching days: mentees can only ask you.")


def _parts(said: Sketch) -> tuple[Button, ...]:
    """What comes next, first; then the parts."""
    wanted = said.missing[0] if said.missing else None
    ready = () if wanted else (Button(_("I offer this"), save(said.mark), Style.PRIMARY),)
    ordered = sorted(Part, key=lambda part: part is not wanted)
    parts = (_part(part, primary=part is wanted) for part in ordered)
    return (*ready, *parts, Button(_("Note"), offer_parts.note()))


def _part(part: Part, *, primary: bool) -> Button:
    return Button(part.label, offer_parts.part(part), Style.PRIMARY if primary else Style.PLAIN)


def _other_ways(desk: Desk, said: Sketch) -> tuple[Button, ...]:
    label = _("Leave me out of matching days") if said.in_rounds else _("Take part in matching days")
    ways = [Button(label, offer_parts.rounds(not said.in_rounds))]
    if desk.invitation is not None:
        ways.append(Button(_("No thanks"), invited.no(desk.invitation.id)))
    if desk.drafted:
        ways.append(Button(_("Discard changes"), discard()))
    return (*ways, Button(_("Home"), home.home()))
