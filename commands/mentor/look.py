"""One mentor, as a member who may ask them sees them; then the exact list of what they would see, and *Ask*."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commands import home
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.press import Press
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Fields, Option, Select, Style, View, line, quiet
from commands.kit.wording import joined, person
from commands.mentor import candidates, find, fit, mine, report, terms_card, wanted
from commands.mentor.matching import pair
from commands.mentor.matching.instance import MentorRow
from commands.mentor.matching.pair import Parts
from commands.mentor.meeting import hours
from content.text import Text, _, plural, quoted
from storage import candidates as stored
from storage import communities, requests, shelf
from storage.asks import Ask
from storage.candidates import Seeker
from storage.mentor_states import WISHES_MOST, answer_hours
from storage.mentorships import Taken
from storage.offers import Offer
from storage.requests import Asked, Busy, Enough, NoAsk
from storage.wishes import HOURS

GAPS = "gaps"
NOBODYS = 0  # no offer has this id


@dataclass(frozen=True, slots=True)
class Seen:
    """A mentor beside the member who looks: what is asked for, what is missing, and why the two suit."""

    seeker: Seeker
    ask: Ask
    gaps: tuple[str, ...]
    offer: Offer
    parts: Parts


@action("mentor.look")
async def look(ctx: Context, offer: int) -> View:
    seen = await _seen(ctx, offer)
    terms, ask = seen.offer.terms, seen.ask.wanted
    body: list[Element] = [
        *((quoted(terms.words),) if terms.words else ()),
        Fields(tuple(_facts(ctx, seen))),
        *_helps(ctx, seen),
        line(
            Bold(_("Why you suit")), _(": {value}", value=fit.reasons(seen.parts, ask.track, seen.gaps, terms.skills))
        ),
        *find.wishes(ctx, seen.seeker),
    ]
    ways = (
        *((Button(_("Ask"), first(offer), Style.PRIMARY),) if can_wish(seen) else ()),
        Button(_("Back to the list"), find.find()),
        Button(_("Report"), report.about_offer(offer)),
        Button(_("Home"), home.home()),
    )
    return Card(_("Mentor: {name}", name=person(seen.offer.name)), tuple(body), ways)


@action("mentor.ask-first")
async def first(ctx: Context, offer: int) -> View:
    """What the mentor would see, before anything is sent."""
    seen = await _seen(ctx, offer)
    if not can_wish(seen):
        return await find.show(ctx)
    body = (
        _("{name} will see exactly this:", name=person(seen.offer.name)),
        *shown(ctx, seen.ask, seen.gaps, ask(offer), seen.gaps),
        await _turn(ctx, seen),
        quiet(_("A no needs no reason, and you hear of it from me. You can withdraw at any time.")),
    )
    ways = (
        Button(_("Ask"), ask(offer), Style.PRIMARY, takes_values=True),
        Button(_("Back"), look(offer)),
        Button(_("Home"), home.home()),
    )
    return Card(_("Ask {name}", name=person(seen.offer.name)), body, ways)


@action("mentor.ask", takes_values=True)
async def ask(ctx: Context, offer: int) -> View:
    found = await ctx.store.read(stored.one, ctx.me, offer)
    seen = None if found is None else await _beside(ctx, found)
    ticked = set(ctx.values.get(GAPS, ()))
    gaps = () if seen is None else tuple(each for each in seen.gaps if each in ticked)
    unfit = found is not None and seen is None
    match await ctx.store.write(requests.ask, ctx.me, NOBODYS if unfit else offer, gaps):
        case Asked(open=is_open):
            return await find.show(ctx, (_asked(is_open=is_open),))
        case Busy():
            raise busy()
        case Enough():
            raise Refusal(
                _("{most} wishes are the most at a time. Withdraw one under “My mentoring”, then ask.",
                  most=WISHES_MOST),
                (Button(_("My mentoring"), mine.mine()), Button(_("Home"), home.home())),
            )  # fmt: skip
        case Taken():
            return await find.show(ctx)
        case NoAsk():
            return await wanted.card(ctx)


def busy() -> Refusal:
    """The one answer for whoever cannot be asked, whatever the cause; nor is it said whether there still is one."""
    return Refusal(
        _("This mentor is busy at the moment. Look at who else suits you, or wait for the next matching day."),
        (Button(_("Find a mentor"), find.find(), Style.PRIMARY), Button(_("Home"), home.home())),
    )


def shown(ctx: Context, mine: Ask, gaps: Sequence[str], press: Press, ticked: Sequence[str]) -> tuple[Element, ...]:
    """What a mentor sees of me, with the gaps to untick."""
    facts = (
        (_("Name"), person(ctx.me.name or mine.name)),
        (_("Track"), mine.wanted.track.label),
        (_("AI product work"), mine.wanted.seniority.label),
        (_("Languages"), wanted.listed([each.label for each in mine.wanted.languages])),
        (_("Hours"), wanted.hours_said(ctx, mine.wanted.hours)),
    )
    if not gaps:
        return (Fields(facts), quiet(_("You have no gaps to show: they come from a result of the assessment.")))
    options = tuple(Option(each, ctx.content.skills[each].name) for each in gaps)
    select = Select(GAPS, _("Gaps that are shown"), options, press, many=True, chosen=tuple(ticked))
    return (Fields(facts), _("And of your gaps those that are ticked. Untick what you would rather keep to yourself."),
            select)  # fmt: skip


def can_wish(seen: Seen) -> bool:
    """Whether one more wish can be for this mentor."""
    there = any(each.mentor == seen.offer.member for each in seen.seeker.wishes)
    return not there and not seen.seeker.has_mentor and len(seen.seeker.wishes) < WISHES_MOST


async def _seen(ctx: Context, offer: int) -> Seen:
    """This mentor. Raises Refusal, the same for all who cannot be asked."""
    found = await ctx.store.read(stored.one, ctx.me, offer)
    seen = None if found is None else await _beside(ctx, found)
    if seen is None:
        raise busy()
    return seen


async def _beside(ctx: Context, offer: Offer) -> Seen | None:
    """The mentor beside me; None where a hard rule keeps us from being a pair, since one of us changed something."""
    seeker = await ctx.store.read(stored.seeker, ctx.me)
    if seeker.ask is None:
        return None
    here, day = await ctx.store.read(shelf.read, ctx.me), ctx.now.date()
    gaps = wanted.open_gaps(ctx, here, seeker.ask.wanted.track)
    terms, (weekday, weekend) = offer.terms, hours.utc(offer.terms.hours, day)
    mentor = MentorRow(
        offer.member, terms.tracks, terms.skills, weekday, weekend, terms.languages, terms.seniority, terms.capacity
    )
    mentee = candidates.mentee_of(seeker.ask.member, seeker.ask.wanted, gaps, day)
    parts = pair.parts(mentor, mentee, previous=offer.member in seeker.met)
    return None if parts is None else Seen(seeker, seeker.ask, gaps, offer, parts)


def _facts(ctx: Context, seen: Seen) -> list[tuple[Text, Text]]:
    terms, own, day = seen.offer.terms, seen.ask.wanted.hours, ctx.now.date()
    return [
        (_("Tracks"), wanted.listed([each.name_only for each in terms.tracks])),
        (_("AI product work"), terms.seniority.label),
        (_("Languages"), wanted.listed([each.label for each in terms.languages])),
        (_("Hours, by your clock"), hours.say(terms.hours, day, own.zone)),
        (_("In common with you"), fit.together(own, terms.hours, day)),
    ]


def _helps(ctx: Context, seen: Seen) -> tuple[Element, ...]:
    """What the mentor knows, the mentee's gaps first."""
    skills = sorted(seen.offer.terms.skills, key=lambda each: each not in seen.gaps)
    known = [ctx.content.skills[each].name for each in skills if each in ctx.content.skills]
    if not known:
        return ()
    return (line(Bold(_("Can help with")), _(": {value}", value=joined(known, terms_card.SKILLS_SHOWN))),)


async def _turn(ctx: Context, seen: Seen) -> Text:
    if seen.seeker.wishes:
        return _("This becomes your wish number {place}: asked if there is no yes before.",
                 place=len(seen.seeker.wishes) + 1)  # fmt: skip
    count = answer_hours(await ctx.store.read(communities.setting, ctx.community.id, HOURS))
    return plural(
        "This is your first wish: it goes out at once, and there is {count} hour to answer.",
        "This is your first wish: it goes out at once, and there are {count} hours to answer.",
        count,
    )


def _asked(*, is_open: bool) -> Text:
    return _("The mentor has your request now.") if is_open else _("Kept as a wish: it waits its turn.")
