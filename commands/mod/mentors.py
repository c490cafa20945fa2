"""`/pmpath-mod mentors`: who offers time, who waits for approval, what was reported."""

from __future__ import annotations

from commands import home
from commands.kit.command import action, command
from commands.kit.errors import Refusal
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Fields, Section, Style, View, line, quiet
from commands.kit.wording import dotted, person
from commands.mentor import terms_card
from commands.mod import audit, mentor_reports, mentor_settings
from content.text import Text, _, plural
from storage import mentor_desk, offers
from storage.mentor_desk import Desk, Mentor
from storage.mentor_states import Approval, Paused, Reach
from storage.offers import Offer

PAGE = 6


@command(
    _("Mentors: approve, pause, take down; what was reported of them"),
    example="/pmpath-mod mentors",
    aliases=("导师",),
)
async def mentors(ctx: Context) -> View:
    return await _listed(ctx, 0)


@action("mentors.page", moderators=True)
async def page(ctx: Context, first: int) -> View:
    return await _listed(ctx, first)


@action("mentors.look", moderators=True)
async def look(ctx: Context, offer: int) -> View:
    return _card(ctx, _there(await ctx.store.read(offers.find, ctx.community.id, offer)))


@action("mentors.approve", moderators=True)
async def approve(ctx: Context, offer: int) -> View:
    found = _there(await ctx.store.write(mentor_desk.approve, ctx.me, offer))
    return _card(ctx, found, _("Agreed. The mentor is told."))


@action("mentors.ask-remove", moderators=True)
async def ask_remove(ctx: Context, offer: int) -> View:
    """The exact effect, before the offer is not listed."""
    found = _there(await ctx.store.read(offers.find, ctx.community.id, offer))
    waiting = plural(
        "{count} request to {name} goes on to the member's next wish.",
        "{count} requests to {name} go on to the members' next wishes.",
        found.places.open,
        name=person(found.name),
    )
    matches = plural(
        "{count} match that is on goes on until one of the two ends it.",
        "{count} matches that are on go on until one of the two ends them.",
        found.places.on,
    )
    body = (
        _("Nobody can find {name} as a mentor here, nor ask for a match.", name=person(found.name)),
        *((waiting,) if found.places.open else ()),
        *((matches,) if found.places.on else ()),
        _(
            "{name} is told in a private message that the offer is not listed, and to ask you why.",
            name=person(found.name),
        ),
        quiet(_("You can list it again at any time.")),
    )
    yes = Button(_("Do not list"), remove(offer), Style.DANGER)
    return Card(_("Not list this offer?"), body, (yes, Button(_("Keep it"), look(offer)), *_ways()))


@action("mentors.remove", moderators=True)
async def remove(ctx: Context, offer: int) -> View:
    found = _there(await ctx.store.write(mentor_desk.remove, ctx.me, offer))
    return _card(ctx, found, _("Not listed. The mentor is told."))


@action("mentors.pause", moderators=True)
async def pause(ctx: Context, offer: int) -> View:
    found = _there(await ctx.store.write(mentor_desk.pause, ctx.me, offer))
    return _card(ctx, found, _("Paused. The mentor is told."))


@action("mentors.resume", moderators=True)
async def resume(ctx: Context, offer: int) -> View:
    found = _there(await ctx.store.write(mentor_desk.resume, ctx.me, offer))
    return _card(ctx, found, _("Taken up again. The mentor is told."))


def state(approval: Approval, reach: Reach, paused: Paused | None) -> Text:
    """Where an offer stands: what keeps it from being listed, the weightiest first."""
    if approval is not Approval.APPROVED:
        return _STATES[approval]
    if paused is not None:
        return _PAUSES[paused]
    return _REACHES[reach]


def decisions(found: Offer) -> tuple[Button, ...]:
    """What moderators can do about an offer now."""
    if found.approval is Approval.REMOVED:
        return (Button(_("List it again"), approve(found.id)),)
    if found.approval is Approval.WAITING:
        yes = Button(_("Approve"), approve(found.id), Style.PRIMARY)
        return (yes, Button(_("Do not list…"), ask_remove(found.id), Style.DANGER))
    paused = found.paused is Paused.MODERATORS
    rest = Button(_("Take it up again"), resume(found.id)) if paused else Button(_("Pause"), pause(found.id))
    return (rest, Button(_("Do not list…"), ask_remove(found.id), Style.DANGER))


_STATES = {Approval.WAITING: _("waits for you"), Approval.REMOVED: _("not listed, as you decided")}
_PAUSES = {
    Paused.SELF: _("paused by the mentor"),
    Paused.SILENCE: _("paused after two unanswered requests"),
    Paused.MODERATORS: _("paused by moderators"),
}
_REACHES = {
    Reach.OPEN: _("listed"),
    Reach.ASKED: _("not listed before a direct message has arrived"),
    Reach.CLOSED: _("not listed: direct messages do not arrive"),
}


def _there(found: Offer | None) -> Offer:
    if found is None:
        raise Refusal(_("This offer has ended."), _ways())
    return found


async def _listed(ctx: Context, first: int) -> Card:
    desk = await ctx.store.read(mentor_desk.desk, ctx.community.id, max(first - first % PAGE, 0), PAGE)
    first = page_start(first, PAGE, desk.total)
    if desk.total and not desk.mentors:  # the page that was asked for is gone
        desk = await ctx.store.read(mentor_desk.desk, ctx.community.id, first, PAGE)
    body: list[Element] = [Fields(_counts(desk))] if desk.total else [_("Nobody offers time as a mentor here yet.")]
    if desk.reports:
        told = plural("{count} report waits for you.", "{count} reports wait for you.", desk.reports)
        body.append(Section(line(told), Button(_("Read them"), mentor_reports.page(0), Style.PRIMARY)))
    body += [_one(each) for each in desk.mentors]
    body += pages(page, first, PAGE, desk.total)
    ways = (
        Button(_("All reports"), mentor_reports.page(0)),
        Button(_("Mentoring here"), mentor_settings.manage()),
        Button(_("What moderators did"), audit.audit()),
        Button(_("Home"), home.home()),
    )
    return Card(_("Mentors"), tuple(body), ways)


def _counts(desk: Desk) -> tuple[tuple[Text, Text], ...]:
    return (
        (_("Waiting for you"), _("{count}", count=desk.waiting)),
        (_("Listed"), _("{count}", count=desk.listed)),
        (_("Their free places"), _("{count}", count=desk.places)),
        (_("Paused"), _("{count}", count=desk.paused)),
        (_("Not listed, as you decided"), _("{count}", count=desk.removed)),
    )


def _one(each: Mentor) -> Section:
    how = state(each.approval, each.reach, each.paused)
    return Section(line(Bold(person(each.name)), _(": {how}", how=how)), Button(_("Look"), look(each.offer)))


def _card(ctx: Context, found: Offer, told: Text | None = None) -> Card:
    taken = _("{taken} of {capacity} places are taken.", taken=found.places.on, capacity=found.places.capacity)
    open_ = plural("{count} request waits for an answer.", "{count} requests wait for an answer.", found.places.open)
    how = state(found.approval, found.reach, found.paused)
    body = (
        *((told,) if told else ()),
        line(Bold(person(found.name)), _(": {how}", how=how)),
        *terms_card.lines(ctx.content, found.terms, ctx.now.date()),
        quiet(taken, *dotted([open_] if found.places.open else [])),
    )
    return Card(_("An offer as a mentor"), body, (*decisions(found), *_ways()))


def _ways() -> tuple[Button, ...]:
    return (Button(_("All mentors"), mentors()), Button(_("Home"), home.home()))
