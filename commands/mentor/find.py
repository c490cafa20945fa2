"""`/pmpath mentor find`: find a mentor, and ask them or wait for the matching day."""

from __future__ import annotations

from collections.abc import Sequence

from commands import home, start
from commands.kit.command import command
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Section, Style, View, heading, line, quiet
from commands.kit.wording import person
from commands.mentor import candidates, fit, look, mine, next_day, offer, wanted
from commands.mentor.candidates import Lack, Suits
from content.text import At, DateStyle, Text, _
from storage import candidates as stored
from storage import offers, shelf
from storage.asks import Ask
from storage.candidates import Seeker
from storage.mentor_states import RequestState
from storage.offers import Offer
from storage.wishes import Request

PLACES = (_("First wish"), _("Second wish"), _("Third wish"))
NOBODY = {
    Lack.MENTORS: _("No mentor here has a free place at the moment."),
    Lack.LANGUAGE: _("Mentors here have free places, but none speaks a language of yours."),
    Lack.HOURS: _("Mentors here have free places, but none has an hour in common with you."),
    Lack.EXPERIENCE: _("Mentors here have free places, but none is a step ahead of you in AI product work."),
    Lack.ALL_AT_ONCE: _("Mentors here have free places, but none fits your languages, hours and experience together."),
}


@command(_("Find a mentor who fits you"), example="/pmpath mentor find", aliases=("找导师",), costly=True)
async def find(ctx: Context) -> View:
    return await show(ctx)


async def show(ctx: Context, told: Sequence[Text] = ()) -> Card:
    """The five who suit best, or why there is nobody; first of all what is asked for."""
    seeker = await ctx.store.read(stored.seeker, ctx.me)
    if seeker.ask is None:
        return await wanted.card(ctx)
    here = await ctx.store.read(shelf.read, ctx.me)
    gaps = wanted.open_gaps(ctx, here, seeker.ask.wanted.track)
    pool = await candidates.of_community(ctx, seeker.revision)
    mentee = candidates.mentee_of(seeker.ask.member, seeker.ask.wanted, gaps, ctx.now.date())
    found = candidates.best(pool, seeker, mentee)
    offered = await ctx.store.read(offers.several, ctx.community.id, [each.offer for each in found])
    body: list[Element] = [*told, *_asked_for(ctx, seeker.ask), *wishes(ctx, seeker)]
    shown = [(each, offered[each.offer]) for each in found if each.offer in offered]
    if shown:
        body.append(heading(_("Who suits you best, of 100 points")))
        for suits, theirs in shown:
            body += _one(ctx, seeker, seeker.ask, gaps, suits, theirs)
    else:
        body.append(_nobody(NOBODY[candidates.lack(pool, seeker, mentee)], waits=seeker.ask.waiting_since is not None))
    if here.latest is None:
        body.append(quiet(_("With a result of the assessment, matches are better: a mentor may have what you miss.")))
    body.append(quiet(next_day.in_short(ctx, seeker)))
    return Card(_("Find a mentor who fits you"), tuple(body), _ways(seeker, nobody=not shown, new=here.latest is None))


def wishes(ctx: Context, seeker: Seeker) -> list[Element]:
    """Whom I have asked, and whom I ask next; or that I have a mentor."""
    if seeker.has_mentor:
        return [_("You have a mentor. When that has ended, you can ask another.")]
    zone = seeker.ask.wanted.hours.zone if seeker.ask else "UTC"
    return [line(_wish(each, place, zone)) for place, each in enumerate(seeker.wishes)]


def _wish(one: Request, place: int, zone: str) -> Text:
    which = PLACES[min(place, len(PLACES) - 1)]
    if one.state is RequestState.OPEN and one.due is not None:
        due = At(one.due, DateStyle.BOTH, zone)
        return _(
            "{which}: {name} is asked, and has until {due} to answer.",
            which=which,
            name=person(one.mentor_name),
            due=due,
        )
    return _("{which}: {name}, asked if there is no yes before.", which=which, name=person(one.mentor_name))


def _asked_for(ctx: Context, ask: Ask) -> list[Element]:
    said = line(Bold(_("You ask for")), _(": {what}", what=wanted.said(ask.wanted)))
    return [Section(said, Button(_("Change"), wanted.change())), quiet(wanted.hours_said(ctx, ask.wanted.hours))]


def _one(ctx: Context, seeker: Seeker, ask: Ask, gaps: Sequence[str], suits: Suits, theirs: Offer) -> list[Element]:
    asked = any(each.mentor == theirs.member for each in seeker.wishes)
    why = fit.reasons(suits.parts, ask.wanted.track, gaps, theirs.terms.skills)
    both = fit.mostly_together(ask.wanted.hours, theirs.terms.hours, ctx.now.date())
    said = line(
        Bold(person(theirs.name)),
        *((_(" (a wish of yours)"),) if asked else ()),
        _(": {value}", value=fit.score(suits.parts)),
        _(" · both free, by your clock: {hours}", hours=both),
    )
    return [Section(said, Button(_("Look"), look.look(theirs.id))), quiet(why)]


def _nobody(why: Text, *, waits: bool) -> Text:
    if waits:
        return _("{why} Changing what you ask for may help; mentors come, and places fall free.", why=why)
    return _("{why} Change what you ask for, or wait for the next matching day: mentors come and places fall free.",
             why=why)  # fmt: skip


def _ways(seeker: Seeker, *, nobody: bool, new: bool) -> tuple[Button, ...]:
    waits = seeker.ask is not None and seeker.ask.waiting_since is not None
    label = _("What a mentor will see") if waits else _("Wait for the next matching day")
    style = Style.PRIMARY if nobody and not waits else Style.PLAIN
    return (
        *(() if seeker.has_mentor else (Button(label, next_day.look(), style),)),
        *((Button(_("Offer your time as a mentor"), offer.offer()),) if nobody else ()),
        *((Button(_("Start the assessment"), start.start()),) if new else ()),
        Button(_("My mentoring"), mine.mine()),
        Button(_("Home"), home.home()),
    )
