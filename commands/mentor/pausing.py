"""A mentor's rest: paused until a date or until they say, taken up again, or ended for good."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from commands import home
from commands.kit.command import action
from commands.kit.errors import Invalid, Refusal, out_of_date
from commands.kit.request import Context
from commands.kit.view import Button, Card, Form, Style, TextField, View
from commands.mentor import mine, offer, offer_card
from content.text import Text, _, plural
from storage import offering, offers
from storage.mentor_states import Approval, Paused
from storage.offers import Offer

LONGEST = 366  # days
PRESETS = {7: _("1 week"), 14: _("2 weeks"), 30: _("A month")}


@action("mentor.pause")
async def pause(ctx: Context) -> View:
    offer_card.there(await ctx.store.read(offers.mine, ctx.me))
    stays = _("Nobody new can ask you meanwhile. Requests that wait for your answer stay, and so do your matches.")
    presets = (Button(label, pause_for(days)) for days, label in PRESETS.items())
    ways = (Button(_("Until a date"), pause_date()), Button(_("Until I say"), pause_for(None)))
    return Card(_("Pause my offer"), (_("For how long?"), stays), (*presets, *ways, *_back()))


@action("mentor.pause-for")
async def pause_for(ctx: Context, days: int | None) -> View:
    """So many days, to the end of the last one on the mentor's own clock; None: until they say."""
    if days is not None and not 0 < days <= LONGEST:
        raise out_of_date()
    found = offer_card.there(await ctx.store.read(offers.mine, ctx.me))
    return await _paused(ctx, None if days is None else _morning(found, _today(ctx, found) + dt.timedelta(days)))


@action("mentor.pause-date", opens_form=True)
async def pause_date(ctx: Context) -> View:
    found = offer_card.there(await ctx.store.read(offers.mine, ctx.me))
    example = _today(ctx, found) + dt.timedelta(days=21)
    hint = _("Year-month-day, for example {date}", date=example.isoformat())
    return Form(_("Pause until"), (TextField("until", _("The day on which you are back"), hint, most=20),), date_sent())


@action("mentor.pause-date-sent")
async def date_sent(ctx: Context) -> View:
    found = offer_card.there(await ctx.store.read(offers.mine, ctx.me))
    today = _today(ctx, found)
    day = read_day(ctx.value("until") or "")
    if day is None:
        raise Invalid({"until": _("Please write the day as year-month-day, like 2027-03-31.")}, again=pause_date())
    if not dt.timedelta(0) < day - today <= dt.timedelta(LONGEST):
        raise Invalid({"until": _("Please write a day after today, at most a year ahead.")}, again=pause_date())
    return await _paused(ctx, _morning(found, day))


@action("mentor.resume")
async def resume(ctx: Context) -> View:
    found: Offer = offer_card.there(await ctx.store.write(offering.resume, ctx.me))
    return offer_card.card(ctx, found)


@action("mentor.end")
async def end(ctx: Context) -> View:
    """What ending it does, before it is done."""
    found = offer_card.there(await ctx.store.read(offers.mine, ctx.me))
    if found.approval is Approval.REMOVED:
        raise _taken_down()
    body = (_("Nobody can find you any more, and what you wrote in your offer is erased."), *_effects(found))
    yes = Button(_("End it"), end_now(), Style.DANGER)
    return Card(_("End this offer?"), body, (yes, Button(_("Pause instead"), pause()), *_back()))


@action("mentor.end-now")
async def end_now(ctx: Context) -> View:
    """The second press finds it ended."""
    ended: bool = await ctx.store.write(offering.end, ctx.me)
    if not ended and await ctx.store.read(offers.mine, ctx.me) is not None:
        raise _taken_down()
    thanks = _("Thank you for your time. Your matches go on until one of you ends them.")
    ways = (Button(_("My mentoring"), mine.mine()), Button(_("Home"), home.home()))
    return Card(_("Your offer has ended"), (thanks,), ways)


def ways(found: Offer) -> tuple[Button, ...]:
    """What the mentor can do about a pause."""
    if found.paused is Paused.MODERATORS:
        return ()
    if found.paused is None:
        return (Button(_("Pause"), pause()),)
    return (Button(_("Take it up again"), resume(), Style.PRIMARY), Button(_("Another pause"), pause()))


def read_day(written: str) -> dt.date | None:
    """The day that was written, with whatever stands between its numbers."""
    parts = (
        written.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-").split("-")
    )
    try:
        year, month, day = (int(each) for each in parts)
        return dt.date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _effects(found: Offer) -> tuple[Text, ...]:
    waiting = plural(
        "{count} request that waits for your answer goes on to the member's next wish.",
        "{count} requests that wait for your answer go on to the members' next wishes.",
        found.places.open,
    )
    matches = plural("{count} match that is on goes on.", "{count} matches that are on go on.", found.places.on)
    none = _("No request waits for you, and no match is on.")
    said = ((waiting,) if found.places.open else ()) + ((matches,) if found.places.on else ())
    return said or (none,)


async def _paused(ctx: Context, until: dt.datetime | None) -> View:
    found: Offer = offer_card.there(await ctx.store.write(offering.pause, ctx.me, until))
    return offer_card.card(ctx, found)


def _today(ctx: Context, found: Offer) -> dt.date:
    return ctx.now.astimezone(zoneinfo.ZoneInfo(found.terms.hours.zone)).date()


def _morning(found: Offer, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zoneinfo.ZoneInfo(found.terms.hours.zone)).astimezone(dt.UTC)


def _taken_down() -> Refusal:
    return Refusal(_("The moderators have taken this offer down. Please ask them."), (Button(_("Home"), home.home()),))


def _back() -> tuple[Button, ...]:
    return (Button(_("My offer"), offer.offer()), Button(_("Home"), home.home()))
